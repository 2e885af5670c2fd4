"""What sweeps and public pages need before they know a tenant: the list of tenants."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lti_app.models.tenant import Tenant


def list_active_tenant_ids(session: Session) -> list[UUID]:
    """Every active tenant; `session` may be one without a tenant."""
    return list(session.scalars(select(Tenant.id).where(Tenant.is_active).order_by(Tenant.id)))
