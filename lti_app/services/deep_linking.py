"""Deep Linking: a platform asks, a teacher chooses, we answer with a signed message.

Nothing is sent from here: the answer is a form in the teacher's browser. A request may be answered
again until it is over, because a platform may have refused the first answer; each has a nonce of
its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from lti_app.core.lti.copies import VARIABLES_BY_FAMILY
from lti_app.core.lti.deep_linking import (
    Choice,
    Settings,
    Told,
    build_content_item,
    build_response,
    read_settings,
)
from lti_app.core.lti.message import LaunchMessage
from lti_app.models.context import Context
from lti_app.models.deep_link import DeepLink
from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import load_private_key
from lti_app.services import admission, keys

LIFETIME = timedelta(hours=2)
"""How long a teacher may choose."""


class DeepLinkNotFound(LookupError):
    """There is no such request in this tenant."""

    status_hint = 404


@dataclass(frozen=True)
class Request:
    """A request with everything that its pages and its answer need."""

    row: DeepLink
    settings: Settings
    deployment: Deployment
    registration: Registration
    context: Context | None


@dataclass(frozen=True)
class Answer:
    """What the browser posts."""

    return_url: str
    jwt: str
    item_count: int


def record_request(
    session: Session,
    deployment: Deployment,
    context_id: UUID | None,
    user_id: UUID,
    message: LaunchMessage,
    claims: Mapping[str, Any],
    now: datetime,
) -> DeepLink:
    """Keep what a verified LtiDeepLinkingRequest asks; old ones that are over go."""
    session.execute(delete(DeepLink).where(DeepLink.expires_at < now - timedelta(days=90)))
    row = DeepLink(
        deployment_id=deployment.id,
        user_id=user_id,
        context_id=context_id,
        settings=read_settings(claims).as_json(),
        locale=message.locale,
        expires_at=now + LIFETIME,
    )
    session.add(row)
    session.flush()
    return row


def get_request(session: Session, deep_link_id: UUID) -> Request:
    """Raises DeepLinkNotFound."""
    found = session.execute(
        select(DeepLink, Deployment, Registration, Context)
        .join(Deployment, Deployment.id == DeepLink.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .outerjoin(Context, Context.id == DeepLink.context_id)
        .where(DeepLink.id == deep_link_id)
    ).one_or_none()
    if found is None:
        raise DeepLinkNotFound("There is no such request.")
    row, deployment, registration, context = found
    settings = Settings.from_json(row.settings)
    return Request(row, settings, deployment, registration, context)


def may_choose(session: Session, request: Request, user_id: UUID) -> bool:
    """Whether this person was asked, and is still let in, as is the platform."""
    is_on = request.registration.is_active and request.deployment.state == "approved"
    was_asked = request.row.user_id == user_id
    return is_on and was_asked and admission.may_enter(session, user_id)


def answer_request(
    session: Session,
    request: Request,
    choices: Sequence[Choice],
    told: Told = Told(),  # noqa: B008  frozen
    *,
    app_url: str,
    nonce: str,
    now: datetime,
) -> Answer:
    """Sign the answer with `choices`; without any it is a cancellation (LTI-DL-15)."""
    registration, settings = request.registration, request.settings
    variables = VARIABLES_BY_FAMILY.get(registration.platform, {})
    content_items = [
        build_content_item(
            settings,
            choice,
            launch_url=f"{app_url}/lti/launch?sc_item={choice.item.key}",
            icon_url=f"{app_url}/static/mark.svg",
            thumbnail_url=choice.item.cover_url or f"{app_url}/lti/covers/{choice.item.key}.svg",
            variables=variables,
        )
        for choice in choices
    ]
    claims = build_response(
        settings,
        content_items,
        told,
        client_id=registration.client_id,
        issuer=registration.issuer,
        deployment_id=request.deployment.deployment_id,
        nonce=nonce,
        now=now,
    )
    row = request.row
    row.state = "answered" if choices else "cancelled"
    row.content_items, row.answered_at = content_items, now
    session.flush()
    return Answer(settings.return_url, _sign(session, claims), len(content_items))


def _sign(session: Session, claims: dict[str, Any]) -> str:
    key = keys.ensure_current_key(session)
    private = load_private_key(key.private_pem)
    return jwt.encode(claims, private, "RS256", {"kid": key.kid})  # type: ignore[arg-type]  # RSA
