"""Links that came with a copied course: what they were copied from, and settings taken over.

Content is found by `custom`, which platforms copy. What we keep ourselves (content chosen here, a
version, points) is taken from the old link; attempts and grades never are (PAIN-07).
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from lti_app.core.lti.copies import History
from lti_app.models.context import Context, ResourceLink
from lti_app.models.registration import Deployment

OPAQUE_ID = 16
"""From this length an id is one of its kind; a shorter one may mean another link at another
deployment of the same registration (Blackboard counts its links at each school)."""


def copy_settings(session: Session, link: ResourceLink, history: History, item_key: str) -> None:
    """Give `link` the settings of the link that it is a copy of, where we know that one;
    `item_key` is what the message names, or ""."""
    if link.copied_from_id is not None:
        return
    old = _find_by_link(session, link, history) or _find_by_course(session, link, history, item_key)
    if old is None:
        return
    link.copied_from_id = old.id
    link.package_key = link.package_key or old.package_key
    link.item_version, link.points = old.item_version, old.points
    link.chosen_by, link.chosen_at = old.chosen_by, old.chosen_at


def find_source(session: Session, link: ResourceLink) -> tuple[ResourceLink, Context | None] | None:
    """The link that `link` is a copy of, with its course; None when it is no copy we know of."""
    if link.copied_from_id is None:
        return None
    found = session.execute(
        select(ResourceLink, Context)
        .outerjoin(Context, Context.id == ResourceLink.context_id)
        .where(ResourceLink.id == link.copied_from_id)
    ).one_or_none()
    return (found[0], found[1]) if found else None


def _find_by_link(session: Session, link: ResourceLink, history: History) -> ResourceLink | None:
    """The newest of the old ids that we know, at this deployment or another of its registration."""
    found = _links_like(session, link, ResourceLink.resource_link_id.in_(history.links))
    for old_id in history.links:
        same_id = [old for old in found if old.resource_link_id == old_id]
        here = [old for old in same_id if old.deployment_id == link.deployment_id]
        if here:
            return here[0]
        if len(same_id) == 1 and len(old_id) >= OPAQUE_ID:
            return same_id[0]
    return None


def _find_by_course(
    session: Session, link: ResourceLink, history: History, item_key: str
) -> ResourceLink | None:
    """The link to the same item in the course that this one is a copy of; where the platform
    tells the history of courses only (Moodle)."""
    if not item_key or not history.contexts:
        return None
    courses = _ids_in_order(session, link.deployment_id, history.contexts)
    same_course = ResourceLink.context_id.in_(courses)
    found = _links_like(session, link, same_course, ResourceLink.package_key == item_key)
    for context_id in courses:
        there = [one for one in found if one.context_id == context_id]
        named = [one for one in there if one.title == link.title]
        if len(named or there) == 1:
            return (named or there)[0]
    return None


def _links_like(
    session: Session, link: ResourceLink, *conditions: ColumnElement[bool]
) -> list[ResourceLink]:
    registration_id = (
        select(Deployment.registration_id)
        .where(Deployment.id == link.deployment_id)
        .scalar_subquery()
    )
    return list(
        session.scalars(
            select(ResourceLink)
            .join(Deployment, Deployment.id == ResourceLink.deployment_id)
            .where(
                Deployment.registration_id == registration_id,
                ResourceLink.id != link.id,
                *conditions,
            )
        )
    )


def _ids_in_order(
    session: Session, deployment_pk: UUID, context_ids: Sequence[str]
) -> Sequence[UUID]:
    rows = session.execute(
        select(Context.context_id, Context.id).where(
            Context.deployment_id == deployment_pk, Context.context_id.in_(context_ids)
        )
    )
    known: dict[str, UUID] = {row.context_id: row.id for row in rows}
    return [known[one] for one in context_ids if one in known]
