"""The message log: everything is in it, and no secret is."""

import pytest

from demo_lms.core.claims import LTI


@pytest.fixture
def messages(lms):
    """(kind) → messages of that kind, newest first."""
    return lambda kind="": (
        lms.test_client()
        .get(f"/lms/api/messages?kind={kind}" if kind else "/lms/api/messages")
        .json["messages"]
    )


def test_a_launch_leaves_its_three_messages_newest_first(stan, tool, messages):
    """Login initiation, authentication request, id_token."""
    tool.authorize(stan.open_activity("1").fields)
    assert [(message["kind"], message["sender"]) for message in messages()] == [
        ("id_token", "platform"),
        ("authentication_request", "tool"),
        ("login_initiation", "platform"),
    ]


def test_an_id_token_is_shown_decoded_and_without_its_signature(stan, tool, messages):
    """Readable for people, useless for anybody who copies it."""
    tool.authorize(stan.open_activity("1").fields)
    shown = messages("id_token")[0]["request"]["body"]["id_token"]
    assert shown["header"]["alg"] == "RS256"
    assert shown["payload"][LTI + "message_type"] == "LtiResourceLinkRequest"
    assert len(shown["signature"]) < 40


def test_a_score_and_its_answer_are_kept_whole(tool, lms, messages):
    """Body, media type, status, reason."""
    tool.post_score()
    tool.post_score()
    refused, taken = messages("scores")
    assert taken["request"]["body"]["scoreGiven"] == 7.5
    assert taken["request"]["headers"]["Content-Type"].endswith("score+json")
    assert (taken["status"], refused["status"]) == (200, 409)
    assert "earlier timestamp" in refused["answer"]["reason"]


def test_no_bearer_token_stands_in_the_log_or_in_the_state(tool, lms, messages, settings):
    """What is stored is a digest; what is shown is the beginning."""
    token = tool.token()
    tool.call(
        "GET", "/lti/services/1/lineitems/2/lineitem?type_id=1", authorization=f"Bearer {token}"
    )
    assert token not in (settings.data / "state.json").read_text()
    shown = messages("line_items")[0]["request"]["headers"]["Authorization"]
    assert shown.startswith(f"Bearer {token[:8]}…")


def test_a_refused_login_is_kept_with_its_reason(stan, tool, messages):
    """PAIN: why was the launch refused?"""
    tool.authorize(stan.open_activity("1").fields, scope="openid profile")
    assert messages("login_error")[0]["request"]["body"]["error"] == "invalid_scope"
    assert "scope must be 'openid'" in messages("authentication_request")[0]["note"]


def test_a_fault_is_named_in_the_log(lms, tool, messages):
    """So that nobody hunts for a fault that was asked for."""
    lms.test_client().post("/lms/api/faults", json={"mode": "http_500", "times": 1})
    tool.post_score()
    assert (messages("scores")[0]["fault"], messages("scores")[0]["status"]) == ("http_500", 500)


def test_a_key_set_that_cannot_be_fetched_is_in_the_log(lms, tool, messages):
    """The platform's own requests are messages as well."""
    tool.reachable = False
    tool.ask_token()
    assert "cannot be reached" in messages("keys")[0]["note"]


def test_the_page_shows_messages_filtered_by_kind(stan, tool, lms):
    """Newest first, expandable, one kind at a time."""
    tool.authorize(stan.open_activity("1").fields)
    tool.post_score()
    page = stan.client.get("/lms/messages?kind=scores").text
    assert page.count("<details") == 1
    assert "activityProgress" in page
    assert "LtiResourceLinkRequest" not in page


def test_messages_can_be_asked_for_from_a_number_on(stan, lms, tool):
    """A test waits for what comes next."""
    stan.open_activity("1")
    last = lms.test_client().get("/lms/api/messages").json["messages"][0]["id"]
    stan.open_activity("2")
    newer = lms.test_client().get(f"/lms/api/messages?after={last}").json["messages"]
    assert [message["kind"] for message in newer] == ["login_initiation"]
