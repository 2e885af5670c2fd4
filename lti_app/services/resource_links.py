"""Courses, links and their members, as each launch describes them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import keep, uuid7
from database.prepared import PREPARED
from lti_app.core.lti.copies import History
from lti_app.core.lti.message import LaunchMessage, find_item, find_version
from lti_app.models.context import Context, LinkMember, ResourceLink
from lti_app.services import link_copies


class ResourceLinkNotFound(LookupError):
    """There is no such resource link in this tenant."""

    status_hint = 404


def get_resource_link(session: Session, resource_link_id: UUID) -> ResourceLink:
    """Raises ResourceLinkNotFound."""
    link = session.get(ResourceLink, resource_link_id)
    if link is None:
        raise ResourceLinkNotFound("There is no such resource link.")
    return link


def find_link(session: Session, resource_link_id: UUID | None) -> ResourceLink | None:
    """The link with this id."""
    return session.get(ResourceLink, resource_link_id) if resource_link_id else None


def find_context(session: Session, link: ResourceLink) -> Context | None:
    """The course of a link, where the platform named one."""
    return session.get(Context, link.context_id) if link.context_id else None


def record_link(
    session: Session,
    deployment_pk: UUID,
    context: Context | None,
    message: LaunchMessage,
    history: History,
    link: ResourceLink | None,
) -> ResourceLink:
    """The resource link of a launch in `context`, made or brought up to date; `link` is what it was
    a moment ago.

    What it opens is what the message names. Where that names nothing, it stays what it was: what
    an earlier launch named, a teacher chose here, or the link had that this one is a copy of.
    """
    made = None
    if link is None:
        made = session.scalar(
            insert(ResourceLink)
            .values(
                id=uuid7(),
                deployment_id=deployment_pk,
                resource_link_id=message.resource_link_id,
                title=message.resource_link_title,
            )
            .on_conflict_do_nothing()
            .returning(ResourceLink.id)
        )
        link = _find_link(session, deployment_pk, message.resource_link_id)
    assert link is not None  # noqa: S101  made here, or by somebody at the same moment
    keep(
        link,
        title=message.resource_link_title or link.title,
        context_id=context.id if context else link.context_id,
    )
    if made or not link.package_key:
        link_copies.copy_settings(session, link, history, find_item(message))
    _name_item(link, message)
    session.flush()
    return link


_MEMBER = insert(LinkMember)
_MEMBER = _MEMBER.on_conflict_do_update(
    index_elements=["resource_link_id", "user_id"],
    set_={
        name: _MEMBER.excluded[name]
        for name in ("subject", "role", "is_test_user", "last_launched_at")
    },
).execution_options(**PREPARED)


def record_member(
    session: Session, link: ResourceLink, user_id: UUID, message: LaunchMessage, now: datetime
) -> None:
    """Who uses the link, with which role: the role of the last launch counts."""
    values = {
        "id": uuid7(),
        "resource_link_id": link.id,
        "user_id": user_id,
        "subject": message.person.subject,
        "role": message.roles.role.value,
        "is_test_user": message.roles.is_test_user,
        "last_launched_at": now,
    }
    session.connection().execute(_MEMBER, values)


def find_member(session: Session, resource_link_id: UUID, user_id: UUID) -> LinkMember | None:
    """The member of a link."""
    return session.scalar(
        select(LinkMember).where(
            LinkMember.resource_link_id == resource_link_id, LinkMember.user_id == user_id
        )
    )


def find_member_by_subject(
    session: Session, resource_link_id: UUID, subject: str
) -> LinkMember | None:
    """The member whom the platform calls `subject`."""
    return session.scalar(
        select(LinkMember).where(
            LinkMember.resource_link_id == resource_link_id, LinkMember.subject == subject
        )
    )


def context_key(resource_link_id: UUID) -> str:
    """How attempts name the link that they were opened from."""
    return f"link:{resource_link_id}"


def read_context_key(key: str) -> UUID | None:
    """The resource link that a context key names; None for the portal."""
    kind, _, value = key.partition(":")
    return UUID(value) if kind == "link" else None


def _name_item(link: ResourceLink, message: LaunchMessage) -> None:
    key = find_item(message)
    if key:
        keep(link, package_key=key, item_version=find_version(message))
    elif message.context_id == message.resource_link_id:
        # Canvas gives everything that stands in pages of a course the course's id: what another
        # of them opened is not what this one should (CANVAS-38).
        keep(link, package_key=None, item_version=None)


def record_context(
    session: Session, deployment_pk: UUID, message: LaunchMessage, context: Context | None
) -> Context | None:
    """The course of a launch, made or brought up to date; None where the platform named none.
    `context` is what it was a moment ago."""
    if not message.context_id:
        return None
    values = {
        "label": message.context_label,
        "title": message.context_title,
        "types": list(message.context_types),
    }
    if context is None:
        session.execute(
            insert(Context)
            .values(
                id=uuid7(), deployment_id=deployment_pk, context_id=message.context_id, **values
            )
            .on_conflict_do_nothing()
        )
        context = session.scalars(
            select(Context).where(
                Context.deployment_id == deployment_pk, Context.context_id == message.context_id
            )
        ).one()
    keep(context, **values)  # a class that begins at once must not wait for one row
    return context


def _find_link(session: Session, deployment_pk: UUID, resource_link_id: str) -> ResourceLink | None:
    return session.scalar(
        select(ResourceLink).where(
            ResourceLink.deployment_id == deployment_pk,
            ResourceLink.resource_link_id == resource_link_id,
        )
    )
