"""The Demo LMS's application factory: settings and doors in, a Flask app out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from flask_babel import Babel

from demo_lms.doors import Doors
from demo_lms.settings import Settings
from demo_lms.state.document import blank
from demo_lms.state.keys import load_key, load_secret
from demo_lms.state.store import Store
from demo_lms.views import (
    ags,
    api,
    authorize,
    copies,
    deep_links,
    errors,
    exchange,
    faults,
    formats,
    gradebook,
    headers,
    launches,
    memberships,
    messages,
    pages,
    personality,
    registration,
    token,
)
from demo_lms.views.parts import Parts


def create_app(settings: Settings, doors: Doors | None = None) -> Flask:
    """The platform as a WSGI application; makes the data folder, the key and the secret."""
    app = Flask("demo_lms", static_url_path="/lms/static")
    app.config.update(
        SECRET_KEY=load_secret(settings.data),
        SERVER_NAME=urlsplit(settings.issuer).netloc,
        PREFERRED_URL_SCHEME=urlsplit(settings.issuer).scheme,
        MAX_CONTENT_LENGTH=1_000_000,
        # The path keeps the cookie away from other servers on this host: cookies know no ports.
        SESSION_COOKIE_NAME="demo_lms",
        SESSION_COOKIE_PATH="/lms",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.issuer.startswith("https:"),
        BABEL_DEFAULT_LOCALE="en",
    )
    app.json.sort_keys = False  # type: ignore[attr-defined] # messages keep the sender's order
    app.extensions["demo_lms"] = Parts(
        settings=settings,
        doors=doors or Doors(),
        store=Store(settings.data, blank),
        key=load_key(settings.data),
    )
    Babel(app)
    for part in (formats, headers, errors, exchange):
        part.init_app(app)
    for page in (pages, launches, copies, gradebook, messages, faults, personality, api):
        app.register_blueprint(page.bp)
    for service in (authorize, token, ags, memberships, deep_links, registration):
        app.register_blueprint(service.bp)
    return app
