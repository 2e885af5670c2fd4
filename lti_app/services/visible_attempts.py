"""Which attempts somebody may look at, whose they are, where they were made: for the pages.

As with grades: whoever manages grades sees all, others those on the packages they made, and those
in courses they teach.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select
from sqlalchemy.orm import Session

from lti_app.core.permissions import Permission, Role, is_allowed
from lti_app.models.context import Context, ResourceLink
from lti_app.models.user import User
from lti_app.services import resource_links, visible_grades
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package
from scorm_runtime.services.attempts import AttemptMissing
from scorm_runtime.services.errors import PackageNotFound
from scorm_runtime.services.previews import IS_NO_PREVIEW

_TRACE = re.compile(r"([0-9a-f]{12})(-[0-9a-z]{1,12})?")
"""`core.tokens.name_trace`: the end of the attempt's id, the end of the launch's reference."""


@dataclass(frozen=True)
class Viewer:
    """Who looks."""

    user_id: UUID
    role: Role

    @property
    def sees_all(self) -> bool:
        return is_allowed(self.role, Permission.MANAGE_GRADES)


@dataclass(frozen=True)
class Entry:
    """An attempt in a list."""

    attempt: Attempt
    user: User
    package: Package


def get_visible_package(session: Session, package_id: UUID, viewer: Viewer) -> Package:
    """The package; raises PackageNotFound, also where its attempts are not to be seen."""
    package = session.get(Package, package_id)
    if package is None or not (viewer.sees_all or package.created_by == viewer.user_id):
        raise PackageNotFound("There is no such package.")
    return package


def get_visible_attempt(session: Session, attempt_id: UUID, viewer: Viewer) -> Entry:
    """The attempt; raises AttemptMissing, also where it is not to be seen."""
    found = session.execute(_entries(viewer).where(Attempt.id == attempt_id)).one_or_none()
    if found is None:
        raise AttemptMissing("There is no such attempt.")
    return Entry(*found)


def list_visible(
    session: Session,
    viewer: Viewer,
    *,
    search: str = "",
    before: UUID | None = None,
    limit: int = 50,
) -> list[Entry]:
    """Attempts, the newest first; previews only where they are searched for. `search` is a trace
    id, an attempt's id, or part of a name or of a package's title. `before`: the last one of the
    page before."""
    query = _entries(viewer).order_by(Attempt.id.desc()).limit(limit)
    sought = search.strip()
    query = query.where(_matches(sought) if sought else IS_NO_PREVIEW)
    if before is not None:
        query = query.where(Attempt.id < before)
    return [Entry(*row) for row in session.execute(query)]


def find_names(session: Session, user_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Names of people, as lists show them."""
    rows = session.execute(select(User.id, User.display_name).where(User.id.in_(set(user_ids))))
    return {row.id: row.display_name for row in rows}


def find_places(session: Session, context_keys: Iterable[str]) -> dict[str, str]:
    """Titles of link and course by context key; the portal has none."""
    links = {resource_links.read_context_key(key): key for key in set(context_keys)}
    rows = session.execute(
        select(ResourceLink, Context)
        .outerjoin(Context, Context.id == ResourceLink.context_id)
        .where(ResourceLink.id.in_([link_id for link_id in links if link_id is not None]))
    )
    return {links[link.id]: _name_place(link, context) for link, context in rows}


def _name_place(link: ResourceLink, context: Context | None) -> str:
    titles = [link.title or link.resource_link_id]
    if context is not None:
        titles.append(context.title or context.label or "")
    return ", ".join(title for title in titles if title)


def _entries(viewer: Viewer) -> Select[Attempt, User, Package]:
    query = (
        select(Attempt, User, Package)
        .join(User, User.id == Attempt.user_id)
        .join(Package, Package.id == Attempt.package_id)
    )
    if viewer.sees_all:
        return query
    is_taught = visible_grades.is_taught(Attempt.context_key, viewer.user_id)
    return query.where(or_(Package.created_by == viewer.user_id, is_taught))


def _matches(sought: str) -> ColumnElement[bool]:
    trace = _TRACE.fullmatch(sought.lower())
    if trace:
        return func.right(cast(Attempt.id, String), 12) == trace[1]
    try:
        return Attempt.id == UUID(sought)
    except ValueError:
        columns = (User.display_name, Package.title)
        return or_(*(column.icontains(sought, autoescape=True) for column in columns))
