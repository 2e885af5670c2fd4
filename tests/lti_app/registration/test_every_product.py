"""A platform registers us by one link, whichever product it is: the real Demo LMS plays them."""

import pytest
import requests
from sqlalchemy import select

from database.session import transaction
from lti_app.core.platforms.families import FAMILIES
from lti_app.models.registration import Deployment, Registration
from lti_app.models.registration_invitation import RegistrationInvitation, RegistrationLogEntry

PRODUCTS = {
    "moodle": "moodle",
    "canvas": "canvas",
    "blackboard": "blackboard",
    "brightspace": "brightspace",
    "sakai": "sakai",
    "generic": "generic",
}


def rows(portal, model):
    with transaction(portal.tenant) as session:
        return list(session.scalars(select(model).order_by(model.id)))


@pytest.mark.parametrize("name", PRODUCTS)
def test_one_link_registers_us_at_every_product(admin, lms, link, name):
    """LTI-DR-1, LTI-DR-2, LTI-DR-6, D2L-5 (no token), SAKAI-4, CANVAS-15, CANVAS-17, PAIN-18"""
    lms.play(name)
    query = lms.invite()
    assert ("registration_token" in query) == (name != "brightspace")

    asked = link.open(query)
    assert asked.status_code == 200
    assert not rows(admin, Registration)  # LTI-DR-5: nothing before the button
    done = link.press(asked)

    assert done.status_code == 200, done.text
    registration = rows(admin, Registration)[0]
    assert (registration.issuer, registration.name) == (lms.url, "Our LMS")
    assert registration.platform == (PRODUCTS[name] if name in FAMILIES else "generic")
    assert registration.client_id in done.text
    assert registration.client_id in lms.tools()
    deployment = rows(admin, Deployment)[0]
    assert deployment.state == "approved"
    assert deployment.deployment_id in done.text
    assert rows(admin, RegistrationInvitation)[0].registration_id == registration.id
    assert [entry.result for entry in rows(admin, RegistrationLogEntry)] == ["registered"]


def test_the_audience_of_token_requests_is_what_the_platform_names(admin, lms, link):
    """Brightspace's is another address than that of its token endpoint. D2L-3, PAIN-17"""
    lms.play("brightspace")
    link.press(link.open(lms.invite()))
    registration = rows(admin, Registration)[0]
    assert registration.token_audience == "https://api.brightspace.com/auth/token"
    assert registration.token_url == f"{lms.url}/lti/token"


def test_the_page_says_what_is_left_to_do_there(lms, link):
    """MOODLE-14: an administrator of Moodle has to activate the tool."""
    page = link.press(link.open(lms.invite()))
    assert "press Activate" in page.text
    assert "close_frame.js" in page.text


def test_what_the_platform_answered_is_kept_before_the_page_can_close(admin, lms, link):
    """LTI-DR-8, LTI-DR-9: the button that closes stands on the page of the kept registration."""
    asked = link.open(lms.invite())
    assert "data-close-frame" not in asked.text
    done = link.press(asked)
    assert "data-close-frame" in done.text
    assert rows(admin, Registration)[0].client_id in done.text


def test_a_second_use_of_the_link_is_refused_and_changes_nothing(admin, lms, link):
    lms.play("generic")
    first = link.open(lms.invite())
    link.press(first)
    before = [(one.id, one.client_id) for one in rows(admin, Registration)]

    again = link.open(lms.invite())
    pressed = link.press(first)

    assert (again.status_code, pressed.status_code) == (410, 410)
    assert "link_used" in again.text
    assert [(one.id, one.client_id) for one in rows(admin, Registration)] == before


def test_a_refused_try_leaves_the_link_and_says_what_the_platform_said(admin, lms, link):
    """The token has been used up by somebody else: Moodle says so in its own words. MOODLE-13"""
    query = lms.invite()
    body = {
        "client_name": "x",
        "initiate_login_uri": "http://t/login",
        "jwks_uri": "http://t/jwks",
        "redirect_uris": ["http://t/launch"],
        "response_types": ["id_token"],
        "token_endpoint_auth_method": "private_key_jwt",
        "https://purl.imsglobal.org/spec/lti-tool-configuration": {
            "domain": "t",
            "target_link_uri": "http://t/launch",
        },
    }
    bearer = {"Authorization": f"Bearer {query['registration_token']}"}
    taken = requests.post(f"{lms.url}/lti/registration", json=body, headers=bearer, timeout=10)
    assert taken.status_code == 200, taken.text

    refused = link.press(link.open(query))
    assert refused.status_code == 502
    assert "registration_refused" in refused.text
    assert "token_already_used" in refused.text
    assert query["registration_token"] not in rows(admin, RegistrationLogEntry)[0].platform_answer

    assert link.press(link.open(lms.invite())).status_code == 200
    results = [(one.result, one.reason) for one in rows(admin, RegistrationLogEntry)]
    assert results == [("refused", "registration_refused"), ("registered", "")]


def test_an_administrator_follows_it_on_the_page_of_links(admin, lms, link):
    lms.play("canvas")
    link.press(link.open(lms.invite() | {"registration_token": "wrong"}))
    page = admin.get("/admin/platforms/connect").text
    assert "did not show its configuration" in page
    assert "missing_registration_token" in page
    assert link.token not in page
