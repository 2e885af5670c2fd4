"""Changes by hand: they stand above the content, are explained, and go the way of every result."""

from uuid import uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from database.session import transaction
from scorm_runtime.core.correction import Correction, CorrectionInvalid
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.corrections import (
    By,
    NotChangeable,
    complete_attempt,
    correct_attempt,
    lift_correction,
    list_changes,
    reset_attempt,
)
from tests.scorm_runtime.courses import begin, make_course
from tests.scorm_runtime.playing import NOW, make_attempt, make_user, read_attempt
from tests.scorm_runtime.window import RAW, STATUS, Window

WHY = "The network of the school was down."


@pytest.fixture
def attempt(tenant):
    return make_attempt(tenant)


@pytest.fixture
def teacher(tenant):
    return make_user(tenant)


def do(tenant, change, attempt, *arguments, by, reason=WHY):
    with transaction(tenant) as session:
        return change(session, attempt, *arguments, By(by, reason, NOW))


def changes(tenant, attempt):
    with transaction(tenant) as session:
        return list_changes(session, attempt)


def result(tenant, attempt):
    row = read_attempt(tenant, attempt)
    return row.completion, row.success, row.score_scaled


def test_a_correction_becomes_an_outcome_like_any_other_result(tenant, attempt, teacher):
    wanted = Correction("completed", "passed", 0.9)
    outcome = do(tenant, correct_attempt, attempt, wanted, by=teacher)
    assert (outcome.completion, outcome.success) == ("completed", "passed")
    assert outcome.events == ("completed", "passed", "scored")
    assert result(tenant, attempt) == ("completed", "passed", 0.9)


def test_two_outcomes_never_have_the_same_name(tenant, attempt, teacher):
    """Statements are named by attempt, writer and number; commits count upwards from 1."""
    Window(tenant, attempt).call("initialize").send()
    first = do(tenant, complete_attempt, attempt, by=teacher)
    second = do(tenant, correct_attempt, attempt, Correction(score=1), by=teacher)
    assert (first.commit_number, second.commit_number) == (-1, -2)


def test_what_the_learner_does_later_does_not_undo_a_correction(tenant, attempt, teacher):
    """PAIN-20"""
    window = Window(tenant, attempt).call("initialize")
    window.send()
    do(tenant, correct_attempt, attempt, Correction("completed", "passed"), by=teacher)
    window.set(RAW, "20").set(STATUS, "failed").send()
    assert result(tenant, attempt) == ("completed", "passed", 0.2)
    again = Window(tenant, attempt).call("initialize").set(STATUS, "incomplete")
    assert again.send().answer["standing"]["success"] == "passed"


def test_a_part_that_was_not_corrected_follows_the_content(tenant, attempt, teacher):
    window = Window(tenant, attempt).call("initialize")
    do(tenant, correct_attempt, attempt, Correction(success="passed"), by=teacher)
    outcome = window.set(RAW, "40").set(STATUS, "completed").send().outcome
    assert (outcome.completion, outcome.score_scaled) == ("completed", 0.4)
    assert "completed" in outcome.events


def test_an_open_player_goes_on_and_is_told_the_corrected_result(tenant, attempt, teacher):
    window = Window(tenant, attempt).call("initialize")
    do(tenant, complete_attempt, attempt, by=teacher)
    sent = window.set("cmi.core.lesson_location", "3").send()
    assert not sent.fenced
    assert sent.answer["standing"]["completion"] == "completed"


def test_lifting_a_correction_brings_back_what_the_content_says_by_now(tenant, attempt, teacher):
    window = Window(tenant, attempt).call("initialize")
    do(tenant, correct_attempt, attempt, Correction("completed", "passed", 1.0), by=teacher)
    window.set(RAW, "30").set(STATUS, "failed").send()
    outcome = do(tenant, lift_correction, attempt, by=teacher)
    assert result(tenant, attempt) == ("completed", "failed", 0.3)
    assert (outcome.success, outcome.events) == ("failed", ("failed", "scored"))
    assert read_attempt(tenant, attempt).reported is None


