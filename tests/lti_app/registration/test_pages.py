"""The administrator's pages about connecting a platform, and what Canvas reads by itself."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.lti.state import digest
from lti_app.core.permissions import Role
from lti_app.core.platforms.by_hand import BY_HAND
from lti_app.models.registration import Deployment, Registration
from lti_app.models.registration_invitation import RegistrationInvitation
from lti_app.views.admin.platform_links import PRODUCTS, WHERE_TO_PASTE
from lti_app.views.admin.setup_steps import STEPS
from tests.lti_app.registration.conftest import make_link

CONNECT = "/admin/platforms/connect"


def rows(portal, model):
    with transaction(portal.tenant) as session:
        return list(session.scalars(select(model).order_by(model.id)))


def test_connecting_is_the_first_thing_on_the_page_of_platforms(admin):
    page = admin.get("/admin/platforms/").text
    assert page.index(CONNECT) < page.index("/admin/platforms/new")


def test_a_link_is_kept_as_its_digest_only(admin):
    link = make_link(admin, name="Moodle of the town hall", platform="moodle", days="3")
    (kept,) = rows(admin, RegistrationInvitation)
    assert kept.token_digest == digest(link.token)
    assert (kept.name, kept.platform) == ("Moodle of the town hall", "moodle")
    assert 2.9 < (kept.expires_at - datetime.now(UTC)).total_seconds() / 86400 < 3.1
    page = admin.get(f"{CONNECT}/links/{kept.id}").text
    assert link.token not in page
    assert "Nobody has opened it yet" in page


def test_each_link_is_another_one(admin):
    tokens = {make_link(admin).token for _ in range(3)}
    assert len(tokens) == 3
    assert all(len(token) == 64 for token in tokens)


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"days": "0"},
        {"days": "31"},
        {"tool_name": ""},
        {"platform": "x"},
        {"privacy": "x"},
    ],
)
def test_what_is_wrong_with_the_form_is_said(admin, wrong):
    form = {"name": "x", "platform": "", "tool_name": "L", "privacy": "public", "days": "7"}
    answer = admin.post(CONNECT, form | wrong)
    assert answer.status_code == 422
    assert rows(admin, RegistrationInvitation) == []


def test_a_link_is_taken_back(admin, lms):
    link = make_link(admin)
    (kept,) = rows(admin, RegistrationInvitation)
    assert admin.post(f"{CONNECT}/links/{kept.id}/cancel").status_code == 303
    assert link.open(lms.invite()).status_code == 410
    assert "Taken back" in admin.get(CONNECT).text


@pytest.mark.parametrize("role", [Role.INSTRUCTOR, Role.CONTENT_CREATOR, Role.LEARNER])
def test_only_administrators_connect_platforms(portal, role):
    portal.sign_in_as(role)
    for path in (CONNECT, f"{CONNECT}/by-hand/moodle"):
        assert portal.get(path).status_code == 403
        assert portal.post(path).status_code == 403


def test_nobody_sees_another_organisations_link(admin, other_tenant):
    make_link(admin)
    (kept,) = rows(admin, RegistrationInvitation)
    with transaction(other_tenant) as session:
        assert session.get(RegistrationInvitation, kept.id) is None


@pytest.mark.parametrize("family", sorted(BY_HAND))
def test_the_steps_by_hand_hold_every_value_beside_a_button_to_copy_it(admin, app, family):
    """CANVAS-10, MOODLE-17, BB-3, D2L-4: in the words of that product's own pages."""
    page = admin.get(f"{CONNECT}/by-hand/{family}").text
    url = app.config["LECTERN"].app_url
    copied = {
        re.sub(r"\s+", " ", one) for one in re.findall(r'<code id="value-[^>]*>([^<]*)<', page)
    }
    wanted = {f"{url}/lti/launch"}
    if family == "canvas":
        wanted |= {f"{url}/lti/config/{admin.tenant}.json"}
    else:
        wanted |= {f"{url}/lti/login", f"{url}/lti/jwks/{admin.tenant}"}
    assert wanted <= copied
    assert page.count("data-copy=") == len(re.findall(r'<code id="value-', page))


def test_what_to_tick_is_said(admin):
    """D2L-4, MOODLE-17, BB-3"""
    assert "Org Unit Information" in admin.get(f"{CONNECT}/by-hand/brightspace").text
    assert "Secure cookies only" in admin.get(f"{CONNECT}/by-hand/moodle").text
    assert "Deployment ID" in admin.get(f"{CONNECT}/by-hand/blackboard").text


def test_each_product_has_its_place_its_steps_and_its_fields():
    families = set(PRODUCTS) - {""}
    assert families == STEPS.keys() == BY_HAND.keys() == WHERE_TO_PASTE.keys()


def test_what_the_platform_shows_is_entered_on_the_same_page(admin):
    site = f"https://{admin.tenant.hex}.test"
    typed = {"name": "Ours", "site": f"{site}/", "client_id": "b8iB2", "deployment_id": "3"}
    answer = admin.post(f"{CONNECT}/by-hand/moodle", typed)
    assert answer.status_code == 303
    (kept,) = rows(admin, Registration)
    assert (kept.issuer, kept.client_id, kept.platform) == (site, "b8iB2", "moodle")
    assert kept.token_url == f"{site}/mod/lti/token.php"
    assert rows(admin, Deployment)[0].deployment_id == "3"


@pytest.mark.parametrize(
    ("family", "typed", "said"),
    [
        ("moodle", {"client_id": "x"}, "site-error"),
        ("moodle", {"site": "https://m.test"}, "client_id-error"),
        ("moodle", {"site": "http://m.test", "client_id": "x"}, "site-error"),
        ("generic", {"client_id": "x"}, "jwks_url-error"),
        ("blackboard", {"client_id": "a b"}, "client_id-error"),
    ],
)
def test_a_wrong_field_says_so_beside_itself(admin, family, typed, said):
    answer = admin.post(f"{CONNECT}/by-hand/{family}", typed)
    assert answer.status_code == 422
    assert f'id="{said}"' in answer.text
    assert rows(admin, Registration) == []


def test_there_are_no_steps_for_what_is_no_product(admin):
    assert admin.get(f"{CONNECT}/by-hand/nothing").status_code == 404


def test_canvas_reads_its_configuration_by_address(admin, client, app):
    """CANVAS-10, CANVAS-11: per organisation, with any level of privacy."""
    url = app.config["LECTERN"].app_url
    for level in ("public", "name_only", "email_only", "anonymous"):
        path = f"/lti/config/{admin.tenant}.json?privacy={level}"
        config = client.get(path, base_url=url).get_json()
        assert config["extensions"][0]["privacy_level"] == level
        assert config["public_jwk_url"] == f"{url}/lti/jwks/{admin.tenant}"
    own = admin.get("/lti/config.json").get_json()
    assert own["public_jwk_url"].endswith(str(admin.tenant))
    assert client.get(f"/lti/config/{admin.tenant}.json?privacy=x", base_url=url).status_code == 404


def test_blackboards_page_tells_that_a_domain_is_given_once(admin):
    """BB-4: two applications must not share a host, so all schools of a server use one of them"""
    page = admin.get(f"{CONNECT}/by-hand/blackboard").text
    assert "Two applications cannot have the same domain." in page
    assert re.search(r">localhost(:\d+)?<", page)
