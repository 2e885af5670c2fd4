"""Which grades somebody may look at: all of them, or those for content of the own: packages and
quizzes they made, courses they made or teach with their lessons. What is a unit of a course belongs
to it: who teaches there sees what was earned there, whoever made the package or the quiz."""

from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Select,
    SQLColumnExpression,
    Text,
    and_,
    cast,
    func,
    or_,
    select,
)
from sqlalchemy.orm import Session

from content.models.course import Course, CourseInstructor, CourseUnit
from content.models.quiz import Quiz
from lti_app.core.permissions import Permission, Role, is_allowed
from lti_app.models.grade import Grade
from lti_app.services import grade_ledger
from lti_app.services.grade_ledger import GradeEntry, Ledger
from lti_app.services.grades import GradeNotFound
from scorm_runtime.models.package import Package

STATES = ("waiting", "sending", "sent", "refused", "conflict", "kept")
"""Of the newest sending of a grade."""
_IN_COURSE = "unit:"
"""How places in courses begin: "unit:<enrolment id>:<unit id>" (content_outcomes.py)."""


def list_visible(
    session: Session, *, user_id: UUID, role: Role, state: str | None, limit: int, offset: int
) -> list[GradeEntry]:
    """Newest first; `state` is one of STATES or None for all."""
    own = None if _sees_all(role) else _is_own(user_id)
    return grade_ledger.list_recent(session, limit=limit, offset=offset, state=state, own=own)


def get_visible_ledger(session: Session, grade_id: UUID, *, user_id: UUID, role: Role) -> Ledger:
    """All that is known of a grade; raises GradeNotFound, also where it is not to be seen."""
    if not _sees_all(role):
        own = select(Grade.id).where(Grade.id == grade_id, _is_own(user_id))
        if session.scalar(own) is None:
            raise GradeNotFound("There is no such grade.")
    return grade_ledger.get_ledger(session, grade_id)


def _sees_all(role: Role) -> bool:
    return is_allowed(role, Permission.MANAGE_GRADES)


def is_taught(context_key: SQLColumnExpression[str], user_id: UUID) -> ColumnElement[bool]:
    """Whether a place is a unit of a course that somebody made or teaches."""
    names = select(cast(CourseUnit.id, Text)).where(CourseUnit.course_id.in_(_courses(user_id)))
    is_in_course = context_key.startswith(_IN_COURSE)
    return and_(is_in_course, func.split_part(context_key, ":", 3).in_(names))


def _courses(user_id: UUID) -> Select[UUID]:
    taught = select(CourseInstructor.course_id).where(CourseInstructor.user_id == user_id)
    return select(Course.id).where(or_(Course.created_by == user_id, Course.id.in_(taught)))


def _is_own(user_id: UUID) -> ColumnElement[bool]:
    courses = _courses(user_id)
    own: dict[str, Select[UUID]] = {
        "package": select(Package.id).where(Package.created_by == user_id),
        "quiz": select(Quiz.id).where(Quiz.created_by == user_id),
        "course": courses,
        "lesson": select(CourseUnit.id).where(CourseUnit.course_id.in_(courses)),
    }
    is_made = or_(
        *(and_(Grade.item_type == kind, Grade.item_id.in_(ids)) for kind, ids in own.items())
    )
    place = Grade.context_key
    return or_(is_taught(place, user_id), and_(~place.startswith(_IN_COURSE), is_made))