def test_lifting_does_not_leave_completion_behind_that_only_the_teacher_gave(tenant, teacher):
    """The package's policy keeps what it has called completed; a correction is not the policy."""
    package = make_course(tenant, {"A1": "", "A2": ""}, settings={"completion_policy": "on_exit"})
    attempt = begin(tenant, package)
    window = Window(tenant, attempt).call("initialize")
    do(tenant, complete_attempt, attempt, by=teacher)
    window.send()
    do(tenant, lift_correction, attempt, by=teacher)
    assert result(tenant, attempt)[0] == "incomplete"


def test_a_later_correction_changes_only_the_parts_it_names(tenant, attempt, teacher):
    do(tenant, correct_attempt, attempt, Correction("completed", "passed"), by=teacher)
    do(tenant, correct_attempt, attempt, Correction(success="failed"), by=teacher)
    assert result(tenant, attempt) == ("completed", "failed", None)


def test_every_change_is_noted_with_before_after_who_and_why(tenant, attempt, teacher):
    do(tenant, complete_attempt, attempt, by=teacher)
    (change,) = changes(tenant, attempt)
    assert (change.kind, change.reason, change.made_by) == ("completed", WHY, teacher)
    assert change.before["completion"] == "not attempted"
    assert change.after["completion"] == "completed"


def test_the_application_can_neither_alter_nor_delete_a_change(tenant, attempt, teacher):
    do(tenant, complete_attempt, attempt, by=teacher)
    for statement in ("UPDATE attempt_change SET reason = 'x'", "DELETE FROM attempt_change"):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction(tenant) as s:
            s.execute(text(statement))


@pytest.mark.parametrize("reason", ["", "  \n "])
def test_nobody_changes_anything_without_a_reason(tenant, attempt, teacher, reason):
    with pytest.raises(CorrectionInvalid) as refused:
        do(tenant, complete_attempt, attempt, by=teacher, reason=reason)
    assert refused.value.field == "reason"
    assert result(tenant, attempt)[0] == "not attempted"
    assert changes(tenant, attempt) == []


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Correction(), "completion"),
        (Correction(completion="done"), "completion"),
        (Correction(success="won"), "success"),
        (Correction(score=1.2), "score"),
        (Correction(score=float("nan")), "score"),
    ],
)
def test_a_correction_that_says_nothing_or_nonsense_is_refused(
    tenant, attempt, teacher, wanted, field
):
    with pytest.raises(CorrectionInvalid) as refused:
        do(tenant, correct_attempt, attempt, wanted, by=teacher)
    assert refused.value.field == field


def test_starting_over_keeps_the_old_attempt_which_counts_no_more(tenant, attempt, teacher):
    window = Window(tenant, attempt).call("initialize").set(STATUS, "failed")
    window.send()
    further = do(tenant, reset_attempt, attempt, by=teacher)
    old, new = read_attempt(tenant, attempt), read_attempt(tenant, further.id)
    assert (old.mode, old.state, old.success) == ("review", "ended", "failed")
    assert (new.number, new.mode, new.completion) == (2, "normal", "not attempted")
    assert window.set(STATUS, "passed").send().fenced


def test_an_attempt_that_was_set_aside_or_followed_is_left_alone(tenant, attempt, teacher):
    do(tenant, reset_attempt, attempt, by=teacher)
    for change in (complete_attempt, reset_attempt):
        with pytest.raises(NotChangeable):
            do(tenant, change, attempt, by=teacher)
    with pytest.raises(NotChangeable):
        do(tenant, lift_correction, newest(tenant, attempt), by=teacher)


def newest(tenant, attempt):
    with transaction(tenant) as session:
        return session.scalars(select(Attempt.id).where(Attempt.id != attempt)).one()


def test_another_tenant_cannot_change_it(tenant, other_tenant, attempt):
    with pytest.raises(LookupError):
        do(other_tenant, complete_attempt, attempt, by=uuid4())
