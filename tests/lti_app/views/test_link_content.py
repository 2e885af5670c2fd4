"""Content for a link that names none: chosen here by a teacher, for everybody."""

from sqlalchemy import select

from database.session import transaction
from lti_app.models.context import LinkMember, ResourceLink
from tests.lti_app.fake_platform import INSTRUCTOR, LEARNER
from tests.lti_app.lti_fixtures import add_package

NO_ITEM = {"custom": {}, "resource_link": {"id": "empty", "title": "Empty"}}


def test_a_learner_is_told_that_a_teacher_must_choose(browser):
    answer = browser.launch(roles=[LEARNER], **NO_ITEM)
    assert answer.status_code == 404
    assert "a teacher who opens this activity can choose" in answer.text


def test_a_teacher_chooses_and_everybody_gets_it(browser, tenant):
    """Mended in place: the platform's link stays as it is."""
    add_package(tenant, "other")
    answer = browser.launch(roles=[INSTRUCTOR], sub="tina", **NO_ITEM)
    assert answer.status_code == 303
    address = answer.location
    page = browser.open(address).text
    assert "Choose what this activity opens" in page
    assert 'type="radio"' in page
    assert "Counts in the gradebook" not in browser.open(f"{address}/options?item=demo").text

    chosen = browser.open(address, "POST", data={"item": ["other"], "version-0": "1"})
    token = browser.token_of(chosen)
    assert browser.log()[0].attempt_id == token.attempt_id
    assert browser.token_of(browser.launch(**NO_ITEM)).attempt_id != token.attempt_id
    with transaction(tenant) as session:
        link = session.scalars(select(ResourceLink)).one()
        assert (link.package_key, link.item_version) == ("other", 1)
        assert link.chosen_by == token.user_id


def test_points_may_be_said_where_the_platform_has_no_column_yet(browser, tenant):
    ags = {"scope": ["x"], "lineitems": f"{browser.platform.issuer}/lineitems"}
    address = browser.launch(roles=[INSTRUCTOR], **NO_ITEM, ags=ags).location
    assert "Counts in the gradebook" in browser.open(f"{address}/options?item=demo").text
    browser.open(address, "POST", data={"item": "demo", "graded-0": "1", "points-0": "7"})
    with transaction(tenant) as session:
        assert session.scalars(select(ResourceLink)).one().points == 7


def test_what_the_platform_names_later_wins(browser, tenant):
    add_package(tenant, "other")
    address = browser.launch(roles=[INSTRUCTOR], **NO_ITEM).location
    browser.open(address, "POST", data={"item": "other"})
    browser.launch(**{**NO_ITEM, "custom": {"sc_item": "demo"}})
    with transaction(tenant) as session:
        assert session.scalars(select(ResourceLink)).one().package_key == "demo"


def test_without_a_choice_the_picker_comes_back(browser):
    address = browser.launch(roles=[INSTRUCTOR], **NO_ITEM).location
    for method, path in (("POST", ""), ("GET", "/options")):
        answer = browser.open(f"{address}{path}", method)
        assert answer.location.endswith(address)


def test_who_is_no_teacher_any_more_chooses_nothing(browser, tenant):
    """The role of the last launch counts, not that of the address."""
    address = browser.launch(roles=[INSTRUCTOR], **NO_ITEM).location
    with transaction(tenant) as session:
        session.scalars(select(LinkMember)).one().role = "learner"
    assert browser.open(address).status_code == 401
    assert browser.open(address, "POST", data={"item": "demo"}).status_code == 401
