"""The launch log as a doctor: counted per reason, filtered, explained, shown to support."""

import re
from datetime import UTC, datetime, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from sqlalchemy import select, update

from database.session import transaction
from lti_app.core.lti import claims as c
from lti_app.core.lti.expectations import find_missing, list_services
from lti_app.core.lti.redaction import HIDDEN, redact_for_strangers
from lti_app.core.permissions import Role
from lti_app.models.launch import Launch, LaunchShare
from lti_app.models.registration import Registration
from lti_app.services import registrations
from lti_app.views.admin.hints import MISSING, WHERE, advise
from tests.lti_app.fake_platform import AGS, SCOPE

NOW = datetime.now(UTC)
CLAIMS = {
    "iss": "https://d2l.example",
    "sub": "person-4711",
    "email": HIDDEN,
    c.CONTEXT: {"id": "2", "title": "Course"},
    c.CUSTOM: {"sc_item": "demo", "login": "stan.student"},
    c.LAUNCH_PRESENTATION: {"return_url": "https://d2l.example/home/person-4711"},
    AGS: {"scope": [SCOPE + "score", SCOPE + "lineitem"], "lineitems": "https://d2l.example/x"},
}


@pytest.fixture
def doctor(portal, registration):
    """An administrator, and a platform with launches of all kinds."""
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    with transaction(portal.tenant) as session:
        session.execute(update(Registration).values(platform="brightspace"))
        refused = {"result": "refused", "registration_id": registration}
        session.add_all(
            [
                Launch(**refused, reason="token_expired", skew_ms=90_000, created_at=NOW),
                Launch(**refused, reason="token_expired", skew_ms=95_000),
                Launch(**refused, reason="kid_missing", created_at=NOW - timedelta(days=3)),
            ]
        )
        session.flush()
        session.add(
            Launch(
                result="accepted",
                registration_id=registration,
                binding="platform_storage",
                skew_ms=88_000,
                claims=CLAIMS,
                role="learner",
            )
        )
    return portal


def newest(portal, result="accepted"):
    with transaction(portal.tenant) as session:
        query = select(Launch).where(Launch.result == result).order_by(Launch.id.desc()).limit(1)
        return session.scalars(query).one()


def test_reasons_are_counted_and_filtered(doctor):
    text = doctor.get("/admin/launches/").text
    assert re.search(r'reason=token_expired.*?data-label="Launches">2<', text, re.DOTALL)
    only = doctor.get("/admin/launches/?reason=kid_missing").text
    assert "the platform" in only.lower()
    assert only.count('<a href="/admin/launches/0') == 1
    recent = doctor.get("/admin/launches/?period=day&result=refused").text
    assert "kid_missing</code>" not in recent
    assert doctor.get("/admin/launches/?reason=nonsense&period=x&result=y").status_code == 200


def test_a_launch_says_what_its_platform_left_out_and_which_box_to_tick(doctor):
    """D2L-4: the launch works, and the log names the missing box. LTI-G08, LTI-G09"""
    text = doctor.get(f"/admin/launches/{newest(doctor).id}").text
    assert "Platform storage" in text
    assert "88.0 s" in text
    assert "User Information" in text


def test_the_check_of_a_platform_shows_clock_services_and_what_is_missing(doctor, registration):
    """PAIN-14: clocks 90 s apart raise a warning; SAKAI-5, D2L-4"""
    text = doctor.get(f"/admin/platforms/{registration}").text
    assert "90.0 s" in text
    assert "Set both clocks" in text
    assert "<code>score</code>" in text
    assert "kid_missing" in text
    assert '<svg class="chart trend"' in text


def test_a_platform_without_launches_is_checked_too(portal, registration):
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    assert "none yet" in portal.get(f"/admin/platforms/{registration}").text


