"""Keys, secrets, scopes, versions."""

import base64
import random

import pytest

from xapi_lrs.core.credential import hash_secret, make_key, make_secret, parse_basic, secret_matches
from xapi_lrs.core.errors import InvalidRequest, NotAuthenticated
from xapi_lrs.core.scopes import SCOPES, allows, unknown_scopes
from xapi_lrs.core.versions import answer_version, parse_version


def basic(text: str) -> str:
    return "Basic " + base64.b64encode(text.encode()).decode()


def test_a_key_and_its_secret_come_from_the_given_randomness():
    one, other = random.Random(1), random.Random(1)
    assert make_key(one.randbytes) == make_key(other.randbytes)
    assert make_secret(one.randbytes) == make_secret(other.randbytes)
    assert ":" not in make_key(one.randbytes)
    assert len(make_secret(one.randbytes)) == 43


def test_only_the_same_secret_matches():
    assert secret_matches("secret", hash_secret("secret"))
    assert not secret_matches("Secret", hash_secret("secret"))
    assert not secret_matches("", hash_secret("secret"))


def test_a_secret_may_hold_colons_and_any_script():
    """XP-19"""
    assert parse_basic(basic("key:se:cret:é")) == ("key", "se:cret:é")
    assert parse_basic(basic("key:").replace("Basic", "bASIC")) == ("key", "")


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Basic", "Basic ", "Basic:xxx", "Basic %%%", "Basic a", "Bearer abc"),
        *(basic("nocolon"), basic(":secret"), basic("a\0b:c"), "Basic /////w=="),
    ],
)
def test_a_malformed_header_is_a_missing_credential_and_no_crash(header):
    """XP-19"""
    with pytest.raises(NotAuthenticated):
        parse_basic(header)


def test_the_widest_scope_allows_everything_and_the_narrow_ones_only_their_own():
    everything = set().union(*SCOPES.values())
    assert SCOPES["all"] == everything
    assert not allows(["statements/write"], "read statements")
    assert allows(["statements/write", "statements/read"], "read statements")
    assert not allows(["all/read"], "write statements")
    assert not allows(["no such scope"], "read statements")
    assert unknown_scopes(["all", "everything"]) == ["everything"]


@pytest.mark.parametrize(
    ("header", "handled"),
    [
        ("1.0", "1.0.3"),
        ("1.0.3", "1.0.3"),
        ("1.0.9", "1.0.3"),
        ("2.0.0", "2.0.0"),
        ("2.0", "2.0.0"),
    ],
)
def test_each_family_of_versions_is_answered_with_its_own(header, handled):
    """XP-01"""
    assert parse_version(header) == answer_version(header) == handled


@pytest.mark.parametrize(
    "header", [None, "", "0.8", "0.95", "BAD", "1.1", "1.1.0", "3.0.0", "1.0.x"]
)
def test_other_versions_are_refused(header):
    """XP-02"""
    with pytest.raises(InvalidRequest, match="X-Experience-API-Version"):
        parse_version(header)


def test_a_request_without_a_version_is_answered_as_the_last_that_had_none():
    """XP-02"""
    assert answer_version(None) == "0.95"
