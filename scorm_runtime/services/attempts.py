"""Attempts: opening one for a learner, finding it again."""

from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session, defer

from database.base import uuid7
from database.prepared import PREPARED
from scorm_runtime.core.attempt_policy import (
    AttemptFacts,
    Obstacle,
    begins_another,
    find_obstacle,
    is_used_up,
)
from scorm_runtime.core.package_settings import read_package_settings
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageVersion
from scorm_runtime.services.held import get_played
from scorm_runtime.services.versions import version_for


class AttemptMissing(LookupError):
    """There is no such attempt in this tenant."""

    status_hint = 404


class PackageUnavailable(LookupError):
    """There is no such package, or it has no version that could be attempted."""

    status_hint = 404


OBSTACLES = {
    "unfinished": "This attempt has to be finished before another one may begin.",
    "used_up": "All attempts that are allowed were made.",
}
"""Message ids; pages translate them."""


class AttemptsUsedUp(ValueError):
    """No other attempt may begin now; `obstacle` says why (`core.attempt_policy.Obstacle`)."""

    status_hint = 409

    def __init__(self, obstacle: Obstacle) -> None:
        self.obstacle = obstacle
        super().__init__(OBSTACLES.get(obstacle, "No other attempt may begin."))


def open_attempt(
    session: Session,
    *,
    package_id: UUID,
    user_id: UUID,
    context_key: str,
    now: datetime,
    mode: str = "normal",
    settings: dict[str, Any] | None = None,
    version_id: UUID | None = None,
) -> Attempt:
    """The attempt that a launch goes on with, by the package's policy: the learner's newest one in
    this place, or another one, created.

    `context_key` is "portal" or "link:<resource link id>"; `settings` are the names of
    `RuntimeSettings` that differ, for a new attempt; `version_id` is the version that the place
    names, None for the package's current one. Raises PackageUnavailable.
    """
    place = Place(package_id, user_id, context_key)
    begin = partial(_create, session, place, now=now, mode=mode, settings=settings)
    going_on = session.execute(_GOING_ON, asdict(place)).one_or_none()
    if going_on is None:
        return begin(1, named=version_id)
    found: Attempt = going_on[0]
    package: Package = going_on[1]
    if found.named_version_id != version_id:
        found.named_version_id = version_id
    own = read_package_settings(package.settings)
    choice = version_for(session, package, found, version_id)
    if choice.action == "move" and choice.version_id is not None:
        found.package_version_id = choice.version_id
    by_version = choice.action == "new_attempt" and not is_used_up(own, facts_of(found))
    if not (by_version or begins_another(own, facts_of(found))):
        return found
    if not _plays(session, version_id or package.current_version_id):
        return found
    return begin(found.number + 1, named=version_id)


_IN_PLACE = (
    Attempt.package_id == bindparam("package_id"),
    Attempt.user_id == bindparam("user_id"),
    Attempt.context_key == bindparam("context_key"),
)
_NEWEST = select(Attempt).where(*_IN_PLACE).order_by(Attempt.number.desc()).limit(1)
_GOING_ON = (
    _NEWEST.add_columns(Package)
    .join(Package, Package.id == Attempt.package_id)
    .options(defer(Attempt.sequencing), defer(Attempt.nav))
    .execution_options(**PREPARED)
)
"""The newest attempt in a place and its package, without what may be large."""


def start_attempt(
    session: Session,
    *,
    package_id: UUID,
    user_id: UUID,
    context_key: str,
    now: datetime,
    mode: str = "normal",
    settings: dict[str, Any] | None = None,
) -> Attempt:
    """A further attempt, on the version that the place names, else on the package's current one;
    two at once become one."""
    place = Place(package_id, user_id, context_key)
    last = find_newest(session, place)
    number = last.number + 1 if last else 1
    named = last.named_version_id if last else None
    return _create(session, place, number, now=now, mode=mode, settings=settings, named=named)


def start_again(session: Session, attempt: Attempt, *, now: datetime) -> Attempt:
    """What the learner asks for after an attempt: another one in the same place.

    Asked twice, the second answer is the attempt that the first made, while nothing was done in
    it. Raises AttemptsUsedUp, PackageUnavailable.
    """
    place = Place(attempt.package_id, attempt.user_id, attempt.context_key)
    newest = find_newest(session, place) or attempt
    if newest.id != attempt.id and newest.state == "new":
        return newest
    obstacle = find_obstacle_of(session, newest)
    if obstacle:
        raise AttemptsUsedUp(obstacle)
    number, settings = newest.number + 1, dict(attempt.settings)
    named = newest.named_version_id
    return _create(session, place, number, now=now, mode="normal", settings=settings, named=named)


