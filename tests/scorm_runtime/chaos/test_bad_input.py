"""Anything that content or a stranger may send: a defined code, an attempt that stays usable."""

import json
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from database.session import transaction
from scorm_runtime.core import log_room
from scorm_runtime.core.journal import JournalInvalid, parse_commit
from scorm_runtime.services.commits import commit
from scorm_runtime.services.log_rows import LogFull
from scorm_runtime.storage.local import LocalStorage
from tests.scorm_runtime.courses import begin, make_course
from tests.scorm_runtime.playing import (
    NOW,
    Listener,
    make_app,
    make_attempt,
    make_token,
    post,
    read_attempt,
    read_log,
)
from tests.scorm_runtime.window import Window

MEGABYTE = 1024 * 1024
NAMES = {
    "scorm_1_2": (
        *("cmi.core.lesson_location", "cmi.core.lesson_status", "cmi.core.score.raw"),
        *("cmi.suspend_data", "cmi.comments", "cmi.core.session_time", "cmi.core.exit"),
        *("cmi.interactions.0.id", "cmi.interactions.0.student_response", "cmi.objectives.0.id"),
        *("cmi.student_preference.audio", "cmi.core._children", "cmi.no.such.element", ""),
    ),
    "scorm_2004": (
        *("cmi.location", "cmi.completion_status", "cmi.score.scaled", "cmi.suspend_data"),
        *("cmi.comments_from_learner.0.comment", "cmi.session_time", "cmi.exit"),
        *("cmi.interactions.0.id", "cmi.interactions.0.learner_response", "cmi.objectives.0.id"),
        *(
            "cmi.interactions.0.timestamp",
            "adl.nav.request",
            "cmi.progress_measure",
            "adl.data.0.id",
        ),
        *("cmi.interactions._count", "cmi.no.such.element", ""),
    ),
}
PLACE = {"scorm_1_2": "cmi.core.lesson_location", "scorm_2004": "cmi.location"}
HARD = (
    "\x00",
    "\ud800",
    "\udfff\ud800",
    "\x1b0000",
    "a\x00b",
    "\ufeff",
    "\U0001f600" * 10,
    "'; --",
)
TEXTS = st.one_of(
    st.sampled_from(HARD),
    st.text(st.characters(codec=None), max_size=40),  # lone surrogates and NUL among them
    st.sampled_from(["1e400", "-0", "NaN", "9" * 400, "{target=x}choice", "P" + "1" * 5000 + "Y"]),
)


def make_window(tenant, standard):
    if standard == "scorm_1_2":
        attempt = make_attempt(tenant)
    else:
        attempt = begin(tenant, make_course(tenant, {"A1": "", "A2": ""}))
    return Window(tenant, attempt).call("initialize")


def is_usable(window):
    """A good value is taken, and is there at the next visit."""
    name = PLACE[window.opening["standard"]]
    window.set(name, "still here").send()
    values = Window(window.tenant, window.attempt).opening["delivery"]["values"]
    return values[name] == "still here"


@pytest.fixture
def player(config, app, tenant, tmp_path):
    """(a client, the address of an attempt that is open in a window)."""
    own = make_app(config, Listener().host(), LocalStorage(tmp_path))
    client = own.test_client()
    base = f"/p/{make_token(tenant, make_attempt(tenant))}/"
    assert post(client, f"{base}open", {}).status_code == 200
    return client, base


def sends(player, *entries, **changes):
    client, base = player
    return post(
        client, f"{base}commits", {"writer": 1, "number": 1, "entries": list(entries), **changes}
    )


@pytest.mark.parametrize("standard", list(NAMES))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_any_text_in_any_element_is_taken_or_refused_by_name(tenant, standard, data):
    """What is taken comes back as it was; what is refused leaves a remark with its code."""
    window = make_window(tenant, standard)
    calls = data.draw(st.lists(st.tuples(st.sampled_from(NAMES[standard]), TEXTS), max_size=12))
    for name, value in calls:
        window.set(name, value)
    result = window.send()
    assert result.answer["acknowledged"] == len(calls) + 1
    codes = [code for _, code, _ in result.answer["remarks"]]
    assert all(code.isdecimal() for code in codes)
    assert is_usable(window)


