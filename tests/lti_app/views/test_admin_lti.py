"""Platforms, the launch log and the grade ledger, as administrators and teachers see them."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from database.routing import record_route
from database.session import transaction
from lti_app import queue
from lti_app.core.lti.reasons import STATUSES
from lti_app.core.permissions import Role
from lti_app.models.context import LinkMember, ResourceLink
from lti_app.models.grade import Grade, Passback, PassbackTry
from lti_app.models.launch import Launch
from lti_app.models.registration import Deployment, Registration
from lti_app.services import registrations
from lti_app.views.admin.hints import HINTS, hint
from tests.lti_app.conftest import stock

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEW = "/admin/platforms/new"


def form(**changes):
    host = f"https://{uuid4().hex}.test"
    return {
        "name": "Moodle of the town hall",
        "platform": "moodle",
        "issuer": host,
        "client_id": "b8iB2lm2gIslFRM",
        "auth_login_url": f"{host}/mod/lti/auth.php",
        "token_url": f"{host}/mod/lti/token.php",
        "jwks_url": f"{host}/mod/lti/certs.php",
        "deployments": "1 2",
    } | changes


@pytest.fixture
def admin(portal):
    return portal.sign_in_as(Role.TENANT_ADMINISTRATOR)


@pytest.fixture
def path(portal, admin):
    """The page of a registered platform."""
    return portal.post(NEW, form()).location


def only(portal, model):
    with transaction(portal.tenant) as session:
        return session.scalars(select(model)).one()


def test_our_addresses_are_there_to_copy(portal, admin, app):
    text = portal.get("/admin/platforms/").text
    url = app.config["LECTERN"].app_url

    for end in ("login", "launch", f"jwks/{portal.tenant}"):
        assert f">{url}/lti/{end}<" in text


def test_a_platform_is_registered_with_approved_deployments(portal, path):
    text = portal.get(path).text

    assert "Moodle of the town hall" in text
    assert text.count("Approved</span>") == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("issuer", ""),
        ("client_id", "two words"),
        ("token_url", "http://not-safe.test/token"),
        ("jwks_url", "javascript:alert(1)"),
        ("leeway_seconds", "301"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(portal, admin, field, value):
    answer = portal.post(NEW, form(**{field: value}))

    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    with transaction(portal.tenant) as session:
        assert session.scalars(select(Registration)).all() == []


def test_addresses_of_a_platform_are_changed_and_its_issuer_not(portal, path):
    before = only(portal, Registration)
    changed = form(issuer="https://evil.test", name="Moodle two")
    portal.post(f"{path}/edit", changed)

    after = only(portal, Registration)
    assert (after.issuer, after.client_id) == (before.issuer, before.client_id)
    assert (after.name, after.token_url) == ("Moodle two", changed["token_url"])


def test_a_platform_is_switched_off_and_on(portal, path):
    portal.post(f"{path}/active", {"active": "no"})
    assert not only(portal, Registration).is_active

    portal.post(f"{path}/active", {"active": "yes"})
    assert only(portal, Registration).is_active


def test_an_unknown_deployment_waits_on_the_page_until_it_is_approved(portal, path):
    """PAIN-16"""
    with transaction(portal.tenant) as session:
        row = session.scalars(select(Registration)).one()
        pending = registrations.note_deployment(session, row.id, "7", "testmoodle")
    assert "Waiting for your approval" in portal.get("/admin/platforms/").text
    assert "waits for your approval" in portal.get("/admin/").text

    portal.post(f"/admin/platforms/deployments/{pending.id}/state", {"state": "approved"})
    assert "Waiting for your approval" not in portal.get("/admin/platforms/").text
    portal.post(f"/admin/platforms/deployments/{pending.id}/state", {"state": "disabled"})
    with transaction(portal.tenant) as session:
        assert session.get(Deployment, pending.id).state == "disabled"


def test_an_issuer_and_client_of_another_tenant_cannot_be_taken(portal, admin, other_tenant):
    taken = form()
    with transaction(other_tenant) as session:
        key = f"{taken['issuer']} {taken['client_id']}"
        record_route(session, registrations.ROUTE_KIND, key, other_tenant)
    answer = portal.post(NEW, taken)

    assert answer.status_code == 422
    assert "Another school on this server" in answer.text


def test_the_launch_log_says_why_and_what_to_do(portal, path):
    """LTI-P4"""
    with transaction(portal.tenant) as session:
        row = session.scalars(select(Registration)).one()
        session.add(
            Launch(
                result="refused",
                reason="token_expired",
                detail="iat is 312 s in the past",
                registration_id=row.id,
                skew_ms=312000,
                trace_id="abcdef0123456789",
            )
        )
        session.add(Launch(result="accepted", registration_id=row.id, role="learner"))
    text = portal.get("/admin/launches/?result=refused").text
    assert "token_expired" in text
    assert "Check both clocks" in text
    assert "Let in</span>" not in text

    page = portal.get(f"/admin/launches/{_refused(portal).id}").text
    assert "iat is 312 s in the past" in page
    assert "abcdef0123456789" in page


def _refused(portal):
    with transaction(portal.tenant) as session:
        return session.scalars(select(Launch).where(Launch.result == "refused")).one()


def test_each_reason_of_the_log_has_a_hint():
    assert set(HINTS) <= set(STATUSES)
    assert all(hint(code) for code in STATUSES)
    assert hint("") == ""


def test_the_launch_log_has_pages(portal, path):
    with transaction(portal.tenant) as session:
        for _ in range(60):
            session.add(Launch(result="accepted"))
    first = portal.get("/admin/launches/").text
    older = first.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")

    assert portal.get(older).text.count("Let in</span>") == 10


@pytest.fixture
def grade(portal, path):
    """A learner's final grade, refused by the platform."""
    package_id = stock(portal)
    stan = portal.add(Role.LEARNER, name="Stan Student")
    with transaction(portal.tenant) as session:
        row = session.scalars(select(Registration)).one()
        deployment = registrations.find_deployment(session, row.id, "1")
        link = ResourceLink(
            deployment_id=deployment.id,
            resource_link_id="3",
            title="Lesson",
            line_item_url="https://moodle.test/lineitem?type_id=1",
            ags_scopes=["https://purl.imsglobal.org/spec/lti-ags/scope/score"],
        )
        session.add(link)
        session.flush()
        member = {"subject": "4", "role": "learner", "last_launched_at": NOW}
        session.add(LinkMember(resource_link_id=link.id, user_id=stan, **member))
        value = {"is_final": True, "score": 0.8, "completion": "completed", "success": "passed"}
        made = Grade(
            user_id=stan,
            resource_link_id=link.id,
            item_id=package_id,
            attempt_id=uuid4(),
            attempt_number=1,
            title="How a grade travels",
            graded_at=NOW,
            **value,
        )
        session.add(made)
        session.flush()
        passback = Passback(
            grade_id=made.id,
            registration_id=row.id,
            resource_link_id=link.id,
            line_item_url=link.line_item_url,
            subject="4",
            score=0.8,
            state="refused",
            reason="not_gradable",
            due_at=NOW,
            give_up_at=NOW,
        )
        session.add(passback)
        session.flush()
        answer = {"status": 400, "answer": "Incorrect score received", "verdict": "refused"}
        session.add(PassbackTry(passback_id=passback.id, number=1, timestamp=NOW, **answer))
    return made


