"""What the platform's gradebook holds beside what we sent, and who has the last word (LTI-SP-9).

A teacher's grade is never overwritten without being told to: the newest sending goes to
"conflict", and a person keeps theirs or sends ours, unless the platform's settings say that ours
replaces it. Then ours is sent once more; a platform that holds on to the teacher's grade all the
same (Moodle's "overridden", moodle.md 6) ends in conflict, too.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from lti_app.core.results import Result, Standing, compare
from lti_app.models.context import ResourceLink
from lti_app.models.grade import Grade, Passback, PassbackTry
from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import grade_services, sendings
from lti_app.services.grades import GradeNotFound, NotSendable
from lti_app.services.platform_access import build_access

SETTLING = timedelta(minutes=2)
"""Platforms write what they took into their gradebook a moment later."""
_NO_ID = UUID(int=0)


@dataclass(frozen=True)
class LinkToRead:
    """A link's line item, as a worker needs it outside the transaction."""

    link_id: UUID
    access: PlatformAccess
    family: str
    scopes: tuple[str, ...]
    line_item_url: str


def list_link_ids(session: Session, registration_id: UUID, link_id: UUID | None) -> list[UUID]:
    """Links of a platform with a line item to which something was sent."""
    sent = select(Passback.id).where(
        Passback.resource_link_id == ResourceLink.id, Passback.state.in_(("sent", "conflict"))
    )
    found = (
        select(ResourceLink.id)
        .join(Deployment, Deployment.id == ResourceLink.deployment_id)
        .where(
            Deployment.registration_id == registration_id,
            ResourceLink.line_item_url.is_not(None),
            sent.exists(),
        )
        .order_by(ResourceLink.id)
    )
    if link_id is not None:
        found = found.where(ResourceLink.id == link_id)
    return list(session.scalars(found))


def get_link(session: Session, link_id: UUID) -> LinkToRead | None:
    """None: it has lost its line item since."""
    link = session.get(ResourceLink, link_id)
    if link is None or link.line_item_url is None:
        return None
    deployment = session.get_one(Deployment, link.deployment_id)
    registration = session.get_one(Registration, deployment.registration_id)
    return LinkToRead(
        link_id=link.id,
        access=build_access(session, registration, deployment.id),
        family=registration.platform,
        scopes=tuple(link.ags_scopes),
        line_item_url=link.line_item_url,
    )


def compare_link(
    session: Session,
    link_id: UUID,
    results: Mapping[str, Result],
    *,
    maximum: float | None,
    now: datetime,
) -> Counter[str]:
    """Write down what the platform holds for everybody of a link, and how often it is the same
    ("same"), another grade ("conflict", "overwritten"), none ("missing"), or ours on a maximum
    that has changed since ("rescaled")."""
    link = session.get_one(ResourceLink, link_id)
    if maximum is not None:
        link.score_maximum, link.score_maximum_read_at = maximum, now
    found: Counter[str] = Counter()
    for row in _list_newest(session, link):
        result = results.get(row.subject)
        row.result_score = result.score if result else None
        row.result_maximum = result.maximum if result else None
        row.result_read_at = now
        found[_settle(session, row, result, link.score_maximum, now)] += 1
    session.flush()
    return found


def keep_theirs(session: Session, grade_id: UUID) -> None:
    """The grade given at the platform stands, until somebody sends ours; raises GradeNotFound or
    NotSendable where there is no conflict."""
    grade = session.get(Grade, grade_id)
    if grade is None:
        raise GradeNotFound("There is no such grade.")
    row = session.scalar(
        select(Passback)
        .where(Passback.grade_id == grade_id, Passback.state == "conflict")
        .order_by(Passback.id.desc())
        .limit(1)
    )
    if row is None:
        raise NotSendable("There is no conflict to settle.")
    row.state, row.reason = "kept", "theirs_kept"
    session.flush()


def _settle(
    session: Session,
    row: Passback,
    result: Result | None,
    maximum: float | None,
    now: datetime,
) -> str:
    if row.score is None or row.state == "kept":
        return "same"
    standing = compare(row.score, result, maximum)
    if standing is Standing.SAME:
        if row.state == "conflict":
            row.state, row.reason = "sent", ""
        return "same"
    if row.state == "conflict":
        row.reason = standing.value
        return "conflict"
    if row.sent_at is not None and now - row.sent_at < SETTLING:
        return "same"
    if standing is Standing.OTHER and _is_rescaled(session, row, result, maximum):
        return _send(session, row, now, "rescaled")
    if grade_services.overwrites(session, row.registration_id) and not _was_held(session, row):
        row.reason = standing.value
        return _send(session, row, now, "overwritten")
    row.state, row.reason = "conflict", standing.value
    return "missing" if standing is Standing.MISSING else "conflict"


def _send(session: Session, row: Passback, now: datetime, word: str) -> str:
    made = sendings.schedule_grade(
        session, row.grade_id, now=now, is_overwriting=True, is_forced=True
    )
    return word if made is not None else "same"


def _is_rescaled(
    session: Session, row: Passback, result: Result | None, maximum: float | None
) -> bool:
    """The platform still holds the points that we sent, on another maximum now."""
    last = session.scalar(
        select(PassbackTry)
        .where(PassbackTry.passback_id == row.id)
        .order_by(PassbackTry.number.desc())
        .limit(1)
    )
    if last is None or last.score_given is None or result is None or result.score is None:
        return False
    now_maximum = result.maximum or maximum
    if now_maximum is None or last.score_maximum == now_maximum:
        return False
    return abs(last.score_given - result.score) < 0.011


def _was_held(session: Session, row: Passback) -> bool:
    """Ours was sent above this very grade before, and the platform kept it."""
    before = session.scalar(
        select(Passback)
        .where(
            Passback.grade_id == row.grade_id,
            Passback.line_item_url == row.line_item_url,
            Passback.id < row.id,
            Passback.state == "sent",
        )
        .order_by(Passback.id.desc())
        .limit(1)
    )
    if before is None or before.reason not in ("changed_there", "missing_there"):
        return False
    return before.result_score == row.result_score


def _list_newest(session: Session, link: ResourceLink) -> list[Passback]:
    """The newest sending of everybody, where it arrived."""
    newest = (
        select(Passback.id)
        .where(
            Passback.resource_link_id == link.id,
            Passback.line_item_url == link.line_item_url,
            Passback.state != "superseded",
        )
        .ext(distinct_on(Passback.subject))
        .order_by(Passback.subject, Passback.id.desc())
    )
    return list(
        session.scalars(
            select(Passback).where(
                Passback.id.in_(newest), Passback.state.in_(("sent", "conflict", "kept"))
            )
        )
    )