@pytest.mark.parametrize(("standard", "name"), [(s, n) for s in NAMES for n in NAMES[s]])
def test_a_megabyte_in_any_element_is_taken_or_refused_by_name(tenant, standard, name):
    window = make_window(tenant, standard)
    character = "\x00éx"[len(name) % 3]
    window.set(name, character * MEGABYTE).send()
    assert is_usable(window)


def test_suspend_data_of_a_megabyte_of_characters_json_cannot_hold_comes_back(player, tenant):
    """Compressed suspend_data is made of such characters."""
    value = ("\x00\ud800\x1b" * MEGABYTE)[:MEGABYTE]
    answer = sends(player, [1, "initialize"], [2, "set", "cmi.suspend_data", value])
    assert (answer.status_code, answer.json["acknowledged"]) == (200, 2)
    client, base = player
    assert post(client, f"{base}open", {}).json["delivery"]["values"]["cmi.suspend_data"] == value


@pytest.mark.parametrize("standard", list(NAMES))
def test_ten_thousand_interactions_are_kept(tenant, standard):
    """In commits of the size that the bridge sends."""
    window = make_window(tenant, standard)
    for n in range(10_000):
        window.set(f"cmi.interactions.{n}.id", f"i{n}")
        if n % 2500 == 2499:
            window.send()
    values = Window(tenant, window.attempt).opening["delivery"]["values"]
    assert values["cmi.interactions.9999.id"] == "i9999"


def test_a_commit_for_another_attempt_changes_neither(player, tenant):
    other = make_attempt(tenant)
    answer = sends(player, [1, "initialize"], attempt=str(other))
    assert (answer.status_code, answer.json["error"]["code"]) == (403, "other_attempt")
    assert read_attempt(tenant, other).applied_entry == 0
    assert sends(player, [1, "initialize"]).json["acknowledged"] == 1


@pytest.mark.parametrize("writer", [0, 2, 7, 2**31 - 2])
def test_a_writer_that_is_not_the_current_one_is_refused(player, writer):
    """Neither one of before nor one that nobody has been made yet."""
    answer = sends(player, [1, "initialize"], writer=writer)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "fenced")
    assert sends(player, [1, "initialize"]).json["acknowledged"] == 1


@pytest.mark.parametrize(
    "text",
    [
        '{"writer": 1, "number": 99999999999, "entries": []}',
        '{"writer": 1, "number": 1e400, "entries": []}',
        '{"writer": 1, "number": NaN, "entries": []}',
        '{"writer": 1, "number": ' + "9" * 6000 + ', "entries": []}',
        '{"writer": 1, "number": 1, "entries": [[2147483647, "commit"]]}',
        '{"writer": 1, "number": 1, "entries": [[1, "set", "' + "n" * 1001 + '", "v"]]}',
        '{"writer": 1, "number": 1, "entries": [[1, "navigate", "retryAll", ""]]}',
        '{"writer": 1, "number": 1, "delivery": "x", "entries": []}',
        '{"writer": 1, "number": 1, "attempt": 5, "entries": []}',
        '{"writer": 1, "number": 1, "entries": ' + '[{"a":' * 50_000,
        "\x00",
        "\ufeff{}",
    ],
    ids=lambda text: text[:60],
)
def test_numbers_and_names_out_of_all_bounds_are_refused_by_name(player, text):
    client, base = player
    answer = client.post(f"{base}commits", data=text.encode())
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid")
    assert sends(player, [1, "initialize"]).json["acknowledged"] == 1


def test_a_body_that_is_too_large_is_refused(player):
    client, base = player
    answer = client.post(f"{base}commits", data=b" " * (15 * MEGABYTE + 1))
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid")
    assert "larger than" in answer.json["error"]["details"]["reason"]


