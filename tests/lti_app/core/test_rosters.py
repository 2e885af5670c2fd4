"""Rosters: people as platforms describe them."""

import pytest

from lti_app.core.lti.roles import LaunchRole
from lti_app.core.rosters import read_members

MEMBERSHIP = "http://purl.imsglobal.org/vocab/lis/v2/membership#"


def test_roles_are_read_in_short_and_in_uri_form():
    """LTI-NRPS-1, moodle.md 7"""
    members = read_members(
        {
            "members": [
                {"user_id": "1", "roles": ["Learner"], "name": "Ada"},
                {"user_id": "2", "roles": [MEMBERSHIP + "Instructor"], "name": "Bo"},
                {"user_id": "3", "roles": ["Whatever"]},
                {"user_id": "4"},
            ]
        }
    )
    assert [one.role for one in members] == [
        LaunchRole.LEARNER,
        LaunchRole.INSTRUCTOR,
        LaunchRole.NONE,
        LaunchRole.NONE,
    ]


def test_without_names_people_are_still_there():
    """moodle.md 7: privacy off; LTI-G08"""
    [one] = read_members({"members": [{"user_id": "4", "roles": ["Learner"], "status": "Active"}]})
    assert (one.subject, one.name, one.sort_name, one.email) == ("4", "", "", "")


def test_status_and_names_are_read():
    body = {"user_id": 9, "status": "inactive", "given_name": "Ada", "family_name": "Lo"}
    [one] = read_members({"members": [body]})
    assert (one.subject, one.status, one.name, one.sort_name) == (
        "9",
        "Inactive",
        "Ada Lo",
        "Lo, Ada",
    )
    [one] = read_members({"members": [{"user_id": "9", "status": "Deleted"}]})
    assert one.status == "Deleted"


def test_people_without_a_usable_id_are_left_out():
    members = read_members(
        {"members": [{}, {"user_id": ""}, {"user_id": "a\x00"}, 7, {"user_id": "1"}]}
    )
    assert [one.subject for one in members] == ["1"]


@pytest.mark.parametrize("body", [None, [], {}, {"members": {}}])
def test_what_is_no_list_of_members_is_none(body):
    assert read_members(body) is None
