"""The call log: each call with its answer, each decision with its code; and played again."""

import pytest

from database.session import transaction
from scorm_runtime.core.call_log import LineFilter
from scorm_runtime.services import call_log
from scorm_runtime.services.attempts import get_attempt
from scorm_runtime.services.call_log import count_entries, read_page
from scorm_runtime.services.replays import replay_attempt
from tests.scorm_runtime.courses import GLOBAL, begin, make_course
from tests.scorm_runtime.playing import (
    NOW,
    make_attempt,
    make_item,
    make_user,
    read_attempt,
    read_log,
)
from tests.scorm_runtime.window import RAW, STATUS, Window


def read(tenant, attempt, cursor="", **wanted):
    with transaction(tenant) as session:
        return read_page(session, attempt, LineFilter(**wanted), cursor=cursor)


def shown(page):
    return [(line.operation, line.element, line.value, line.code) for line in page.lines]


@pytest.fixture
def attempt(tenant):
    attempt = make_attempt(tenant, make_item("I1"), make_item("I2"))
    window = Window(tenant, attempt).call("initialize").set(RAW, "80").set(RAW, "many")
    window.call("refused", STATUS, "done", "405").send()
    window.call("deliver", "I2").call("initialize").set(STATUS, "completed").send()
    window.set(STATUS, "passed").send()
    return attempt


def test_every_call_stands_in_it_with_value_and_error(tenant, attempt):
    """PAIN-30"""
    lines = shown(read(tenant, attempt))
    assert lines[0][0] == "open"
    assert ("set", RAW, "80", "") in lines
    assert ("set", RAW, "many", "405") in lines
    assert ("set", STATUS, "done", "405") in lines


@pytest.mark.parametrize(
    ("wanted", "count"),
    [
        ({"errors": True}, 2),
        ({"element": "LESSON_STATUS"}, 3),
        ({"kind": "navigation"}, 1),
        ({"kind": "opening"}, 1),
        ({"item": "I2", "kind": "call"}, 1),
    ],
)
def test_it_can_be_filtered(tenant, attempt, wanted, count):
    """By kind, element, errors, and the SCO that was in front when the batch began."""
    assert len(read(tenant, attempt, **wanted).lines) == count


def test_its_pages_join_without_a_gap_or_a_repetition(tenant, attempt, monkeypatch):
    whole = shown(read(tenant, attempt))
    monkeypatch.setattr(call_log, "PAGE_LINES", 2)
    monkeypatch.setattr(call_log, "CHUNK", 2)
    pieces, cursor = [], ""
    while True:
        page = read(tenant, attempt, cursor)
        pieces += shown(page)
        cursor = page.cursor
        if not cursor:
            break
    assert pieces == whole


def test_decisions_of_sequencing_stand_with_their_codes(tenant):
    attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": ""}))
    window = Window(tenant, attempt).call("initialize")
    window.call("navigate", "previous", "").send()
    found = read(tenant, attempt, kind="decision", errors=True).lines
    asked = next(line for line in found if line.operation == "previous")
    assert asked.code.startswith("SB.2.")
    assert asked.note


def test_another_tenant_sees_nothing_of_it(other_tenant, attempt):
    assert read(other_tenant, attempt).lines == ()


def test_it_says_how_much_there_is(tenant, attempt):
    with transaction(tenant) as session:
        assert count_entries(session, attempt) == (4, 8)


def replay(tenant, attempt, until=""):
    with transaction(tenant) as session:
        return replay_attempt(session, get_attempt(session, attempt), until=until, now=NOW)


def test_a_replay_comes_to_the_same_and_leaves_no_trace(tenant, attempt):
    """PAIN-30"""
    before = len(read_log(tenant, attempt)), read_attempt(tenant, attempt).writer
    found = replay(tenant, attempt)
    assert (found.entries, found.is_whole, found.differences) == (8, True, ())
    assert (len(read_log(tenant, attempt)), read_attempt(tenant, attempt).writer) == before


