"""Which grades somebody may look at: those of all packages, or of the packages they made."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.core.permissions import Permission, Role, is_allowed
from lti_app.services import grades
from lti_app.services.grades import GradeEntry, GradeNotFound, Ledger
from scorm_runtime.models.package import Package

STATES = ("waiting", "sending", "sent", "refused")
"""Of the newest sending of a grade."""
_FAR = 2000
"""How many grades back are looked through for those of one's own packages."""


def list_visible(
    session: Session, *, user_id: UUID, role: Role, state: str | None, limit: int, offset: int
) -> list[GradeEntry]:
    """Newest first; `state` is one of STATES or None for all."""
    if _sees_all(role):
        return grades.list_recent(session, limit=limit, offset=offset, state=state)
    own = _own_packages(session, user_id)
    recent = grades.list_recent(session, limit=_FAR, state=state)
    return [entry for entry in recent if entry.grade.package_id in own][offset : offset + limit]


def get_visible_ledger(session: Session, grade_id: UUID, *, user_id: UUID, role: Role) -> Ledger:
    """All that is known of a grade; raises GradeNotFound, also where it is not to be seen."""
    ledger = grades.get_ledger(session, grade_id)
    if not _sees_all(role) and ledger.entry.grade.package_id not in _own_packages(session, user_id):
        raise GradeNotFound("There is no such grade.")
    return ledger


def _sees_all(role: Role) -> bool:
    return is_allowed(role, Permission.MANAGE_GRADES)


def _own_packages(session: Session, user_id: UUID) -> set[UUID]:
    return set(session.scalars(select(Package.id).where(Package.created_by == user_id)))
