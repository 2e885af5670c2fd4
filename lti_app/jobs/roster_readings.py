"""Reading a course's roster: page by page, each written with the address of the next one."""

from datetime import UTC, datetime
from uuid import UUID

from database.session import transaction
from lti_app.core import rosters as core
from lti_app.core.platforms.families import get_family
from lti_app.jobs.platform_steps import Hopeless, raise_for
from lti_app.platform_client.roster_service import RosterPage, first_url, read_page
from lti_app.services import platform_jobs, rosters
from lti_app.services.platform_jobs import Claim


def run(tenant: UUID, claimed: Claim) -> dict[str, object]:
    """Read to the last page, or only what has changed where the platform offers that; goes on at
    the checkpoint where an earlier worker, or the platform, broke off (LTI-NRPS-5, PAIN-21)."""
    context_id = claimed.context_id
    assert context_id is not None  # noqa: S101  rosters belong to a course
    with transaction(tenant) as session:
        roster = rosters.find_roster(session, context_id)
    if roster is None:
        raise Hopeless("no_roster")
    is_whole = bool(claimed.report.get("is_whole", roster.differences_url is None))
    url = claimed.checkpoint or roster.differences_url or ""
    url = url or first_url(roster.memberships_url, get_family(roster.family))
    done, pages = 0, 0
    if claimed.checkpoint:
        done, pages = claimed.done, int(claimed.report.get("pages", 0))
    while True:
        page = read_page(roster.access, url)
        if page.members is None and not is_whole and page.answer.status is not None:
            is_whole = True  # what was offered as "differences" is over: read everything
            url = first_url(roster.memberships_url, get_family(roster.family))
            page = read_page(roster.access, url)
        if page.members is None:
            raise_for(roster.family, page.answer, "roster_refused")
        done, pages = done + len(page.members or ()), pages + 1
        report = {"members": done, "pages": pages, "is_whole": is_whole}
        _write(tenant, claimed, context_id, page, report)
        if page.next_url is None:
            break
        if pages >= core.MAX_PAGES:
            raise Hopeless("too_many_pages")
        url = page.next_url
    if page.answer.failure:
        raise Hopeless(page.answer.failure)
    with transaction(tenant) as session:
        gone = rosters.finish_reading(
            session,
            context_id,
            job_id=claimed.job_id,
            is_whole=is_whole,
            differences_url=page.differences_url,
            now=datetime.now(UTC),
        )
    return {**report, "gone": gone}


def _write(
    tenant: UUID, claimed: Claim, context_id: UUID, page: RosterPage, report: dict[str, int | bool]
) -> None:
    with transaction(tenant) as session:
        now = datetime.now(UTC)
        platform_jobs.say(
            session,
            claimed,
            done=int(report["members"]),
            total=0,
            checkpoint=page.next_url or "",
            report=report,
            now=now,
        )
        members = page.members or []
        rosters.record_members(session, context_id, members, job_id=claimed.job_id, now=now)
