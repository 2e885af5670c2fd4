"""The content origin's addresses with the Flask client."""

from datetime import UTC, datetime, timedelta

import pytest

from scorm_runtime.core.tokens import read_token
from scorm_runtime.storage.local import LocalStorage
from scorm_runtime.views.host import Chip
from tests.scorm_runtime.playing import (
    SECRET,
    Listener,
    make_app,
    make_attempt,
    make_token,
    post,
    read_attempt,
)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture
def storage(tmp_path):
    return LocalStorage(tmp_path)


@pytest.fixture
def player(config, app, listener, storage):
    return make_app(config, listener.host(), storage).test_client()


@pytest.fixture
def attempt(tenant, storage):
    return make_attempt(tenant, storage=storage)


@pytest.fixture
def base(tenant, attempt):
    return f"/p/{make_token(tenant, attempt)}/"


def expired(tenant, attempt, hours=1):
    ago = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=hours)
    return f"/p/{make_token(tenant, attempt, expires_at=ago)}/"


def test_the_page_holds_no_run_time_data_and_is_not_stored(player, base):
    """PAIN-10"""
    answer = player.get(base)
    assert answer.headers["Cache-Control"] == "no-store"
    assert "A package of the tests" in answer.text
    assert "cmi." not in answer.text


def test_the_page_may_be_framed_by_the_application_and_the_platforms_only(player, base):
    """PAIN-23"""
    headers = player.get(base).headers
    policy = headers["Content-Security-Policy"]
    assert "frame-ancestors 'self' http://app.test https://lms.test" in policy
    assert "X-Frame-Options" not in headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Permissions-Policy"] == "unload=(self)"
    assert "Set-Cookie" not in headers


def test_nothing_inline_runs_on_the_page(player, base):
    answer = player.get(base)
    assert "script-src 'self';" in answer.headers["Content-Security-Policy"]
    assert " style=" not in answer.text
    assert "onclick" not in answer.text


def test_the_page_follows_the_contract(player, base):
    text = player.get(base).text
    assert "data-scorm-player" in text
    assert 'data-state="starting"' in text
    assert 'data-scorm-nav="exitAll"' in text


def test_what_is_missing_is_asked_below_the_players_address(player, base):
    found = player.get(f"{base}missing").json
    assert [reason["code"] for reason in found["reasons"]] == ["not_opened"]
    assert found["more"] == 0
    assert '"missing not_opened"' in player.get(base).text


def test_the_grades_link_is_for_teachers(player, tenant, attempt, base, listener):
    listener.grades = "http://app.test/grades/7"
    teacher = f"/p/{make_token(tenant, attempt, teacher=True)}/"
    assert "http://app.test/grades/7" in player.get(teacher).text
    assert "http://app.test/grades/7" not in player.get(base).text


def test_a_version_that_cannot_be_played_yet_says_so(player, tenant):
    version = {"standard": "scorm_2004", "schema_version": "2004 4th Edition"}
    attempt = make_attempt(
        tenant, version={**version, "playable": False, "not_playable_reason": "scorm_2004_pending"}
    )
    text = player.get(f"/p/{make_token(tenant, attempt)}/").text
    assert "SCORM 2004 4th Edition" in text
    assert "http://app.test/learning" in text


@pytest.mark.parametrize("token", ["x", "a.b", "%00", "é.ü", "AAAA." + "A" * 43])
def test_a_forged_token_opens_nothing(player, token):
    assert player.get(f"/p/{token}/").status_code == 404
    assert post(player, f"/p/{token}/open", {}).status_code == 404


def test_an_expired_token_is_told_to_people_and_to_the_bridge(player, tenant, attempt):
    """PAIN-13"""
    address = expired(tenant, attempt)
    page = player.get(address)
    assert (page.status_code, "has expired" in page.text) == (401, True)
    answer = post(player, f"{address}commits", {"writer": 1, "number": 1, "entries": []})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "expired")


def test_files_of_an_open_window_outlive_its_token_for_a_while(player, tenant, attempt):
    assert player.get(f"{expired(tenant, attempt)}files/sco.html").status_code == 200
    assert player.get(f"{expired(tenant, attempt, 30)}files/sco.html").status_code == 401


def test_opening_answers_what_the_bridge_needs(player, base):
    answer = post(player, f"{base}open", {"journal": None})
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json
    assert (body["writer"], body["standard"], body["delivery"]["href"]) == (
        1,
        "scorm_1_2",
        "sco.html",
    )
    assert body["learner"]["cmi.core.student_name"] == "Sample, Sara"


def test_a_window_that_was_overtaken_while_it_loaded_hears_by_whom(player, base):
    """Each says whom it takes over from, as its page says."""
    assert 'data-writer="0"' in player.get(base).text
    post(player, f"{base}open", {"after": 0})
    answer = post(player, f"{base}open", {"after": 0})
    error = answer.json["error"]
    assert (answer.status_code, error["code"], error["details"]) == (409, "fenced", {"writer": 1})
    assert post(player, f"{base}open", {"after": 1}).json["writer"] == 2


def test_a_commit_is_acknowledged_and_told_to_the_host(player, base, listener):
    listener.chip = Chip("Grade waiting", "info")
    post(player, f"{base}open", {})
    entries = [[1, "initialize"], [2, "set", "cmi.core.lesson_status", "passed"]]
    answer = post(player, f"{base}commits", {"writer": 1, "number": 1, "entries": entries})
    assert answer.json["acknowledged"] == 2
    assert answer.json["chip"] == {"text": "Grade waiting", "tone": "info", "final": False}
    (outcome,) = listener.outcomes
    assert (outcome.success, outcome.events) == ("passed", ("initialized", "completed", "passed"))
    assert outcome.launch_ref == "launch-1"


