"""Sending grades: scheduled with their cause, claimed by a worker, concluded by the answer.

State of a row: waiting → sending → sent | refused | waiting again; a newer grade of the same person
at the same line item makes a waiting one superseded. A sent one whose grade was changed at the
platform is in conflict, until a person keeps theirs (kept) or sends ours (a new row).
Rules that hold at every moment:

- One at a time per (line item, person): an advisory lock orders scheduling and claiming, and
  unique partial indexes allow one waiting and one sending row.
- A row in "sending" holds a lease. The worker that dies between network and write leaves it to
  the sweep; it is sent again with the SAME timestamp, and a 409 then means "already recorded".
- Timestamps rise by whole seconds per (line item, person) (LTI-AGS-9, MOODLE-6).

Here rows are scheduled; passback_claims.py takes them, passback_results.py ends them.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.core.platforms.families import get_family
from lti_app.models.context import LinkMember, ResourceLink
from lti_app.models.grade import Grade, Passback
from lti_app.models.registration import Registration
from lti_app.services import grade_services, platform_access
from lti_app.services.passback_rows import find_last, lock_pair, was_tried

SETTLED = ("conflict", "kept")
"""Somebody's grade at the platform stands: ours is sent when a person says so (LTI-SP-9)."""


def schedule(
    session: Session,
    grade: Grade,
    member: LinkMember,
    link: ResourceLink,
    *,
    comment: str,
    now: datetime,
    requested_by: UUID | None = None,
    is_overwriting: bool = False,
    is_forced: bool = False,
) -> Passback | None:
    """A waiting row for the grade's present score; None when the platform has, awaits or has
    refused it, or a grade given there stands.

    `requested_by` is the person who pressed "send again": then it is sent even when unchanged,
    as it is when `is_forced`.
    """
    if link.line_item_url is None or not (_is_final(grade) or grade.is_pending_manual):
        return None
    registration_id = platform_access.find_registration_id(session, link.deployment_id)
    lock_pair(session, registration_id, link.line_item_url, member.subject)
    last = find_last(session, registration_id, link.line_item_url, member.subject)
    if not _is_final(grade) and not _may_say_pending(session, registration_id, last):
        return None
    score = grade.score if _is_final(grade) else None
    is_asked = is_forced or requested_by is not None
    if not is_asked and last is not None and _is_settled(last, score):
        return None
    _supersede_waiting(session, registration_id, link.line_item_url, member.subject)
    merged = last.sent_at + ags.MERGE_PAUSE if last and last.sent_at else now
    overwrites = is_overwriting or grade_services.overwrites(session, registration_id)
    row = Passback(
        grade_id=grade.id,
        registration_id=registration_id,
        resource_link_id=link.id,
        line_item_url=link.line_item_url,
        subject=member.subject,
        score=score,
        is_pending_manual=score is None,
        comment=comment,
        attempt_id=grade.attempt_id,
        submitted_at=grade.graded_at,
        due_at=max(now, merged),
        give_up_at=now + ags.RETRY_FOR,
        requested_by=requested_by,
        is_overwriting=overwrites,
    )
    row.is_new_attempt = not was_tried(session, row, grade.attempt_id)
    session.add(row)
    session.flush()
    return row


def list_due(session: Session, now: datetime) -> list[UUID]:
    """Registrations that have something to send now: a row that waits and is due, or one whose
    sender is taken for dead. Those that asked us to slow down are left alone."""
    due = select(Passback.registration_id).where(
        Passback.state.in_(("waiting", "sending")), Passback.due_at <= now
    )
    found = session.scalars(due.distinct())
    return [one for one in found if grade_services.find_pause(session, one, now) is None]


def _is_final(grade: Grade) -> bool:
    return grade.is_final and grade.score is not None


def _may_say_pending(session: Session, registration_id: UUID, last: Passback | None) -> bool:
    """Only where nothing is erased by it, and never after a final score (MOODLE-8, LTI-SP-6)."""
    family = get_family(session.get_one(Registration, registration_id).platform)
    return family.takes_pending_manual and (last is None or last.is_pending_manual)


def _supersede_waiting(
    session: Session, registration_id: UUID, line_item_url: str, subject: str
) -> None:
    session.execute(
        update(Passback)
        .where(
            Passback.registration_id == registration_id,
            Passback.line_item_url == line_item_url,
            Passback.subject == subject,
            Passback.state == "waiting",
        )
        .values(state="superseded", reason="superseded")
    )


def _is_settled(last: Passback, score: float | None) -> bool:
    """The platform has, awaits or has refused exactly this score; asking again and again would
    only make a storm of refusals (PAIN-19). One that could not be delivered is tried anew."""
    if last.state in SETTLED:
        return True
    if last.score is None or score is None:
        return last.reason != "gave_up" and last.score is score
    return last.reason != "gave_up" and abs(last.score - score) < 1e-6
