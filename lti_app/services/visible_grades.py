"""Which grades somebody may look at: those of all packages, or of the packages they made."""

from uuid import UUID

from sqlalchemy.orm import Session

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
    made_by = None if _sees_all(role) else user_id
    return grade_ledger.list_recent(
        session, limit=limit, offset=offset, state=state, made_by=made_by
    )


def get_visible_ledger(session: Session, grade_id: UUID, *, user_id: UUID, role: Role) -> Ledger:
    """All that is known of a grade; raises GradeNotFound, also where it is not to be seen."""
    ledger = grade_ledger.get_ledger(session, grade_id)
    if not _sees_all(role) and not _is_maker(session, user_id, ledger.entry.grade):
        raise GradeNotFound("There is no such grade.")
    return ledger


def _sees_all(role: Role) -> bool:
    return is_allowed(role, Permission.MANAGE_GRADES)


def _is_maker(session: Session, user_id: UUID, grade: Grade) -> bool:
    if grade.item_type != "package":
        return False
    package = session.get(Package, grade.item_id)
    return package is not None and package.created_by == user_id
