"""A certificate earned, verified by a stranger, revoked; its PDF and its badge."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import jwt
import pytest
from flask import Flask
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS
from sqlalchemy import update
from werkzeug.test import TestResponse

from content.core.outcome import UnitResult
from content.models.certificate import Certificate
from content.services import certificates
from content.services.progress import record_unit_result
from database.session import transaction
from lti_app.core.permissions import Role
from lti_app.services import certifying, notifications
from lti_app.services.content_outcomes import record_content_outcomes
from tests.content.courses import document, enrol, publish, unit
from tests.lti_app.conftest import Portal

APP_URL = "http://localhost:8000"


def ask(app: Flask, path: str, **kwargs) -> TestResponse:
    """A stranger's request: no cookies, no account."""
    return app.test_client().get(path, base_url=APP_URL, **kwargs)


def complete(portal: Portal, user_id: UUID, *, now: datetime | None = None, **course) -> UUID:
    """The person enrols in a course of one unit and completes it; the enrolment."""
    lesson = unit(title="Read")
    now = now or datetime.now(UTC)
    with transaction(portal.tenant) as session:
        made = publish(session, document(lesson, title="Fire <safety>", **course))
        enrolment = enrol(session, made, user_id)
        result = UnitResult("completed", "passed", 0.9)
        outcomes = record_unit_result(session, enrolment.id, UUID(lesson["id"]), result, now)
        record_content_outcomes(session, outcomes, now, APP_URL)
        return enrolment.id


def own(portal: Portal, user_id: UUID) -> list[Certificate]:
    with transaction(portal.tenant) as session:
        return certificates.list_own(session, user_id)


@pytest.fixture
def learner(portal: Portal) -> UUID:
    return portal.sign_in_as(Role.LEARNER)


@pytest.fixture
def certificate(portal: Portal, learner: UUID) -> Certificate:
    complete(portal, learner, certificate=True)
    return own(portal, learner)[0]


def test_who_completes_a_course_gets_its_certificate_and_is_told(portal, learner, certificate):
    """The outcomes funnel issues it, in the same transaction. DESIGN journey B"""
    assert certificate.recipient_name == "Ada Lovelace"
    with transaction(portal.tenant) as session:
        told = [row.kind for row in notifications.list_notices(session, learner)]
    assert "certificate_issued" in told
    assert "Fire &lt;safety&gt;" in portal.get("/certificates/").text
    assert certificate.number in portal.get(f"/certificates/{certificate.id}").text


def test_a_course_without_certificates_gives_none(portal, learner):
    complete(portal, learner)
    assert own(portal, learner) == []


def test_a_certificate_is_given_once(portal, learner):
    """Outcomes may come twice. DESIGN decision 3"""
    enrolment = complete(portal, learner, certificate=True)
    with transaction(portal.tenant) as session:
        now = datetime.now(UTC)
        assert certifying.award_certificate(session, enrolment, now, APP_URL) is None
    assert len(own(portal, learner)) == 1


def test_a_stranger_verifies_it_with_the_number_alone(app, portal, certificate):
    """From any host name of ours, without an account, in any spelling."""
    typed = certificate.number.lower().replace("-", " ")
    answer = ask(app, "/verify", query_string={"number": typed})
    assert answer.headers["Location"].endswith(certificate.number)
    page = ask(app, f"/verify/{certificate.number}")
    assert page.status_code == 200
    assert "This certificate is valid" in page.text
    assert "Ada Lovelace" in page.text
    assert "learner@school.test" not in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_a_number_that_nobody_has_is_not_found(app):
    page = ask(app, "/verify/0000-0000-0000-0000")
    assert page.status_code == 404
    assert "no such certificate" in page.text


def test_a_revoked_certificate_says_so_and_why(app, portal, certificate):
    """With the reason, to everybody; and it does not come back by itself."""
    portal.post("/sign-out", form="/account")
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    path = f"/admin/certificates/{certificate.id}"
    assert portal.post(f"{path}/revoke", {"reason": " "}).status_code == 422
    assert portal.post(f"{path}/revoke", {"reason": "Issued by mistake"}).status_code == 303
    page = ask(app, f"/verify/{certificate.number}").text
    assert "was revoked" in page
    assert "Issued by mistake" in page
    listed = ask(app, f"/badges/{portal.tenant}/revocations").json
    assert listed["revokedCredential"][0]["id"] == f"urn:uuid:{certificate.id}"
    with transaction(portal.tenant) as session:
        now = datetime.now(UTC)
        assert not certifying.award_certificate(session, certificate.enrolment_id, now, APP_URL)


