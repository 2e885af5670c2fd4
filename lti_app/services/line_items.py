"""A link's line item where no launch named one: looked for, else made once (LTI-AGS-13, 14).

Whoever holds the lease (`line_item_due_at` in the future, set under the row's lock) is the only
one who asks the platform, so two parallel launches make one. A worker that dies after the platform
made it leaves it to be found by `resourceId` and tag when the lease is over.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.core import ags
from lti_app.core.ags import Answer, Verdict
from lti_app.core.line_items import LineItem, name_resource
from lti_app.core.platforms.families import get_family, judge
from lti_app.models.context import ResourceLink
from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import grade_services, items, line_item_rows
from lti_app.services.platform_access import build_access

MAX_TRIES = 12


@dataclass(frozen=True)
class Wanted:
    """One search for a line item, as a worker needs it outside the transaction."""

    link_id: UUID
    number: int
    access: PlatformAccess
    family: str
    scopes: tuple[str, ...]
    line_items_url: str
    resource_id: str
    resource_link_id: str
    label: str
    maximum: float | None
    may_create: bool


def claim(session: Session, link_id: UUID, now: datetime) -> Wanted | None:
    """Take the search for a link's line item; None when there is nothing to do, or somebody is
    at it."""
    link = session.scalar(
        select(ResourceLink)
        .where(ResourceLink.id == link_id)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if link is None or link.line_item_due_at is None or link.line_item_due_at > now:
        return None
    deployment = session.get_one(Deployment, link.deployment_id)
    registration = session.get_one(Registration, deployment.registration_id)
    if link.line_item_url is not None or link.line_items_url is None or not registration.is_active:
        link.line_item_due_at = None
        return None
    link.line_item_tries += 1
    link.line_item_due_at = now + line_item_rows.LEASE
    item = items.find_item(session, link.package_key, None) if link.package_key else None
    family = get_family(registration.platform)
    session.flush()
    return Wanted(
        link_id=link.id,
        number=link.line_item_tries,
        access=build_access(session, registration, deployment.id),
        family=registration.platform,
        scopes=tuple(link.ags_scopes),
        line_items_url=link.line_items_url,
        resource_id=name_resource(
            link.package_key or link.resource_link_id,
            link.resource_link_id,
            binds=family.binds_line_items,
        ),
        resource_link_id=link.resource_link_id,
        label=link.title or (item.title if item else ""),
        maximum=item.score_maximum if item else None,
        may_create=grade_services.makes_line_items(session, registration.id, family),
    )


def conclude(
    session: Session,
    wanted: Wanted,
    item: LineItem | None,
    answer: Answer,
    *,
    is_created: bool,
    now: datetime,
    jitter: float,
) -> bool:
    """Write down what was found; True when grades can go now."""
    link = session.get_one(ResourceLink, wanted.link_id, with_for_update=True)
    if link.line_item_tries != wanted.number or link.line_item_url is not None:
        return False  # a launch named one meanwhile, or the lease ran out
    if item is not None:
        link.line_item_url = item.url
        link.line_item_origin = "created" if is_created else "found"
        if is_created:
            link.line_item_label, link.line_item_maximum = wanted.label, wanted.maximum
        link.score_maximum, link.score_maximum_read_at = item.maximum, now
        link.line_item_due_at, link.line_item_problem = None, ""
        return True
    verdict, reason = judge(get_family(wanted.family), answer)
    if verdict is Verdict.SENT:  # the platform answered well: there is none, and none is made
        link.line_item_due_at, link.line_item_problem = None, "line_item_not_made"
    elif verdict is Verdict.REFUSED or link.line_item_tries >= MAX_TRIES:
        problem = "scope_line_item" if reason == "scope_missing" else "line_item_refused"
        link.line_item_due_at, link.line_item_problem = None, problem
    else:
        link.line_item_problem = reason
        link.line_item_due_at = now + ags.pause(link.line_item_tries, jitter, answer.retry_after)
    return False
