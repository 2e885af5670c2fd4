"""Numbers that can be read out, templates that cannot be wrong, dates that end."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.core.badge import Award, build_claims, build_credential, hash_identity
from content.core.certificate import (
    ALPHABET,
    LookInvalid,
    expiry,
    fill,
    may_renew,
    read_look,
    read_number,
    write_number,
)
from database.base import uuid7

NOW = datetime(2026, 1, 31, 12, tzinfo=UTC)
ENTROPY = st.binary(min_size=10, max_size=10)


@given(ENTROPY)
def test_a_number_is_read_however_it_is_typed(entropy):
    number = write_number(entropy)
    for typed in (number.lower(), number.replace("-", " "), number.replace("0", "O")):
        assert read_number(typed) == number


@given(ENTROPY, st.integers(0, 15), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_noticed(entropy, place, other):
    """A slip of the finger leads to nobody else's certificate. ISO/IEC 7812-1 Annex B"""
    plain = write_number(entropy).replace("-", "")
    wrong = plain[:place] + other + plain[place + 1 :]
    assert (read_number(wrong) is None) == (plain[place] != other)


@pytest.mark.parametrize("typed", ["", "abc", "U" * 16, "0000-0000-0000-0001", "é" * 16])
def test_what_is_no_number_is_none(typed):
    assert read_number(typed) is None


@pytest.mark.parametrize(
    ("given_look", "field"),
    [
        ({"accent": "red"}, "accent"),
        ({"accent": "#0b5f6b\n"}, "accent"),
        ({"paper": "a3"}, "paper"),
        ({"frame": "<svg>"}, "frame"),
        ({"text": "{salary}"}, "text"),
        ({"heading": "x" * 81}, "heading"),
    ],
)
def test_a_template_that_cannot_be_drawn_is_refused_by_name(given_look, field):
    with pytest.raises(LookInvalid) as refusal:
        read_look(given_look)
    assert refusal.value.field == field


def test_placeholders_are_filled_and_nothing_else_is():
    values = {"name": "Ada {course}", "course": "Fire"}
    assert fill("{name} passed {course}; {score}.", values) == "Ada {course} passed Fire; ."


@pytest.mark.parametrize(
    ("days", "months", "ends"),
    [
        (None, None, None),
        (10, 12, NOW + timedelta(days=10)),
        (None, 1, datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (None, 12, datetime(2027, 1, 31, 12, tzinfo=UTC)),
        (None, 11, datetime(2026, 12, 31, 12, tzinfo=UTC)),
    ],
)
def test_a_certificate_ends_when_the_course_says_or_the_template(days, months, ends):
    assert expiry(NOW, valid_days=days, valid_months=months) == ends


@pytest.mark.parametrize(
    ("ends_in", "finished_ago", "renews"),
    [(200, 0, False), (30, 1, True), (30, 100, False), (-10, 5, True), (-10, 400, False)],
)
def test_who_takes_the_course_again_near_the_end_gets_a_new_one(ends_in, finished_ago, renews):
    finished = NOW - timedelta(days=finished_ago)
    assert may_renew(NOW + timedelta(days=ends_in), finished, NOW) is renews


def test_a_certificate_without_end_is_not_renewed():
    assert not may_renew(None, NOW, NOW)


def award(**changes) -> Award:
    made = {
        "certificate_id": uuid7(),
        "user_id": uuid7(),
        "course_id": uuid7(),
        "course_title": "Fire",
        "course_description": "",
        "organisation": "School",
        "recipient_name": "Ada",
        "email": "Ada@School.test",
        "language": "en",
        "number": "N",
        "score_scaled": 0.875,
        "issued_at": NOW,
        "expires_at": NOW + timedelta(days=1),
    }
    return Award(**{**made, **changes})


def test_a_badge_names_what_open_badges_asks_for():
    """Required members of an AchievementCredential. OB 3.0 B.1.2"""
    credential = build_credential("https://a.test", uuid7(), award())
    assert credential["type"] == ["VerifiableCredential", "OpenBadgeCredential"]
    assert credential["@context"][0] == "https://www.w3.org/ns/credentials/v2"
    assert credential["issuer"]["type"] == ["Profile"]
    assert credential["validFrom"] == "2026-01-31T12:00:00Z"
    achievement = credential["credentialSubject"]["achievement"]
    assert {"id", "type", "name", "description", "criteria"} <= achievement.keys()
    claims = build_claims(credential)
    assert (claims["jti"], claims["iss"]) == (credential["id"], credential["issuer"]["id"])
    assert claims["exp"] - claims["nbf"] == 86400


def test_a_badge_holds_no_address():
    """Only a salted hash: who knows the address can compare it. OB 3.0 B.1.16"""
    made = award()
    text = str(build_credential("https://a.test", uuid7(), made)).lower()
    assert "ada@school.test" not in text
    assert hash_identity(made.email, made.certificate_id.hex) in text
