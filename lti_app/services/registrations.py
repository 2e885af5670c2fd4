"""Platforms: registered, listed, switched off; their deployments approved or not.

(issuer, client_id) leads to one tenant through `database.routing`, before anything is verified.
"""

from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from database.base import uuid7
from database.prepared import PREPARED
from database.routing import TenantRoute, find_keys, record_route
from database.session import entering
from lti_app.core.lti.anonymous import SETTING as ANONYMOUS
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.registration import NewRegistration, check_registration
from lti_app.core.platforms.families import FAMILIES
from lti_app.models.registration import Deployment, Registration
from lti_app.models.tenant import Tenant
from lti_app.platform_client.reach import REACH
from lti_app.services.keys import ensure_current_key
from lti_app.services.tenants import current_tenant_id

ROUTE_KIND = "lti"


class RegistrationNotFound(LookupError):
    """There is no such registration or deployment in this tenant."""

    status_hint = 404


@dataclass(frozen=True)
class Route:
    """Where a login belongs, found before its tenant is known."""

    tenant_id: UUID
    client_id: str


@dataclass(frozen=True)
class Platform:
    """A registration as far as logins and launches ask for it: values that outlive a transaction.
    The fields are columns of Registration."""

    id: UUID
    issuer: str
    client_id: str
    platform: str
    auth_login_url: str
    token_url: str
    jwks_url: str
    leeway_seconds: int | None
    origins: list[Any]
    is_active: bool


PLATFORM = tuple(getattr(Registration, one.name) for one in fields(Platform))
"""The columns of it, in its order."""
_ROUTE = (
    select(
        TenantRoute.tenant_id,
        Tenant.is_active,
        entering(TenantRoute.__table__.c.tenant_id),
        func.set_config("synchronous_commit", "off", True),
    )
    .join(Tenant, Tenant.id == TenantRoute.tenant_id)
    .where(TenantRoute.kind == ROUTE_KIND, TenantRoute.key == bindparam("key"))
    .execution_options(**PREPARED)
)
"""For logins, whose commit need not wait for the disk: one that a power cut loses is begun again by
opening the activity again. Nothing else is written in such a transaction."""


def enter_tenant(session: Session, issuer: str, client_id: str | None) -> Route:
    """The tenant and client of a login; a `session` of no tenant is that tenant's from here on.

    Without client_id it works when the issuer has exactly one registration (LTI-A30). Raises
    Refusal `issuer_unknown` (A32), `client_unknown` (A10), `registration_ambiguous`, or
    `registration_disabled` when the tenant is switched off.
    """
    if client_id is None:
        keys = find_keys(session, ROUTE_KIND, f"{issuer} ")
        if len(keys) > 1:
            raise Refusal("registration_ambiguous", f"{len(keys)} registrations of {issuer[:200]}")
        client_id = keys[0].rpartition(" ")[2] if keys else ""
    route = session.connection().execute(_ROUTE, {"key": f"{issuer} {client_id}"}).one_or_none()
    if route is not None:
        if not route.is_active:
            raise Refusal("registration_disabled", "the organisation is switched off here")
        return Route(route.tenant_id, client_id)
    if find_keys(session, ROUTE_KIND, f"{issuer} "):
        raise Refusal("client_unknown", f"{client_id[:200]!r} of {issuer[:200]}")
    raise Refusal("issuer_unknown", issuer[:200])


def register(session: Session, new: NewRegistration) -> Registration:
    """Add a platform, or bring an existing one (same issuer and client_id) up to date.

    Raises RegistrationInvalid, and RouteTaken when another tenant has this issuer and client.
    The first registration of a tenant makes its signing key.
    """
    check_registration(new, FAMILIES, allows_intranet=REACH.private)
    tenant_id = current_tenant_id(session)
    record_route(session, ROUTE_KIND, f"{new.issuer} {new.client_id}", tenant_id)
    registration = find_registration(session, new.issuer, new.client_id)
    if registration is None:
        registration = Registration(issuer=new.issuer, client_id=new.client_id)
        session.add(registration)
    registration.name = new.name or registration.name or ""
    registration.platform = new.platform
    registration.auth_login_url = new.auth_login_url
    registration.token_url = new.token_url
    registration.token_audience = new.token_audience or None
    registration.jwks_url = new.jwks_url
    registration.leeway_seconds = new.leeway_seconds
    session.flush()
    for deployment_id in new.deployments:
        add_deployment(session, registration.id, deployment_id)
    ensure_current_key(session)
    return registration


_NAMED = (
    Registration.issuer == bindparam("issuer"),
    Registration.client_id == bindparam("client_id"),
)
_REGISTRATION = select(Registration).where(*_NAMED)
_PLATFORM = select(*PLATFORM).where(*_NAMED).execution_options(**PREPARED)


def find_registration(session: Session, issuer: str, client_id: str) -> Registration | None:
    """The registration of exactly this issuer and client."""
    return session.scalar(_REGISTRATION, {"issuer": issuer, "client_id": client_id})


