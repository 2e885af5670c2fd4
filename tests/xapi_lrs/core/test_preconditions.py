"""ETags and what may be overwritten: the rules of both versions, row by row."""

import hashlib

import pytest

from xapi_lrs.core.document import ACTIVITY_PROFILE, AGENT_PROFILE, RESOURCES, STATE
from xapi_lrs.core.preconditions import (
    DocumentConflict,
    NoPrecondition,
    PreconditionFailed,
    Preconditions,
    make_etag,
)

TAG = make_etag(b"there")
OTHER = make_etag(b"other")
PROFILES = (AGENT_PROFILE, ACTIVITY_PROFILE)
CHANGING = ("PUT", "POST", "DELETE")


def verdict(etag, method="PUT", resource=STATE, version="1.0.3", **headers):
    """None when it holds, otherwise the class of the refusal."""
    try:
        Preconditions(method, resource, version, **headers).check(etag)
    except (DocumentConflict, NoPrecondition, PreconditionFailed) as refusal:
        return type(refusal)
    return None


def test_an_etag_is_the_sha1_of_the_octets():
    """XP-06"""
    assert make_etag(b"x") == hashlib.sha1(b"x", usedforsecurity=False).hexdigest()
    assert len(TAG) == 40


def test_a_1_0_3_client_puts_state_without_headers():
    """Players that bookmark without ETags go on working. XP-04"""
    assert verdict(TAG) is None
    assert verdict(None) is None


@pytest.mark.parametrize("resource", PROFILES, ids=lambda one: one.name)
def test_a_1_0_3_client_says_what_it_expects_of_a_profile(resource):
    """XP-04, XP-05"""
    assert verdict(TAG, resource=resource) is DocumentConflict
    assert verdict(None, resource=resource) is NoPrecondition
    assert NoPrecondition.status_hint == 400


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_a_2_0_client_overwrites_nothing_by_accident(resource):
    """State is no exception in 2.0. XP-04"""
    assert verdict(TAG, resource=resource, version="2.0.0") is DocumentConflict
    assert verdict(None, resource=resource, version="2.0.0") is None


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_post_and_delete_need_no_headers(method, resource, version):
    """XP-07"""
    assert verdict(TAG, method, resource, version) is None
    assert verdict(None, method, resource, version) is None


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
@pytest.mark.parametrize("method", CHANGING)
def test_if_match_holds_for_the_document_it_names(method, resource, version):
    """XP-07"""
    about = (method, resource, version)
    assert verdict(TAG, *about, if_match=f'"{TAG}"') is None
    assert verdict(TAG, *about, if_match=f'"{OTHER}", "{TAG}"') is None
    assert verdict(TAG, *about, if_match="*") is None
    assert verdict(TAG, *about, if_match=f'"{OTHER}"') is PreconditionFailed
    assert verdict(TAG, *about, if_match='"1234"') is PreconditionFailed
    assert verdict(None, *about, if_match=f'"{TAG}"') is PreconditionFailed
    assert verdict(None, *about, if_match="*") is PreconditionFailed


@pytest.mark.parametrize("method", CHANGING)
def test_if_none_match_holds_where_nothing_is_there(method):
    """XP-07"""
    assert verdict(None, method, if_none_match="*") is None
    assert verdict(TAG, method, if_none_match="*") is PreconditionFailed
    assert verdict(TAG, method, if_none_match=f'"{TAG}"') is PreconditionFailed
    assert verdict(TAG, method, if_none_match=f'"{OTHER}"') is None


@pytest.mark.parametrize("written", [f'W/"{TAG}"', TAG, f'"{TAG.upper()}"', f' "{TAG}" '])
def test_an_etag_that_went_through_a_proxy_or_a_careless_client_still_matches(written):
    """XP-06"""
    assert verdict(TAG, if_match=written) is None


def test_an_empty_or_senseless_if_match_names_no_document():
    assert verdict(TAG, if_match="") is PreconditionFailed
    assert verdict(TAG, if_match=", ,") is PreconditionFailed


def test_a_refusal_says_what_to_do():
    """1.0.3 Communication 3.1: explain that the client should look and send If-Match."""
    with pytest.raises(DocumentConflict, match="If-Match"):
        Preconditions("PUT", AGENT_PROFILE, "1.0.3").check(TAG)
    with pytest.raises(PreconditionFailed, match=TAG):
        Preconditions("PUT", STATE, "1.0.3", if_match='"x"').check(TAG)


def test_only_what_depends_on_nothing_may_be_written_blindly():
    free = [
        (method, resource.name, version)
        for method in CHANGING
        for resource in RESOURCES
        for version in ("1.0.3", "2.0.0")
        if Preconditions(method, resource, version).always_hold
    ]
    assert [one for one in free if one[0] == "PUT"] == [("PUT", "state", "1.0.3")]
    assert not Preconditions("PUT", STATE, "1.0.3", if_match="*").always_hold
    assert not Preconditions("DELETE", STATE, "1.0.3", if_none_match="*").always_hold
