"""Which grades somebody may look at: all of them, or those for content of the own: packages and
quizzes they made, courses they made or teach with their lessons."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
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


def _is_own(user_id: UUID) -> ColumnElement[bool]:
    taught = select(CourseInstructor.course_id).where(CourseInstructor.user_id == user_id)
    courses = select(Course.id).where(or_(Course.created_by == user_id, Course.id.in_(taught)))
    own: dict[str, Select[UUID]] = {
        "package": select(Package.id).where(Package.created_by == user_id),
        "quiz": select(Quiz.id).where(Quiz.created_by == user_id),
        "course": courses,
        "lesson": select(CourseUnit.id).where(CourseUnit.course_id.in_(courses)),
    }
    return or_(
        *(and_(Grade.item_type == kind, Grade.item_id.in_(ids)) for kind, ids in own.items())
    )
