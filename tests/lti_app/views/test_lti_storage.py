"""A browser without cookies in frames, and a platform that keeps data for tools: two steps in one
frame. What the ES module does in a browser is in tests/journeys/test_platform_storage.py."""

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select, update

from database.session import transaction
from lti_app.core.lti.login import origin_of, parse_initiation
from lti_app.core.platforms import families
from lti_app.core.platforms.family import Family
from lti_app.models.login import LtiLogin
from lti_app.models.registration import Registration
from tests.lti_app.fake_platform import CLIENT_ID, TARGET
from tests.lti_app.lti_fixtures import Begun

FRAME = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site"}


def attributes(page) -> dict[str, str]:
    """What the page tells the module."""
    assert page.status_code == 200, page.text
    return {name: unescape(value) for name, value in re.findall(r'data-(\w+)="([^"]*)"', page.text)}


class Frame:
    """A frame whose cookies are lost, in a page that keeps data."""

    def __init__(self, browser, **login):
        self.browser, self.platform, self.kept = browser, browser.platform, {}
        values = {
            "iss": self.platform.issuer,
            "login_hint": "4",
            "lti_message_hint": "hint",
            "target_link_uri": TARGET,
            "client_id": CLIENT_ID,
            "lti_storage_target": "post_message_forwarding",
            **login,
        }
        values = {name: value for name, value in values.items() if value is not None}
        self.login = browser.open("/lti/login", "POST", data=values, headers=FRAME)

    def lose_cookies(self):
        self.browser.client = self.browser.app.test_client()

    def store(self) -> Begun:
        """What lti.put_data does; then the way to the platform."""
        told = attributes(self.login)
        self.kept[told["key"]] = told["value"]
        self.lose_cookies()
        query = parse_qs(urlsplit(told["next"]).query)
        return Begun(query["state"][0], query["nonce"][0], told["next"])

    def post(self, begun, **claims):
        return self.browser.post(begun, self.platform.sign(self.platform.claims(begun, **claims)))

    def prove(self, begun, proof):
        data = {"state": begun.state, "proof": proof}
        return self.browser.open("/lti/launch/proof", "POST", data=data)


@pytest.fixture
def frame(browser):
    return Frame(browser)


def held(browser):
    with transaction(browser.tenant) as session:
        return session.scalars(select(LtiLogin.held_token)).all()


def test_the_secret_goes_through_platform_storage_and_the_launch_is_let_in(frame, browser):
    """PAIN-01, LTI-A17, CANVAS-5: for the origin of the authentication address only."""
    begun = frame.store()
    page = frame.post(begun)
    told = attributes(page)
    assert told["origin"] == origin_of(browser.platform.issuer)
    assert told["target"] == "post_message_forwarding"
    assert browser.log() == []  # nothing is let in before the proof

    answer = frame.prove(begun, frame.kept[told["key"]])

    assert browser.token_of(answer).user_id
    [row] = browser.log()
    assert (row.result, row.binding) == ("accepted", "platform_storage")
    assert held(browser) == [None]


def test_nothing_of_the_launch_stands_in_the_page_that_asks(frame, browser):
    """The token is held by the server: the frame shows neither it nor the login's secret."""
    begun = frame.store()
    token = frame.platform.sign(frame.platform.claims(begun))
    page = browser.post(begun, token)
    assert token not in page.text
    assert not any(secret in page.text for secret in frame.kept.values())
    assert held(browser) == [token]


@pytest.mark.parametrize("proof", ["", "wrong", "x" * 43])
def test_a_wrong_proof_is_refused_and_has_no_second_try(frame, browser, proof):
    """LTI-A17: whoever brings somebody else's token to this browser has no secret here."""
    begun = frame.store()
    frame.post(begun)
    answer = frame.prove(begun, proof)
    browser.refused(answer, "state_mismatch")
    assert 'target="_blank"' in answer.text
    again = frame.prove(begun, next(iter(frame.kept.values())))
    browser.refused(again, "id_token_missing")


def test_the_secret_of_another_login_is_no_proof(browser):
    """LTI-A17"""
    mine, other = Frame(browser), Frame(browser)
    other.store()
    begun = mine.store()
    mine.post(begun)
    browser.refused(mine.prove(begun, next(iter(other.kept.values()))), "state_mismatch")


