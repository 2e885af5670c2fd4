"""A grade finds its column: named by the launch, looked for, or made once."""

import threading
from datetime import UTC, datetime, timedelta

import pytest

from database.session import transaction
from lti_app import queue
from lti_app.jobs import line_items as job
from lti_app.jobs import sweeps
from lti_app.models.context import ResourceLink
from lti_app.services import grade_services
from tests.lti_app.fake_platform import SCOPE
from tests.lti_app.learner import Learner

pytestmark = pytest.mark.usefixtures("doors")


def launch(browser, *scopes: str, **changes) -> Learner:
    claim = {
        "scope": [SCOPE + one for one in ("score", *scopes)],
        "lineitems": f"{browser.platform.issuer}/course/2/lineitems?type_id=1",
    }
    product = {"product_family_code": "sakai"}
    return Learner(browser, ags=claim, tool_platform=product, **changes)


def link_of(learner: Learner) -> ResourceLink:
    with transaction(learner.tenant) as session:
        return session.get_one(ResourceLink, learner.launch.resource_link_id)


def ensure(learner: Learner) -> ResourceLink:
    job.ensure(str(learner.tenant), str(learner.launch.resource_link_id))
    return link_of(learner)


def test_the_launchs_line_item_is_used_and_none_is_looked_for(learner, platform):
    """LTI-AGS-12"""
    learner.finish()
    link = link_of(learner)
    assert (link.line_item_url, link.line_item_origin) == (platform.line_item_url, "claim")
    assert ensure(learner).line_item_due_at is None
    assert platform.services.queries == []


def test_a_line_item_is_found_by_resource_id_and_tag(browser, platform):
    """LTI-AGS-2, LTI-AGS-3, LTI-AGS-13; the query of the address is kept, and no limit is sent"""
    url = f"{platform.issuer}/course/2/lineitems/55/lineitem?type_id=1"
    platform.services.line_items[url] = {
        "id": url,
        "label": "Fire",
        "scoreMaximum": 20,
        "resourceId": "demo",
        "tag": "lectern",
    }
    learner = launch(browser, "lineitem")
    assert learner.finish() is None
    link = ensure(learner)
    assert (link.line_item_url, link.line_item_origin, link.score_maximum) == (url, "found", 20.0)
    assert platform.services.creations == []
    assert platform.services.queries[0] == {"type_id": ["1"], "resource_id": ["demo"]}


def test_where_there_is_none_it_is_made_once_and_the_grade_that_waited_goes(
    browser, platform, doors
):
    """LTI-AGS-14"""
    learner = launch(browser, "lineitem")
    learner.finish()
    assert (queue.ENSURE_LINE_ITEM, learner.tenant, learner.launch.resource_link_id) in doors
    link = ensure(learner)
    assert link.line_item_origin == "created"
    [made] = platform.services.creations
    assert made == {
        "label": "Fire safety",
        "scoreMaximum": 100.0,
        "resourceId": "demo",
        "tag": "lectern",
        "resourceLinkId": "link-1",
    }
    assert doors[-1] == (queue.DELIVER_SCORES, learner.tenant, learner.launch.registration_id)
    from lti_app.jobs.passback import deliver

    deliver(str(learner.tenant), str(learner.launch.registration_id))
    assert learner.grade["given"] == 80.0


def test_two_parallel_searches_make_one_line_item(browser, platform):
    """LTI-AGS-14: two parallel launches make one"""
    learner = launch(browser, "lineitem")
    learner.finish()
    ids = (str(learner.tenant), str(learner.launch.resource_link_id))
    app = browser.app

    def search() -> None:
        with app.app_context():
            job.ensure(*ids)

    threads = [threading.Thread(target=search) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(platform.services.creations) == 1


def test_one_that_was_made_by_a_worker_that_died_is_found_again(browser, platform, monkeypatch):
    """LTI-AGS-14"""
    learner = launch(browser, "lineitem")
    learner.finish()
    monkeypatch.setattr(job.line_items, "conclude", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ensure(learner)
    monkeypatch.undo()
    assert ensure(learner).line_item_url is None  # the lease still runs
    later = datetime.now(UTC) + timedelta(minutes=5)
    assert sweeps.sweep_grades(learner.tenant, later) >= 1
    with transaction(learner.tenant) as session:
        row = session.get_one(ResourceLink, learner.launch.resource_link_id)
        row.line_item_due_at = datetime.now(UTC)
    assert ensure(learner).line_item_origin == "found"
    assert len(platform.services.creations) == 1


def test_a_platform_that_wants_none_gets_none(browser, platform):
    """MOODLE-11"""
    learner = launch(browser, "lineitem")
    with transaction(learner.tenant) as session:
        grade_services.ensure_service(session, learner.launch.registration_id).line_items = "never"
    learner.finish()
    link = ensure(learner)
    assert (link.line_item_url, link.line_item_problem) == (None, "line_item_not_made")
    assert platform.services.creations == []


def test_reading_alone_finds_but_makes_nothing(browser, platform):
    """LTI-AGS-1: only granted scopes are used"""
    learner = launch(browser, "lineitem.readonly")
    learner.finish()
    assert ensure(learner).line_item_problem == "scope_line_item"
    assert platform.services.creations == []


def test_a_line_item_that_is_gone_is_looked_for_again(browser, platform):
    """moodle.md 6: an activity's grades switched off and on make a new line item"""
    learner = launch(browser, "lineitem")
    learner.finish()
    ensure(learner)
    with transaction(learner.tenant) as session:
        row = session.get_one(ResourceLink, learner.launch.resource_link_id)
        row.score_maximum_read_at = datetime.now(UTC)
    platform.services.line_items.clear()
    platform.fail("404")
    row_id = learner.finish(score_scaled=0.9)
    assert learner.send(row_id).reason == "line_item_gone"
    link = link_of(learner)
    assert (link.line_item_url, link.line_item_problem) == (None, "line_item_gone")
    assert link.line_item_due_at is not None


def test_addresses_on_a_foreign_host_are_not_used_and_the_link_says_so(browser, platform):
    """Security: the AGS and NRPS addresses of a verified launch on the registered host only"""
    claim = {
        "scope": [SCOPE + "score"],
        "lineitem": "http://169.254.169.254/latest/lineitem",
        "lineitems": "http://internal.test/lineitems",
    }
    learner = Learner(browser, ags=claim)
    assert learner.finish() is None
    link = link_of(learner)
    assert (link.line_item_url, link.line_items_url) == (None, None)
    assert link.service_problem == "lineitem: 169.254.169.254; lineitems: internal.test"
