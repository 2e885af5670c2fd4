"""Whether somebody who was given an address with a token in it is still let in.

Such an address (the player's, a teacher's page of grades) is no session that could be ended: what
an administrator switches off is asked for at each request instead. The player's own question is in
player_doors.py.
"""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from lti_app.models.context import ResourceLink
from lti_app.models.registration import Deployment, Registration
from lti_app.models.tenant import Tenant
from lti_app.models.user import User


def may_enter(session: Session, user_id: UUID) -> bool:
    """Person and tenant are switched on."""
    return _holds(session, _is_active(user_id))


def may_see_link(session: Session, user_id: UUID, resource_link_id: UUID) -> bool:
    """… and so are the registration and the deployment of the resource link."""
    link = (
        select(ResourceLink.id)
        .join(Deployment, Deployment.id == ResourceLink.deployment_id)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(ResourceLink.id == resource_link_id, *_platform_is_on())
    )
    return _holds(session, _is_active(user_id), link.exists())


def _is_active(user_id: UUID) -> ColumnElement[bool]:
    return exists().where(
        User.id == user_id, User.is_active, Tenant.id == User.tenant_id, Tenant.is_active
    )


def _platform_is_on() -> tuple[ColumnElement[bool], ...]:
    return (Registration.is_active.is_(True), Deployment.state.is_distinct_from("disabled"))


def _holds(session: Session, *conditions: ColumnElement[bool]) -> bool:
    return session.scalar(select(1).where(*conditions)) is not None
