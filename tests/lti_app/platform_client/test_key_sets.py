"""Platforms' keys: cached, refetched with measure, used when stale. PAIN-15"""

import pytest
import requests

from lti_app.core.lti.reasons import Refusal
from lti_app.platform_client.key_sets import BUDGET, KeySets


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def key_sets(clock) -> KeySets:
    return KeySets(clock=clock)


def get(key_sets, platform, kid="key-1"):
    return key_sets.get_key(f"{platform.issuer}/jwks", kid)


def test_a_key_set_is_read_once(key_sets, platform):
    keys = {get(key_sets, platform) for _ in range(5)}
    assert len(keys) == 1
    assert platform.jwks_requests == 1


@pytest.mark.parametrize(
    ("header", "fresh_for"), [(None, 3600), ("max-age=600", 600), ("max-age=1", 60)]
)
def test_it_is_kept_as_long_as_the_platform_says(key_sets, platform, clock, header, fresh_for):
    platform.jwks_headers = {"Cache-Control": header} if header else {}
    get(key_sets, platform)
    clock.now += fresh_for - 1
    get(key_sets, platform)
    assert platform.jwks_requests == 1
    clock.now += 2
    get(key_sets, platform)
    assert platform.jwks_requests == 2


def test_after_a_rotation_the_next_launch_works_with_one_refetch(key_sets, platform):
    get(key_sets, platform)
    platform.keys = ["key-2"]
    get(key_sets, platform, "key-2")
    assert platform.jwks_requests == 2


def test_a_flood_of_random_kids_costs_a_bounded_number_of_refetches(key_sets, platform, clock):
    get(key_sets, platform)
    for number in range(100):
        with pytest.raises(Refusal, match="kid_unknown"):
            get(key_sets, platform, f"random-{number}")
    assert platform.jwks_requests <= BUDGET
    clock.now += 30
    with pytest.raises(Refusal, match="kid_unknown"):
        get(key_sets, platform, "random")
    assert platform.jwks_requests <= BUDGET + 1
    get(key_sets, platform)


def test_a_stale_key_set_serves_while_the_platform_is_down(key_sets, platform, clock):
    get(key_sets, platform)
    platform.jwks_down = True
    clock.now += 7200
    get(key_sets, platform)
    with pytest.raises(Refusal, match="kid_unknown"):
        get(key_sets, platform, "new")


def test_a_key_set_that_was_never_read_is_unavailable_not_unknown(key_sets, platform):
    platform.jwks_down = True
    with pytest.raises(Refusal, match="key_set_unavailable"):
        get(key_sets, platform)
    platform.jwks_down = False
    get(key_sets, platform)


def test_an_address_where_nobody_listens_is_unavailable(key_sets):
    with pytest.raises(Refusal, match="key_set_unavailable"):
        key_sets.get_key("http://127.0.0.1:9/jwks", "key-1")


def test_a_key_set_that_came_over_a_redirect_without_tls_is_not_believed():
    """Somebody on the way could have put his own key into it. LTI-A04"""
    first, second = requests.Response(), requests.Response()
    first.url, second.url = "https://lms.example/jwks", "http://lms.example/jwks"
    second.history, second.status_code, second._content = [first], 200, b'{"keys": []}'

    class Redirected(requests.Session):
        def get(self, url, **options):
            return second

    with pytest.raises(Refusal, match="key_set_unavailable"):
        KeySets(http=Redirected()).get_key(first.url, "key-1")
