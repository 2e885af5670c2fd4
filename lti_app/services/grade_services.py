"""How grades go to one platform: what an administrator chose, and the pace it asks for."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import uuid7
from lti_app.core.platforms.family import Family
from lti_app.models.grade_service import GradeService
from lti_app.models.registration import Registration

LINE_ITEMS = ("usual", "always", "never")
_PAUSE = timedelta(seconds=5)
_MAX_PAUSE = timedelta(minutes=10)


class SettingsInvalid(ValueError):
    """A value that cannot be kept; the message names the field."""

    status_hint = 422


def ensure_service(session: Session, registration_id: UUID) -> GradeService:
    """The row of a registration, made when it is first needed."""
    session.execute(
        insert(GradeService)
        .values(id=uuid7(), registration_id=registration_id)
        .on_conflict_do_nothing()
    )
    return session.scalars(
        select(GradeService).where(GradeService.registration_id == registration_id)
    ).one()


def ensure_services(session: Session, now: datetime) -> None:
    """A row for every registration; a new one has its results compared after the usual while."""
    without = select(func.gen_random_uuid(), Registration.id, literal(now)).where(
        ~exists().where(GradeService.registration_id == Registration.id)
    )
    names = ["id", "registration_id", "results_read_at"]
    session.execute(insert(GradeService).from_select(names, without).on_conflict_do_nothing())


def find_service(session: Session, registration_id: UUID) -> GradeService | None:
    """The row of a registration, None while everything is as usual."""
    return session.scalar(
        select(GradeService)
        .where(GradeService.registration_id == registration_id)
        .execution_options(populate_existing=True)
    )


def overwrites(session: Session, registration_id: UUID) -> bool:
    """Whether our grades replace those given at the platform (LTI-SP-9)."""
    service = find_service(session, registration_id)
    return service is not None and service.overwrites


def makes_line_items(session: Session, registration_id: UUID, family: Family) -> bool:
    """Whether a line item is made where a launch names none (LTI-AGS-14)."""
    service = find_service(session, registration_id)
    chosen = service.line_items if service else "usual"
    return family.creates_line_items if chosen == "usual" else chosen == "always"


def change_settings(
    session: Session,
    registration_id: UUID,
    *,
    overwrites: bool,
    line_items: str,
    results_hours: int,
    roster_hours: int,
) -> GradeService:
    """What an administrator chose; raises SettingsInvalid."""
    if line_items not in LINE_ITEMS:
        raise SettingsInvalid("Choose when line items are made.")
    if not (0 <= results_hours <= 8760 and 0 <= roster_hours <= 8760):
        raise SettingsInvalid("Hours must be between 0 and 8760.")
    service = ensure_service(session, registration_id)
    service.overwrites, service.line_items = overwrites, line_items
    service.results_hours, service.roster_hours = results_hours, roster_hours
    session.flush()
    return service


def find_pause(session: Session, registration_id: UUID, now: datetime) -> datetime | None:
    """Until when the platform asked us to send nothing; None: send."""
    service = find_service(session, registration_id)
    until = service.paused_until if service else None
    return until if until is not None and until > now else None


def pause(
    session: Session, registration_id: UUID, now: datetime, retry_after: float | None
) -> None:
    """The platform asked us to slow down (CANVAS-36, BB-14, LTI-SP-7): all of it waits, not this
    one grade alone, as long as it said, else longer each time."""
    service = ensure_service(session, registration_id)
    wait = min(_PAUSE * 2 ** min(service.pause_count, 10), _MAX_PAUSE)
    if retry_after is not None:
        wait = timedelta(seconds=min(max(retry_after, 1.0), 3600.0))
    service.paused_until, service.pause_count = now + wait, service.pause_count + 1
    session.flush()


def note_success(session: Session, registration_id: UUID) -> None:
    """It takes what we send again."""
    session.execute(
        update(GradeService)
        .where(GradeService.registration_id == registration_id, GradeService.pause_count > 0)
        .values(pause_count=0, paused_until=None)
    )
