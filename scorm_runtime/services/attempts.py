"""Attempts: opening one for a learner, finding it again."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package


class AttemptMissing(LookupError):
    """There is no such attempt in this tenant."""

    status_hint = 404


class PackageUnavailable(LookupError):
    """There is no such package, or it has no version that could be attempted."""

    status_hint = 404


def open_attempt(
    session: Session,
    *,
    package_id: UUID,
    user_id: UUID,
    context_key: str,
    now: datetime,
    mode: str = "normal",
    settings: dict[str, Any] | None = None,
) -> Attempt:
    """The learner's newest attempt on the package in this place, or the first one, created.

    `context_key` is "portal" or "link:<resource link id>"; `settings` are the names of
    `RuntimeSettings` that differ, for a new attempt. Raises PackageUnavailable.
    """
    found = find_attempt(session, package_id=package_id, user_id=user_id, context_key=context_key)
    if found is not None:
        return found
    place = Place(package_id, user_id, context_key)
    return _create(session, place, 1, now=now, mode=mode, settings=settings)


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
    """A further attempt, on the package's current version; two at once become one."""
    last = find_attempt(session, package_id=package_id, user_id=user_id, context_key=context_key)
    place = Place(package_id, user_id, context_key)
    number = last.number + 1 if last else 1
    return _create(session, place, number, now=now, mode=mode, settings=settings)


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
) -> Attempt:
    version_id = session.scalar(
        select(Package.current_version_id).where(Package.id == place.package_id)
    )
    if version_id is None:
        raise PackageUnavailable(f"package {place.package_id} has no version to attempt")
    key = {**asdict(place), "number": number}
    session.execute(
        insert(Attempt)
        .values(
            **key,
            package_version_id=version_id,
            mode=mode,
            settings=settings or {},
            last_active_at=now,
        )
        .on_conflict_do_nothing(index_elements=list(key))
    )
    return session.scalars(select(Attempt).filter_by(**key)).one()


def find_attempt(
    session: Session, *, package_id: UUID, user_id: UUID, context_key: str
) -> Attempt | None:
    """The learner's newest attempt on the package in this place."""
    return session.scalars(
        select(Attempt)
        .where(
            Attempt.package_id == package_id,
            Attempt.user_id == user_id,
            Attempt.context_key == context_key,
        )
        .order_by(Attempt.number.desc())
        .limit(1)
    ).one_or_none()


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
        raise AttemptMissing(f"there is no attempt {attempt_id}")
    return attempt


def lock_attempt(session: Session, attempt_id: UUID) -> Attempt:
    """The attempt with its row locked until the transaction ends, or AttemptMissing."""
    attempt = session.scalars(
        select(Attempt)
        .where(Attempt.id == attempt_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if attempt is None:
        raise AttemptMissing(f"there is no attempt {attempt_id}")
    return attempt
