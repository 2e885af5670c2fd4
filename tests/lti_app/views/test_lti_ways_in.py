"""There is one way in, and what stands at its end when it is closed."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from lti_app.core.lti.state import build_state
from lti_app.core.platforms.families import FAMILIES, get_family
from lti_app.views.admin.hints import hint
from tests.lti_app.lti_fixtures import Begun


@pytest.mark.parametrize("tenant_known", [True, False])
def test_a_token_that_no_login_of_ours_asked_for_opens_nothing(browser, platform, tenant_known):
    """LTI-P1: well-formed, rightly signed, and with a state that looks like one of ours."""
    owner = browser.tenant if tenant_known else uuid4()
    begun = Begun(build_state(owner, b"x" * 32), "n" * 43, "")
    answer = browser.post(begun, platform.sign(platform.claims(begun)))
    assert answer.status_code == 401
    assert "state_unknown" in answer.text
    assert browser.log() == []


@pytest.mark.parametrize("form", [{}, {"id_token": "x"}, {"JWT": "x"}, {"oauth_consumer_key": "k"}])
def test_no_other_form_is_a_launch(browser, form):
    """LTI-P1: LTI 1.1 and bare posts neither."""
    answer = browser.open("/lti/launch", "POST", data=form)
    assert answer.status_code == 400
    assert "state_missing" in answer.text


def test_a_platform_that_names_no_key_is_told_to_update(browser, platform):
    """OEDX-2, LTI-B01: Open edX 9.13.0 sent no kid."""
    begun = browser.begin()
    answer = browser.post(begun, platform.sign(platform.claims(begun), kid=None))
    browser.refused(answer, "kid_missing")
    assert "update the platform" in answer.text
    assert "Open edX" in hint("kid_missing")


def test_only_blackboard_is_asked_where_it_keeps_data_for_tools():
    """BB-5; the others say it at login or not at all (MOODLE-16, OEDX-3)."""
    asking = [code for code, family in FAMILIES.items() if family.asks_for_storage]
    assert asking == ["blackboard"]
    assert not get_family("unheard of").asks_for_storage


def test_a_launch_some_seconds_before_its_time_works_and_the_difference_is_logged(browser):
    """D2L-6, PAIN-14: a strict `nbf` of a clock that is ahead."""
    ahead = int(datetime.now(UTC).timestamp()) + 20
    answer = browser.launch(iat=ahead, nbf=ahead, exp=ahead + 60)
    assert answer.status_code == 303
    assert browser.log()[0].skew_ms < -15_000
