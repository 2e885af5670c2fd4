"""Two origins in one process: which routes answer on which host name (DESIGN decision 4).

Uploaded packages are other people's JavaScript. They live on the content origin, where there are
no cookies and no portal; the portal, LTI and API live on the application origin (and on the
domains of tenants), where there are no packages. A request that comes to the wrong one is
answered with 404.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from database.session import transaction
from lti_app.services.tenants import find_tenant_by_domain

CONTENT_BLUEPRINTS = frozenset({"player"})
"""Blueprints that answer on the content origin only."""
SHARED_ENDPOINTS = frozenset({"operations.health", "operations.ready"})
"""Endpoints for load balancers and monitors, which use any host name."""


def init_app(app: Flask, *, app_url: str, content_url: str) -> None:
    """Refuse requests whose Host header and route do not belong together."""
    content_host = urlsplit(content_url).netloc
    app_host = urlsplit(app_url).netloc

    @app.before_request
    def keep_origins_apart() -> None:
        if (request.endpoint or "") in SHARED_ENDPOINTS:
            return
        if request.blueprint in CONTENT_BLUEPRINTS:
            right, wanted = request.host == content_host, content_host
        else:
            right, wanted = request.host == app_host or _is_tenants(content_host), app_host
        if not right:
            abort(404, f"This address belongs to {wanted}, not to {request.host}.")


def _is_tenants(content_host: str) -> bool:
    if request.host == content_host:
        return False
    with transaction(None) as session:
        return find_tenant_by_domain(session, request.host) is not None


def is_content_origin(content_url: str) -> bool:
    """Whether the running request came to the content origin."""
    return request.host == urlsplit(content_url).netloc
