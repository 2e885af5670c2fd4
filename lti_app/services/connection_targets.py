"""What a connection is tried out on: the newest line item and roster that a platform told us of."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.models.context import Context, ResourceLink
from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services.platform_access import build_access


@dataclass(frozen=True)
class Targets:
    """Where to knock; None: nothing is known yet."""

    access: PlatformAccess
    family: str
    scopes: tuple[str, ...]
    line_item_url: str | None
    memberships_url: str | None


def find_targets(session: Session, registration_id: UUID) -> Targets:
    """The newest ones of a platform."""
    registration = session.get_one(Registration, registration_id)
    link = session.scalar(
        select(ResourceLink)
        .join(Deployment, Deployment.id == ResourceLink.deployment_id)
        .where(Deployment.registration_id == registration_id)
        .order_by(ResourceLink.line_item_url.is_(None), ResourceLink.id.desc())
        .limit(1)
    )
    memberships_url = session.scalar(
        select(Context.memberships_url)
        .join(Deployment, Deployment.id == Context.deployment_id)
        .where(Deployment.registration_id == registration_id, Context.memberships_url.is_not(None))
        .order_by(Context.id.desc())
        .limit(1)
    )
    return Targets(
        access=build_access(session, registration, link.deployment_id if link else None),
        family=registration.platform,
        scopes=tuple(link.ags_scopes) if link else (),
        line_item_url=link.line_item_url if link else None,
        memberships_url=memberships_url,
    )
