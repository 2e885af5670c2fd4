"""The tenant of a portal request: by host name, else the default one of the settings."""

from flask import current_app, g, request

from database.session import transaction
from lti_app.models.tenant import Tenant
from lti_app.services.tenants import find_tenant_for_host


class TenantMissing(LookupError):
    """The host name leads to no active tenant, and there is no default one."""

    status_hint = 503


def find_current_tenant() -> Tenant | None:
    """The tenant of the running request, or None."""
    if "tenant" not in g:
        default = current_app.config["LECTERN"].default_tenant
        with transaction(None) as session:
            g.tenant = find_tenant_for_host(session, request.host, default)
    found: Tenant | None = g.tenant
    return found


def current_tenant() -> Tenant:
    """The tenant of the running request; raises TenantMissing."""
    tenant = find_current_tenant()
    if tenant is None:
        raise TenantMissing(f"No tenant for {request.host}.")
    return tenant
