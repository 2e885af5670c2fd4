"""Addresses of a platform's services, taken from each verified launch where they may be called.

An address on a foreign host is not kept, and the link says which it was and why
(core/service_hosts.py has the rule); the launch itself goes on.
"""

from datetime import datetime

from sqlalchemy.orm import Session

from database.base import keep
from lti_app.core import ags
from lti_app.core.lti.message import LaunchMessage, find_custom
from lti_app.core.platforms.families import get_family
from lti_app.core.service_hosts import is_own_host, read_host
from lti_app.models.context import Context, ResourceLink
from lti_app.services import line_item_changes, line_item_rows
from lti_app.services.registrations import Platform


def record_services(
    session: Session,
    registration: Platform,
    link: ResourceLink,
    context: Context | None,
    message: LaunchMessage,
    now: datetime,
) -> None:
    """Where grades of this link go and where its course's roster is, as the launch says."""
    offered = {
        "lineitems": message.ags.line_items_url,
        "lineitem": message.ags.line_item_url,
        "context_memberships_url": message.memberships_url,
    }
    found = {
        name: url if url and _is_own(registration, message, url) else None
        for name, url in offered.items()
    }
    refused = {name for name, url in offered.items() if url and found[name] is None}
    problem = "; ".join(
        f"{name}: {read_host(offered[name]) or 'no host'}" for name in sorted(refused)
    )
    keep(link, service_problem=problem)
    _record_grade_service(link, message, found["lineitems"], found["lineitem"], now)
    if link.line_item_origin == "created":
        line_item_changes.want(session, link, now)
    memberships_url = found["context_memberships_url"]
    if context is not None and memberships_url not in (None, context.memberships_url):
        context.memberships_url, context.roster_differences_url = memberships_url, None
    session.flush()


def _record_grade_service(
    link: ResourceLink,
    message: LaunchMessage,
    line_items_url: str | None,
    line_item_url: str | None,
    now: datetime,
) -> None:
    scopes = message.ags.scopes
    keep(link, ags_scopes=list(scopes), line_items_url=line_items_url)
    if line_item_url or not scopes:  # LTI-AGS-12: what the claim names is used
        if line_item_url != link.line_item_url:  # else it is the one that we found, or made
            link.line_item_url, link.score_maximum = line_item_url, None
            link.score_maximum_read_at = None
            link.line_item_origin = "claim" if line_item_url else ""
        keep(link, line_item_due_at=None, line_item_problem="")
    elif link.line_item_url is None and line_items_url and _may_look(scopes):
        line_item_rows.want(link, now)


def _may_look(scopes: tuple[str, ...]) -> bool:
    return bool({ags.LINE_ITEM_SCOPE, ags.LINE_ITEM_READ_SCOPE} & set(scopes))


def _is_own(registration: Platform, message: LaunchMessage, url: str) -> bool:
    school = find_custom(message, "canvas_api_domain")
    declared = [message.return_url or "", f"https://{school}" if school else ""]
    return is_own_host(
        url,
        family=get_family(registration.platform),
        registered=(
            registration.issuer,
            registration.auth_login_url,
            registration.token_url,
            registration.jwks_url,
        ),
        declared=declared,
    )
