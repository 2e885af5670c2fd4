"""Members of a course at a platform (NRPS 2.0), one page at a time."""

from dataclasses import dataclass

from lti_app.core import rosters
from lti_app.core.ags import Answer
from lti_app.core.paging import add_query, find_link, stays
from lti_app.core.platforms.family import Family
from lti_app.core.rosters import Member, read_members
from lti_app.platform_client.connector import PlatformAccess
from lti_app.platform_client.exchange import exchange


@dataclass(frozen=True)
class RosterPage:
    """What one request brought; `members` None: nothing that can be used."""

    members: list[Member] | None
    answer: Answer
    next_url: str | None = None
    differences_url: str | None = None


def first_url(memberships_url: str, family: Family) -> str:
    """The address of the first page; its own query is kept (LTI-NRPS-4)."""
    return add_query(memberships_url, limit=family.roster_page)


def read_page(access: PlatformAccess, url: str) -> RosterPage:
    """One page of members (LTI-NRPS-1 to LTI-NRPS-3), with where the next one is."""
    made = exchange(access, "GET", url, [rosters.SCOPE], accept=rosters.MEDIA_TYPE)
    if not made.is_good:
        return RosterPage(None, made.answer)
    members = read_members(made.body)
    if members is None:
        return RosterPage(None, Answer(None, failure="answer_odd"))
    links = made.headers.get("Link", "")
    after, differences = find_link(links, "next"), find_link(links, "differences")
    if after is not None and not stays(url, after):
        return RosterPage(members, Answer(None, failure="host_foreign", body=after[:200]))
    if differences is not None and not stays(url, differences):
        differences = None
    return RosterPage(members, made.answer, after, differences)
