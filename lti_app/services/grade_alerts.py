"""Telling administrators that a platform does not take its grades (PAIN-04).

Measured from the ledger by the sweep, shown on the first page, and told once a day while it lasts.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from lti_app.core.grade_alerts import AGAIN, LEAST, LIMITS, WINDOW, Share
from lti_app.core.permissions import MATRIX, Permission
from lti_app.models.grade import Passback, PassbackTry
from lti_app.models.grade_service import GradeService
from lti_app.models.registration import Registration
from lti_app.models.user import User
from lti_app.services import grade_services, notifications

USUAL_LIMIT = 20
"""Percent, where nobody has chosen; as the column's default."""
_FAILED = or_(
    Passback.state == "refused",
    and_(Passback.state.in_(("waiting", "sending")), Passback.reason != ""),
)


class LimitInvalid(ValueError):
    """Not one of the limits that can be chosen."""

    status_hint = 422


def measure(session: Session, now: datetime) -> list[Share]:
    """Every platform with something tried in the last hour."""
    lately = select(PassbackTry.passback_id).where(PassbackTry.id >= _first_id(now - WINDOW))
    found = session.execute(
        select(
            Registration.id,
            func.coalesce(func.nullif(Registration.name, ""), Registration.issuer),
            func.count(),
            func.count().filter(_FAILED),
            func.coalesce(func.max(GradeService.alert_percent), USUAL_LIMIT),
        )
        .join(Passback, Passback.registration_id == Registration.id)
        .outerjoin(GradeService, GradeService.registration_id == Registration.id)
        .where(Passback.id.in_(lately))
        .group_by(Registration.id)
        .order_by(Registration.id)
    )
    return [Share(*row) for row in found]


def list_alarming(session: Session, now: datetime) -> list[Share]:
    """The platforms that administrators should look at now."""
    return [share for share in measure(session, now) if share.is_alarming]


def check(session: Session, now: datetime) -> int:
    """Tell the administrators what has become alarming; how many platforms that are."""
    told = 0
    for share in measure(session, now):
        service = grade_services.ensure_service(session, share.registration_id)
        if share.is_alarming:
            if service.alerted_at is None or now - service.alerted_at >= AGAIN:
                service.alerted_at = now
                _tell(session, share, now)
                told += 1
        elif share.tried >= LEAST:
            service.alerted_at = None
    session.flush()
    return told


def choose_limit(session: Session, registration_id: UUID, percent: int) -> None:
    """Raises LimitInvalid."""
    if percent not in LIMITS:
        raise LimitInvalid("Choose when administrators are told about grades that fail.")
    grade_services.ensure_service(session, registration_id).alert_percent = percent
    session.flush()


def _tell(session: Session, share: Share, now: datetime) -> None:
    roles = [role.value for role in MATRIX[Permission.MANAGE_PLATFORMS]]
    people = select(User.id).where(User.role.in_(roles), User.is_active)
    notifications.notify_many(
        session,
        list(session.scalars(people)),
        "grades_failing",
        {"platform": share.name, "failed": share.failed, "tried": share.tried},
        now,
        path=f"/admin/platforms/{share.registration_id}/grades",
        once=f"grades_failing:{share.registration_id}:{now:%Y-%m-%dT%H}",
    )


def _first_id(moment: datetime) -> UUID:
    """Ids sort by age (UUIDv7: milliseconds first), so no index of times is needed."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)
