"""Comparing the platform's gradebook with what we sent, link by link."""

from datetime import UTC, datetime
from uuid import UUID

from database.session import transaction
from lti_app import queue
from lti_app.core.ags import Verdict
from lti_app.core.line_items import read_maximum
from lti_app.core.platforms.families import get_family, judge
from lti_app.core.results import Result
from lti_app.jobs import line_items
from lti_app.jobs.platform_steps import BrokenOff
from lti_app.platform_client.grade_service import read_result_pages
from lti_app.platform_client.line_item_service import read_item
from lti_app.services import line_item_rows, platform_jobs, reconciliation
from lti_app.services.platform_jobs import Claim
from lti_app.services.reconciliation import LinkToRead


def run(tenant: UUID, claimed: Claim) -> dict[str, object]:
    """Read every line item's results; the report counts what was found, and names the links that
    could not be read with the reason."""
    with transaction(tenant) as session:
        links = reconciliation.list_link_ids(session, claimed.registration_id, claimed.link_id)
    counts = {key: value for key, value in claimed.report.items() if isinstance(value, int)}
    unread = dict(claimed.report.get("unread", {}))
    for number, link_id in enumerate(links, 1):
        if claimed.checkpoint and str(link_id) <= claimed.checkpoint:
            continue
        _read_link(tenant, link_id, counts, unread)
        with transaction(tenant) as session:
            platform_jobs.say(
                session,
                claimed,
                done=number,
                total=len(links),
                checkpoint=str(link_id),
                report={**counts, "unread": unread},
                now=datetime.now(UTC),
            )
    queue.enqueue_once(queue.DELIVER_SCORES, tenant, claimed.registration_id)
    return {**counts, "links": len(links), "unread": unread}


def _read_link(tenant: UUID, link_id: UUID, counts: dict[str, int], unread: dict[str, str]) -> None:
    line_items.follow(tenant, link_id)
    with transaction(tenant) as session:
        link = reconciliation.get_link(session, link_id)
    if link is None:
        return
    found, maximum, problem = _read(link)
    with transaction(tenant) as session:
        if problem == "line_item_gone":
            line_item_rows.note_gone(session, link_id, link.line_item_url, datetime.now(UTC))
        if problem:
            unread[str(link_id)] = problem
            return
        made = reconciliation.compare_link(
            session, link_id, found, maximum=maximum, now=datetime.now(UTC)
        )
    for word, count in made.items():
        counts[word] = counts.get(word, 0) + count


def _read(link: LinkToRead) -> tuple[dict[str, Result], float | None, str]:
    """(results by subject, maximum, reason why they could not be read); raises BrokenOff."""
    family = get_family(link.family)
    body, answer = read_item(link.access, link.line_item_url, link.scopes, family)
    if answer.status in (404, 410):
        return {}, None, "line_item_gone"
    verdict, reason = judge(family, answer)
    if verdict in (Verdict.RETRY, Verdict.UNKNOWN):
        raise BrokenOff(reason, answer)
    found: dict[str, Result] = {}
    for results, page in read_result_pages(link.access, link.line_item_url, link.scopes, family):
        verdict, reason = judge(family, page)
        if verdict in (Verdict.RETRY, Verdict.UNKNOWN):
            raise BrokenOff(reason, page)
        if verdict is not Verdict.SENT:
            return {}, None, reason
        found.update({one.subject: one for one in results})
    return found, read_maximum(body), ""
