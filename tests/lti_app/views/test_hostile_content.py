"""Content may send what it likes: a commit is applied, and never kept from being applied."""

import json

import pytest

from lti_app.core.permissions import Role
from tests.lti_app.conftest import publish, stock

CONTENT_URL = "http://127.0.0.1:8000"


@pytest.fixture
def call(portal):
    """POST below the player's address of a learner's attempt, as the bridge does."""
    package = stock(portal, "demo-quiz")
    publish(portal, package)
    portal.sign_in_as(Role.LEARNER)
    address = portal.post(f"/play/{package}").location
    assert address.startswith(f"{CONTENT_URL}/p/")

    def post(verb, body):
        with portal.app.app_context():
            return portal.app.test_client().post(
                f"{address.removeprefix(CONTENT_URL)}{verb}",
                base_url=CONTENT_URL,
                data=json.dumps(body),
                content_type="text/plain",
            )

    return post


ODD = [
    pytest.param("cmi.core.session_time", "P" + "9" * 400 + "Y", id="infinite-time"),
    pytest.param("cmi.core.session_time", "P9999999999999Y", id="time-beyond-any-calendar"),
    pytest.param("cmi.interactions.0.latency", "P" + "9" * 400 + "Y", id="infinite-latency"),
    pytest.param("cmi.interactions.0.student_response", "a\x00b", id="nul"),
    pytest.param("cmi.interactions.0.student_response", "half an emoji \ud83d", id="surrogate"),
    pytest.param("cmi.interactions.0.id", "\ud83d\x00/../x y", id="odd-id"),
    pytest.param("cmi.core.score.raw", "1e99", id="huge-score"),
    pytest.param("cmi.core.score.raw", "NaN", id="no-number"),
    pytest.param("cmi.\x00\ud83d", "x", id="odd-element"),
]


@pytest.mark.parametrize(("element", "value"), ODD)
def test_an_odd_value_costs_the_learner_neither_the_commit_nor_the_next_visit(call, element, value):
    """PAIN-02"""
    writer = call("open", {}).json["writer"]
    entries = [
        [1, "initialize"],
        [2, "set", "cmi.interactions.0.id", "q1"],
        [3, "set", element, value],
        [4, "set", "cmi.core.lesson_status", "passed"],
        [5, "finish"],
    ]
    answer = call("commits", {"writer": writer, "number": 1, "entries": entries})
    assert (answer.status_code, answer.json["acknowledged"]) == (200, 5)
    assert answer.json["standing"]["success"] == "passed"
    assert call("open", {}).status_code == 200


def test_the_largest_numbers_do_not_lock_an_attempt(call):
    """PAIN-02"""
    writer = call("open", {}).json["writer"]
    last = 2**31 - 2
    call("commits", {"writer": writer, "number": last, "entries": [[1, "initialize"]]})
    assert (
        call("commits", {"writer": writer, "number": 2**31 - 1, "entries": []}).status_code == 400
    )
    assert call("open", {}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        [],
        "x",
        None,
        {"writer": -1, "number": 1, "entries": []},
        {"writer": 1.5, "number": 1, "entries": []},
        {"writer": float("nan"), "number": 1, "entries": []},
        {"writer": 1, "number": 10**30, "entries": []},
        {"writer": 1, "number": 1, "entries": {}},
        {"writer": 1, "number": 1, "entries": [[1, "set", "a", 7]]},
        {"writer": 1, "number": 1, "entries": [[1, "set", "a" * 1001, "x"]]},
        {"writer": 1, "number": 1, "entries": [[2, "commit"], [1, "commit"]]},
        {"writer": 1, "number": 1, "entries": [[n, "commit"] for n in range(1, 20_002)]},
    ],
)
def test_what_is_no_commit_is_refused_by_name(call, body):
    answer = call("commits", body)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid")