def test_a_proof_works_once(frame, browser):
    """LTI-A13, LTI-A20"""
    begun = frame.store()
    frame.post(begun)
    secret = next(iter(frame.kept.values()))
    assert frame.prove(begun, secret).status_code == 303
    browser.refused(frame.prove(begun, secret), "state_reused")


def test_a_token_that_is_not_right_is_refused_before_any_proof_is_asked(frame, browser):
    """Everything but the browser is checked first, and what was wrong is logged once. LTI-P4"""
    begun = frame.store()
    browser.refused(frame.post(begun, version="1.1"), "version_invalid")
    assert held(browser) == [None]
    assert len(browser.log()) == 1


def test_where_the_cookie_comes_back_no_proof_is_asked(frame, browser):
    """The first rung of the ladder."""
    told = attributes(frame.login)
    query = parse_qs(urlsplit(told["next"]).query)
    begun = Begun(query["state"][0], query["nonce"][0], told["next"])
    assert browser.open(told["probe"]).json == {"kept": True}
    assert frame.post(begun).status_code == 303
    assert browser.log()[0].binding == "cookie"
    frame.lose_cookies()
    assert browser.open(told["probe"]).json == {"kept": False}


def test_the_page_of_a_login_works_without_javascript_as_far_as_it_can(frame, browser):
    """LTI-L-14: it goes to the check of the cookie, and from there on or to a new window."""
    [address] = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', frame.login.text)
    assert browser.open(unescape(address), headers=FRAME).status_code == 302
    frame.lose_cookies()
    page = browser.open(unescape(address), headers=FRAME)
    assert 'id="new-window"' in page.text


def test_the_new_window_is_a_rung_of_its_own_in_the_log(frame, browser):
    [link] = re.findall(r'id="new-window" href="([^"]+)"', frame.login.text)
    frame.lose_cookies()
    answer = browser.open(unescape(link), headers={"Sec-Fetch-Dest": "document"})
    query = parse_qs(urlsplit(answer.location).query)
    begun = Begun(query["state"][0], query["nonce"][0], answer.location)
    assert "lectern_window" not in answer.location
    assert frame.post(begun).status_code == 303
    assert browser.log()[0].binding == "new_window"


def test_a_platform_that_keeps_nothing_goes_the_way_of_cookies(browser):
    """OEDX-3, MOODLE-16: no lti_storage_target, so the other ways carry the launch."""
    frame = Frame(browser, lti_storage_target=None)
    assert frame.login.status_code == 302
    assert frame.login.location.startswith("/lti/login/check")


def test_a_product_that_tells_its_storage_only_when_asked_gets_the_page(browser, monkeypatch):
    """BB-5: lti.capabilities is asked, because the login does not say it."""
    asking = Family(code="asking", label="Asking", asks_for_storage=True)
    monkeypatch.setitem(families.FAMILIES, "asking", asking)
    with transaction(browser.tenant) as session:
        session.execute(update(Registration).values(platform="asking"))
    frame = Frame(browser, lti_storage_target=None)
    assert attributes(frame.login)["target"] == ""
    begun = frame.store()
    assert frame.post(begun).status_code == 200
    assert frame.prove(begun, next(iter(frame.kept.values()))).status_code == 303


@pytest.mark.parametrize("state", ["", "x", "A" * 64])
def test_a_proof_for_a_state_that_we_never_made_is_refused(browser, state):
    answer = browser.open("/lti/launch/proof", "POST", data={"state": state, "proof": "x"})
    assert answer.status_code == 401
    assert "state_unknown" in answer.text


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("_parent", "_parent"),  # SAKAI-3
        ("post_message_forwarding", "post_message_forwarding"),  # CANVAS-5
        ("", None),
        ("a frame", None),
        ('"><script>', None),
        ("x" * 101, None),
    ],
)
def test_the_name_of_the_storage_frame_is_a_word(sent, read):
    values = {"iss": "i", "login_hint": "h", "lti_storage_target": sent}
    assert parse_initiation(values).storage_target == read


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://sso.canvaslms.com/api/lti/authorize_redirect", "https://sso.canvaslms.com"),
        ("https://LMS.example:443/auth?x=1", "https://lms.example"),
        ("http://127.0.0.1:8001/lti/authorize", "http://127.0.0.1:8001"),
        ("https://[::1]:8443/auth", "https://[::1]:8443"),
    ],
)
def test_messages_go_to_the_origin_of_the_authentication_address(url, origin):
    """CANVAS-5, BB-5"""
    assert origin_of(url) == origin
