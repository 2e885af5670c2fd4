"""A line item that we made follows its content: another title, another maximum (LTI-AGS-11).

What we said last is kept with the link, so a column that a teacher has renamed at the platform is
left alone until our own words change.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.families import get_family, judge
from lti_app.models.context import ResourceLink
from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import items
from lti_app.services.platform_access import build_access

MAX_TRIES = 6


@dataclass(frozen=True)
class Change:
    """One change, as a worker needs it outside the transaction."""

    link_id: UUID
    number: int
    access: PlatformAccess
    family: str
    scopes: tuple[str, ...]
    line_item_url: str
    changes: dict[str, Any]
    """Members of the line item to what they become."""


def want(session: Session, link: ResourceLink, now: datetime) -> None:
    """Let the line item follow soon, where there is something to follow."""
    if link.line_item_due_at is None and find_changes(session, link):
        link.line_item_due_at, link.line_item_tries = now, 0


def find_changes(session: Session, link: ResourceLink) -> dict[str, Any]:
    """What our line item should say otherwise; empty: nothing, or it is not ours to change."""
    if link.line_item_origin != "created" or ags.LINE_ITEM_SCOPE not in link.ags_scopes:
        return {}
    item = items.find_item(session, link.package_key, None) if link.package_key else None
    if item is None:
        return {}
    changes: dict[str, Any] = {}
    label, maximum = link.title or item.title, item.score_maximum
    if label and label != link.line_item_label:
        changes["label"] = label
    if maximum and maximum > 0 and maximum != link.line_item_maximum:
        changes["scoreMaximum"] = maximum
    return changes


def claim(session: Session, link_id: UUID, now: datetime) -> Change | None:
    """Take a link's change; None when there is none, or it is not due."""
    link = session.get_one(ResourceLink, link_id, with_for_update=True, populate_existing=True)
    if link.line_item_url is None or (link.line_item_due_at or now) > now:
        return None
    changes = find_changes(session, link)
    deployment = session.get_one(Deployment, link.deployment_id)
    registration = session.get_one(Registration, deployment.registration_id)
    if not changes or not registration.is_active or link.line_item_tries >= MAX_TRIES:
        link.line_item_due_at = None
        return None
    link.line_item_tries += 1
    link.line_item_due_at = now + ags.pause(link.line_item_tries + 2, 0.5)
    session.flush()
    return Change(
        link_id=link.id,
        number=link.line_item_tries,
        access=build_access(session, registration, deployment.id),
        family=registration.platform,
        scopes=tuple(link.ags_scopes),
        line_item_url=link.line_item_url,
        changes=changes,
    )


def conclude(session: Session, change: Change, answer: Answer, now: datetime) -> None:
    """Write down what became of it; what the platform refuses is not asked for again until our
    words change once more."""
    link = session.get_one(ResourceLink, change.link_id, with_for_update=True)
    if link.line_item_url != change.line_item_url or link.line_item_tries != change.number:
        return
    verdict, _reason = judge(get_family(change.family), answer)
    if verdict in (Verdict.RETRY, Verdict.UNKNOWN):
        return  # due again after the pause
    link.line_item_due_at, link.line_item_tries = None, 0
    link.line_item_label = change.changes.get("label", link.line_item_label)
    link.line_item_maximum = change.changes.get("scoreMaximum", link.line_item_maximum)
    if verdict is Verdict.SENT:
        link.score_maximum_read_at = None  # read again before the next score
    session.flush()
