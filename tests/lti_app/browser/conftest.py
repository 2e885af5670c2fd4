"""The portal on a port of its own, with something to see on every page, and a real browser."""

import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server

from database.session import transaction
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.core.lti.registration import NewRegistration
from lti_app.core.permissions import Role
from lti_app.models.grade import Grade
from lti_app.models.launch import Launch
from lti_app.services import registrations
from lti_app.services.tenants import ensure_tenant
from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.models.import_job import ImportJob
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.attempts import open_attempt
from scorm_runtime.services.package_settings import change_settings
from scorm_runtime.services.uploads import NewUpload, begin_upload
from scorm_runtime.services.versions import get_version
from tests.browser import running_browser
from tests.lti_app.browser.attempts import furnish_attempts
from tests.lti_app.browser.certificates import furnish_certificates
from tests.lti_app.browser.courses import furnish_courses
from tests.lti_app.browser.quizzes import furnish_quizzes
from tests.lti_app.conftest import PASSWORD, Portal, publish, stock
from tests.lti_app.records import furnish_records
from tests.lti_app.records_of_grades import furnish_grades
from tests.lti_app.registration.links import furnish_links

AXE = Path(__file__).parents[3] / "node_modules" / "axe-core" / "axe.min.js"
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class Site:
    """A running portal."""

    url: str
    tenant: UUID
    portal: Portal
    pages: dict[str, str]
    """Addresses of pages about one thing, by what they are about."""


@pytest.fixture(scope="module")
def site(config: Config, app) -> Iterator[Site]:
    slug = f"t-{secrets.token_hex(6)}"
    server = make_server("127.0.0.1", 0, lambda *_: [], threaded=True)
    port = server.server_port
    own = create_app(
        replace(
            config,
            app_url=f"http://localhost:{port}",
            content_url=f"http://127.0.0.1:{port}",
            default_tenant=slug,
        )
    )
    server.app = own
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://localhost:{port}"
    with own.app_context():
        with transaction(None) as session:
            tenant = ensure_tenant(session, slug, "A school of the tests").id
        portal = Portal(own, own.test_client(), tenant, url)
        yield Site(url, tenant, portal, _furnish(portal))
    server.shutdown()


def _furnish(portal: Portal) -> dict[str, str]:
    admin = portal.add(Role.TENANT_ADMINISTRATOR, "admin@school.test", "Ada Admin")
    learner = portal.add(Role.LEARNER, "learner@school.test", "Leo Learner")
    begun, done = stock(portal, "demo-page-turner", by=admin), stock(portal, "demo-quiz", by=admin)
    for package_id in (begun, done, stock(portal, "demo-2004", by=admin)):
        publish(portal, package_id)
    _draft(portal, begun, admin)
    new = NewRegistration(
        issuer=f"https://{secrets.token_hex(6)}.test",
        client_id="lectern",
        auth_login_url="https://lms.test/auth",
        token_url="https://lms.test/token",
        jwks_url="https://lms.test/jwks",
        name="Moodle of the town hall",
        deployments=("1",),
    )
    place = {"user_id": learner, "context_key": "portal", "now": NOW}
    with transaction(portal.tenant) as session:
        open_attempt(session, package_id=begun, **place)
        finished = open_attempt(session, package_id=done, **place)
        finished.completion, finished.success, finished.score_scaled = "completed", "passed", 0.87
        platform = registrations.register(session, new)
        deployment = registrations.note_deployment(session, platform.id, "7", "testmoodle")
        launch = Launch(result="refused", reason="token_expired", registration_id=platform.id)
        launch.claims = {"iss": platform.issuer}
        grade = Grade(
            user_id=learner,
            item_id=done,
            attempt_id=finished.id,
            attempt_number=1,
            title="Quiz",
            is_final=True,
            score=0.87,
            completion="completed",
            success="passed",
            graded_at=NOW,
        )
        failed = ImportJob(state="failed", stage="manifest", file_name="a.zip", stored_key="u/a")
        failed.error_code, failed.error_message = "manifest_missing", "a.zip: no manifest."
        session.add_all([launch, Launch(result="accepted"), grade, failed])
        session.flush()
        addresses = {
            "package": f"/admin/packages/{begun}",
            "draft": f"/admin/packages/{begun}/versions/2",
            "version": f"/admin/packages/{begun}/versions/1",
            "settings": f"/admin/packages/{begun}/settings",
            "import": f"/admin/packages/imports/{failed.id}",
            "platform": f"/admin/platforms/{platform.id}",
            **furnish_links(session, portal.tenant, admin),
            **furnish_grades(session, deployment, NOW),
            "launch": f"/admin/launches/{launch.id}",
            "grade": f"/admin/grades/{grade.id}",
            "person": f"/admin/people/{learner}",
        }
    addresses |= furnish_certificates(portal.tenant, learner)
    addresses |= furnish_attempts(portal.tenant, teacher=admin, learners=[learner, admin])
    addresses |= furnish_courses(portal.tenant, teacher=admin, learner=learner, package=begun)
    addresses |= furnish_quizzes(portal.tenant, teacher=admin, learner=learner)
    return addresses | furnish_records(portal.tenant, admin)


def _draft(portal: Portal, package_id: UUID, admin: UUID) -> None:
    """A second version whose report has one line of each kind, an unfinished upload, settings."""
    levels = (Level.REPAIRED, Level.WARNING, Level.NOTE)
    found = [
        Finding(level, "href_spelling", "It is misspelled.", "Links fail.", "Mended.", "item a", 7)
        for level in levels
    ]
    with transaction(portal.tenant) as session:
        first = get_version(session, package_id, 1)
        copied = {
            column.name: getattr(first, column.name)
            for column in PackageVersion.__table__.columns
            if column.name not in ("id", "number", "sha256", "report", "published_at", "created_at")
        }
        report = [one.as_json() for one in found]
        session.add(PackageVersion(**copied, number=2, sha256="2" * 64, report=report))
        new = NewUpload("a course.zip", 5_000_000, 1, None, admin)
        begin_upload(session, new, max_bytes=10**9, now=datetime.now(UTC))
        change_settings(session, package_id, {"max_attempts": 3}, made_by=admin)


@pytest.fixture(scope="module")
def chromium(playwright: Playwright, tmp_path_factory) -> Iterator[Browser]:
    with running_browser(playwright, tmp_path_factory.mktemp("chromium")) as running:
        yield running.browser


@pytest.fixture
def open_page(chromium: Browser, site: Site):
    """open_page("admin@school.test", width=390, …): a page of a fresh browser, signed in."""
    contexts = []

    def opened(email: str = "", width: int = 1280, **options) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 844}, **options)
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        if email:
            page.goto(f"{site.url}/sign-in")
            page.fill("#email", email)
            page.fill("#password", PASSWORD)
            page.click("main button[type=submit]")
            page.wait_for_url("**/learning")
        return page

    yield opened
    for context in contexts:
        context.close()
