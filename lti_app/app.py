"""The application factory: the one place where the house is wired together."""

import secrets

from flask import Flask, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from werkzeug.middleware.proxy_fix import ProxyFix

from database.extension import db, migrate
from database.urls import with_driver
from lti_app import errors, logs, storage
from lti_app.cli import commands
from lti_app.config import Config, SettingInvalid
from lti_app.models import tenant, user  # noqa: F401  the tables, for Alembic
from lti_app.security import forms, headers, signing_in
from lti_app.views import auth, catalogue, landing, learning, play, shell
from lti_app.views.admin import home, launches, packages, platforms, uploads, users

LANGUAGES = ("en",)
PORTAL = (
    *(landing, auth, learning, catalogue, play),
    *(home, packages, uploads, platforms, launches, users),
)
"""Views for people in a browser: a session cookie, CSRF tokens, a guard on each."""


def create_app(config: Config) -> Flask:
    """Build the application for `config`; raises SettingInvalid when it cannot work."""
    app = Flask(__name__)
    _configure(app, config)
    logs.init_app(app, config.log_level)
    db.init_app(app)
    migrate.init_app(app, db)
    commands.init_app(app)
    storage.init_app(app, config)
    Babel(app, locale_selector=lambda: request.accept_languages.best_match(LANGUAGES))
    _add_portal(app, config)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _add_portal(app: Flask, config: Config) -> None:
    Bootstrap5(app)
    forms.csrf.init_app(app)
    signing_in.init_app(app)
    headers.init_app(app, content_url=config.content_url, is_secure=config.is_secure)
    errors.init_app(app)
    shell.init_app(app)
    for blueprint in dict.fromkeys(views.bp for views in PORTAL):
        app.register_blueprint(blueprint)


def _configure(app: Flask, config: Config) -> None:
    if not config.database_url:
        raise SettingInvalid(
            "DATABASE_URL is not set: use `make run`, or name a PostgreSQL database"
        )
    app.config.update(
        LECTERN=config,
        SECRET_KEY=config.secret_key or secrets.token_hex(32),
        SQLALCHEMY_DATABASE_URI=with_driver(config.database_url),
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": True, "pool_size": config.web_threads},
        DATABASE_OWNER_URL=config.database_owner_url,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        SESSION_COOKIE_NAME="lectern",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=config.session_hours * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