@pytest.mark.parametrize(
    ("claims", "missing"),
    [
        ({}, ()),
        (CLAIMS, ("names", "roster")),
        ({**CLAIMS, "name": HIDDEN, "email": None}, ("email", "roster")),
        ({"sub": "4", c.CONTEXT: "odd"}, ("names", "email", "context", "grades", "roster")),
    ],
)
def test_what_a_launch_did_not_say(claims, missing):
    """D2L-4, CANVAS-11, MOODLE-17"""
    assert find_missing(claims) == missing


def test_every_missing_thing_is_explained_and_d2l_names_a_box_for_each():
    """D2L-4"""
    everything = find_missing({"sub": "4"})
    assert set(everything) == set(MISSING)
    assert all(where for _what, where in advise(everything, "brightspace"))
    assert all(set(places) <= set(MISSING) for places in WHERE.values())
    assert list_services(CLAIMS) == ("score", "lineitem")


# ---- the link for support ----


def share(portal, launch_id) -> str:
    page = portal.post(f"/admin/launches/{launch_id}/shares")
    return unescape(re.search(r'id="share-address">([^<]+)<', page.text)[1])


def visit(portal, address):
    with portal.app.app_context():
        client = portal.app.test_client()  # a stranger
        return client.get(urlsplit(address).path, base_url="http://localhost:8000")


def test_a_link_shows_one_launch_without_anybody_in_it(doctor):
    launch = newest(doctor)
    page = visit(doctor, share(doctor, launch.id))

    assert page.status_code == 200
    assert "d2l.example" in page.text
    for personal in ("person-4711", "stan.student", "Ada"):
        assert personal not in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert "/admin/" not in page.text


def test_a_link_cannot_be_guessed_and_is_kept_as_a_fingerprint(doctor):
    address = share(doctor, newest(doctor).id)
    token = address.rpartition("/")[2]
    assert len(token) == 64
    with transaction(doctor.tenant) as session:
        assert token not in session.scalars(select(LaunchShare.token_hash)).one()
    assert visit(doctor, address[:-1] + ("A" if address[-1] != "A" else "B")).status_code == 404
    assert visit(doctor, "/lti/reports/nothing").status_code == 404


def test_a_link_is_over_after_seven_days_and_when_it_is_taken_back(doctor):
    launch = newest(doctor)
    old, gone = share(doctor, launch.id), share(doctor, launch.id)
    text = doctor.get(f"/admin/launches/{launch.id}").text
    assert gone.rpartition("/")[2] not in text  # shown one time
    revoke = re.findall(r'action="(/admin/launches/shares/[^"]+)"', text)
    assert doctor.post(revoke[0]).status_code == 303
    assert visit(doctor, gone).status_code == 410
    assert visit(doctor, old).status_code == 200
    with transaction(doctor.tenant) as session:
        session.execute(update(LaunchShare).values(expires_at=NOW - timedelta(seconds=1)))
    assert visit(doctor, old).status_code == 410


def test_only_who_sees_the_log_shares_it(doctor):
    launch = newest(doctor)
    doctor.post("/sign-out")
    doctor.sign_in_as(Role.INSTRUCTOR)
    assert doctor.post(f"/admin/launches/{launch.id}/shares").status_code == 403


def test_strangers_see_origins_and_our_own_custom_values_only():
    shown = redact_for_strangers(
        {**CLAIMS, c.LIS: {"person_sourcedid": "S-1"}, "for_user": {"x": 1}}
    )
    assert shown["sub"] == shown["for_user"] == HIDDEN
    assert shown[c.CUSTOM] == {"sc_item": "demo", "login": HIDDEN}
    assert shown[c.LAUNCH_PRESENTATION] == {"return_url": "https://d2l.example"}
    assert shown[c.CONTEXT] == {"id": "2", "title": "Course"}


def test_approving_a_deployment_is_one_click_from_the_list(doctor, registration):
    """PAIN-16"""
    with transaction(doctor.tenant) as session:
        registrations.note_deployment(session, registration, "77", "The new school")
    text = doctor.get("/admin/platforms/").text
    assert "Approve deployment 77" in text
    assert "The new school" in text
