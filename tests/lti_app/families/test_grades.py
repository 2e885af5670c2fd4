"""A semester with each product: what reaches its gradebook; a teacher has the last word.

The Demo LMS plays the product over real HTTP and shares no code with us.
"""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from database.session import transaction
from lti_app.jobs import line_items, platform_jobs
from lti_app.models.context import ResourceLink
from lti_app.models.grade import Passback
from lti_app.models.registration import Registration
from lti_app.services import grade_services, line_item_changes, reconciliation
from lti_app.services import platform_jobs as schedule
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")
PRODUCTS = ["canvas", "moodle", "blackboard", "brightspace", "sakai"]


def begin(play, product: str) -> Learner:
    """Stan opens an activity without a column; one is made where that is wanted."""
    browser = play(product)
    browser.platform.take_column("2")
    with transaction(browser.tenant) as session:
        grade_services.change_settings(
            session,
            browser.platform.registration_id,
            overwrites=False,
            line_items="always",
            results_hours=24,
            roster_hours=24,
        )
    learner = Learner(browser)
    for _twice in range(2):
        line_items.ensure(str(learner.tenant), str(learner.launch.resource_link_id))
    return learner


def send(learner: Learner, row_id: UUID | None) -> Passback:
    assert row_id is not None
    learner.make_due(row_id)
    return learner.send(row_id)


def compare(learner: Learner) -> dict[str, int]:
    """Read the platform's results, as the nightly job does."""
    with transaction(learner.tenant) as session:
        job_id = schedule.schedule(session, "results", learner.launch.registration_id).id
    platform_jobs.run(str(learner.tenant), str(job_id))
    with transaction(learner.tenant) as session:
        return dict(schedule.get_job(session, job_id).report)


@pytest.mark.parametrize("product", PRODUCTS)
def test_from_the_column_to_the_conflict(play, product: str, monkeypatch):
    """LTI-AGS-12 to 14, LTI-SP-2, LTI-SP-5, LTI-SP-9, PAIN-20, CANVAS-25, CANVAS-28, MOODLE-8,
    BB-8, BB-9, BB-10, D2L-3"""
    monkeypatch.setattr(reconciliation, "SETTLING", timedelta())
    learner = begin(play, product)
    lms = learner.browser.platform
    with transaction(learner.tenant) as session:  # by what its launch says of itself
        assert session.get_one(Registration, lms.registration_id).platform == product
    column = lms.column()  # made once, found by the second search
    assert column["score_maximum"] > 0

    assert learner.finish(completion="incomplete", success="unknown", score_scaled=0.3) is None
    assert lms.cell() is None  # what is under way is nobody's grade yet

    row = send(learner, learner.finish(score_scaled=0.9))
    assert (row.state, row.reason) == ("sent", "")
    cell = lms.cell()
    assert cell["score"] == pytest.approx(0.9 * column["score_maximum"])
    assert (cell["activity_progress"], cell["grading_progress"]) == ("Completed", "FullyGraded")
    assert cell["comment"]

    second = {"attempt_id": uuid4(), "attempt_number": 2, "score_scaled": 0.5}
    after = send(learner, learner.finish(**second))
    again = lms.cell()
    assert (after.state, again["score"]) == ("sent", 0.5 * column["score_maximum"])
    assert again["comment"].endswith("(attempt 2)")  # BB-10: ours comes with each score
    moments = [score["timestamp"] for score in lms.scores()]
    assert moments == sorted(set(moments))
    assert again["attempts"] == 2

    assert compare(learner)["same"] == 1
    lms.override(7.0)
    assert compare(learner)["conflict"] == 1
    with transaction(learner.tenant) as session:
        row = session.scalars(select(Passback).where(Passback.state == "conflict")).one()
        assert (row.reason, row.result_score) == ("changed_there", 7.0)

    third = {"attempt_id": uuid4(), "attempt_number": 3, "score_scaled": 1.0}
    assert learner.finish(**third) is None  # not sent until a person says so
    assert (lms.cell()["score"], lms.cell()["override"]) == (7.0, 7.0)
    assert compare(learner)["conflict"] == 1


def test_a_column_that_we_made_is_found_again_by_another_launch(play):
    """LTI-AGS-13: what a dead worker has made is found by its resourceId and tag"""
    learner = begin(play, "sakai")
    with transaction(learner.tenant) as session:
        link = session.get_one(ResourceLink, learner.launch.resource_link_id)
        made, link.line_item_url = link.line_item_url, None
        link.line_item_due_at = link.created_at
    line_items.ensure(str(learner.tenant), str(learner.launch.resource_link_id))
    with transaction(learner.tenant) as session:
        link = session.get_one(ResourceLink, learner.launch.resource_link_id)
        assert (link.line_item_url, link.line_item_origin) == (made, "found")
    assert learner.browser.platform.column()


@pytest.mark.parametrize("product", ["canvas", "moodle", "sakai"])
def test_a_column_that_we_made_follows_its_content(play, product: str, monkeypatch):
    """LTI-AGS-11: all other members stay, as a PUT replaces all; what a teacher renames stays"""
    learner = begin(play, product)
    lms, tenant = learner.browser.platform, learner.tenant
    before, link_id = lms.column(), learner.launch.resource_link_id
    item = line_item_changes.items.find_item
    monkeypatch.setattr(
        line_item_changes.items,
        "find_item",
        lambda *args: replace(item(*args), score_maximum=20.0),
    )
    for label in ("Fire drill", "Fire drill"):
        with transaction(tenant) as session:
            link = session.get_one(ResourceLink, link_id)
            link.title = label
            line_item_changes.want(session, link, link.created_at)
        line_items.ensure(str(tenant), str(link_id))
    after = lms.column()
    assert (after["label"], after["score_maximum"]) == ("Fire drill", 20)
    for member in ("id", "activity", "resource_id", "tag"):
        assert after[member] == before[member]
    with transaction(tenant) as session:
        link = session.get_one(ResourceLink, link_id)
        assert (link.line_item_due_at, line_item_changes.find_changes(session, link)) == (None, {})


def test_a_column_that_the_platform_made_is_never_changed(play):
    learner = Learner(play("generic"))
    with transaction(learner.tenant) as session:
        link = session.get_one(ResourceLink, learner.launch.resource_link_id)
        link.title = "Another name"
        assert (link.line_item_origin, line_item_changes.find_changes(session, link)) == (
            "claim",
            {},
        )
