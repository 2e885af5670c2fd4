"""Signed addresses of the teacher's page."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from lti_app.core.lti.page_token import (
    LinkGradesToken,
    PageTokenExpired,
    PageTokenInvalid,
    read_page_token,
    sign_page_token,
)
from scorm_runtime.core.tokens import PlayerToken, TokenInvalid, read_token, sign_token

SECRET = "s" * 32
NOW = datetime(2026, 11, 21, tzinfo=UTC)
ONE, TWO = UUID(int=1), UUID(int=2)
TOKEN = LinkGradesToken(ONE, TWO, ONE, NOW + timedelta(hours=1))


def test_a_token_comes_back_as_it_was_signed():
    text = sign_page_token(SECRET, TOKEN)
    assert read_page_token(SECRET, text, NOW) == TOKEN
    assert text.replace("-", "").replace("_", "").replace(".", "").isalnum()


def test_a_token_ends():
    with pytest.raises(PageTokenExpired):
        read_page_token(SECRET, sign_page_token(SECRET, TOKEN), NOW + timedelta(hours=1))


def test_a_changed_or_foreign_token_is_refused():
    text = sign_page_token(SECRET, TOKEN)
    wrong = [text[:-1] + ("A" if text[-1] != "A" else "B"), "x", "", ".", "a.b", text + "=", "é.é"]
    for candidate in [*wrong, sign_page_token("t" * 32, TOKEN)]:
        with pytest.raises(PageTokenInvalid):
            read_page_token(SECRET, candidate, NOW)


def test_a_player_token_does_not_open_the_page_nor_the_other_way_round():
    player = PlayerToken(ONE, TWO, ONE, "x", "normal", True, NOW + timedelta(hours=1))
    with pytest.raises(PageTokenInvalid):
        read_page_token(SECRET, sign_token(SECRET, player), NOW)
    with pytest.raises(TokenInvalid):
        read_token(SECRET, sign_page_token(SECRET, TOKEN), NOW)
