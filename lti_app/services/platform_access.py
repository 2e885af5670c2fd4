"""What a worker needs to speak to a platform, put together inside the tenant's transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.models.registration import Deployment, Registration
from lti_app.platform_client.connector import PlatformAccess
from lti_app.services import keys


def build_access(
    session: Session, registration: Registration, deployment_pk: UUID | None = None
) -> PlatformAccess:
    """Addresses and our signing key of now, for one of its deployments or for none."""
    deployment = session.get(Deployment, deployment_pk) if deployment_pk else None
    key = keys.ensure_current_key(session)
    return PlatformAccess(
        registration_id=registration.id,
        issuer=registration.issuer,
        client_id=registration.client_id,
        token_url=registration.token_url,
        token_audience=registration.token_audience or registration.token_url,
        kid=key.kid,
        private_pem=key.private_pem,
        deployment_id=deployment.deployment_id if deployment else "",
    )


def find_registration_id(session: Session, deployment_pk: UUID) -> UUID:
    """The registration that a deployment belongs to."""
    return session.scalars(
        select(Deployment.registration_id).where(Deployment.id == deployment_pk)
    ).one()
