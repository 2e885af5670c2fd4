"""Where a link's line item stands: named by a launch, looked for, made, gone (LTI-AGS-12 to 14)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.models.context import ResourceLink
from lti_app.models.grade import Grade

LEASE = timedelta(seconds=150)
"""How long somebody may take to look for or make one."""


def want(link: ResourceLink, now: datetime) -> None:
    """Look for a line item as soon as there is a grade for it."""
    if link.line_item_due_at is None:
        link.line_item_due_at, link.line_item_tries = now, 0


def note_gone(session: Session, resource_link_id: UUID, url: str, now: datetime) -> None:
    """The platform no longer has the line item: the activity was deleted, or its grades switched
    off and on again, which makes a new one (moodle.md 6). One that we made or found is looked for
    again; one that a launch named is named by the next launch."""
    link = session.get_one(ResourceLink, resource_link_id)
    if link.line_item_url != url:
        return
    link.line_item_problem = "line_item_gone"
    if link.line_item_origin in ("found", "created"):
        link.line_item_url, link.line_item_origin = None, ""
        link.score_maximum, link.score_maximum_read_at = None, None
        want(link, now)


def list_due(session: Session, now: datetime) -> list[UUID]:
    """Links that want a line item and have a grade for it."""
    has_grade = exists().where(
        Grade.resource_link_id == ResourceLink.id, Grade.is_final, Grade.role == "learner"
    )
    due = select(ResourceLink.id).where(ResourceLink.line_item_due_at <= now, has_grade)
    return list(session.scalars(due.limit(200)))


def is_wanted(link: ResourceLink) -> bool:
    """Whether a grade of this link has to wait for a line item."""
    return link.line_item_url is None and link.line_item_due_at is not None


def pause(tries: int, jitter: float) -> timedelta:
    """Until the next attempt, as for scores."""
    return ags.pause(tries, jitter)
