"""Copied courses: the same content with the same settings, and nobody's attempts. PAIN-07"""

from typing import Any

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.core.lti.copies import MOST, read_history
from lti_app.core.permissions import Role
from lti_app.models.context import ResourceLink
from lti_app.services import link_copies
from lti_app.services.registrations import approve_deployment, find_deployment
from scorm_runtime.models.attempt import Attempt
from tests.lti_app.fake_platform import INSTRUCTOR, LEARNER, LTI
from tests.lti_app.lti_fixtures import add_package

CUSTOM = {"sc_item": "demo", "sc_version": "current"}
UNKNOWN = {
    "sc_link_history": "$ResourceLink.id.history",
    "sc_context_history": "$Context.id.history",
}
LONG = "8865aa05b4b79b64a91a86042e43af5ea8ae79eb"


def launch(
    browser, link: str, course: str = "2", custom: dict[str, str] | None = None, **more: Any
):
    return browser.launch(
        **{
            "resource_link": {"id": link, "title": "Fire safety"},
            "context": {"id": course, "title": f"Course {course}"},
            "custom": CUSTOM | UNKNOWN if custom is None else custom,
            "roles": [LEARNER],
            **more,
        }
    )


def links(tenant) -> dict[str, ResourceLink]:
    with transaction(tenant) as session:
        found = session.scalars(select(ResourceLink)).all()
        session.expunge_all()
        return {link.resource_link_id: link for link in found}


def change(tenant, link: str, **values: Any) -> None:
    with transaction(tenant) as session:
        row = session.scalars(
            select(ResourceLink).where(ResourceLink.resource_link_id == link)
        ).one()
        for name, value in values.items():
            setattr(row, name, value)


# ── what platforms send ───────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({LTI + "custom": UNKNOWN}, ((), ())),
        (
            {LTI + "custom": {"sc_link_history": "9,8", "sc_context_history": "2"}},
            (("9", "8"), ("2",)),
        ),
        ({LTI + "custom": {"SC_LINK_HISTORY": "a%2Cb,%20c"}}, (("a,b", " c"), ())),
        ({LTI + "custom": {"resource_link_id_history": "_7_1"}}, (("_7_1",), ())),
        ({LTI + "ext": {"ext_d2l_resource_link_id_history": "77"}}, (("77",), ())),
        ({LTI + "custom": {"sc_link_history": ",,9,9, ,"}}, (("9",), ())),
        ({LTI + "custom": {"sc_link_history": "", "resource_link_id_history": "5"}}, (("5",), ())),
        ({LTI + "custom": "nonsense", LTI + "ext": []}, ((), ())),
        ({}, ((), ())),
    ],
)
def test_a_history_is_read_in_every_form_and_literals_are_nothing(claims, expected):
    """PAIN-07: comma list, newest first, URL-encoded. BB-13, D2L-9, MOODLE-15"""
    found = read_history(claims)
    assert (found.links, found.contexts) == expected


def test_a_history_without_end_is_cut():
    claims = {LTI + "custom": {"sc_link_history": ",".join(map(str, range(5000)))}}
    assert len(read_history(claims).links) == MOST


# ── copies ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "history",
    [
        {"sc_link_history": "link-1"},
        {"resource_link_id_history": "link-1"},  # Blackboard: BB-13
        {"ext_d2l_resource_link_id_history": "link-1"},  # Brightspace: D2L-9
    ],
    ids=["Canvas", "BB-13", "D2L-9"],
)
def test_a_copied_link_takes_over_settings_and_no_attempt(browser, tenant, history):
    """PAIN-07"""
    add_package(tenant, "chosen")
    begun = browser.token_of(launch(browser, "link-1"))
    change(tenant, "link-1", package_key="chosen", item_version=1, points=7.5)

    copied = browser.token_of(launch(browser, "link-2", "3", custom=history))

    found = links(tenant)
    new = found["link-2"]
    assert (new.package_key, new.item_version, new.points) == ("chosen", 1, 7.5)
    assert new.copied_from_id == found["link-1"].id
    assert copied.attempt_id != begun.attempt_id
    with transaction(tenant) as session:
        keys = session.scalars(select(Attempt.context_key)).all()
    assert sorted(keys) == sorted(f"link:{found[name].id}" for name in ("link-1", "link-2"))


def test_the_page_of_a_copied_link_says_what_it_was_copied_from(browser, portal, tenant):
    """PAIN-07"""
    launch(browser, "link-1")
    launch(browser, "link-2", "3", custom={"sc_link_history": "link-1"})
    portal.sign_in_as(Role.TENANT_ADMINISTRATOR)
    found = links(tenant)
    assert "copied-from" not in portal.get(f"/admin/links/{found['link-1'].id}").text
    assert "copied-from" in portal.get(f"/admin/links/{found['link-2'].id}").text


