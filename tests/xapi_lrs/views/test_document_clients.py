"""Documents by a client that nobody here wrote, over a real connection."""

import hashlib

import pytest
import tincan
from tincan.documents import ActivityProfileDocument, AgentProfileDocument, StateDocument

from tests.xapi_lrs.views.test_clients import remote

__all__ = ["remote"]

ADA = tincan.Agent(name="Ada", mbox="mailto:ada@example.com")
COURSE = tincan.Activity(id="https://example.com/course/1")


def state(**changes):
    parts = {
        "id": "bookmark",
        "activity": COURSE,
        "agent": ADA,
        "content": bytearray(b"page=3"),
        "content_type": "text/plain",
    }
    return StateDocument(**(parts | changes))


def retrieve(remote, state_id="bookmark"):
    return remote.retrieve_state(COURSE, ADA, state_id)


def test_tincan_bookmarks_without_etags(remote):
    """A player that knows no preconditions goes on working. XP-04"""
    for content in (b"page=3", b"page=4"):
        saved = remote.save_state(state(content=bytearray(content)))
        assert saved.success, saved.data
    found = retrieve(remote)
    assert found.success
    assert bytes(found.content.content) == b"page=4"


def test_tincan_lists_and_deletes_states(remote):
    for name in ("b", "a"):
        remote.save_state(state(id=name))
    listed = remote.retrieve_state_ids(COURSE, ADA)
    assert (listed.success, listed.content) == (True, ["a", "b"])
    assert remote.delete_state(state(id="a")).success
    assert remote.clear_state(COURSE, ADA).success
    assert remote.retrieve_state_ids(COURSE, ADA).content == []


def profile(noun, **changes):
    kind = AgentProfileDocument if noun == "agent" else ActivityProfileDocument
    parts = {"id": "p", "content_type": "application/json", "content": bytearray(b'{"a":1}')}
    return kind(**(parts | {noun: ADA if noun == "agent" else COURSE} | changes))


@pytest.mark.parametrize("noun", ["agent", "activity"])
def test_tincan_replaces_a_profile_with_the_etag_it_was_given_only(remote, noun):
    """XP-04, XP-05, XP-07"""
    save = getattr(remote, f"save_{noun}_profile")
    assert not save(profile(noun)).success
    endpoint = {"agent": ADA.to_json(), "profileId": "p"}
    if noun == "activity":
        endpoint = {"activityId": COURSE.id, "profileId": "p"}
    address = "agents/profile" if noun == "agent" else "activities/profile"
    headers = {"If-None-Match": "*", "Content-Type": "application/json"}
    request = tincan.HTTPRequest(
        method="PUT", resource=address, headers=headers, query_params=endpoint, content=b"{}"
    )
    assert remote._send_request(request).success
    etag = f'"{hashlib.sha1(b"{}", usedforsecurity=False).hexdigest()}"'
    assert not save(profile(noun, etag='"x"')).success
    assert save(profile(noun, etag=etag)).success


@pytest.mark.parametrize("noun", ["agent", "activity"])
def test_tincan_finds_no_profiles_where_there_are_none(remote, noun):
    owner = ADA if noun == "agent" else COURSE
    listed = getattr(remote, f"retrieve_{noun}_profile_ids")(owner)
    assert (listed.success, listed.content) == (True, [])
