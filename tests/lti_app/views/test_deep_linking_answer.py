"""Deep Linking 2.0: the answer. Rules LTI-DL-6 to LTI-DL-22; guide 6.2."""

import html
import re
import time
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.models.deep_link import DeepLink
from lti_app.services.registrations import get_registration
from tests.lti_app.fake_platform import CLIENT_ID, LTI
from tests.lti_app.teacher import DL, asked


def test_the_answer_is_from_our_client_to_the_platform(teacher):
    """LTI-DL-6, LTI-DL-7, LTI-DL-10: one audience, so no azp."""
    claims = asked(teacher).choose("demo")
    assert (claims["iss"], claims["aud"]) == (CLIENT_ID, teacher.platform.issuer)
    assert "azp" not in claims


def test_the_answer_is_fresh_and_short_lived(teacher):
    """LTI-DL-8, LTI-DL-9"""
    first, second = asked(teacher).choose("demo"), teacher.choose("demo")
    assert abs(first["iat"] - time.time()) < 60
    assert 0 < first["exp"] - first["iat"] <= 300
    assert first["nonce"] != second["nonce"]
    assert len(first["nonce"]) >= 22


def test_the_answer_says_what_it_is_and_for_which_deployment(teacher):
    """LTI-DL-11, LTI-DL-12, LTI-DL-13"""
    claims = asked(teacher).choose("demo")
    assert claims[LTI + "message_type"] == "LtiDeepLinkingResponse"
    assert claims[LTI + "version"] == "1.3.0"
    assert claims[LTI + "deployment_id"] == "1"


@pytest.mark.parametrize("data", ['{"n": "é+%2B&<ok>\\u0000"}', "", {"a": [1, None]}, "\ud800x"])
def test_data_comes_back_as_it_was_sent(teacher, data):
    """LTI-DL-14"""
    claims = asked(teacher, data=data).choose("demo")
    assert claims[DL + "data"] == data


def test_no_data_comes_back_where_none_was_sent(teacher):
    """LTI-DL-14"""
    assert DL + "data" not in asked(teacher).choose("demo")


def test_going_back_without_anything_is_an_answer_too(teacher, tenant):
    """LTI-DL-15, LTI-DL-16"""
    asked(teacher, data="d")
    claims = teacher.read(teacher.browser.open(f"{teacher.address}/cancel", "POST"))
    assert claims[DL + "content_items"] == []
    assert claims[DL + "msg"] == "Nothing was chosen."
    assert claims[DL + "log"]
    assert DL + "errormsg" not in claims
    with transaction(tenant) as session:
        assert session.scalars(select(DeepLink)).one().state == "cancelled"


def test_the_answer_is_signed_by_a_key_of_our_key_set(teacher):
    """LTI-DL-17"""
    answer = asked(teacher).add("demo")
    text = re.search(r'name="JWT" value="([^"]+)"', answer.text)[1]
    header = jwt.get_unverified_header(text)
    assert header["alg"] == "RS256"
    served = teacher.browser.open(f"/lti/jwks/{teacher.browser.tenant}").json["keys"]
    assert header["kid"] in {jwk["kid"] for jwk in served}


def test_the_answer_is_a_form_with_the_field_jwt_that_keeps_the_query(teacher):
    """LTI-DL-18, LTI-DL-19"""
    answer = asked(teacher).add("demo")
    form = re.search(r'<form method="post" action="([^"]+)" data-answer>', answer.text)
    assert html.unescape(form[1]) == f"{teacher.platform.issuer}/return?course=2&sesskey=Pd1"
    assert answer.text.count('name="JWT"') == 1
    policy = answer.headers["Content-Security-Policy"]
    assert "form-action *" in policy
    assert "'unsafe-inline'" not in policy


def test_an_item_has_everything_a_platform_may_show(teacher, tenant):
    """LTI-DL-20"""
    fields = {
        "title-0": "  Fire   safety ",
        "available_from-0": "2026-09-01T08:00",
        "available_until-0": "2026-12-01T08:00",
        "submission_until-0": "2026-11-01T23:59",
    }
    (item,) = asked(teacher).choose("demo", **fields)[DL + "content_items"]
    assert (item["type"], item["title"]) == ("ltiResourceLink", "Fire safety")
    url = urlsplit(item["url"])
    assert (url.netloc, url.path) == ("localhost:8000", "/lti/launch")
    assert parse_qs(url.query) == {"sc_item": ["demo"]}
    assert item["iframe"]["width"] > 0
    assert item["available"] == {
        "startDateTime": "2026-09-01T08:00:00+00:00",
        "endDateTime": "2026-12-01T08:00:00+00:00",
    }
    assert item["submission"] == {"endDateTime": "2026-11-01T23:59:00+00:00"}
    for picture in ("icon", "thumbnail"):
        shown = teacher.browser.open(urlsplit(item[picture]["url"]).path)
        assert (shown.status_code, shown.mimetype) == (200, "image/svg+xml")


def test_an_item_carries_our_keys_and_asks_for_its_history(teacher, tenant, registration):
    """LTI-DL-21, PAIN-07; CANVAS-14: Canvas is asked for more, others would show the names."""
    (item,) = asked(teacher).choose("demo")[DL + "content_items"]
    assert item["custom"] == {
        "sc_item": "demo",
        "sc_version": "current",
        "sc_link_history": "$ResourceLink.id.history",
        "sc_context_history": "$Context.id.history",
    }
    assert all("\n" not in value and len(value) < 100 for value in item["custom"].values())
    with transaction(tenant) as session:
        get_registration(session, registration).platform = "canvas"
    (item,) = teacher.choose("demo", **{"version-0": "1"})[DL + "content_items"]
    assert item["custom"]["sc_version"] == "1"
    assert item["custom"]["canvas_message_token"] == "$com.instructure.PostMessageToken"
    assert item["custom"]["canvas_assignment_id"] == "$Canvas.assignment.id"


def test_a_line_item_says_what_it_is_for(teacher):
    """LTI-DL-22"""
    fields = {"graded-0": "1", "points-0": "12,5", "label-0": "Fire (test)"}
    (item,) = asked(teacher).choose("demo", **fields)[DL + "content_items"]
    assert item["lineItem"] == {
        "scoreMaximum": 12.5,
        "label": "Fire (test)",
        "resourceId": "demo",
        "tag": "lectern",
    }
    (item,) = teacher.choose("demo")[DL + "content_items"]
    assert "lineItem" not in item  # the box is not ticked
