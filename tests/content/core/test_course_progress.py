"""Where a learner stands in a course: rules of units and courses as tables."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from content.core.course_document import read_course
from content.core.progress import CourseStanding, compute_standing
from content.core.rules import UnitFacts
from tests.content.courses import document, unit

NOW = datetime(2026, 3, 1, tzinfo=UTC)
DONE = UnitFacts(viewed=True, completion="completed", completed_at=NOW)


def stand(made, facts=None, *, now=NOW) -> CourseStanding:
    return compute_standing(read_course(made), facts or {}, enrolled_at=NOW, now=now)


def rule(name, **values):
    return {"completion": {"rule": name} | values}


CASES = [
    ("lesson", rule("viewed"), UnitFacts(), "not_viewed"),
    ("lesson", rule("viewed"), UnitFacts(viewed=True), None),
    ("lesson", rule("time", minutes=2), UnitFacts(viewed=True, seconds=119), "time_missing"),
    ("lesson", rule("time", minutes=2), UnitFacts(viewed=True, seconds=120), None),
    ("lesson", rule("watched", percent=90), UnitFacts(viewed=True, watched=0.6), "not_watched"),
    ("lesson", rule("watched", percent=90), UnitFacts(viewed=True, watched=0.9), None),
    ("link", {}, UnitFacts(viewed=True), None),
    ("package", rule("completed"), UnitFacts(completion="incomplete"), "not_completed"),
    ("package", rule("completed"), UnitFacts(completion="completed"), None),
    ("package", rule("passed"), UnitFacts(completion="completed"), "not_passed"),
    ("package", rule("passed"), UnitFacts(success="passed"), None),
    ("quiz", rule("score", score=0.6), UnitFacts(), "score_missing"),
    ("quiz", rule("score", score=0.6), UnitFacts(score_scaled=0.59), "score_low"),
    ("quiz", rule("score", score=0.6), UnitFacts(score_scaled=0.6), None),
    ("quiz", rule("passed"), UnitFacts(is_pending_manual=True), "waits_for_grading"),
    ("assignment", rule("submitted"), UnitFacts(is_submitted=True), None),
    ("assignment", rule("graded"), UnitFacts(), "not_submitted"),
    (
        *("assignment", rule("graded")),
        *(UnitFacts(is_submitted=True, is_pending_manual=True), "waits_for_grading"),
    ),
    ("assignment", rule("graded"), UnitFacts(is_submitted=True, score_scaled=0.0), None),
    ("package", rule("passed"), UnitFacts(success="failed", completed_at=NOW), None),
]


@pytest.mark.parametrize(("kind", "values", "facts", "missing"), CASES)
def test_a_unit_says_which_one_thing_is_missing(kind, values, facts, missing):
    """PAIN-06: "never says completed" becomes a sentence."""
    one = unit(kind, **values)
    standing = stand(document(one), {UUID(one["id"]): facts}).units[0]
    assert [reason.code for reason in standing.why] == ([missing] if missing else [])
    assert standing.is_complete == (missing is None)


def test_a_course_without_anything_begun_is_not_attempted_and_names_its_units():
    standing = stand(document(unit(title="Light"), unit(title="Water", required=False)))
    assert (standing.completion, standing.fraction, standing.wanted) == ("not attempted", 0.0, 1)
    assert [(one.code, one["unit"]) for one in standing.why] == [("unit_missing", "Light")]


def test_a_course_is_completed_by_its_required_units():
    light, water = unit(), unit(required=False)
    standing = stand(document(light, water), {UUID(light["id"]): DONE})
    assert (standing.completion, standing.fraction, standing.why) == ("completed", 1.0, ())


def test_so_many_units_of_all_may_be_enough():
    units = [unit() for _ in range(4)]
    made = document(*units, completion={"rule": "count", "count": 2})
    one = {UUID(units[3]["id"]): DONE}
    assert stand(made, one).why[0]["done"] == 1
    assert stand(made, one | {UUID(units[0]["id"]): DONE}).completion == "completed"


def test_the_score_is_the_mean_by_weight_and_must_reach_what_is_asked_for():
    quiz, task = unit("quiz", weight=3), unit("assignment", weight=1)
    made = document(quiz, task, passing_score=0.7)

    def scores(first, second):
        both = ((quiz, first), (task, second))
        return {
            UUID(one["id"]): UnitFacts(
                viewed=True, score_scaled=score, completion="completed", is_submitted=True
            )
            for one, score in both
        }

    passed, failed = stand(made, scores(0.8, 0.4)), stand(made, scores(0.6, 1.0))
    assert (passed.score_scaled, passed.success, passed.completion) == (0.7, "passed", "completed")
    assert (failed.score_scaled, failed.success) == (0.7, "passed")
    low = stand(made, scores(0.5, 1.0))
    assert (low.success, low.completion, low.why[0].code) == (
        *("failed", "incomplete"),
        "course_score_low",
    )


def test_while_a_person_has_to_grade_nobody_has_failed():
    """LTI-SP-6"""
    task = unit("assignment", **rule("submitted"))
    made = document(task, passing_score=0.5)
    facts = UnitFacts(viewed=True, is_submitted=True, is_pending_manual=True)
    standing = stand(made, {UUID(task["id"]): facts})
    assert (standing.success, standing.why[0].code) == ("unknown", "pending_manual")


def test_a_unit_opens_on_its_day_counted_from_the_enrolment():
    later = unit(opens={"days": 7})
    made = document(later)
    closed, opened = stand(made), stand(made, now=NOW + timedelta(days=7))
    assert (closed.units[0].is_open, closed.units[0].why[0].code) == (False, "opens_at")
    assert closed.units[0].opens_at == NOW + timedelta(days=7)
    assert opened.units[0].is_open


@pytest.mark.parametrize("made", [{"order": "linear"}, {}])
def test_a_unit_may_wait_for_the_one_before(made):
    first, second = unit(title="First"), unit()
    if not made:
        second["opens"] = {"after_previous": True}
    course = document(first, second, **made)
    assert stand(course).units[1].why[0]["unit"] == "First"
    assert stand(course, {UUID(first["id"]): DONE}).units[1].is_open


def test_in_a_straight_order_an_optional_unit_may_be_passed_over():
    first, extra, last = unit(), unit(required=False), unit()
    course = document(first, extra, last, order="linear")
    assert [one.is_open for one in stand(course).units] == [True, False, False]
    facts = {UUID(first["id"]): DONE}
    assert [one.is_open for one in stand(course, facts).units] == [True, True, True]


def test_what_is_overdue_says_so_until_it_is_done():
    late = unit(due={"at": "2026-03-02T00:00:00Z"})
    made, after = document(late), NOW + timedelta(days=2)
    assert stand(made, now=after).units[0].is_overdue
    assert not stand(made, {UUID(late["id"]): DONE}, now=after).units[0].is_overdue


def test_what_was_complete_once_stays_complete_and_open():
    """A new date, a new version, a failed retry: nothing is taken away. PAIN-25"""
    one = unit("quiz", opens={"at": "2030-01-01T00:00:00Z"}, **rule("passed"))
    facts = UnitFacts(success="failed", completed_at=NOW)
    standing = stand(document(one), {UUID(one["id"]): facts})
    assert standing.units[0].is_open
    assert standing.completion == "completed"


def test_facts_of_units_that_are_gone_do_no_harm():
    one = unit()
    assert stand(document(one), {uuid4(): DONE}).completion == "not attempted"


def test_it_knows_where_to_go_on():
    first, extra, last = unit(), unit(required=False), unit(title="Last")
    standing = stand(document(first, extra, last), {UUID(first["id"]): DONE})
    assert standing.next_unit.unit.title == "Last"
