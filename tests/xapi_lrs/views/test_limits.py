"""Too much and too often: refused with what to do instead."""

from dataclasses import replace

import pytest
from flask import Flask

from tests.xapi_lrs.conftest import SMALL, Lrs, make_statement
from tests.xapi_lrs.keys import change_credential, with_host
from xapi_lrs.core.rates import Bucket, Rate, take
from xapi_lrs.services.credentials import get_credential
from xapi_lrs.services.rates import MemoryRates


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(lrs_app: Flask, monkeypatch: pytest.MonkeyPatch, clock: Clock):
    """The store with other limits and a clock of the test's."""

    def apply(**changes: float):
        limits = replace(SMALL, **changes)
        return with_host(monkeypatch, lrs_app, limits=limits, rates=MemoryRates(clock))

    return apply


def test_a_bucket_gives_what_it_holds_and_fills_again():
    rate = Rate(per_second=2, burst=3)
    bucket: Bucket | None = None
    for _ in range(3):
        bucket, wait = take(bucket, rate, 10.0)
        assert wait == 0
    bucket, wait = take(bucket, rate, 10.0)
    assert wait == pytest.approx(0.5)
    bucket, wait = take(bucket, rate, 10.5)
    assert wait == 0
    bucket, _ = take(bucket, rate, 1000.0)
    assert bucket.tokens == 2  # never more than it holds
    bucket, wait = take(Bucket(0, 10.0), rate, 9.0)
    assert wait == pytest.approx(0.5)  # a clock that goes back takes nothing away


def test_a_credential_that_asks_too_often_is_told_when_to_come_back(lrs, limited, clock):
    """RFC 6585 4"""
    limited(requests_per_second=1)
    answers = [lrs.get() for _ in range(21)]
    assert [one.status_code for one in answers] == [200] * 20 + [429]
    refused = answers[-1]
    assert refused.headers["Retry-After"] == "1"
    assert refused.json["error"]["code"] == "too_many_requests"
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert "Retry-After" in refused.headers["Access-Control-Expose-Headers"]
    clock.now += 1
    assert [lrs.get().status_code for _ in range(2)] == [200, 429]


def test_one_credential_does_not_pay_for_another(make_lrs, tenant, limited):
    limited(requests_per_second=1)
    loud, quiet = make_lrs(tenant), make_lrs(tenant)
    for _ in range(25):
        loud.get()
    assert loud.post(make_statement()).status_code == 429
    assert quiet.post(make_statement()).status_code == 200


def test_a_credential_may_have_a_limit_of_its_own(lrs, tenant, limited):
    """0: none at all."""
    limited(requests_per_second=1)

    def change(per_second):
        def set_it(session, credential_id):
            get_credential(session, credential_id).requests_per_second = per_second

        change_credential(tenant, lrs.key, set_it)
        lrs.get()  # a process learns of it with the next request

    change(0)
    assert {lrs.get().status_code for _ in range(40)} == {200}


def test_wrong_credentials_from_one_address_are_stopped_good_ones_are_not(lrs, limited, clock):
    limited(failures_per_minute=5)
    wrong = Lrs(lrs.client, lrs.slug, lrs.key, "wrong")
    assert lrs.get().status_code == 200
    assert [wrong.get().status_code for _ in range(6)] == [401] * 5 + [429]
    assert lrs.get().status_code == 200
    clock.now += 12
    assert [wrong.get().status_code for _ in range(2)] == [401, 429]


def test_addresses_are_counted_apart_and_networks_of_ipv6_together(lrs, limited):
    limited(failures_per_minute=2)

    def guess(address: str) -> int:
        environ = {"REMOTE_ADDR": address}
        wrong = Lrs(lrs.client, lrs.slug, lrs.key, "wrong")
        return wrong("GET", environ_base=environ).status_code

    assert [guess("192.0.2.1") for _ in range(3)] == [401, 401, 429]
    assert guess("192.0.2.2") == 401
    assert [guess(f"2001:db8::{n}") for n in (1, 2, 3)] == [401, 401, 429]
    assert guess("2001:db8:0:1::1") == 401


def test_a_stranger_s_flood_is_stopped_at_the_token_endpoint_too(lrs, limited):
    limited(failures_per_minute=2)

    def ask() -> int:
        form = f"grant_type=client_credentials&client_id={lrs.key}&client_secret=wrong"
        kind = "application/x-www-form-urlencoded"
        return lrs.client.post(
            "/xapi/default/oauth/token", data=form, content_type=kind
        ).status_code

    assert [ask() for _ in range(3)] == [401, 401, 429]


def test_headers_that_are_too_large_are_431_in_json(lrs):
    """RFC 6585 5"""
    answer = lrs("GET", headers={"X-Large": "x" * 17_000})
    assert (answer.status_code, answer.json["error"]["code"]) == (431, "headers_too_large")


def test_an_address_that_is_too_long_is_414_in_json(lrs):
    answer = lrs("GET", query_string={"activity": "https://example.com/" + "x" * 8000})
    assert (answer.status_code, answer.json["error"]["code"]) == (414, "address_too_long")


def test_a_body_that_is_too_large_is_413_in_json(lrs):
    answer = lrs("POST", data=b"[" + b" " * 300_000 + b"]", content_type="application/json")
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


def test_a_batch_that_is_too_long_is_413_in_json(lrs):
    answer = lrs.post(*(make_statement() for _ in range(SMALL.batch + 1)))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")


def test_forgotten_buckets_are_the_oldest(clock, monkeypatch):
    monkeypatch.setattr("xapi_lrs.services.rates._MOST_BUCKETS", 10)
    rates = MemoryRates(clock)
    rate = Rate(per_second=0.001, burst=1)
    for number in range(11):
        clock.now += 1
        rates.take(f"b{number}", rate)
    assert rates.look("b0", rate) == 0
    assert rates.look("b10", rate) > 0
