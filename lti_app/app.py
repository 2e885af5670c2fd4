"""The application factory: the one place where the house is wired together."""

import secrets
from contextlib import suppress
from datetime import timedelta

from flask import Flask, g, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from database import prepared
from database.extension import db, migrate
from database.liveness import refuse_dead
from database.session import transaction
from database.urls import with_driver
from lti_app import errors, logs, storage
from lti_app.cli import commands
from lti_app.config import Config, SettingInvalid
from lti_app.platform_client.reach import REACH
from lti_app.rates import SharedRates
from lti_app.security import cookies, forms, headers, origins, signing_in
from lti_app.services import content_items
from lti_app.services.wording import LANGUAGES, find_language, prepare_catalogues
from lti_app.views import (
    auth,
    badges,
    catalogue,
    certificates,
    course_assignments,
    course_units,
    deep_linking,
    landing,
    launch_reports,
    learning,
    link_content,
    link_grades,
    link_rosters,
    lti,
    lti_config,
    lti_registration,
    notifications,
    operations,
    platform_window,
    play,
    quiz_answers,
    quizzes,
    record_files,
    reviews,
    shell,
    verification,
)
from lti_app.views import courses as learners_courses
from lti_app.views.admin import (
    attempts,
    corrections,
    course_categories,
    course_draft,
    course_exchange,
    course_files,
    course_grading,
    course_lists,
    course_people,
    course_preview,
    course_report,
    course_settings,
    courses,
    grades,
    groups,
    home,
    launches,
    links,
    mails,
    package_settings,
    package_versions,
    packages,
    platform_grades,
    platform_links,
    platform_manual,
    platforms,
    quiz_exchange,
    quiz_grading,
    quiz_previews,
    quiz_questions,
    record_jobs,
    reports,
    rosters,
    statements,
    store_keys,
    stores,
    teaching,
    upload_parts,
    uploads,
    users,
)
from lti_app.views.admin import certificates as admin_certificates
from lti_app.views.admin import quizzes as admin_quizzes
from lti_app.views.player_host import PlayerDoors
from scorm_runtime.extension import ScormRuntime
from scorm_runtime.views.host import Host as PlayerHost
from xapi_lrs.core.store import Limits
from xapi_lrs.extension import XapiLrs
from xapi_lrs.services.rates import MemoryRates
from xapi_lrs.views.host import Host as StoreHost

PORTAL = (
    *(landing, auth, learning, catalogue, play),
    *(learners_courses, course_units, course_assignments),
    *(home, packages, package_versions, package_settings, uploads, upload_parts),
    *(attempts, corrections, reports, grades, platforms, launches, links, users),
    *(platform_links, platform_manual, platform_grades, rosters),
    *(courses, course_settings, course_preview, course_draft, course_exchange, course_files),
    *(
        course_people,
        course_lists,
        course_report,
        course_grading,
        course_categories,
        teaching,
        groups,
    ),
    *(stores, store_keys, statements, record_jobs),
    *(certificates, verification, notifications, admin_certificates, mails),
    *(admin_quizzes, quiz_questions, quiz_grading, quiz_exchange, quiz_previews),
)
"""Views for people in a browser: a session cookie, CSRF tokens, a guard on each."""
MACHINES = (
    *(operations, record_files, launch_reports, badges, lti, lti_config, lti_registration),
    *(link_grades, link_rosters, link_content, deep_linking, reviews, platform_window),
    *(quizzes, quiz_answers),
)
"""Views without a session cookie: platforms, monitors, pages with a token in their address."""
RUNTIMES = ("player", "xapi")
"""Blueprints of the runtimes, which guard themselves."""
_WITHOUT_ACCOUNT = {*(views.bp.name for views in MACHINES), *RUNTIMES} - {"quizzes"}
"""Where nobody looks who has signed in. A quiz of the portal does, and so do pages that are not
there."""


