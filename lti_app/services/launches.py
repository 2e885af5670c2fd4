"""Launches: accepted or refused, and the log of both.

`accept_launch` runs in one transaction: the login is used up, the person is recorded, and the
message does what it is for (launch_messages). A refusal inside it rolls all of that back and is
then recorded by `record_refusal` in a transaction of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import and_, bindparam, insert, select
from sqlalchemy.orm import Session

from database.base import uuid7
from database.prepared import PREPARED
from lti_app.core.lti.deep_linking import find_return_url
from lti_app.core.lti.message import LaunchMessage
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.redaction import redact
from lti_app.core.lti.roles import LaunchRole
from lti_app.core.platforms.registering import find_registering
from lti_app.models.context import Context, ResourceLink
from lti_app.models.launch import Launch
from lti_app.models.registration import Deployment, Registration
from lti_app.models.user import LtiIdentity, User
from lti_app.services import identities, logins, registrations
from lti_app.services.launch_messages import HANDLERS, Arrived, Handled
from lti_app.services.logins import Login
from lti_app.services.registrations import Platform

MAX_ORIGINS = 20
"""Learned origins per registration; more would be a mistake or an attack."""


class LaunchNotFound(LookupError):
    """There is no such launch in this tenant."""

    status_hint = 404


@dataclass(frozen=True)
class Verified:
    """A launch that passed every check of lti_app.core.lti.launch."""

    message: LaunchMessage
    claims: Mapping[str, Any]
    skew_ms: int
    binding: str = "cookie"
    """How the browser proved itself (Launch.binding)."""


@dataclass(frozen=True)
class Accepted:
    """What became of a verified launch; `problem` says why nothing opens, else ""."""

    launch_id: UUID
    user_id: UUID
    resource_link_id: UUID | None
    attempt_id: UUID | None
    address_path: str | None
    """Where native content opens (lti_app.core.item.Opened)."""
    item: str
    problem: str
    message_type: str
    subject_id: UUID | None
    """What the message's page is about (lti_app.services.launch_messages.Handled)."""
    role: LaunchRole
    return_url: str | None = None
    """Where the platform wants its people back."""

    @property
    def is_teacher(self) -> bool:
        return self.role.is_teacher


@dataclass(frozen=True)
class LaunchEntry:
    """A row of the launch log with the names an administrator knows."""

    launch: Launch
    registration: Registration | None
    user: User | None
    link: ResourceLink | None


def accept_launch(
    session: Session, login: Login, verified: Verified, *, now: datetime, trace_id: str
) -> Accepted:
    """Let a verified launch in; raises Refusal for the deployment, the nonce or the person."""
    message = verified.message
    registration = login.registration
    deployment, known, context, link = _read_scene(session, registration, message)
    logins.consume_login(session, login.row.id, now)
    user_id = identities.ensure_user(session, registration.issuer, message.person, known)
    _learn(session, registration, message, verified.claims)
    arrived = Arrived(
        registration, deployment, context, link, user_id, message, verified.claims, now
    )
    handled = HANDLERS[message.message_type](session, arrived)
    opened = handled.opened
    return Accepted(
        launch_id=_log(session, arrived, verified, handled, trace_id),
        user_id=user_id,
        resource_link_id=handled.resource_link_id,
        attempt_id=opened.attempt_id,
        address_path=opened.address_path,
        item=handled.item,
        problem=opened.problem,
        message_type=message.message_type,
        subject_id=handled.subject_id,
        role=message.roles.role,
        return_url=message.return_url,
    )


_LOG = insert(Launch).execution_options(**PREPARED)


def _log(
    session: Session, arrived: Arrived, verified: Verified, handled: Handled, trace_id: str
) -> UUID:
    """The row of a launch that was let in; returns its id."""
    message, opened, launch_id = arrived.message, handled.opened, uuid7()
    values = {
        "id": launch_id,
        "result": "accepted",
        "reason": opened.problem,
        "detail": handled.item[:200] if opened.problem else "",
        "registration_id": arrived.registration.id,
        "deployment_id": arrived.deployment.id,
        "resource_link_id": handled.resource_link_id,
        "user_id": arrived.user_id,
        "attempt_id": opened.attempt_id,
        "message_type": message.message_type,
        "role": message.roles.role.value,
        "is_test_user": message.roles.is_test_user,
        "return_url": message.return_url,
        "binding": verified.binding,
        "skew_ms": verified.skew_ms,
        "trace_id": trace_id,
        "claims": redact(verified.claims),
    }
    session.flush()  # what the handler changed comes first: the log refers to it
    session.connection().execute(_LOG, values)
    return launch_id


