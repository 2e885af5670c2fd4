"""The application factory: the one place where the house is wired together."""

import secrets

from flask import Flask, request
from flask_babel import Babel
from werkzeug.middleware.proxy_fix import ProxyFix

from database.extension import db, migrate
from database.urls import with_driver
from lti_app import logs, storage
from lti_app.cli import commands
from lti_app.config import Config, SettingInvalid
from lti_app.models import tenant, user  # noqa: F401  the tables, for Alembic

LANGUAGES = ("en",)


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
    if config.trusted_proxies:
        hops = config.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops, hops)  # type: ignore[method-assign]
    return app


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