def test_the_ledger_says_who_what_when_and_what_the_platform_said(portal, grade):
    """PAIN-04"""
    listed = portal.get("/admin/grades/?state=refused").text
    assert "Stan Student" in listed
    assert "The platform does not grade this person in this course." in listed

    page = portal.get(f"/admin/grades/{grade.id}").text
    assert "the platform answered 400" in page
    assert "Incorrect score received" in page


def test_the_ledger_is_filtered_by_state(portal, grade):
    assert "Stan Student" not in portal.get("/admin/grades/?state=sent").text
    assert "Stan Student" in portal.get("/admin/grades/?state=nonsense").text


def test_a_grade_is_sent_again_after_the_commit(portal, grade, monkeypatch):
    asked = []
    monkeypatch.setattr(queue, "enqueue", lambda *call: asked.append(call))
    portal.post(f"/admin/grades/{grade.id}/send")

    with transaction(portal.tenant) as session:
        row = session.scalars(select(Passback).where(Passback.state == "waiting")).one()
    assert asked == [(queue.DELIVER_SCORES, portal.tenant, row.registration_id)]


def test_what_cannot_be_sent_says_why(portal, grade, monkeypatch):
    with transaction(portal.tenant) as session:
        session.get(Grade, grade.id).is_final = False
    portal.post(f"/admin/grades/{grade.id}/send")

    assert "There is no final grade yet." in portal.get(f"/admin/grades/{grade.id}").text


def test_content_creators_see_grades_of_their_own_packages_only(portal, grade):
    portal.post("/sign-out")
    creator = portal.sign_in_as(Role.CONTENT_CREATOR)
    assert "Stan Student" not in portal.get("/admin/grades/").text
    assert portal.get(f"/admin/grades/{grade.id}").status_code == 404
    assert portal.post(f"/admin/grades/{grade.id}/send").status_code == 403

    own = stock(portal, "demo-quiz", by=creator)
    with transaction(portal.tenant) as session:
        session.get(Grade, grade.id).item_id = own
    assert "Stan Student" in portal.get("/admin/grades/").text


def test_instructors_see_all_grades_and_send_again(portal, grade):
    portal.post("/sign-out")
    portal.sign_in_as(Role.INSTRUCTOR)

    assert "Stan Student" in portal.get("/admin/grades/").text
    assert "Send again" in portal.get(f"/admin/grades/{grade.id}").text


def test_the_overview_counts_and_draws_what_happened(portal, grade):
    text = portal.get("/admin/").text

    assert '<svg class="chart"' in text or "No launches and no grades yet." in text
    with transaction(portal.tenant) as session:
        session.add(Launch(result="accepted"))
    assert '<svg class="chart"' in portal.get("/admin/").text


def test_the_addresses_of_a_product_are_filled_in(portal):
    """PAIN-17: presets per product, also where somebody registers by hand"""
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    page = portal.get(f"{NEW}?product=brightspace&site=learn.example&client_id=c-1").text
    for value in (
        "https://learn.example/d2l/lti/authenticate",
        "https://auth.brightspace.com/core/connect/token",
        "https://api.brightspace.com/auth/token",
        "c-1",
    ):
        assert f'value="{value}"' in page
    assert "This is no address" in portal.get(f"{NEW}?product=moodle&site=//").text
    assert portal.get(f"{NEW}?product=unheard-of").status_code == 200
