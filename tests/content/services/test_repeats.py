"""A course taken again: what was stays, what is new begins at nothing."""

from datetime import timedelta
from uuid import UUID

import pytest

from content.core.errors import CourseInvalid, NotAllowed
from content.core.outcome import UnitResult
from content.services import (
    courses,
    enrolments,
    personal_dates,
    progress,
    quiz_attempts,
    repeats,
    standings,
    submissions,
)
from lti_app.services.users import create_user
from tests.content.core.quiz.questions import TRUTH
from tests.content.courses import NOW, document, enrol, publish, unit
from tests.content.quiz_world import make_quiz

LATER = NOW + timedelta(days=400)
DONE = UnitResult("completed", "passed", 0.8, seconds=30)


@pytest.fixture
def learner(session):
    return create_user(
        session, email="p@school.test", password=None, given_name="P", family_name="Q"
    ).id


@pytest.fixture
def finished(session, learner):
    """(enrolment that is completed, its one unit's id)"""
    one = unit("quiz")
    enrolment = enrol(session, publish(session, document(one)), learner)
    progress.record_unit_result(session, enrolment.id, UUID(one["id"]), DONE, NOW)
    assert enrolment.status == "completed"
    return enrolment, UUID(one["id"])


def test_a_course_that_was_completed_begins_anew_and_its_history_stays(session, finished):
    old, unit_id = finished
    new = repeats.take_again(session, old.id, now=LATER)
    assert (new.number, new.status, new.previous_id) == (2, "enrolled", old.id)
    assert (old.is_past, old.is_active, old.score_scaled) == (True, False, 0.8)
    assert standings.find_standing(session, new, now=LATER).completion == "not attempted"
    assert standings.find_standing(session, old, now=LATER).find(unit_id).is_complete
    assert [one.number for one in repeats.list_times(session, new)] == [2, 1]
    found = enrolments.find_enrolment(session, new.course_id, new.user_id)
    assert found.id == new.id
    assert enrolments.count_by_status(session, new.course_id)["completed"] == 0


def test_asking_twice_begins_once(session, finished):
    old, _unit_id = finished
    first = repeats.take_again(session, old.id, now=LATER)
    assert repeats.take_again(session, old.id, now=LATER).id == first.id


def test_what_is_reported_late_does_not_change_the_time_before(session, finished):
    """A package or quiz that was open when the course was begun again."""
    old, unit_id = finished
    repeats.take_again(session, old.id, now=LATER)
    better = UnitResult("completed", "passed", 1.0)
    assert progress.record_unit_result(session, old.id, unit_id, better, LATER) == []
    assert old.score_scaled == 0.8


def test_the_second_time_is_told_as_such(session, finished):
    old, unit_id = finished
    new = repeats.take_again(session, old.id, now=LATER)
    told = progress.record_unit_result(session, new.id, unit_id, DONE, LATER)
    assert [(one.attempt_id, one.attempt_number) for one in told] == [(new.id, 2)]
    assert told[0].registration != old.registration


def test_only_what_was_completed_and_is_still_published_is_taken_again(session, learner, finished):
    old, _unit_id = finished
    other = enrol(session, publish(session, document(unit(), title="Other")), learner)
    with pytest.raises(NotAllowed) as caught:
        repeats.take_again(session, other.id, now=LATER)
    assert caught.value.reason == "not_completed"
    courses.archive(session, old.course_id, now=LATER)
    with pytest.raises(NotAllowed) as caught:
        repeats.take_again(session, old.id, now=LATER)
    assert (caught.value.reason, old.is_past) == ("archived", False)


def test_work_is_handed_in_anew(session, learner):
    task = unit("assignment", assignment={"tries": 1})
    unit_id = UUID(task["id"])
    old = enrol(session, publish(session, document(task)), learner)
    work = submissions.hand_in(session, old.id, unit_id, text="Mine", now=NOW).submission
    submissions.grade(session, work.id, points=100, comment="", graded_by=None, now=NOW)
    new = repeats.take_again(session, old.id, now=LATER)
    again = submissions.hand_in(session, new.id, unit_id, text="Again", now=LATER).submission
    assert (again.number, again.enrolment_id) == (1, new.id)
    with pytest.raises(NotAllowed):
        submissions.hand_in(session, old.id, unit_id, text="Late", now=LATER)


def test_a_quiz_closes_later_for_who_has_more_days_also_while_it_runs(session, learner):
    """Elsewhere it closes for the same person as for everybody."""
    quiz = make_quiz(session, [TRUTH], closes_at=(NOW + timedelta(days=1)).isoformat())
    one = unit("quiz", quiz=str(quiz.id))
    enrolment = enrol(session, publish(session, document(one)), learner)
    here = f"unit:{enrolment.id}:{one['id']}"
    running, _ = quiz_attempts.open_attempt(session, quiz.id, learner, here, NOW)
    assert running.due_at == NOW + timedelta(days=1)
    personal_dates.set_dates(session, enrolment.id, due_at=None, extra_days=7)
    assert running.due_at == NOW + timedelta(days=8)
    late = NOW + timedelta(days=5)
    assert quiz_attempts.find_place(session, quiz, learner, here, late).beginning.refusal is None
    elsewhere = quiz_attempts.find_place(session, quiz, learner, "portal", late)
    assert elsewhere.beginning.refusal == "closed"


def test_somebody_has_more_days_than_the_others(session, learner):
    """Accommodations (WCAG 2.2 does not ask for them; schools do)."""
    task = unit("assignment", due={"days": 3})
    enrolment = enrol(session, publish(session, document(task)), learner)
    late = NOW + timedelta(days=5)
    assert standings.find_standing(session, enrolment, now=late).units[0].is_overdue
    personal_dates.set_dates(session, enrolment.id, due_at=None, extra_days=7)
    one = standings.find_standing(session, enrolment, now=late).units[0]
    assert (one.is_overdue, one.due_at) == (False, NOW + timedelta(days=10))
    with pytest.raises(CourseInvalid):
        personal_dates.set_dates(session, enrolment.id, due_at=None, extra_days=-1)
