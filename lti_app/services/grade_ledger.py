"""What pages show of grades: lists, and everything that is known about one of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ColumnExpressionArgument, select
from sqlalchemy.orm import Session

from lti_app.models.context import Context, ResourceLink
from lti_app.models.grade import Grade, GradeChange, Passback, PassbackTry
from lti_app.models.registration import Registration
from lti_app.models.user import User
from lti_app.services.grades import GradeNotFound


@dataclass(frozen=True)
class GradeEntry:
    """A grade with all that a page needs to explain it."""

    grade: Grade
    user: User
    link: ResourceLink | None
    context: Context | None
    registration: Registration | None
    passback: Passback | None
    """The newest sending, None when there was none."""


@dataclass(frozen=True)
class Ledger:
    """Everything that is known about one grade, oldest first."""

    entry: GradeEntry
    changes: list[GradeChange]
    sendings: list[tuple[Passback, list[PassbackTry]]]


def list_link_grades(session: Session, resource_link_id: UUID) -> list[GradeEntry]:
    """The grades of one resource link, by name: the teacher's page."""
    return _list(session, Grade.resource_link_id == resource_link_id, order=_BY_NAME)


def list_recent(
    session: Session,
    *,
    limit: int = 50,
    offset: int = 0,
    state: str | None = None,
    own: ColumnElement[bool] | None = None,
) -> list[GradeEntry]:
    """The grades of the tenant, newest first; `state` is that of the newest sending
    ("waiting", "sending", "sent", "refused"), `own` narrows them to somebody's own content."""
    conditions = [] if state is None else [Passback.state == state]
    if own is not None:
        conditions.append(own)
    return _list(
        session,
        *conditions,
        order=(Grade.graded_at.desc(), Grade.id),
        limit=limit,
        offset=offset,
    )


def list_link_ledgers(session: Session, resource_link_id: UUID) -> list[Ledger]:
    """Grades of one resource link with everything that was sent: the teacher's page."""
    return _ledgers(session, list_link_grades(session, resource_link_id))


def get_ledger(session: Session, grade_id: UUID) -> Ledger:
    """A grade with all its values and all requests to the platform; raises GradeNotFound."""
    entries = _list(session, Grade.id == grade_id, order=(Grade.id,))
    if not entries:
        raise GradeNotFound("There is no such grade.")
    return _ledgers(session, entries)[0]


def _ledgers(session: Session, entries: list[GradeEntry]) -> list[Ledger]:
    made = {entry.grade.id: Ledger(entry, [], []) for entry in entries}
    tries: dict[UUID, list[PassbackTry]] = {}
    for change in session.scalars(
        select(GradeChange).where(GradeChange.grade_id.in_(made)).order_by(GradeChange.id)
    ):
        made[change.grade_id].changes.append(change)
    for row in session.scalars(
        select(Passback).where(Passback.grade_id.in_(made)).order_by(Passback.id)
    ):
        tries[row.id] = []
        made[row.grade_id].sendings.append((row, tries[row.id]))
    for one in session.scalars(
        select(PassbackTry).where(PassbackTry.passback_id.in_(tries)).order_by(PassbackTry.number)
    ):
        tries[one.passback_id].append(one)
    return list(made.values())


_BY_NAME = (User.family_name, User.given_name, User.display_name, Grade.id)


def _list(
    session: Session,
    *conditions: ColumnElement[bool],
    order: Sequence[ColumnExpressionArgument[Any]],
    limit: int = 1000,
    offset: int = 0,
) -> list[GradeEntry]:
    newest = (
        select(Passback.id)
        .where(Passback.grade_id == Grade.id, Passback.state != "superseded")
        .order_by(Passback.id.desc())
        .limit(1)
        .correlate(Grade)
        .scalar_subquery()
    )
    query = (
        select(Grade, User, ResourceLink, Context, Registration, Passback)
        .join(User, User.id == Grade.user_id)
        .outerjoin(ResourceLink, ResourceLink.id == Grade.resource_link_id)
        .outerjoin(Context, Context.id == ResourceLink.context_id)
        .outerjoin(Passback, Passback.id == newest)
        .outerjoin(Registration, Registration.id == Passback.registration_id)
        .where(*conditions)
        .order_by(*order)
        .limit(limit)
        .offset(offset)
    )
    return [GradeEntry(*row) for row in session.execute(query)]
