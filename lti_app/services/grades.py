"""Grades: one current value per person and place, every change kept, what pages show of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, ColumnExpressionArgument, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_app.core.grading import (
    GradedAttempt,
    GradeValue,
    Standing,
    build_grade_value,
    count_attempts,
    replaces,
    write_comment,
)
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.models.grade import Grade, GradeChange, Passback, PassbackTry
from lti_app.models.registration import Registration
from lti_app.models.user import User
from lti_app.services import passback, resource_links
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.package_settings import read_package_settings
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package


class GradeNotFound(LookupError):
    """There is no such grade in this tenant."""

    status_hint = 404


class NotSendable(ValueError):
    """The grade cannot be sent; the message says why."""

    status_hint = 409


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


def record_grade(
    session: Session, outcome: Outcome, *, role: LaunchRole
) -> tuple[Grade, GradeValue, bool]:
    """Bring the current grade up to date; the third value says whether it changed."""
    grade, is_new = _lock_grade(session, outcome, _value_of(outcome), role)
    counted = _count_attempts(session, outcome)
    made = counted.value
    old = GradeValue(grade.is_final, grade.score, grade.completion, grade.success)
    if not is_new and not replaces(made, old):
        return grade, old, False
    grade.package_id, grade.title = outcome.package_id, outcome.title
    grade.attempt_id, grade.attempt_number = counted.id, counted.number
    grade.role = role.value
    grade.is_final, grade.score = made.is_final, made.score
    grade.completion, grade.success = made.completion, made.success
    grade.graded_at = outcome.occurred_at
    session.add(
        GradeChange(
            grade_id=grade.id,
            attempt_id=outcome.attempt_id,
            commit_number=outcome.commit_number,
            is_final=made.is_final,
            score=made.score,
            completion=made.completion,
            success=made.success,
        )
    )
    session.flush()
    return grade, made, True


def _count_attempts(session: Session, outcome: Outcome) -> GradedAttempt:
    """The attempt that counts by the package's setting, this outcome's among them; call it with
    the grade's row locked, so that two attempts at once see each other."""
    this = GradedAttempt(outcome.attempt_id, outcome.attempt_number, _value_of(outcome))
    package = session.get(Package, outcome.package_id)
    counting = read_package_settings(package.settings if package else None).counting_attempt
    others = session.scalars(
        select(Attempt).where(
            Attempt.user_id == outcome.user_id,
            Attempt.package_id == outcome.package_id,
            Attempt.context_key == outcome.context_key,
            Attempt.id != outcome.attempt_id,
            Attempt.mode == "normal",
            Attempt.state != "new",
        )
    )
    graded = [GradedAttempt(row.id, row.number, _value_of(row)) for row in others]
    return count_attempts(counting, [*graded, this])


def _value_of(source: Outcome | Attempt) -> GradeValue:
    return build_grade_value(
        Standing(
            source.completion,
            source.success,
            source.score_scaled,
            source.score_raw,
            source.score_min,
            source.score_max,
        )
    )


def send_again(session: Session, grade_id: UUID, *, requested_by: UUID, now: datetime) -> Passback:
    """Send the present grade once more, changed or not; raises GradeNotFound or NotSendable.

    A waiting row gives way to the new one. The caller enqueues it after the commit.
    """
    grade = get_grade(session, grade_id)
    member = _find_graded_member(session, grade)
    if member is None:
        raise NotSendable("Only a learner's grade is sent to the platform.")
    link = resource_links.get_resource_link(session, member.resource_link_id)
    row = passback.schedule(
        session,
        grade,
        member,
        link,
        comment=_comment(grade),
        now=now,
        requested_by=requested_by,
    )
    if row is None:
        what = "The platform keeps no grade for this activity." if not link.line_item_url else ""
        raise NotSendable(what or "There is no final grade yet.")
    return row


def get_grade(session: Session, grade_id: UUID) -> Grade:
    """Raises GradeNotFound."""
    grade = session.get(Grade, grade_id)
    if grade is None:
        raise GradeNotFound("There is no such grade.")
    return grade


def find_link_grade(session: Session, resource_link_id: UUID, user_id: UUID) -> Grade | None:
    """A person's current grade for a resource link."""
    return session.scalar(
        select(Grade).where(Grade.resource_link_id == resource_link_id, Grade.user_id == user_id)
    )


def find_newest_passback(session: Session, grade_id: UUID) -> Passback | None:
    """The newest sending of a grade that was not replaced by a newer grade."""
    return session.scalar(
        select(Passback)
        .where(Passback.grade_id == grade_id, Passback.state != "superseded")
        .order_by(Passback.id.desc())
        .limit(1)
    )


def list_link_grades(session: Session, resource_link_id: UUID) -> list[GradeEntry]:
    """The grades of one resource link, by name: the teacher's page."""
    return _list(session, Grade.resource_link_id == resource_link_id, order=_BY_NAME)


def list_recent(
    session: Session,
    *,
    limit: int = 50,
    offset: int = 0,
    state: str | None = None,
    made_by: UUID | None = None,
) -> list[GradeEntry]:
    """The grades of the tenant, newest first; `state` is that of the newest sending
    ("waiting", "sending", "sent", "refused"), `made_by` who imported the package."""
    conditions = [] if state is None else [Passback.state == state]
    if made_by is not None:
        own = select(Package.id).where(Package.created_by == made_by)
        conditions.append(Grade.package_id.in_(own))
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


def _find_graded_member(session: Session, grade: Grade) -> LinkMember | None:
    if grade.resource_link_id is None:
        return None
    member = resource_links.find_member(session, grade.resource_link_id, grade.user_id)
    if member is None or member.is_test_user or not LaunchRole(member.role).is_graded:
        return None
    return member


def _comment(grade: Grade) -> str:
    value = GradeValue(grade.is_final, grade.score, grade.completion, grade.success)
    return write_comment(grade.title, value, grade.attempt_number)


def _lock_grade(
    session: Session, outcome: Outcome, made: GradeValue, role: LaunchRole
) -> tuple[Grade, bool]:
    """The row of this person and place, locked; made when there is none (second value True)."""
    link_id = resource_links.read_context_key(outcome.context_key)
    place = (
        (Grade.resource_link_id == link_id,)
        if link_id
        else (Grade.resource_link_id.is_(None), Grade.package_id == outcome.package_id)
    )
    query = select(Grade).where(Grade.user_id == outcome.user_id, *place).with_for_update()
    found = session.scalar(query)
    if found is not None:
        return found, False
    grade = Grade(
        user_id=outcome.user_id,
        resource_link_id=link_id,
        package_id=outcome.package_id,
        attempt_id=outcome.attempt_id,
        attempt_number=outcome.attempt_number,
        role=role.value,
        is_final=made.is_final,
        score=made.score,
        completion=made.completion,
        success=made.success,
        graded_at=outcome.occurred_at,
    )
    try:
        with session.begin_nested():
            session.add(grade)
    except IntegrityError:  # another attempt's first outcome at the same moment
        return session.scalars(query).one(), False
    return grade, True
