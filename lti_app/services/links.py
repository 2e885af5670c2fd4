"""One resource link with all that belongs to it, for who looks after platforms."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_app.core.item import Item
from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.models.registration import Deployment, Registration
from lti_app.models.user import User
from lti_app.services import items, link_copies, resource_links


@dataclass(frozen=True)
class LinkStory:
    """What a link opens, where that comes from, and who uses it."""

    link: ResourceLink
    context: Context | None
    registration: Registration
    item: Item | None
    """None: nothing is named, or what is named is not here."""
    chosen_by: User | None
    source: tuple[ResourceLink, Context | None] | None
    """The link that it is a copy of."""
    copies: int
    """Links that are copies of it."""
    members: dict[str, int]
    """People who have opened it, by role."""


def get_story(session: Session, link_id: UUID) -> LinkStory:
    """Raises ResourceLinkNotFound."""
    link = resource_links.get_resource_link(session, link_id)
    registration = session.scalars(
        select(Registration)
        .join(Deployment, Deployment.registration_id == Registration.id)
        .where(Deployment.id == link.deployment_id)
    ).one()
    copied = select(func.count()).where(ResourceLink.copied_from_id == link.id)
    roles = session.execute(
        select(LinkMember.role, func.count())
        .where(LinkMember.resource_link_id == link.id)
        .group_by(LinkMember.role)
        .order_by(LinkMember.role)
    )
    key = link.package_key or ""
    return LinkStory(
        link=link,
        context=resource_links.find_context(session, link),
        registration=registration,
        item=items.find_item(session, key, link.item_version) if key else None,
        chosen_by=session.get(User, link.chosen_by) if link.chosen_by else None,
        source=link_copies.find_source(session, link),
        copies=session.scalar(copied) or 0,
        members={role: count for role, count in roles},  # noqa: C416  rows are no pairs for mypy
    )
