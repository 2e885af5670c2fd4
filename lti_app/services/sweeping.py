"""Which tenants there are, and which one a transaction belongs to: for sweeps and jobs."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lti_app.models.tenant import Tenant


def list_active_tenant_ids(session: Session) -> list[UUID]:
    """Every active tenant; `session` may be one without a tenant."""
    return list(session.scalars(select(Tenant.id).where(Tenant.is_active).order_by(Tenant.id)))


def current_tenant_id(session: Session) -> UUID:
    """The tenant of the running transaction."""
    return UUID(session.scalar(select(func.current_setting("lectern.tenant"))))