def test_a_commit_whose_host_fails_leaves_nothing_behind(player, base, tenant, attempt, listener):
    """Outcome and commit are one transaction."""
    post(player, f"{base}open", {})
    listener.outcomes = None  # type: ignore[assignment]
    body = {"writer": 1, "number": 1, "entries": [[1, "initialize"]]}
    with pytest.raises(AttributeError):
        post(player, f"{base}commits", body)
    assert read_attempt(tenant, attempt).applied_entry == 0


def test_a_fenced_commit_is_409(player, base):
    post(player, f"{base}open", {})
    post(player, f"{base}open", {})
    answer = post(player, f"{base}commits", {"writer": 1, "number": 1, "entries": [[1, "commit"]]})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "fenced")
    assert answer.json["error"]["details"] == {"writer": 2}


def test_status_says_whether_the_window_still_writes(player, base):
    post(player, f"{base}open", {})
    assert player.get(f"{base}status?writer=1").json["current"] is True
    post(player, f"{base}open", {})
    assert player.get(f"{base}status?writer=1").json["current"] is False


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[]",
        "{",
        '{"writer": 1}',
        '{"writer": true, "number": 1, "entries": []}',
        '{"writer": 1, "number": -1, "entries": []}',
        '{"writer": 1, "number": 1, "entries": {}}',
        '{"writer": 1, "number": 1, "entries": [7]}',
        '{"writer": 1, "number": 1, "entries": [[0, "commit"]]}',
        '{"writer": 1, "number": 1, "entries": [[1, "drop"]]}',
        '{"writer": 1, "number": 1, "entries": [[1, "set", "a"]]}',
        '{"writer": 1, "number": 1, "entries": [[1, "set", "a", 5]]}',
        '{"writer": 1, "number": 1, "entries": [[2, "commit"], [1, "commit"]]}',
        "[" * 100_000,
    ],
)
def test_a_body_that_is_no_commit_is_refused_by_name(player, base, body):
    answer = player.post(f"{base}commits", data=body)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid")
    assert answer.json["error"]["details"]["reason"]


def test_review_writes_nothing(player, tenant, attempt):
    base = f"/p/{make_token(tenant, attempt, mode='review')}/"
    opening = post(player, f"{base}open", {}).json
    assert (opening["read_only"], opening["learner"]["cmi.core.credit"]) == (True, "no-credit")
    answer = post(player, f"{base}commits", {"writer": 0, "number": 1, "entries": []})
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "read_only")
    assert read_attempt(tenant, attempt).writer == 0


def test_an_old_token_is_renewed_by_a_commit(player, tenant, attempt):
    """PAIN-13"""
    soon = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=5)
    base = f"/p/{make_token(tenant, attempt, expires_at=soon)}/"
    token = post(player, f"{base}open", {}).json["token"]
    assert read_token(SECRET, token, datetime.now(UTC)).expires_at > soon
    assert "token" not in post(player, f"/p/{token}/open", {}).json


def test_an_attempt_of_another_tenant_is_not_there(player, other_tenant, tenant, attempt):
    base = f"/p/{make_token(tenant, attempt, tenant_id=other_tenant)}/"
    assert player.get(base).status_code == 404
    assert post(player, f"{base}open", {}).status_code == 404


def test_the_page_without_its_slash_is_sent_there(player, base):
    answer = player.get(base[:-1])
    assert (answer.status_code, answer.headers["Location"]) == (308, base)


def test_the_players_own_files_are_served_and_nothing_beside_them(player):
    assert player.get("/runtime/player/main.js").mimetype == "text/javascript"
    table = player.get("/runtime/elements_1_2.json")
    assert (table.mimetype, table.headers["Cache-Control"]) == ("application/json", "no-cache")
    assert (
        player.get(
            "/runtime/elements_1_2.json", headers={"If-None-Match": table.headers["ETag"]}
        ).status_code
        == 304
    )
    for path in ("../extension.py", "..%2fextension.py", "player/../../extension.py", "x.py"):
        assert player.get(f"/runtime/{path}").status_code == 404


def test_who_is_not_let_in_any_more_gets_nothing_and_no_new_address(
    player, base, listener, tenant, attempt
):
    """A token is asked about at each request, since nobody can take it back. PAIN-13"""
    listener.lets_in = False
    answers = [
        player.get(base),
        player.get(f"{base}files/sco.html"),
        player.get(f"{base}status"),
        post(player, f"{base}open", {}),
        post(player, f"{base}commits", {"writer": 0, "number": 1, "entries": []}),
    ]
    assert [answer.status_code for answer in answers] == [401] * 5
    assert all("token" not in (answer.json or {}) for answer in answers[2:])
    assert read_attempt(tenant, attempt).writer == 0


def test_a_token_opens_no_attempt_of_somebody_else(player, tenant, attempt, storage):
    stranger = read_attempt(tenant, make_attempt(tenant, storage=storage)).user_id
    base = f"/p/{make_token(tenant, attempt, user_id=stranger)}/"
    assert player.get(base).status_code == 404
    assert post(player, f"{base}open", {}).status_code == 404
