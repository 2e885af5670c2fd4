"""What pages say to the platform around them, in which language, and how they lead back."""

import html
import json
import re
from urllib.parse import parse_qs, urlsplit

import pytest

from database.session import transaction
from lti_app.core.lti.return_url import LONGEST, build_return_url
from lti_app.services.registrations import get_registration
from tests.lti_app.teacher import asked

CONTENT = "http://127.0.0.1:8000"


def player_page(browser, **claims):
    answer = browser.launch(**claims)
    with browser.app.app_context():
        return browser.client.get(urlsplit(answer.location).path, base_url=CONTENT).text


def known_of(page: str):
    found = re.search(r'<meta name="lti-platform" content="([^"]*)"', page)
    return json.loads(html.unescape(found[1])) if found else None


def play_as(tenant, registration, platform: str) -> None:
    with transaction(tenant) as session:
        get_registration(session, registration).platform = platform


def test_the_player_may_speak_to_canvas_with_its_token(browser, tenant, registration):
    """CANVAS-7, CANVAS-8: only to origins of the registration, never to everybody."""
    play_as(tenant, registration, "canvas")
    page = player_page(browser, custom={"sc_item": "demo", "canvas_message_token": "t0k"})
    known = known_of(page)
    assert known["token"] == "t0k"
    assert known["origins"][0] == browser.platform.origin
    assert "*" not in known["origins"]
    assert {"lti.frameResize", "lti.showModuleNavigation"} <= set(known["messages"])
    assert "/runtime/player/platform.js" in page


def test_a_token_that_the_platform_did_not_fill_in_is_none(browser, tenant, registration):
    play_as(tenant, registration, "canvas")
    literal = "$com.instructure.PostMessageToken"
    page = player_page(browser, custom={"sc_item": "demo", "canvas_message_token": literal})
    assert known_of(page)["token"] == ""


def test_moodle_is_sent_nothing(browser, tenant, registration):
    """moodle.md 4: it handles no such message."""
    page = player_page(browser)
    assert known_of(page) is None
    assert "platform.js" not in page


def test_the_module_is_on_both_origins(browser):
    ours = browser.open("/lti/platform_messages.js")
    with browser.app.app_context():
        theirs = browser.client.get("/runtime/player/platform_messages.js", base_url=CONTENT)
    assert ours.mimetype == "text/javascript"
    assert ours.data == theirs.data


@pytest.mark.parametrize(
    ("locale", "language"), [("de", "de"), ("de-CH", "de"), ("fr_CA", "fr"), ("ar", "ar")]
)
def test_a_page_speaks_the_language_that_the_platform_asked_for(teacher, locale, language):
    """LTI Core 1.3, launch_presentation.locale; also against the browser's own."""
    asked(teacher, locale=locale)
    page = teacher.browser.open(teacher.address, headers={"Accept-Language": "en"}).text
    assert f'lang="{language}"' in page


@pytest.mark.parametrize("locale", ["xx", "", "../../etc", "de;DROP"])
def test_an_unknown_language_is_no_matter(teacher, locale):
    asked(teacher, locale=locale)
    assert teacher.browser.open(teacher.address).status_code == 200


def test_the_player_speaks_it_too(browser):
    page = player_page(browser, launch_presentation={"locale": "de"})
    assert 'lang="de"' in page


def test_the_way_back_says_what_happened_and_keeps_the_platforms_own_query():
    """LTI Core 1.3, return_url: lti_msg, lti_errormsg, lti_log, lti_errorlog."""
    url = "https://lms.test/return?course=2&empty=&lti_msg=old#top"
    back = build_return_url(url, errormsg="É & co", errorlog="content_unknown")
    parts = urlsplit(back)
    assert parse_qs(parts.query, keep_blank_values=True) == {
        "course": ["2"],
        "empty": [""],
        "lti_errormsg": ["É & co"],
        "lti_errorlog": ["content_unknown"],
    }
    assert parts.fragment == "top"
    assert build_return_url(url) == url
    assert len(parse_qs(urlsplit(build_return_url(url, msg="x" * 9999)).query)["lti_msg"][0]) == (
        LONGEST
    )


def test_where_nothing_opens_the_way_back_tells_the_platform_why(browser):
    """The learner is not stranded in the frame, and the platform's log has the code."""
    page = browser.launch(custom={"sc_item": "gone"}).text
    link = re.search(r'id="back"[^>]* href="([^"]+)"', page) or re.search(
        r'href="([^"]+)"[^>]* id="back"', page
    )
    query = parse_qs(urlsplit(html.unescape(link[1])).query)
    assert query["lti_errormsg"] == ["This content is not here"]
    assert query["lti_errorlog"][0].startswith("content_unknown")
    assert query["sesskey"] == ["secret"]
