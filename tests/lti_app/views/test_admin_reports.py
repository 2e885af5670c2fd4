"""The report of a package: figures, matrix, answers, CSV; by whom it is allowed."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import outcomes
from scorm_runtime.services.attempts import open_attempt
from tests.lti_app.conftest import Portal
from tests.lti_app.views.test_admin_attempts import make
from tests.scorm_runtime.window import RAW, STATUS, Window

EVIL = "=HYPERLINK(1) Lovelace"


@pytest.fixture
def admin(portal):
    return portal.sign_in_as(Role.TENANT_ADMINISTRATOR)


def play(portal, package, learner):
    """Somebody passes with 80 and answers a question."""
    now = datetime.now(UTC)
    with transaction(portal.tenant) as session:
        attempt = open_attempt(
            session, package_id=package, user_id=learner, context_key="portal", now=now
        ).id
    window = Window(portal.tenant, attempt).call("initialize")
    window.set("cmi.interactions.0.id", "fire").set("cmi.interactions.0.type", "choice")
    window.set("cmi.interactions.0.student_response", "a")
    window.set("cmi.interactions.0.result", "correct")
    outcome = window.set(RAW, "80").set(STATUS, "passed").call("finish").send().outcome
    with transaction(portal.tenant) as session:
        outcomes.record_outcome(session, outcome, now=now, app_url=portal.origin)
    return attempt


@pytest.fixture
def package(portal):
    made = make(portal)
    play(portal, made, portal.add(Role.LEARNER, name=EVIL))
    return made


def address(package, path=""):
    return f"/admin/packages/{package}/report/{path}"


def test_the_report_has_figures_a_chart_and_the_matrix(portal, admin, package):
    page = portal.get(address(package)).text
    assert "Mean score" in page
    assert 'aria-label="Attempts by score in percent"' in page
    assert "HYPERLINK" in page


def test_answers_have_their_rate(portal, admin, package):
    page = portal.get(address(package, "answers")).text
    assert "fire" in page
    assert "100 % correct" in page


def test_the_table_is_downloaded_without_formulas(portal, admin, package):
    """OWASP, CSV injection"""
    answer = portal.get(address(package, "table.csv"))
    head, row = csv.reader(StringIO(answer.text.lstrip("\ufeff")))
    assert head[:2] == ["person", "attempt"]
    assert row[0] == f"'{EVIL}"
    assert row[head.index("score_percent")] == "80.0"


@pytest.mark.parametrize(
    "query", ["since=2999-01-01", "place=link:x", f"version={'0' * 32}", "until=2000-01-01"]
)
def test_a_filter_without_attempts_says_so(portal, admin, package, query):
    assert "No attempt fits this filter" in portal.get(address(package, f"?{query}")).text


@pytest.mark.parametrize("query", ["since=yesterday", "version=x&before=y", "offset=-1"])
def test_a_filter_that_makes_no_sense_is_left_out(portal, admin, package, query):
    assert portal.get(address(package, f"?{query}")).status_code == 200
    assert portal.get(address(package, f"answers?{query}")).status_code == 200


def test_a_package_nobody_has_begun_says_so(portal, admin):
    empty = make(portal)
    assert "Nobody has begun this package yet" in portal.get(address(empty)).text
    assert "No answers" in portal.get(address(empty, "answers")).text


@pytest.mark.parametrize("path", ["", "answers", "table.csv"])
def test_a_content_creator_sees_reports_of_own_packages_only(portal, package, path):
    creator = portal.sign_in_as(Role.CONTENT_CREATOR)
    assert portal.get(address(package, path)).status_code == 404
    own = make(portal, by=creator)
    assert portal.get(address(own, path)).status_code == 200


@pytest.mark.parametrize("path", ["", "answers", "table.csv"])
def test_learners_and_other_organisations_see_none(app, portal, other_tenant, package, path):
    assert portal.get(address(package, path)).status_code == 302
    portal.sign_in_as(Role.INSTRUCTOR)
    assert portal.get(address(package, path)).status_code == 200
    foreign = make(Portal(app, app.test_client(), other_tenant, portal.origin))
    assert portal.get(address(foreign, path)).status_code == 404
