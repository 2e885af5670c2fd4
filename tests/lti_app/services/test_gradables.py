"""Anything that can be graded goes through one funnel: packages, and native courses and quizzes."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from database.session import transaction
from lti_app.core.grading import Gradable, GradeValue
from lti_app.models.grade import Grade, GradeChange
from lti_app.services import outcomes
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")

FINAL = GradeValue(is_final=True, score=0.7, completion="completed", success="passed")


def gradable(learner: Learner, **changes: Any) -> Gradable:
    made = Gradable(
        user_id=learner.token.user_id,
        item_type="quiz",
        item_id=uuid4(),
        attempt_id=uuid4(),
        attempt_number=1,
        title="Safety quiz",
        context_key=f"link:{learner.launch.resource_link_id}",
        launch_ref=learner.token.launch_ref,
        value=FINAL,
        is_pending_manual=False,
        occurred_at=datetime.now(UTC),
        revision=1,
    )
    return replace(made, **changes)


def record(learner: Learner, **changes: Any) -> outcomes.Recorded:
    with transaction(learner.tenant) as session:
        return outcomes.record_gradable(session, gradable(learner, **changes), datetime.now(UTC))


def test_a_quiz_opened_from_a_link_is_graded_and_sent_like_a_package(learner, platform):
    """LTI-SP-5"""
    recorded = record(learner)
    assert learner.send(recorded.passback_id).state == "sent"
    assert learner.grade["given"] == 7.0
    with transaction(learner.tenant) as session:
        grade = session.get_one(Grade, recorded.grade_id)
    assert (grade.item_type, grade.title) == ("quiz", "Safety quiz")


def test_each_item_in_each_place_has_one_grade_outside_of_links(learner):
    item, place = uuid4(), f"unit:{uuid4()}:{uuid4()}"
    for _ in range(2):
        record(learner, item_id=item, context_key=place)
        record(learner, item_id=item, context_key="portal")
        record(learner, item_id=item, item_type="course", context_key="portal")
    with transaction(learner.tenant) as session:
        assert session.scalar(select(func.count()).select_from(Grade)) == 3
        assert session.scalar(select(func.count()).select_from(GradeChange)) == 3


def test_a_grade_that_waits_for_a_person_is_marked_and_takes_nothing_final_away(learner):
    """LTI-SP-6, MOODLE-8"""
    waiting = replace(FINAL, is_final=False, score=None, success="unknown")
    item = uuid4()
    first = record(learner, value=waiting, is_pending_manual=True, item_id=item)
    with transaction(learner.tenant) as session:
        assert session.get_one(Grade, first.grade_id).is_pending_manual
    record(learner, item_id=item, revision=2)
    record(learner, item_id=item, value=waiting, is_pending_manual=True, revision=3)
    with transaction(learner.tenant) as session:
        grade = session.get_one(Grade, first.grade_id)
        assert (grade.is_final, grade.score, grade.is_pending_manual) == (True, 0.7, False)
