"""Two origins in one process: which routes answer on which host name (DESIGN decision 4).

Uploaded packages are other people's JavaScript. They live on the content origin, where there are
no cookies and no portal; the portal, LTI and API live on the application origin, where there are
no packages. A request that comes to the wrong one is answered with 404.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, request

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
        endpoint = request.endpoint or ""
        if endpoint in SHARED_ENDPOINTS:
            return
        wanted = content_host if request.blueprint in CONTENT_BLUEPRINTS else app_host
        if request.host != wanted:
            abort(404, f"This address belongs to {wanted}, not to {request.host}.")