def find_obstacle_of(session: Session, newest: Attempt) -> Obstacle:
    """Why the learner may not start again after `newest`; "" when it may be offered."""
    played = get_played(session, newest)
    obstacle = find_obstacle(played.settings, facts_of(newest))
    return obstacle if obstacle or played.offers_another else "used_up"


def facts_of(attempt: Attempt) -> AttemptFacts:
    """What the attempt policy asks of a row."""
    is_finished = attempt.completion == "completed" or attempt.success != "unknown"
    return AttemptFacts(attempt.number, is_finished, attempt.state == "running")


@dataclass(frozen=True)
class Place:
    """Whose attempts on what, and where."""

    package_id: UUID
    user_id: UUID
    context_key: str


def _create(
    session: Session,
    place: Place,
    number: int,
    *,
    now: datetime,
    mode: str,
    settings: dict[str, Any] | None,
    named: UUID | None = None,
) -> Attempt:
    key = {**asdict(place), "number": number}
    values = {
        **key,
        "id": uuid7(),
        "registration": uuid4(),
        "named_version_id": named,
        "mode": mode,
        "settings": settings or {},
        "last_active_at": now,
    }
    found = (
        session.scalars(_BEGIN, values).one_or_none()
        or session.scalars(select(Attempt).filter_by(**key)).one_or_none()
    )
    if found is None:
        raise PackageUnavailable(f"package {place.package_id} has no version to attempt")
    return found


_SAID = (
    *("id", "registration", "user_id", "context_key", "number"),
    *("named_version_id", "mode", "settings", "last_active_at"),
)
_VERSION = func.coalesce(
    bindparam("named_version_id", type_=Attempt.named_version_id.type), Package.current_version_id
)
_BEGIN = (
    select(Attempt)
    .from_statement(
        insert(Attempt)
        .from_select(
            [*_SAID, "package_id", "package_version_id"],
            select(
                *(bindparam(name, type_=getattr(Attempt, name).type) for name in _SAID),
                Package.id,
                _VERSION,
            ).where(Package.id == bindparam("package_id"), _VERSION.is_not(None)),
            include_defaults=False,
        )
        .on_conflict_do_nothing(index_elements=["user_id", "package_id", "context_key", "number"])
        .returning(Attempt)
    )
    .execution_options(**PREPARED)
)
"""A new attempt in a place, on the version that it names, else on the package's current one."""


def _plays(session: Session, version_id: UUID | None) -> bool:
    playable = select(PackageVersion.playable).where(PackageVersion.id == version_id)
    return version_id is not None and session.scalar(playable) is True


def find_attempt(
    session: Session, *, package_id: UUID, user_id: UUID, context_key: str
) -> Attempt | None:
    """The learner's newest attempt on the package in this place."""
    return find_newest(session, Place(package_id, user_id, context_key))


def find_newest(session: Session, place: Place) -> Attempt | None:
    """The newest attempt in a place."""
    return session.scalars(_NEWEST, asdict(place)).one_or_none()


def list_attempts(
    session: Session, *, user_id: UUID | None = None, package_id: UUID | None = None
) -> list[Attempt]:
    """Attempts of a learner, on a package, or both; the one last active first."""
    query = select(Attempt).order_by(Attempt.last_active_at.desc().nulls_last(), Attempt.id.desc())
    if user_id is not None:
        query = query.where(Attempt.user_id == user_id)
    if package_id is not None:
        query = query.where(Attempt.package_id == package_id)
    return list(session.scalars(query))


def get_attempt(session: Session, attempt_id: UUID) -> Attempt:
    """The attempt, or AttemptMissing."""
    attempt = session.get(Attempt, attempt_id)
    if attempt is None:
        raise AttemptMissing("There is no such attempt.")
    return attempt


def lock_attempt(session: Session, attempt_id: UUID) -> Attempt:
    """The attempt with its row locked until the transaction ends, or AttemptMissing; what learners
    do while they play goes through `entrance.enter_attempt`."""
    attempt = session.get(
        Attempt, attempt_id, with_for_update={"key_share": True}, populate_existing=True
    )
    if attempt is None:
        raise AttemptMissing("There is no such attempt.")
    return attempt