def create_app(config: Config) -> Flask:
    """Build the application for `config`; raises SettingInvalid when it cannot work."""
    app = Flask(__name__)
    _configure(app, config)
    logs.init_app(app, config.log_level)
    REACH.private = config.reaches_private
    db.init_app(app)
    with app.app_context():
        prepared.init_engine(db.engine)
    migrate.init_app(app, db)
    commands.init_app(app)
    storage.init_app(app, config)
    catalogues = prepare_catalogues(config.data_folder / "translations")
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(catalogues)
    Babel(app, locale_selector=_choose_language)
    origins.init_app(app, app_url=config.app_url, content_url=config.content_url)
    _add_portal(app, config)
    _add_runtimes(app, config)
    content_items.register_kinds()
    for name in (*(views.bp.name for views in MACHINES), *RUNTIMES):
        forms.csrf.exempt(app.blueprints[name])
    for framed in (course_units, course_assignments):  # they ask for it where a session counts
        forms.csrf.exempt(framed.bp)
    if config.trusted_proxies:
        hops = config.trusted_proxies
        # Not X-Forwarded-Port: proxies as a rule pass on what the browser says there.
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    return app


def _choose_language() -> str | None:
    """What the person has chosen, else what the browser asks for. Jobs and commands have neither:
    they speak the default language, or one that they name."""
    if not request:
        return None
    if spoken := g.get("spoken_language", ""):  # of whom the page's address names
        return str(spoken)
    if request.blueprint not in _WITHOUT_ACCOUNT:
        with suppress(SQLAlchemyError):  # while the database is away, its error page is readable
            if chosen := find_language(getattr(current_user, "locale", "")):
                return chosen
    return request.accept_languages.best_match(LANGUAGES)


def _add_portal(app: Flask, config: Config) -> None:
    Bootstrap5(app)
    cookies.init_app(app)
    forms.csrf.init_app(app)
    signing_in.init_app(app)
    headers.init_app(app, content_url=config.content_url, is_secure=config.is_secure)
    errors.init_app(app)
    shell.init_app(app)
    for blueprint in dict.fromkeys(views.bp for views in (*PORTAL, *MACHINES)):
        app.register_blueprint(blueprint)


def _add_runtimes(app: Flask, config: Config) -> None:
    """The player and the record store, each with what it asks of its host."""
    doors = PlayerDoors(app_url=config.app_url, secret_key=app.config["SECRET_KEY"])
    player = PlayerHost(
        transaction=transaction,
        secret_key=app.config["SECRET_KEY"],
        token_lifetime=timedelta(hours=config.player_token_hours),
        content_url=config.content_url,
        app_url=config.app_url,
        learner=doors.learner,
        is_let_in=doors.is_let_in,
        on_outcome=doors.on_outcome,
        exit_url=doors.exit_url,
        frame_ancestors=doors.frame_ancestors,
        status_chip=doors.status_chip,
        grades_url=doors.grades_url,
        platform_window=doors.platform_window,
    )
    store = StoreHost(
        transaction=transaction,
        app_url=config.app_url,
        server_secret=app.config["SECRET_KEY"],
        limits=_store_limits(config),
        rates=SharedRates(config.redis_url) if config.redis_url else MemoryRates(),
    )
    ScormRuntime().init_app(app, host=player, storage=storage.storage_of(app))
    XapiLrs().init_app(app, host=store)


def _store_limits(config: Config) -> Limits:
    return Limits(
        body_bytes=config.lrs_body_mb * 1024 * 1024,
        document_bytes=config.lrs_body_mb * 1024 * 1024,
        batch=config.lrs_batch,
        page=config.lrs_page,
        requests_per_second=config.lrs_requests_per_second,
        failures_per_minute=config.lrs_failures_per_minute,
        token_seconds=config.lrs_token_minutes * 60,
        rejections=config.lrs_rejections,
    )


def _configure(app: Flask, config: Config) -> None:
    if not config.database_url:
        raise SettingInvalid(
            "DATABASE_URL is not set: use `make run`, or name a PostgreSQL database"
        )
    app.config.update(
        LECTERN=config,
        SECRET_KEY=config.secret_key or secrets.token_hex(32),
        SQLALCHEMY_DATABASE_URI=with_driver(config.database_url),
        SQLALCHEMY_ENGINE_OPTIONS={
            "pool_events": [(refuse_dead, "checkout")],
            "pool_size": config.web_threads,
            "pool_use_lifo": True,
            "hide_parameters": True,  # of statements that failed: logs hold no personal data
        },
        DATABASE_OWNER_URL=config.database_owner_url,
        MAX_CONTENT_LENGTH=16 * 1024 * 1024,
        SESSION_COOKIE_NAME=f"{signing_in.HOST_PREFIX if config.is_secure else ''}lectern",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SECURE=config.is_secure,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=config.session_hours * 3600,
        WTF_CSRF_TIME_LIMIT=None,
        BOOTSTRAP_SERVE_LOCAL=True,
    )