def test_an_expired_certificate_is_genuine_but_not_valid(app, portal, certificate):
    with transaction(portal.tenant) as session:
        yesterday = datetime.now(UTC) - timedelta(days=1)
        session.execute(update(Certificate).values(expires_at=yesterday))
    assert "has expired" in ask(app, f"/verify/{certificate.number}").text


def test_an_administrator_issues_it_again_and_the_old_one_says_so(app, portal, certificate):
    portal.post("/sign-out", form="/account")
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    answer = portal.post(f"/admin/certificates/{certificate.id}/again")
    assert str(certificate.id) not in answer.headers["Location"]
    assert "was replaced" in ask(app, f"/verify/{certificate.number}").text
    assert [row.number != certificate.number for row in own(portal, certificate.user_id)] == [True]


def test_the_pdf_is_made_when_it_is_asked_for_and_made_again_when_it_is_gone(portal, certificate):
    """The row is the truth: the same bytes again. DESIGN decision 3"""
    first = portal.get(f"/certificates/{certificate.id}/certificate.pdf")
    assert first.mimetype == "application/pdf"
    with transaction(portal.tenant) as session:
        row = certificates.get_certificate(session, certificate.id)
        row.pdf_key = "certificates/gone.pdf"
    assert portal.get(f"/certificates/{certificate.id}/certificate.pdf").data == first.data


def test_a_stranger_verifies_the_badge_with_the_key_that_it_names(app, portal, certificate):
    """With a library that did not sign it. OB 3.0 8.2.4"""
    token = portal.get(f"/certificates/{certificate.id}/badge.jwt").text
    address = jwt.get_unverified_header(token)["kid"]
    assert address.startswith(f"{APP_URL}/badges/{portal.tenant}/keys/")
    key = ask(app, address.removeprefix(APP_URL))
    assert key.headers["Access-Control-Allow-Origin"] == "*"
    signed = JWS()
    signed.deserialize(token, JWK(**key.json))
    claims = jwt.decode(token, options={"verify_signature": False})
    assert claims["credentialSubject"]["achievement"]["name"] == "Fire <safety>"
    profile = ask(app, claims["iss"].removeprefix(APP_URL)).json
    assert profile["id"] == claims["iss"]


def test_nobody_opens_the_certificate_of_somebody_else(portal, certificate):
    """Every id that comes in by an address is checked against the viewer."""
    portal.post("/sign-out", form="/account")
    portal.sign_in_as(Role.CONTENT_CREATOR)
    for path in ("", "/certificate.pdf", "/badge.jwt"):
        assert portal.get(f"/certificates/{certificate.id}{path}").status_code == 404


def test_guessing_numbers_is_slowed_down(app, monkeypatch):
    from lti_app.views import verification
    from xapi_lrs.core.rates import Rate

    monkeypatch.setattr(verification, "RATE", Rate(per_second=0.001, burst=2))
    somewhere = {"REMOTE_ADDR": "192.0.2.9"}
    asked = [
        ask(app, "/verify/0000-0000-0000-0000", environ_base=somewhere).status_code
        for _ in range(3)
    ]
    assert asked == [404, 404, 429]


def test_the_template_is_edited_with_a_preview_and_a_mistake_is_named(portal):
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    path = "/admin/certificates/templates/edit"
    form = {"accent": "#112233", "ink": "#000000", "paper": "a4", "frame": "band"}
    wrong = portal.post(path, form | {"text": "{salary}", "do": "save"}, form=path)
    assert wrong.status_code == 422
    assert "There is no placeholder {salary}" in wrong.text
    saved = portal.post(
        path, form | {"text": "{name}!", "valid_months": "24", "do": "save"}, form=path
    )
    assert saved.status_code == 303
    page = portal.get(path).text
    assert "#112233" in page
    assert re.search(r'name="valid_months" value="24"', page)
    assert portal.post(path, form | {"do": "pdf"}, form=path).data.startswith(b"%PDF")
