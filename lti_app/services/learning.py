"""What a learner sees: packages to choose from, and where they stand in those they began."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from lti_app.core.worded import Worded
from scorm_runtime.core.attempt_policy import find_obstacle
from scorm_runtime.core.package_settings import read_package_settings
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services import attempts

PORTAL = "portal"
"""`context_key` of attempts that were begun on the portal."""


class NothingToPlay(Worded, LookupError):
    """The package cannot be played; the message says why."""

    status_hint = 409


@dataclass(frozen=True)
class Entry:
    """A package, and the newest attempt of one learner on it (None: not begun)."""

    package: Package
    attempt: Attempt | None

    @property
    def seconds(self) -> float:
        return self.attempt.total_seconds if self.attempt is not None else 0.0

    @property
    def is_playable(self) -> bool:
        version = self.package.current_version
        return self.attempt is not None or bool(version and version.playable)

    @property
    def may_start_again(self) -> bool:
        """Whether another attempt may be offered: this one is finished, others are allowed."""
        version = self.package.current_version
        if self.attempt is None or version is None or not version.playable:
            return False
        settings = read_package_settings(self.package.settings)
        return not find_obstacle(settings, attempts.facts_of(self.attempt))

    @property
    def is_finished(self) -> bool:
        attempt = self.attempt
        return attempt is not None and (
            attempt.completion == "completed" or attempt.success == "passed"
        )


def list_begun(session: Session, user_id: UUID) -> list[Entry]:
    """Packages that this person began on the portal, the last used one first."""
    query = _with_attempts(user_id, outer=False).order_by(
        func.coalesce(Attempt.last_active_at, Attempt.created_at).desc()
    )
    return _entries(session, query)


def list_catalogue(session: Session, user_id: UUID, *, search: str = "") -> list[Entry]:
    """Published packages by title; `search` is looked for in title and description."""
    query = (
        _with_attempts(user_id, outer=True)
        .where(Package.is_published, Package.archived_at.is_(None))
        .order_by(func.lower(Package.title), Package.id)
    )
    if search.strip():
        columns = (Package.title, Package.description)
        matches = (column.icontains(search.strip(), autoescape=True) for column in columns)
        query = query.where(or_(*matches))
    return _entries(session, query)


def find_entry(session: Session, user_id: UUID, key: str) -> Entry | None:
    """The package called `key`, with this person's newest portal attempt."""
    found = _entries(session, _with_attempts(user_id, outer=True).where(Package.key == key))
    return found[0] if found else None


def find_entry_by_id(session: Session, user_id: UUID, package_id: UUID) -> Entry | None:
    """The package with this id, with this person's newest portal attempt."""
    query = _with_attempts(user_id, outer=True).where(Package.id == package_id)
    found = _entries(session, query)
    return found[0] if found else None


def check_playable(entry: Entry) -> None:
    """Raise NothingToPlay where the player could not play the package today."""
    if not entry.is_playable:
        raise NothingToPlay("“%(title)s” cannot be played yet.", title=entry.package.title)


def list_attempts(session: Session, user_id: UUID, package_id: UUID) -> list[Attempt]:
    """This person's portal attempts on a package, the one last active first."""
    own = attempts.list_attempts(session, user_id=user_id, package_id=package_id)
    return [attempt for attempt in own if attempt.context_key == PORTAL]


def may_play(entry: Entry, *, is_editor: bool) -> bool:
    """Published ones, begun ones, and everything for people who edit packages."""
    if entry.package.archived_at is not None:
        return False
    return entry.package.is_published or entry.attempt is not None or is_editor


def _with_attempts(user_id: UUID, *, outer: bool) -> Select[Package, Attempt]:
    newest = (
        select(Attempt.package_id, func.max(Attempt.number).label("number"))
        .where(Attempt.user_id == user_id, Attempt.context_key == PORTAL)
        .group_by(Attempt.package_id)
        .subquery()
    )
    this = (
        (Attempt.package_id == newest.c.package_id)
        & (Attempt.number == newest.c.number)
        & (Attempt.user_id == user_id)
        & (Attempt.context_key == PORTAL)
    )
    return (
        select(Package, Attempt)
        .join(newest, newest.c.package_id == Package.id, isouter=outer)
        .join(Attempt, this, isouter=outer)
        .options(joinedload(Package.current_version).defer(PackageVersion.manifest))
    )


def _entries(session: Session, query: Select[Package, Attempt]) -> list[Entry]:
    return [Entry(package, attempt) for package, attempt in session.execute(query)]