def record_refusal(
    session: Session,
    refusal: Refusal,
    *,
    login: Login | None,
    claims: Mapping[str, Any] | None,
    message: LaunchMessage | None,
    skew_ms: int | None,
    trace_id: str,
) -> Launch:
    """Log a refused launch; `claims` only after the signature was found right.

    An unknown deployment is remembered so that an administrator can approve it (LTI-A11).
    """
    if login and message and refusal.code == "deployment_unknown":
        registrations.note_deployment(
            session, login.registration.id, message.deployment_id, message.platform_name
        )
    launch = Launch(
        result="refused",
        reason=refusal.code,
        detail=refusal.detail[:500],
        registration_id=login.registration.id if login else None,
        message_type=message.message_type if message else "",
        role=message.roles.role.value if message else "",
        skew_ms=skew_ms,
        trace_id=trace_id,
        claims=redact(claims) if claims else {},
    )
    session.add(launch)
    session.flush()
    return launch


def get_launch(session: Session, launch_id: UUID) -> Launch:
    """Raises LaunchNotFound."""
    launch = session.get(Launch, launch_id)
    if launch is None:
        raise LaunchNotFound("There is no such launch.")
    return launch


def find_by_reference(session: Session, launch_ref: str) -> Launch | None:
    """The launch that a player token names; None when it was opened on the portal."""
    try:
        return session.get(Launch, UUID(launch_ref))
    except ValueError:
        return None


_SCENE = (
    select(Deployment, User, Context, ResourceLink)
    .select_from(Deployment)
    .outerjoin(
        LtiIdentity,
        and_(
            LtiIdentity.issuer == bindparam("issuer"), LtiIdentity.subject == bindparam("subject")
        ),
    )
    .outerjoin(User, User.id == LtiIdentity.user_id)
    .outerjoin(
        Context,
        and_(Context.deployment_id == Deployment.id, Context.context_id == bindparam("context")),
    )
    .outerjoin(
        ResourceLink,
        and_(
            ResourceLink.deployment_id == Deployment.id,
            ResourceLink.resource_link_id == bindparam("link"),
        ),
    )
    .where(
        Deployment.registration_id == bindparam("registration"),
        Deployment.deployment_id == bindparam("deployment"),
    )
    .execution_options(**PREPARED)
)
"""All that a launch meets of what earlier ones left behind, in one go."""


def _read_scene(
    session: Session, registration: Platform, message: LaunchMessage
) -> tuple[Deployment, User | None, Context | None, ResourceLink | None]:
    """Raises Refusal where the deployment is not approved."""
    found = session.execute(
        _SCENE,
        {
            "registration": registration.id,
            "deployment": message.deployment_id,
            "issuer": registration.issuer,
            "subject": message.person.subject,
            "context": message.context_id,
            "link": message.resource_link_id,
        },
    ).one_or_none()
    if found is None:
        raise Refusal("deployment_unknown", message.deployment_id)
    deployment, user, context, link = found
    if deployment.state == "pending":
        raise Refusal("deployment_unknown", f"{message.deployment_id} waits for approval")
    if deployment.state == "disabled":
        raise Refusal("deployment_disabled", message.deployment_id)
    return deployment, user, context, link


def _learn(
    session: Session, known: Platform, message: LaunchMessage, claims: Mapping[str, Any]
) -> None:
    """Keep what a verified launch teaches: who frames us, and which product it is."""
    platform, origins = known.platform, list(known.origins)
    if platform == "generic" and message.platform_family:
        platform = find_registering("", message.platform_family).code
    for url in (message.return_url, find_return_url(claims)):
        if url is None:
            continue
        parts = urlsplit(url)
        origin = f"{parts.scheme}://{parts.netloc}"
        if origin not in origins and len(origins) < MAX_ORIGINS:
            origins.append(origin)
    if (platform, origins) != (known.platform, known.origins):
        registration = session.get_one(Registration, known.id)
        registration.platform, registration.origins = platform, origins
