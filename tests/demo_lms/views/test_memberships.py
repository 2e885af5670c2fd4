"""Names and Roles from the platform's side."""

import pytest

from demo_lms.core.claims import NRPS
from demo_lms.core.course import MEMBERSHIP
from demo_lms.core.media_types import MEMBERSHIPS
from tests.demo_lms.platform import launched, path_of, play

PATH = "/lti/nrps/1/memberships"


def roster(tool, path=PATH, accept=MEMBERSHIPS):
    return tool.call("GET", path, accept=accept)


def following(answer):
    """The path of the next page, or None."""
    link = answer.headers.get("Link", "")
    address, _, relation = link.partition(">; ")
    return path_of(address.removeprefix("<")) if relation == 'rel="next"' else None


def all_members(tool, path=PATH):
    members, pages = [], 0
    while path:
        answer = roster(tool, path)
        members += answer.json["members"]
        path, pages = following(answer), pages + 1
    return members, pages


def test_the_launch_says_where_the_roster_is(stan, tool):
    service = launched(stan, tool)[NRPS]
    assert path_of(service["context_memberships_url"]) == PATH


def test_moodle_gives_short_roles_and_everybody_at_once(lms, tool):
    """MOODLE 7: active enrolments only."""
    play(lms, "moodle", members=300)
    answer = roster(tool)
    assert answer.content_type == MEMBERSHIPS
    assert "Link" not in answer.headers
    members = answer.json["members"]
    assert {member["status"] for member in members} == {"Active"}
    assert members[0] == {
        "status": "Active",
        "roles": ["Learner"],
        "user_id": "4",
        "lis_person_sourcedid": "SIS-STAN",
        "name": "Stan Student",
        "given_name": "Stan",
        "family_name": "Student",
        "email": "stan@demo-lms.example",
    }


@pytest.mark.parametrize("accept", ["application/json", f"{MEMBERSHIPS};q=1"])
def test_moodle_compares_the_accept_header_as_a_whole(lms, tool, accept):
    """MOODLE 7"""
    assert roster(tool, accept=accept).status_code == 400


def test_five_thousand_members_are_read_page_by_page(lms, tool):
    """LTI-NRPS-5, CANVAS-35, PAIN-21"""
    play(lms, "canvas", members=5000)
    members, pages = all_members(tool, f"{PATH}?limit=1000")
    assert len({member["user_id"] for member in members}) == 5003
    assert pages == 101, "a limit above 50 is cut to 50"
    assert {member["status"] for member in members} == {"Active", "Inactive", "Deleted"}
    assert members[0]["roles"] == [MEMBERSHIP + "Learner"]


@pytest.mark.parametrize("role", ["Instructor", MEMBERSHIP + "Instructor"])
def test_a_role_narrows_the_roster_and_stays_in_the_link(lms, tool, role):
    """LTI-NRPS-4"""
    play(lms, "generic")
    path = f"{PATH}?role={role.replace('#', '%23')}"
    assert [m["name"] for m in roster(tool, path).json["members"]] == ["Tina Teacher"]
    learners, pages = all_members(tool, f"{PATH}?role=Learner&limit=1")
    assert [member["name"] for member in learners] == ["Stan Student", "Sara Sample"]
    assert pages == 2


def test_the_last_page_offers_the_differences_where_the_product_does(lms, tool):
    """LTI-NRPS-6"""
    play(lms, "generic")
    assert 'rel="differences"' in roster(tool).headers["Link"]


def test_a_resource_link_adds_its_message(lms, tool):
    play(lms, "generic")
    member = roster(tool, f"{PATH}?rlid=2").json["members"][0]
    [message] = member["message"]
    assert {"sc_item": "demo-quiz"} in message.values()
    assert roster(tool, f"{PATH}?rlid=99").status_code == 404


def test_people_stay_nameless_where_privacy_is_on(lms, tool):
    """MOODLE 3: status, roles, user_id and sourcedid still come."""
    play(lms, "moodle", privacy="anonymous")
    member = roster(tool).json["members"][0]
    assert set(member) == {"status", "roles", "user_id", "lis_person_sourcedid"}


def test_the_roster_needs_its_scope(lms, tool):
    token = tool.token("https://purl.imsglobal.org/spec/lti-ags/scope/score")
    answer = tool.call("GET", PATH, authorization=f"Bearer {token}", accept=MEMBERSHIPS)
    assert answer.status_code == 401
