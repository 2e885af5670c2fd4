"""Grades are seen by who manages grades, and by those whose own content they are for."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from content.models.course import CourseInstructor
from content.services import courses, quizzes
from lti_app.core.permissions import Role
from lti_app.models.grade import Grade
from lti_app.services import visible_grades
from lti_app.services.grades import GradeNotFound
from lti_app.services.users import create_user
from scorm_runtime.models.package import Package
from tests.content.courses import document, publish, unit

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def person(session: Session, name: str, role: Role = Role.CONTENT_CREATOR) -> UUID:
    return create_user(
        session,
        email=f"{name}@school.test",
        password="a good long password",
        given_name=name,
        family_name="X",
        role=role,
    ).id


def grade(session: Session, learner: UUID, kind: str, item_id: UUID, place: str = "portal") -> UUID:
    row = Grade(
        user_id=learner,
        item_type=kind,
        item_id=item_id,
        context_key=place,
        attempt_id=uuid4(),
        attempt_number=1,
        is_final=True,
        score=0.5,
        completion="completed",
        success="passed",
        graded_at=NOW,
    )
    session.add(row)
    session.flush()
    return row.id


@pytest.mark.parametrize("kind", ["quiz", "course"])
def test_who_made_a_quiz_or_a_course_or_teaches_it_sees_its_grades(session: Session, kind: str):
    """The matrix's "own": made by the person, or named as instructor"""
    maker, other, teacher = (person(session, name) for name in ("maker", "other", "teacher"))
    learner = person(session, "learner", Role.LEARNER)
    if kind == "quiz":
        item = quizzes.create_quiz(session, "Q", created_by=maker, now=NOW).id
    else:
        item = courses.create_course(session, title="C", created_by=maker, now=NOW).id
        session.add(CourseInstructor(course_id=item, user_id=teacher))
        session.flush()
    grade_id = grade(session, learner, kind, item)
    sees = {maker} if kind == "quiz" else {maker, teacher}
    for somebody in (maker, other, teacher):
        who = {"user_id": somebody, "role": Role.CONTENT_CREATOR}
        found = visible_grades.list_visible(session, **who, state=None, limit=9, offset=0)
        assert [one.grade.id for one in found] == ([grade_id] if somebody in sees else [])
        if somebody in sees:
            assert visible_grades.get_visible_ledger(session, grade_id, **who)
        else:
            with pytest.raises(GradeNotFound):
                visible_grades.get_visible_ledger(session, grade_id, **who)
    assert visible_grades.get_visible_ledger(session, grade_id, user_id=other, role=Role.INSTRUCTOR)


def test_what_was_earned_in_a_course_is_seen_by_who_teaches_it_not_by_who_made_the_package(
    session: Session,
):
    """A package may stand as a unit in anybody's course."""
    maker, teacher = (person(session, name) for name in ("maker", "teacher"))
    learner, other = (person(session, name, Role.LEARNER) for name in ("learner", "b"))
    package = Package(key="fire", title="Fire safety", created_by=maker)
    session.add(package)
    session.flush()
    made = unit("package", package=str(package.id))
    publish(session, document(made), by=teacher)
    there = grade(session, learner, "package", package.id, f"unit:{uuid4()}:{made['id']}")
    elsewhere = grade(session, other, "package", package.id)
    for somebody, seen in ((maker, elsewhere), (teacher, there)):
        who = {"user_id": somebody, "role": Role.CONTENT_CREATOR}
        found = visible_grades.list_visible(session, **who, state=None, limit=9, offset=0)
        assert [one.grade.id for one in found] == [seen]