def find_platform(session: Session, issuer: str, client_id: str) -> Platform | None:
    """The same as values."""
    named = {"issuer": issuer, "client_id": client_id}
    row = session.connection().execute(_PLATFORM, named).one_or_none()
    return Platform(*row) if row else None


def get_registration(session: Session, registration_id: UUID) -> Registration:
    """Raises RegistrationNotFound."""
    registration = session.get(Registration, registration_id)
    if registration is None:
        raise RegistrationNotFound("There is no such registration.")
    return registration


def list_registrations(session: Session) -> list[Registration]:
    """All platforms of the tenant, by name, then issuer."""
    order = (func.lower(Registration.name), Registration.issuer, Registration.client_id)
    return list(session.scalars(select(Registration).order_by(*order)))


def list_origins(session: Session) -> list[str]:
    """Origins that may frame pages of this tenant: of its active platforms (PAIN-01)."""
    found: set[str] = set()
    for registration in list_registrations(session):
        if registration.is_active:
            addresses = (registration.issuer, registration.auth_login_url)
            found.update(_origin(address) for address in addresses)
            found.update(str(origin) for origin in registration.origins)
    return sorted(found - {""})


def allows_anonymous(session: Session) -> bool:
    """Whether this tenant lets launches in that name nobody; off unless chosen (LTI-B12)."""
    tenant = session.get_one(Tenant, current_tenant_id(session))
    return tenant.settings.get(ANONYMOUS) is True


def allow_anonymous(session: Session, *, allow: bool) -> None:
    """The administrators' choice about launches that name nobody."""
    tenant = session.get_one(Tenant, current_tenant_id(session))
    tenant.settings = {**tenant.settings, ANONYMOUS: allow}
    session.flush()


def disable_registration(session: Session, registration_id: UUID) -> Registration:
    """From now on every login and launch of it is refused, and no grade is sent."""
    registration = get_registration(session, registration_id)
    registration.is_active = False
    session.flush()
    return registration


def enable_registration(session: Session, registration_id: UUID) -> Registration:
    """Take back `disable_registration`."""
    registration = get_registration(session, registration_id)
    registration.is_active = True
    session.flush()
    return registration


def list_deployments(session: Session, registration_id: UUID) -> list[Deployment]:
    """The deployments of a registration, those that wait for approval first."""
    waiting_first = (Deployment.state != "pending", Deployment.deployment_id)
    return list(
        session.scalars(
            select(Deployment)
            .where(Deployment.registration_id == registration_id)
            .order_by(*waiting_first)
        )
    )


def list_pending_deployments(session: Session) -> list[tuple[Deployment, Registration]]:
    """Every deployment of the tenant that waits for approval, oldest first."""
    rows = session.execute(
        select(Deployment, Registration)
        .join(Registration, Registration.id == Deployment.registration_id)
        .where(Deployment.state == "pending")
        .order_by(Deployment.created_at)
    )
    return [(deployment, registration) for deployment, registration in rows]


def find_deployment(
    session: Session, registration_id: UUID, deployment_id: str
) -> Deployment | None:
    """A registration's deployment by the platform's id."""
    return session.scalar(
        select(Deployment).where(
            Deployment.registration_id == registration_id,
            Deployment.deployment_id == deployment_id,
        )
    )


def add_deployment(session: Session, registration_id: UUID, deployment_id: str) -> Deployment:
    """An approved deployment; one that waited is approved, a disabled one stays disabled.

    Raises RegistrationNotFound, also for another organisation's: the foreign key would take it.
    """
    get_registration(session, registration_id)
    deployment = note_deployment(session, registration_id, deployment_id.strip())
    if deployment.state == "pending":
        deployment.state = "approved"
        session.flush()
    return deployment


def note_deployment(
    session: Session, registration_id: UUID, deployment_id: str, name: str = ""
) -> Deployment:
    """The deployment, remembered as waiting for approval when it is new (LTI-A11, PAIN-16)."""
    session.execute(
        insert(Deployment)
        .values(
            id=uuid7(),
            registration_id=registration_id,
            deployment_id=deployment_id,
            state="pending",
            name=name,
        )
        .on_conflict_do_nothing()
    )
    deployment = find_deployment(session, registration_id, deployment_id)
    if deployment is None:
        raise RegistrationNotFound("There is no such registration.")
    return deployment


def approve_deployment(session: Session, deployment_pk: UUID) -> Deployment:
    """Launches of this deployment work from now on; raises RegistrationNotFound."""
    return _set_state(session, deployment_pk, "approved")


def disable_deployment(session: Session, deployment_pk: UUID) -> Deployment:
    """Launches of this deployment are refused from now on; raises RegistrationNotFound."""
    return _set_state(session, deployment_pk, "disabled")


def _set_state(session: Session, deployment_pk: UUID, state: str) -> Deployment:
    deployment = session.get(Deployment, deployment_pk)
    if deployment is None:
        raise RegistrationNotFound("There is no such deployment.")
    deployment.state = state
    session.flush()
    return deployment


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") else ""
