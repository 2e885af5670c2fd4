"""What pages do in a browser: themes, keyboard, menus, uploads; and all of it without script."""

import io
import secrets
import zipfile

import pytest
from playwright.sync_api import expect

from content.samples.build import build_sample, build_zip
from database.session import transaction
from lti_app import queue
from lti_app.jobs import imports
from scorm_runtime.services import packages, uploads

pytestmark = pytest.mark.browser

LEARNER, ADMIN = "learner@school.test", "admin@school.test"


def theme(page):
    return page.locator("html").get_attribute("data-bs-theme")


def test_the_theme_follows_the_system_until_somebody_chooses(site, open_page):
    page = open_page(color_scheme="dark")
    page.goto(site.url)
    assert theme(page) == "dark"
    page.get_by_role("radio", name="Light").check(force=True)
    assert theme(page) == "light"
    page.goto(f"{site.url}/sign-in")
    assert theme(page) == "light"


def test_the_first_stop_of_the_tabulator_leads_to_the_content(site, open_page):
    page = open_page(LEARNER)
    page.goto(f"{site.url}/catalogue")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_the_account_menu_opens_by_keyboard_and_closes_on_escape(site, open_page):
    page = open_page(LEARNER)
    page.locator("details.menu summary").focus()
    page.keyboard.press("Enter")
    assert page.get_by_role("button", name="Sign out").is_visible()
    page.keyboard.press("Escape")
    assert not page.get_by_role("button", name="Sign out").is_visible()
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_on_a_phone_the_administrators_navigation_folds_and_opens_by_keyboard(site, open_page):
    """One line instead of four rows above each page; <details>, so it needs no script."""
    page = open_page(ADMIN, width=390, java_script_enabled=False)
    page.goto(f"{site.url}/admin/launches/")
    people = page.get_by_role("navigation", name="Manage").get_by_role("link", name="People")
    expect(people).to_be_hidden()
    page.locator(".sidenav-toggle summary").press("Enter")
    people.press("Enter")
    page.wait_for_url("**/admin/people/")


def test_play_leads_to_the_player_on_the_other_origin(site, open_page):
    page = open_page(LEARNER)
    page.goto(f"{site.url}/packages/demo-page-turner")
    page.get_by_role("button", name="Play").or_(page.get_by_role("button", name="Continue")).click()
    page.wait_for_url(f"{site.url.replace('localhost', '127.0.0.1')}/p/**")


@pytest.fixture
def worker(monkeypatch, site):
    """Does the imports at once, as a worker would a moment later."""

    def enqueue(_job, tenant_id, job_id):
        imports.run(str(tenant_id), str(job_id))

    monkeypatch.setattr(queue, "enqueue", enqueue)


@pytest.fixture
def zip_file(tmp_path):
    path = tmp_path / "a course.zip"
    path.write_bytes(build_sample("demo-page-turner"))
    return path


def upload(site, page, path):
    page.goto(f"{site.url}/admin/packages/upload")
    page.set_input_files("#file", path)
    page.get_by_role("button", name="Upload").click()
    page.wait_for_url("**/admin/packages/imports/**")


def test_a_package_is_uploaded_with_a_script_and_followed_to_its_end(
    site, open_page, worker, zip_file
):
    page = open_page(ADMIN)
    upload(site, page, zip_file)
    page.get_by_role("link", name="To the package").wait_for()


def test_a_package_is_uploaded_without_any_script(site, open_page, worker, zip_file):
    page = open_page(ADMIN, java_script_enabled=False)
    upload(site, page, zip_file)
    page.get_by_role("link", name="To the package").wait_for()


def test_an_upload_outlives_a_lost_network_a_pause_and_a_reload(
    site, open_page, worker, tmp_path, monkeypatch
):
    """Each part is a request of its own; where it stands is the server's knowledge."""
    monkeypatch.setattr(uploads, "PART_BYTES", uploads.MIN_PART_BYTES)
    large = tmp_path / "large.zip"
    with zipfile.ZipFile(io.BytesIO(build_sample("demo-quiz"))) as sample:
        files = {name: sample.read(name) for name in sample.namelist()}
    large.write_bytes(build_zip({**files, "film.bin": secrets.token_bytes(1_500_000)}))
    page = open_page(ADMIN)
    page.goto(f"{site.url}/admin/packages/upload")
    sent, lose = [], {"from": 2}

    def pass_on(route):
        sent.append(route.request.url.rsplit("/", 1)[-1])
        return route.abort() if len(sent) > lose["from"] else route.continue_()

    page.route("**/parts/*", pass_on)
    page.set_input_files("#file", large)
    page.get_by_role("button", name="Upload").click()
    page.get_by_text("No connection. It goes on by itself").wait_for()
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("heading", name="Not finished yet").wait_for()

    lose["from"], before = 10**6, len(sent)
    page.set_input_files("#file", large)
    page.get_by_role("button", name="Upload").click()
    page.get_by_role("link", name="To the package").wait_for()
    assert sent[before] == str(2 * uploads.MIN_PART_BYTES)


def test_the_page_of_an_import_follows_it_without_being_reloaded(
    site, open_page, monkeypatch, zip_file
):
    asked = []
    monkeypatch.setattr(queue, "enqueue", lambda *call: asked.append(call))
    page = open_page(ADMIN)
    upload(site, page, zip_file)
    assert page.get_by_text("waits for a worker").is_visible()
    page.evaluate("window.notReloaded = true")
    imports.run(*map(str, asked[0][1:]))
    page.get_by_role("link", name="To the package").wait_for()
    assert page.evaluate("window.notReloaded")


def test_a_file_that_is_missing_or_refused_is_said_beside_the_field(site, open_page, monkeypatch):
    page = open_page(ADMIN)
    page.goto(f"{site.url}/admin/packages/upload")
    page.get_by_role("button", name="Upload").click()
    assert page.locator("#file-error").inner_text() == "Choose a zip file first."


def test_the_portal_works_without_any_script(site, open_page):
    page = open_page(LEARNER, java_script_enabled=False)
    page.goto(f"{site.url}/catalogue")
    page.fill("#q", "quiz")
    page.get_by_role("button", name="Search").click()
    assert page.get_by_role("article").count() == 1
    page.locator("details.menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    assert page.get_by_role("heading", level=1).is_visible()


def test_publishing_is_one_click(site, open_page):
    page = open_page(ADMIN)
    page.goto(site.url + site.pages["package"])
    page.get_by_role("button", name="Unpublish").click()
    page.get_by_text("It is out of the catalogue.").wait_for()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_text("It is in the catalogue now.").wait_for()
    with transaction(site.tenant) as session:
        found = packages.find_package_by_key(session, "demo-page-turner")
        assert found.is_published