def test_a_copy_of_a_copy_finds_the_newest_link_that_is_known(browser, tenant):
    """PAIN-07: the middle one may never have been opened."""
    launch(browser, "link-1")
    launch(browser, "link-2", "3", custom={"sc_link_history": "link-1"})
    launch(browser, "link-4", "5", custom={"sc_link_history": "link-3,link-2,link-1"})
    found = links(tenant)
    assert found["link-4"].copied_from_id == found["link-2"].id
    assert found["link-4"].package_key == "demo"


def test_what_the_link_itself_names_is_never_replaced_by_a_history(browser, tenant):
    add_package(tenant, "other")
    launch(browser, "link-1")
    launch(browser, "link-2", custom={"sc_item": "other", "sc_link_history": "link-1"})
    new = links(tenant)["link-2"]
    assert (new.package_key, new.item_version) == ("other", None)


def test_moodle_copies_are_found_by_custom_alone(browser, tenant):
    """MOODLE-15: no history of links; the literal text comes instead."""
    launch(browser, "1", custom=CUSTOM | UNKNOWN)
    browser.token_of(launch(browser, "9", "3", custom=CUSTOM | UNKNOWN))
    found = links(tenant)
    assert found["9"].package_key == "demo"
    assert found["9"].copied_from_id is None


def test_the_history_of_the_course_tells_where_a_link_came_from(browser, tenant):
    """Moodle fills $Context.id.history after a copy (moodle.md 3)."""
    launch(browser, "1")
    change(tenant, "1", points=3)
    custom = CUSTOM | UNKNOWN | {"sc_context_history": "2"}
    launch(browser, "9", "3", custom=custom)
    found = links(tenant)
    assert (found["9"].copied_from_id, found["9"].points) == (found["1"].id, 3)


def test_two_links_to_the_same_item_are_told_apart_by_their_titles_or_not_at_all(browser, tenant):
    custom = CUSTOM | {"sc_context_history": "2"}
    for number, title in (("1", "A"), ("2", "B"), ("3", "B")):
        launch(browser, number, resource_link={"id": number, "title": title})
    for number, title in (("11", "A"), ("12", "B")):
        launch(browser, number, "3", custom, resource_link={"id": number, "title": title})
    found = links(tenant)
    assert found["11"].copied_from_id == found["1"].id
    assert found["12"].copied_from_id is None


def test_content_chosen_here_comes_along(browser, tenant):
    """Nothing in `custom`, so only we know what the old link opened."""
    empty = {"resource_link": {"id": "empty", "title": ""}, "custom": {}, "roles": [INSTRUCTOR]}
    address = browser.launch(**empty).location
    browser.open(address, "POST", data={"item": "demo"})
    browser.token_of(launch(browser, "copy", "3", custom={"sc_link_history": "empty"}))
    assert links(tenant)["copy"].chosen_at is not None


def test_things_in_pages_that_share_the_courses_id_open_each_its_own(browser, tenant):
    """CANVAS-38: one resource_link.id for all of them."""
    add_package(tenant, "other")
    first = browser.token_of(launch(browser, "2", "2", custom={"sc_item": "demo"}))
    other = browser.token_of(launch(browser, "2", "2", custom={"sc_item": "other"}))
    assert first.attempt_id != other.attempt_id
    again = browser.token_of(launch(browser, "2", "2", custom={"sc_item": "demo"}))
    assert again.attempt_id == first.attempt_id
    assert launch(browser, "2", "2", custom={}).status_code == 404


def test_another_school_of_the_same_registration_is_not_taken_for_the_same_course(
    browser, tenant, registration
):
    """Blackboard counts its links at each school; only an id like a fingerprint is unique."""
    launch(browser, "7")
    launch(browser, LONG)
    launch(browser, "x", deployment_id="school-2")
    with transaction(tenant) as session:
        approve_deployment(session, find_deployment(session, registration, "school-2").id)
    launch(browser, "8", custom={"sc_link_history": "7"}, deployment_id="school-2")
    launch(browser, "9", custom={"sc_link_history": LONG}, deployment_id="school-2")
    found = links(tenant)
    assert found["8"].copied_from_id is None
    assert found["9"].copied_from_id == found[LONG].id


def test_the_link_that_it_came_from_is_named_with_its_course(browser, tenant):
    launch(browser, "link-1")
    launch(browser, "link-2", "3", custom={"sc_link_history": "link-1"})
    with transaction(tenant) as session:
        link = session.scalars(
            select(ResourceLink).where(ResourceLink.resource_link_id == "link-2")
        ).one()
        old, course = link_copies.find_source(session, link)
        assert (old.title, course.title) == ("Fire safety", "Course 2")
