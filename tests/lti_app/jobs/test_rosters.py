"""Rosters: read page by page, resumed where they broke off, kept beside who has begun."""

from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from database.session import transaction
from lti_app.jobs import platform_jobs as job
from lti_app.models.context import Context
from lti_app.models.grade_service import PlatformJob
from lti_app.models.roster import RosterMember
from lti_app.services import grade_services, platform_jobs, rosters
from tests.lti_app.fake_platform import INSTRUCTOR
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser

pytestmark = pytest.mark.usefixtures("doors")
NAMES_ROLES = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"


def member(subject: str, *roles: str, **more: Any) -> dict[str, Any]:
    return {"user_id": subject, "status": "Active", "roles": list(roles or ("Learner",)), **more}


@pytest.fixture
def stan(browser: Browser) -> Learner:
    url = f"{browser.platform.issuer}/course/2/memberships?keep=1"
    return Learner(browser, **{NAMES_ROLES: {"context_memberships_url": url}})


def context_of(learner: Learner) -> Context:
    with transaction(learner.tenant) as session:
        return session.scalars(select(Context)).one()


def read(learner: Learner, row_id: UUID | None = None) -> PlatformJob:
    with transaction(learner.tenant) as session:
        if row_id is None:
            context = session.scalars(select(Context)).one()
            row_id = platform_jobs.schedule(
                session, "roster", learner.launch.registration_id, context_id=context.id
            ).id
        session.execute(update(PlatformJob).values(due_at=None))
    job.run(str(learner.tenant), str(row_id))
    with transaction(learner.tenant) as session:
        return session.get_one(PlatformJob, row_id)


def people(learner: Learner) -> dict[str, RosterMember]:
    with transaction(learner.tenant) as session:
        return {one.subject: one for one in session.scalars(select(RosterMember))}


def test_a_roster_is_read_in_one_answer_with_the_right_header_scope_and_token(stan, platform):
    """LTI-NRPS-1, LTI-NRPS-2, LTI-NRPS-3, OEDX-1; the fake wants the exact media type"""
    platform.services.members = [
        member("stan", name="Stan Student"),
        member("tina", INSTRUCTOR, name="Tina"),
        member("x1"),
    ]
    done = read(stan)
    assert (done.state, done.report) == (
        "done",
        {"members": 3, "pages": 1, "is_whole": True, "gone": 0},
    )
    found = people(stan)
    assert (found["tina"].role, found["x1"].name) == ("instructor", "")
    assert found["stan"].user_id == stan.token.user_id
    asked = {one for form in platform.token_requests for one in form["scope"].split()}
    assert "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly" in asked


def test_next_links_are_followed_and_the_query_of_the_address_is_kept(stan, platform):
    """LTI-NRPS-4, LTI-NRPS-5, PAIN-21; the header's name in any case"""
    platform.services.members = [member(f"u{number}") for number in range(7)]
    platform.services.page_size, platform.services.header_name = 3, "LINK"
    assert read(stan).report["pages"] == 3
    assert len(people(stan)) == 7
    assert all(query["keep"] == ["1"] for query in platform.services.queries)


def test_a_reading_that_broke_off_goes_on_at_its_page(stan, platform):
    """LTI-NRPS-5, PAIN-21"""
    platform.services.members = [member(f"u{number}") for number in range(6)]
    platform.services.page_size, platform.services.member_faults = 2, {2: 503}
    broken = read(stan)
    assert (broken.state, broken.error, broken.done) == ("waiting", "server_error", 2)
    done = read(stan, broken.id)
    assert (done.state, done.done) == ("done", 6)
    starts = [query.get("from", ["0"])[0] for query in platform.services.queries]
    assert starts == ["0", "2", "2", "4"]


def test_who_is_no_longer_in_the_list_has_left(stan, platform):
    platform.services.members = [member("a"), member("b", status="Inactive")]
    read(stan)
    platform.services.members = [member("a")]
    assert read(stan).report["gone"] == 1
    assert {name: one.status for name, one in people(stan).items()} == {
        "a": "Active",
        "b": "Deleted",
    }


def test_differences_are_asked_for_where_they_are_offered(stan, platform):
    """LTI-NRPS-6"""
    platform.services.members = [member("a"), member("b")]
    platform.services.differences = [member("b", status="Deleted"), member("c")]
    read(stan)
    done = read(stan)
    assert done.report["is_whole"] is False
    assert {name: one.status for name, one in people(stan).items()} == {
        "a": "Active",
        "b": "Deleted",
        "c": "Active",
    }


def test_a_refused_roster_says_so_and_is_not_tried_again(stan, platform):
    platform.services.member_faults = {1: 403}
    failed = read(stan)
    assert (failed.state, failed.error) == ("failed", "roster_refused")


def test_who_has_not_begun_is_seen_beside_who_has_finished(stan, platform):
    """Issue: who has not started yet"""
    platform.services.members = [
        member("stan", name="Stan"),
        member("zoe"),
        member("tina", "Instructor"),
    ]
    stan.finish()
    read(stan)
    with transaction(stan.tenant) as session:
        context = session.scalars(select(Context)).one()
        link_id = stan.launch.resource_link_id
        counted = rosters.count_standings(session, context, link_id)
        entries = rosters.list_entries(session, context, link_id)
        [waiting] = rosters.list_entries(session, context, link_id, standing="none")
    assert counted == {"none": 1, "begun": 0, "finished": 1}
    assert [one.standing for one in entries] == ["none", "finished"]
    assert waiting.name.startswith("Learner ")  # privacy off: a pseudonym


def test_a_roster_on_a_foreign_host_is_not_asked_for(browser):
    """Security"""
    learner = Learner(
        browser, **{NAMES_ROLES: {"context_memberships_url": "http://10.0.0.1/memberships"}}
    )
    assert context_of(learner).memberships_url is None
    assert read(learner).error == "no_roster"


def test_a_course_that_is_switched_on_is_read_by_itself(stan, platform):
    """NRPS by schedule"""
    from datetime import UTC, datetime, timedelta

    now = datetime.now(UTC)
    with transaction(stan.tenant) as session:
        service = grade_services.ensure_service(session, stan.launch.registration_id)
        service.results_hours = 0
        assert platform_jobs.schedule_regular(session, now) == 0
        session.scalars(select(Context)).one().roster_is_scheduled = True
        session.flush()
        assert platform_jobs.schedule_regular(session, now) == 1
        assert platform_jobs.schedule_regular(session, now) == 0
        assert platform_jobs.schedule_regular(session, now + timedelta(hours=25)) == 1