def test_the_highest_numbers_there_are_spoil_one_window_only(player):
    """Whoever sends them refuses itself; the next visit begins anew."""
    highest = 2**31 - 2
    assert sends(player, [1, "initialize"], number=highest).json["acknowledged"] == 1
    assert sends(player, [1, "initialize"], [highest, "commit"], number=highest).status_code == 200
    client, base = player
    left = {"writer": 1, "entries": [[highest, "set", PLACE["scorm_1_2"], "end"]]}
    opened = post(client, f"{base}open", {"journal": [left]})
    assert opened.json["writer"] == 2
    answer = sends(player, [1, "initialize"], [2, "set", PLACE["scorm_1_2"], "x"], writer=2)
    assert answer.json["acknowledged"] == 2


def test_calls_after_the_end_are_refused_and_recorded(tenant):
    window = make_window(tenant, "scorm_2004")
    window.set("cmi.exit", "suspend").call("finish").set("cmi.location", "late").call("commit")
    remarks = {n: code for n, code, _ in window.send().answer["remarks"]}
    assert (remarks[4], remarks[5]) == ("133", "143")
    assert is_usable(Window(tenant, window.attempt).call("initialize"))


def test_more_requests_to_go_elsewhere_than_a_learner_can_make_are_no_commit():
    """Each would run sequencing while the attempt is locked."""
    moves = [[n, "navigate", "continue", ""] for n in range(1, 202)]
    with pytest.raises(JournalInvalid, match="more than 200 requests"):
        parse_commit({"writer": 1, "number": 1, "entries": moves})


def go_on_for_ever(window):
    for n in range(100):
        window.set("cmi.core.lesson_location", str(n)).send()


class TestTheLogOfOneDay:
    """The disk is not anybody's to fill; what was acknowledged stays."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch):
        monkeypatch.setattr(log_room, "WHOLE", 5000)
        monkeypatch.setattr(log_room, "MOST", 10_000)

    @pytest.fixture
    def window(self, tenant):
        return make_window(tenant, "scorm_1_2")

    def test_in_its_second_half_long_values_are_logged_by_their_beginnings(self, tenant, window):
        value = "x" * 2900
        for _ in range(3):
            window.set("cmi.suspend_data", value).send()
        logged = [len(row.entries[-1][3]) for row in read_log(tenant, window.attempt)[1:]]
        assert logged[:2] == [2900, 2900]
        assert logged[2] < 250
        again = Window(tenant, window.attempt)
        assert again.opening["delivery"]["values"]["cmi.suspend_data"] == value

    def test_when_it_is_full_nothing_more_is_taken_and_nothing_is_lost(self, tenant, window):
        with pytest.raises(LogFull):
            go_on_for_ever(window)
        kept = read_attempt(tenant, window.attempt).applied_entry
        assert 3 < kept < 100
        assert window.waiting[0][0] == kept + 1

    def test_tomorrow_there_is_room_again(self, tenant, window):
        with pytest.raises(LogFull):
            go_on_for_ever(window)
        with transaction(tenant) as session:
            body = parse_commit(window.body())
            result = commit(session, window.attempt, body, now=NOW + timedelta(days=1))
        assert result.answer["acknowledged"] == window.n

    def test_what_is_stale_is_left_out_first(self, tenant, window):
        window.set("cmi.suspend_data", "x" * 6000).send()
        Window(tenant, window.attempt)
        assert window.set("cmi.suspend_data", "late").send().fenced
        assert "stale" not in [row.kind for row in read_log(tenant, window.attempt)]

    def test_the_browser_is_told_when_to_ask_again(self, player):
        for number in range(1, 60):
            answer = sends(player, [number, "commit"], number=number)
            if answer.status_code != 200:
                break
        error = json.loads(answer.data)["error"]
        assert (answer.status_code, error["code"]) == (429, "too_much")
        assert answer.headers["Retry-After"] == "3600"
