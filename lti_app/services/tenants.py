"""Tenants: made by commands, found by host name; whose transaction this is."""

import re
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_app.models.tenant import Tenant

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class TenantInvalid(ValueError):
    """The tenant cannot be made; the message says why."""


def ensure_tenant(session: Session, slug: str, name: str, domain: str | None = None) -> Tenant:
    """The tenant called `slug`, made if there is none; an existing one is left as it is."""
    if not _SLUG.fullmatch(slug):
        raise TenantInvalid(
            f"{slug!r} is no tenant name: use 1 to 63 of a-z, 0-9 and hyphens, such as demo-school"
        )
    tenant = find_tenant_by_slug(session, slug)
    if tenant is None:
        tenant = Tenant(slug=slug, name=name, domain=domain.lower() if domain else None)
        session.add(tenant)
        session.flush()
    return tenant


def find_tenant_by_slug(session: Session, slug: str) -> Tenant | None:
    """The tenant called `slug`, active or not."""
    return session.scalar(select(Tenant).where(Tenant.slug == slug))


def find_tenant_by_domain(session: Session, host: str) -> Tenant | None:
    """The tenant whose domain is `host`, whatever its case and port."""
    name = host.lower().partition(":")[0]
    return session.scalar(select(Tenant).where(Tenant.domain == name))


def find_tenant_for_host(session: Session, host: str, default_slug: str) -> Tenant | None:
    """The active tenant whose domain is `host`, else the default one."""
    tenant = find_tenant_by_domain(session, host) or find_tenant_by_slug(session, default_slug)
    return tenant if tenant is not None and tenant.is_active else None


def list_active_tenant_ids(session: Session) -> list[UUID]:
    """Every active tenant, for sweeps; `session` may be one without a tenant."""
    return list(session.scalars(select(Tenant.id).where(Tenant.is_active).order_by(Tenant.id)))


def current_tenant_id(session: Session) -> UUID:
    """The tenant of the running transaction."""
    return UUID(session.scalar(select(func.current_setting("lectern.tenant"))))
