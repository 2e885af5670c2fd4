"""When two statements are the same."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.core.test_statement import ADA, BOB, COURSE, FULL
from xapi_lrs.core.comparison import canonical_duration, same_statement

GROUP = {"objectType": "Group", "member": [ADA, BOB, {"mbox_sha1sum": "ab" * 20}]}


def changed(statement, *path, to):
    """A deep copy with one value replaced."""
    copied = copy.deepcopy(statement)
    place = copied
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = to
    return copied


@pytest.mark.parametrize(
    "other",
    [
        changed(FULL, "id", to="0e0a5d0c-5c2a-4b0e-9a6e-333333333333"),
        FULL | {"stored": "2020-01-01T00:00:00Z", "authority": ADA},
        {key: value for key, value in FULL.items() if key not in ("timestamp", "version")},
        changed(FULL, "timestamp", to="2026-11-21 09:00:00.1234567890Z"),
        changed(FULL, "verb", "display", to={"fr": "répondu"}),
        changed(FULL, "object", "definition", to={}),
        changed(FULL, "attachments", to=[]),
        changed(FULL, "actor", "member", to=[BOB, ADA]),
        changed(FULL, "actor", "member", to=[{"mbox": "mailto:ada@EXAMPLE.com"}, BOB]),
        changed(FULL, "context", "registration", to=FULL["context"]["registration"].lower()),
        changed(FULL, "context", "language", to="DE-ch-1996"),
        changed(FULL, "context", "contextActivities", "parent", to=[COURSE]),
        changed(FULL, "context", "contextActivities", "category", to=COURSE),
        changed(FULL, "result", "score", "raw", to=5.0),
    ],
)
def test_what_the_store_may_change_or_nobody_can_tell_apart_is_ignored(other):
    """XP-33"""
    assert same_statement(FULL, other)
    assert same_statement(other, FULL)


@pytest.mark.parametrize(
    "other",
    [
        changed(FULL, "timestamp", to="2026-11-21T10:00:00.123456788+01:00"),
        changed(FULL, "version", to="1.0.0"),
        changed(FULL, "verb", "id", to="http://adlnet.gov/expapi/verbs/failed"),
        changed(FULL, "actor", "name", to="crew"),
        changed(FULL, "actor", "member", to=[ADA]),
        changed(FULL, "actor", "member", to=[{"mbox": "mailto:Ada@example.com"}, BOB]),
        changed(FULL, "object", "id", to="https://example.com/Course/1"),
        changed(FULL, "result", "success", to=False),
        changed(FULL, "result", "score", "raw", to=5.0000001),
        changed(FULL, "result", "response", to=" "),
        changed(FULL, "result", "extensions", to={"https://example.com/x": 1}),
        changed(FULL, "result", "duration", to="PT4H35M59.14S"),
        changed(FULL, "context", "contextActivities", "category", to=[]),
        {key: value for key, value in FULL.items() if key != "result"},
    ],
)
def test_everything_else_makes_another_statement(other):
    """XP-33"""
    assert not same_statement(FULL, other)
    assert not same_statement(other, FULL)


def test_true_is_not_1_inside_extensions():
    one, other = (
        make_statement(id=None, result={"extensions": {"https://example.com/x": value}})
        for value in (True, 1)
    )
    assert not same_statement(one, other)


@pytest.mark.parametrize(("version", "same"), [("1.0.3", False), ("2.0.0", True)])
def test_durations_are_strings_in_1_0_and_cut_at_hundredths_in_2_0(version, same):
    """XP-33"""
    other = changed(FULL, "result", "duration", to="PT16559.149S")
    assert same_statement(FULL, other, version) is same


@pytest.mark.parametrize(
    ("duration", "canonical"),
    [("PT1.239S", "PT1.23S"), ("PT1.20S", "PT1.2S"), ("PT1.001S", "PT1S"), ("P1Y", "P1Y")],
)
def test_a_duration_is_cut_and_never_rounded(duration, canonical):
    assert canonical_duration(duration) == canonical


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)  # fmt: skip
MEMBERS = st.lists(
    st.builds(lambda n, name: {"mbox": f"mailto:{n}@example.com", "name": name},
              st.integers(0, 5), st.text(max_size=3)),
    min_size=1, max_size=5,
)  # fmt: skip
STATEMENTS = st.builds(
    lambda members, extension, score: make_statement(
        id=None,
        actor={"objectType": "Group", "member": members},
        result={"extensions": {"https://example.com/x": extension}, "score": {"raw": score}},
    ),
    MEMBERS,
    JSON,
    st.integers(-100, 100),
)


@given(STATEMENTS, st.randoms())
def test_order_of_keys_and_members_never_matters(statement, random):
    """XP-33"""

    def shuffled(value):
        if isinstance(value, dict):
            items = list(value.items())
            random.shuffle(items)
            return {key: shuffled(one) for key, one in items}
        return value

    other = shuffled(json.loads(json.dumps(statement)))
    random.shuffle(other["actor"]["member"])
    assert same_statement(statement, other)


@given(STATEMENTS, STATEMENTS)
def test_comparison_is_symmetric_and_agrees_with_plain_equality_of_what_counts(one, other):
    assert same_statement(one, one)
    assert same_statement(one, other) == same_statement(other, one)
    if one["result"]["score"] != other["result"]["score"]:
        assert not same_statement(one, other)
