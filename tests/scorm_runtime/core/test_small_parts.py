"""Tokens, durations, storable texts, contents: the small parts of the core."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scorm_runtime.core.cmi.timespan import format_duration, format_timespan, parse_timespan
from scorm_runtime.core.contents import read_contents
from scorm_runtime.core.settings import RuntimeSettings, read_settings
from scorm_runtime.core.storable import from_storable, to_storable
from scorm_runtime.core.tokens import (
    PlayerToken,
    TokenExpired,
    TokenInvalid,
    read_token,
    renew,
    sign_token,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
TOKEN = PlayerToken(
    UUID(int=1), UUID(int=2), UUID(int=3), "läunch·7", "normal", False, NOW + timedelta(hours=1)
)


def test_a_token_says_what_was_signed():
    text = sign_token("secret", TOKEN)
    assert read_token("secret", text, NOW) == TOKEN
    assert set(text) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.")


def test_a_token_of_another_secret_is_invalid():
    with pytest.raises(TokenInvalid):
        read_token("other", sign_token("secret", TOKEN), NOW)


def test_no_changed_character_passes():
    text = sign_token("secret", TOKEN)
    for at in range(len(text)):
        changed = text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :]
        with pytest.raises(TokenInvalid):
            read_token("secret", changed, NOW)


def test_a_token_ends_and_can_be_renewed_before():
    later = NOW + timedelta(hours=1)
    text = sign_token("secret", TOKEN)
    with pytest.raises(TokenExpired) as caught:
        read_token("secret", text, later)
    assert caught.value.token == TOKEN
    assert read_token("secret", text, later, leeway=timedelta(seconds=1)) == TOKEN
    again = renew(TOKEN, later, timedelta(hours=8))
    assert replace(again, expires_at=TOKEN.expires_at) == TOKEN
    assert again.expires_at == later + timedelta(hours=8)


@pytest.mark.parametrize("hours", [1, 8])
def test_a_token_is_renewed_once_an_eighth_of_its_time_is_over(hours):
    """PAIN-13: also a short one, in time; a fresh one keeps its address."""
    lifetime = timedelta(hours=hours)
    token = replace(TOKEN, expires_at=NOW + lifetime)
    assert renew(token, NOW + lifetime / 8, lifetime) is None
    assert renew(token, NOW + lifetime / 8 + timedelta(seconds=1), lifetime) is not None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("00:00:00", 0),
        ("0001:02:03.45", 3723.45),
        ("PT1H2M3.5S", 3723.5),
        ("P1DT1S", 86401),
        ("1:2:3", 3723),
        ("", None),
        ("P", None),
        ("PT", None),
        ("12", None),
    ],
)
def test_durations_are_read_in_both_spellings(text, seconds):
    assert parse_timespan(text) == seconds


@given(st.integers(0, 9999 * 360_000))
def test_a_written_duration_reads_back(hundredths):
    assert parse_timespan(format_timespan(hundredths / 100)) == pytest.approx(hundredths / 100)


def test_durations_beyond_the_format_are_cut():
    assert format_timespan(1e12) == "9999:59:59.99"
    assert format_timespan(-5) == "0000:00:00.00"


@given(st.text(st.characters(codec=None, exclude_categories=[])))
def test_any_text_can_be_stored_and_comes_back(text):
    stored = to_storable({"v": [text]})
    stored["v"][0].encode("utf-8")
    assert "\x00" not in stored["v"][0]
    assert from_storable(stored) == {"v": [text]}


def node(identifier, *items, visible=True):
    return {
        "identifier": identifier,
        "title": identifier.lower(),
        "is_visible": visible,
        "items": items,
    }


def sco(identifier, **more):
    return {"identifier": identifier, "title": identifier.lower(), "launch": "a.html?x", **more}


def test_contents_keep_the_tree_and_what_the_manifest_decides():
    manifest = {
        "items": [node("A"), node("C", node("B", visible=False), node("D"))],
        "scos": [
            sco("A", mastery_score=80.0, data_from_lms="x=1", scorm_type="sco"),
            sco("B", scorm_type="asset"),
            sco("D", scorm_type="sco"),
        ],
    }
    contents = read_contents("T", manifest)
    found = [(item.identifier, item.kind, item.level, item.is_visible) for item in contents.items]
    assert found == [
        ("A", "sco", 0, True),
        ("C", "cluster", 0, True),
        ("B", "asset", 1, False),
        ("D", "sco", 1, True),
    ]
    assert contents.items[0].launch_values() == {
        "cmi.launch_data": "x=1",
        "cmi.student_data.mastery_score": "80",
    }
    assert contents.find("C") is None


def test_settings_ignore_names_they_do_not_know():
    assert read_settings({"strict": True, "colour": "red"}) == RuntimeSettings(strict=True)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "PT0H0M0S"),
        (3723.5, "PT1H2M3.5S"),
        (59.999, "PT0H1M0S"),
        (90061.25, "PT25H1M1.25S"),
        (-3, "PT0H0M0S"),
    ],
)
def test_durations_of_scorm_2004_are_written_in_hours_minutes_and_seconds(seconds, text):
    assert format_duration(seconds) == text
