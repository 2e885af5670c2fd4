"""What a verified launch does, by its message type: play, choose content, look at somebody's work.

`accept_launch` has let the platform and the person in; one handler of HANDLERS does the rest, in
the same transaction. A handler refuses by raising Refusal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from lti_app.core.item import Opened
from lti_app.core.lti.copies import read_history
from lti_app.core.lti.message import LaunchMessage
from lti_app.core.lti.message_types import (
    DEEP_LINKING_REQUEST,
    RESOURCE_LINK_REQUEST,
    SUBMISSION_REVIEW_REQUEST,
)
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.roles import LaunchRole
from lti_app.core.lti.submission_review import read_asked_attempt, read_for_user
from lti_app.models.context import Context, ResourceLink
from lti_app.models.registration import Deployment
from lti_app.services import deep_linking, items, resource_links, reviews, service_urls
from lti_app.services.registrations import Platform


@dataclass(frozen=True)
class Arrived:
    """A launch whose platform, deployment and person are let in; `context` and `link` as they were
    before it, None where it is the first."""

    registration: Platform
    deployment: Deployment
    context: Context | None
    link: ResourceLink | None
    user_id: UUID
    message: LaunchMessage
    claims: Mapping[str, Any]
    now: datetime


@dataclass(frozen=True)
class Handled:
    """What a handler made of it."""

    opened: Opened
    resource_link_id: UUID | None = None
    item: str = ""
    subject_id: UUID | None = None
    """The row that the message's page is about: the deep_link, or the person under review."""


def _play(session: Session, arrived: Arrived) -> Handled:
    link = _record_link(session, arrived)
    asked = read_asked_attempt(arrived.message.target_link_uri)
    if asked is not None and arrived.message.roles.role.is_teacher:
        learner_id = reviews.find_learner(session, link.id, asked)
        problem = "" if learner_id else "review_nothing"
        return Handled(Opened(problem=problem), link.id, link.package_key or "", learner_id)
    opened = open_link(session, link, arrived.user_id, arrived.now)
    return Handled(opened, link.id, link.package_key or "")


def _choose(session: Session, arrived: Arrived) -> Handled:
    message = arrived.message
    if not may_choose_content(message.roles.role):
        raise Refusal("role_not_allowed", f"{message.roles.role.value} may not choose content")
    context = _record_context(session, arrived)
    row = deep_linking.record_request(
        session,
        arrived.deployment,
        context.id if context else None,
        arrived.user_id,
        message,
        arrived.claims,
        arrived.now,
    )
    return Handled(Opened(), subject_id=row.id)


def _review(session: Session, arrived: Arrived) -> Handled:
    if not arrived.message.roles.role.is_teacher:
        raise Refusal("role_not_allowed", f"{arrived.message.roles.role.value} may not review")
    link = _record_link(session, arrived)
    member = resource_links.find_member_by_subject(session, link.id, read_for_user(arrived.claims))
    problem = "" if member else "review_nothing"
    return Handled(
        Opened(problem=problem),
        link.id,
        link.package_key or "",
        subject_id=member.user_id if member else None,
    )


def _record_context(session: Session, arrived: Arrived) -> Context | None:
    known, message = arrived.context, arrived.message
    return resource_links.record_context(session, arrived.deployment.id, message, known)


def _record_link(session: Session, arrived: Arrived) -> ResourceLink:
    message = arrived.message
    context = _record_context(session, arrived)
    link = resource_links.record_link(
        session,
        arrived.deployment.id,
        context,
        message,
        read_history(arrived.claims),
        arrived.link,
    )
    service_urls.record_services(session, arrived.registration, link, context, message, arrived.now)
    resource_links.record_member(session, link, arrived.user_id, message, arrived.now)
    return link


def open_link(session: Session, link: ResourceLink, user_id: UUID, now: datetime) -> Opened:
    """What the link names is opened, in the version that it names."""
    if not link.package_key:
        return Opened(problem="content_missing")
    item = items.find_item(session, link.package_key, link.item_version)
    if item is None:
        return Opened(problem="content_unknown")
    key = resource_links.context_key(link.id)
    return items.open_item(session, item, user_id=user_id, context_key=key, now=now)


def may_choose_content(role: LaunchRole) -> bool:
    """Who puts content into a course: teachers, administrators, content developers."""
    return role.is_teacher or role is LaunchRole.CONTENT_DEVELOPER


HANDLERS: Mapping[str, Callable[[Session, Arrived], Handled]] = {
    RESOURCE_LINK_REQUEST: _play,
    DEEP_LINKING_REQUEST: _choose,
    SUBMISSION_REVIEW_REQUEST: _review,
}
