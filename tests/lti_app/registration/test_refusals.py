"""What can go wrong with a link and with a platform: named, written down, and nothing changed."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask, Response, request
from sqlalchemy import select, update

from database.session import transaction
from lti_app.core.lti.dynamic_registration import TOOL
from lti_app.core.lti.registration import NewRegistration
from lti_app.core.lti.registration_reasons import STATUSES
from lti_app.core.lti.state import build_state
from lti_app.models.registration import Registration
from lti_app.models.registration_invitation import RegistrationInvitation, RegistrationLogEntry
from lti_app.models.tenant import Tenant
from lti_app.services import dynamic_registration, registrations
from lti_app.views.registration_texts import NEXT_STEPS, TEXTS
from tests.lti_app.registration.conftest import make_link, served
from tests.ports import free_port


@dataclass
class OddLms:
    """A platform that answers what a test wants it to."""

    url: str
    configuration: Any = None
    status: int = 200
    client_id: str = field(default_factory=lambda: secrets.token_hex(8))
    answer: Any = None
    asked: list[dict[str, Any]] = field(default_factory=list)
    on_registration: Any = None

    @property
    def query(self):
        return {"openid_configuration": f"{self.url}/configuration?x=1", "registration_token": "t1"}

    def granted(self):
        return {"client_id": self.client_id, TOOL: {"deployment_id": "1"}}

    def usual(self, **changes):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/auth",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/jwks",
            "registration_endpoint": f"{self.url}/register",
            **changes,
        }


@pytest.fixture(scope="module")
def odd_server():
    port = free_port()
    lms, app = OddLms(f"http://127.0.0.1:{port}"), Flask("odd")

    def as_response(value, status):
        text = value if isinstance(value, str) else json.dumps(value)
        return Response(text, status, content_type="text/html")

    @app.get("/configuration")
    def configuration():
        return as_response(lms.configuration or lms.usual(), lms.status)

    @app.post("/register")
    def register():
        lms.asked.append(request.get_json())
        if lms.on_registration:
            lms.on_registration()
        return as_response(lms.answer or lms.granted(), lms.status)

    with served(app, port):
        yield lms


@pytest.fixture
def odd(odd_server):
    fresh = OddLms(odd_server.url)
    odd_server.__dict__.update(fresh.__dict__)
    return odd_server


def entries(portal):
    with transaction(portal.tenant) as session:
        order = RegistrationLogEntry.id
        return list(session.scalars(select(RegistrationLogEntry).order_by(order)))


def change_link(portal, **values):
    with transaction(portal.tenant) as session:
        session.execute(update(RegistrationInvitation).values(**values))


def refused(answer, code):
    assert answer.status_code == STATUSES[code], answer.text
    assert f'<code id="reason">{code}</code>' in answer.text


def test_every_reason_has_its_words():
    assert TEXTS.keys() == STATUSES.keys()
    assert "generic" in NEXT_STEPS


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)}, "link_expired"),
        ({"cancelled_at": datetime(2026, 1, 1, tzinfo=UTC)}, "link_cancelled"),
        ({"used_at": datetime(2026, 1, 1, tzinfo=UTC)}, "link_used"),
    ],
)
def test_a_link_that_leads_nowhere_any_more(admin, link, odd, values, code):
    change_link(admin, **values)
    refused(link.open(odd.query), code)
    refused(link.send(odd.query), code)
    assert odd.asked == []
    assert entries(admin)[0].reason == code


@pytest.mark.parametrize("token", ["x", "A" * 64, "%00"])
def test_a_link_that_was_never_made(app, link, odd, token):
    link.path = f"/lti/register/{token}"
    refused(link.open(odd.query), "link_unknown")
    refused(link.send(odd.query), "link_unknown")


def test_a_link_of_one_organisation_is_none_of_another(admin, link, odd, other_tenant):
    """The tenant stands in the token; another one in its place opens nothing."""
    link.path = f"/lti/register/{build_state(other_tenant, b'x' * 32)}"
    refused(link.open(odd.query), "link_unknown")


def test_a_link_of_an_organisation_that_is_switched_off(admin, link, odd):
    with transaction(None) as session:
        session.execute(update(Tenant).where(Tenant.id == admin.tenant).values(is_active=False))
    refused(link.send(odd.query), "link_unknown")
    assert odd.asked == []


def test_a_link_opened_by_hand_says_where_it_belongs(admin, link):
    answer = link.open()
    refused(answer, "configuration_url_missing")
    assert "paste it" in answer.text
    assert entries(admin) == []


@pytest.mark.parametrize(
    "url", ["ftp://lms.test/x", "https://a:b@lms.test/x", "lms.test", "x" * 5000]
)
def test_an_address_that_cannot_be_called(admin, link, url):
    refused(link.open({"openid_configuration": url}), "configuration_url_unsafe")
    refused(link.send({"openid_configuration": url}), "configuration_url_unsafe")


@pytest.mark.parametrize("token", ["a\r\nX-Injected: 1", "ä", "t" * 9000])
def test_a_token_that_is_none(link, odd, token):
    """It becomes a header."""
    refused(link.send(odd.query | {"registration_token": token}), "configuration_url_unsafe")
    assert odd.asked == []


def set_configuration(**changes):
    return lambda lms: setattr(lms, "configuration", lms.usual(**changes))


ODDITIES = {
    "configuration_malformed": lambda lms: setattr(lms, "configuration", "<h1>Hi</h1>"),
    "configuration_refused": lambda lms: setattr(lms, "status", 403),
    "configuration_redirected": lambda lms: setattr(lms, "status", 302),
    "configuration_incomplete": set_configuration(token_endpoint=""),
    "issuer_mismatch": set_configuration(issuer="https://bank.test"),
    "address_unsafe": set_configuration(jwks_uri="http://lms.test/jwks"),
    "algorithm_unsupported": set_configuration(id_token_signing_alg_values_supported=["HS256"]),
    "registration_unreachable": set_configuration(registration_endpoint="http://127.0.0.1:1/r"),
    "registration_malformed": lambda lms: setattr(lms, "answer", "thank you"),
    "client_id_missing": lambda lms: setattr(lms, "answer", {"client_name": "Lectern"}),
    "registration_unusable": lambda lms: setattr(lms, "answer", {"client_id": "a b"}),
}


@pytest.mark.parametrize("code", ODDITIES)
def test_each_failure_has_a_page_a_line_in_the_log_and_leaves_the_link(admin, link, odd, code):
    """LTI-DR-3, LTI-DR-4, PAIN-18: what was said, and how to mend it; then the link works."""
    ODDITIES[code](odd)
    page = link.press(link.open(odd.query))
    refused(page, code)
    (entry,) = entries(admin)
    assert (entry.result, entry.reason) == ("refused", code)
    assert entry.trace_id in page.text
    assert entry.configuration_url == f"{odd.url}/configuration"
    assert str(TEXTS[code].advice) in admin.get("/admin/platforms/connect").text.replace(
        "&#39;", "'"
    )
    with transaction(admin.tenant) as session:
        assert session.scalars(select(Registration)).all() == []

    again = OddLms(odd.url)
    odd.__dict__.update(again.__dict__)
    assert link.press(page).status_code == 200


def test_what_a_platform_says_is_shown_without_our_token(admin, link, odd):
    odd.status, odd.configuration = 400, "no t0p-s3cret here <script>alert(1)</script>"
    page = link.press(link.open(odd.query | {"registration_token": "t0p-s3cret"}))
    assert "no [token] here &lt;script&gt;" in page.text
    assert "t0p-s3cret" not in entries(admin)[0].platform_answer


def test_two_who_press_at_once_register_once(admin, link, odd):
    """The second one hears that it is under way; a try that died on its way ends by itself."""
    page = link.open(odd.query)
    second = []
    odd.on_registration = lambda: second or second.append(link.press(page))

    assert link.press(page).status_code == 200
    refused(second[0], "link_busy")
    assert len(odd.asked) == 1


def test_a_try_that_died_on_its_way_lets_the_next_one_in_after_two_minutes(admin, link, odd):
    now = datetime.now(UTC)
    change_link(admin, claimed_at=now)
    refused(link.send(odd.query), "link_busy")
    late = now - timedelta(seconds=dynamic_registration.CLAIM_SECONDS + 1)
    change_link(admin, claimed_at=late)
    assert link.send(odd.query).status_code == 200


def test_another_schools_registration_is_not_taken_over(admin, link, odd, other_tenant):
    """PAIN-16: (issuer, client id) leads to one organisation."""
    addresses = dict.fromkeys(("auth_login_url", "token_url", "jwks_url"), f"{odd.url}/x")
    with transaction(other_tenant) as session:
        registrations.register(session, NewRegistration(odd.url, odd.client_id, **addresses))
    refused(link.press(link.open(odd.query)), "registration_taken")
    assert entries(admin)[0].client_id == odd.client_id


def test_registering_again_brings_the_same_platform_up_to_date(admin, odd):
    """Moodle's “Update” keeps the client id (moodle.md 9)."""
    for name in ("First", "Second"):
        fresh = make_link(admin, name=name)
        assert fresh.press(fresh.open(odd.query)).status_code == 200
    with transaction(admin.tenant) as session:
        assert [one.name for one in session.scalars(select(Registration))] == ["Second"]


def test_the_log_of_a_link_is_bounded(admin, link, odd, monkeypatch):
    monkeypatch.setattr(dynamic_registration, "KEPT_ENTRIES", 3)
    change_link(admin, cancelled_at=datetime.now(UTC))
    for _ in range(5):
        link.open(odd.query)
    assert len(entries(admin)) == 3


def test_the_page_may_stand_in_any_frame_and_needs_no_cookie(link, odd):
    """LTI-DR-5: the platform's origin is not known yet, and its frame has no cookie of ours."""
    for answer in (link.open(odd.query), link.press(link.open(odd.query)), link.open(odd.query)):
        assert "frame-ancestors *" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        assert "X-Frame-Options" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