def test_a_replay_of_a_sequenced_course_comes_to_the_same(tenant):
    attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": "", "A3": ""}))
    window = Window(tenant, attempt).call("initialize").set("cmi.completion_status", "completed")
    window.call("finish").call("navigate", "continue", "").send()
    window.call("initialize").set("cmi.score.scaled", "0.4").send()
    Window(tenant, attempt).call("initialize").set("cmi.exit", "suspend").send()
    found = replay(tenant, attempt)
    assert found.differences == ()
    assert found.front == "A2"


def test_a_replay_knows_the_shared_objectives_that_a_visit_found(tenant):
    """ST-10: what another course had said of them decides what this one delivers."""
    learner = make_user(tenant)
    rule = (
        "<imsss:sequencing><imsss:sequencingRules><imsss:preConditionRule><imsss:ruleConditions>"
        '<imsss:ruleCondition condition="satisfied"/></imsss:ruleConditions>'
        '<imsss:ruleAction action="skip"/></imsss:preConditionRule></imsss:sequencingRules>'
    )
    skips = GLOBAL.replace("<imsss:sequencing>", rule)
    other = begin(tenant, make_course(tenant, {"A1": GLOBAL, "A2": ""}), learner)
    told = Window(tenant, other).call("initialize").set("cmi.success_status", "passed")
    told.call("finish").call("navigate", "continue", "").send()

    attempt = begin(tenant, make_course(tenant, {"B1": skips, "B2": ""}), learner)
    window = Window(tenant, attempt)
    assert window.opening["delivery"]["item"] == "B2"
    window.call("initialize").call("finish").send()
    found = replay(tenant, attempt)
    assert (found.front, found.differences) == ("B2", ())
    decisions = read(tenant, attempt, kind="decision").lines
    assert any('"shared": {"satisfied": true' in line.note for line in decisions)


def test_a_replay_shows_where_it_differs(tenant, attempt):
    log = read_log(tenant, attempt)
    with transaction(tenant) as session:
        session.merge(log[1]).entries = [[1, "initialize"], [2, "set", RAW, "10"]]
    found = {one.what: one for one in replay(tenant, attempt).differences}
    assert (found["values"].recorded, found["values"].replayed) == ("80", "10")


def test_a_replay_up_to_a_point_says_what_was_valid_then(tenant):
    attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": ""}))
    window = Window(tenant, attempt).call("initialize")
    window.send()
    window.call("navigate", "continue", "").send()
    until = str(read_log(tenant, attempt)[1].id)
    then, now = replay(tenant, attempt, until), replay(tenant, attempt)
    assert (then.front, then.nav["previous"], then.nav["continue"]) == ("A1", "disabled", "enabled")
    assert then.nav["why"]["previous"].startswith("SB.2.")
    assert (now.front, now.nav["previous"]) == ("A2", "enabled")


def test_reads_stand_between_the_calls_with_their_times(tenant):
    """PAIN-30: what content asked and was told, and when; malformed ones cost nothing."""
    attempt = make_attempt(tenant, make_item("I1"))
    window = Window(tenant, attempt).call("initialize").set(RAW, "80")
    window.calls = [
        [1, 3000, "initialize", "", "true", "0"],
        [1, 2000, "get", STATUS, "not attempted", "0"],
        [1, 1500, "get", "cmi.nonsense", "", "201"],
        [2, 1000, "set", RAW, "80", "0"],
        [2, 500, "error", "", "0", "0"],
        [2, "soon", "get", RAW, "80", "0"],
        [2, 500, "explode", RAW, "80", "0"],
    ]
    window.send()
    lines = [line for line in read(tenant, attempt).lines if line.kind in ("call", "read")]
    assert [(line.operation, line.ago) for line in lines] == [
        ("initialize", 3000),
        ("get", 2000),
        ("get", 1500),
        ("set", 1000),
        ("error", 500),
    ]
    assert [line.code for line in read(tenant, attempt, kind="read", errors=True).lines] == ["201"]
