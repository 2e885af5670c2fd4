"""Requests are counted for all processes together, and never so that nobody gets in."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from database.embedded import embedded_valkey
from lti_app.rates import SharedRates
from tests.ports import free_port
from xapi_lrs.core.rates import Rate


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory: pytest.TempPathFactory):
    with embedded_valkey(tmp_path_factory.mktemp("valkey")) as url:
        yield url


def test_two_processes_share_one_bucket(redis_url: str):
    one, other = SharedRates(redis_url), SharedRates(redis_url)
    rate = Rate(per_second=0.01, burst=10)
    taken = [rates.take("shared", rate) == 0 for _ in range(8) for rates in (one, other)]
    assert sum(taken) == 10
    wait = one.take("shared", rate)
    assert 90 < wait <= 100


def test_tokens_taken_in_advance_are_not_more_than_the_bucket_holds(redis_url: str):
    """50 at a time here; threads neither spend one twice nor lose what another has taken."""
    rates = SharedRates(redis_url, clock=lambda: 0.0)
    rate = Rate(per_second=0.01, burst=2500)
    with ThreadPoolExecutor(8) as threads:
        waits = list(threads.map(lambda _: rates.take("threads", rate), range(3000)))
    assert waits.count(0) == 2500


def test_looking_takes_nothing(redis_url: str):
    rates = SharedRates(redis_url)
    rate = Rate(per_second=0.01, burst=1)
    assert [rates.look("seen", rate) for _ in range(3)] == [0, 0, 0]
    assert rates.take("seen", rate) == 0
    assert rates.look("seen", rate) > 0


def test_without_a_limit_nobody_is_asked():
    rates = SharedRates(f"redis://127.0.0.1:{free_port()}/0")
    assert rates.take("any", Rate(0, 1)) == rates.look("any", Rate(0, 1)) == 0


def test_when_redis_is_away_each_process_counts_for_itself():
    rates = SharedRates(f"redis://127.0.0.1:{free_port()}/0")
    rate = Rate(per_second=0.01, burst=3)
    assert [rates.take("alone", rate) == 0 for _ in range(5)] == [True] * 3 + [False] * 2
    assert rates.look("alone", rate) > 0
