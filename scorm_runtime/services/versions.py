"""Which version of a package a learner plays; publishing one, and going back to an earlier one.

A version is immutable and an attempt is pinned to one (PAIN-25). Publishing a version asks what
happens to attempts in progress on the others; the answer stands on the package until the next
publishing, and in its history for ever. It takes effect at each learner's next launch:

    choice = version_for(session, package, attempt)    # attempt: the newest one, or None
    choice.action == "keep"         go on with `attempt` (or begin the first) on choice.version_id
    choice.action == "new_attempt"  begin another attempt on choice.version_id
    choice.action == "move"         set attempt.package_version_id to choice.version_id, go on
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scorm_runtime.core.package_settings import read_package_settings
from scorm_runtime.core.preview import PREVIEW
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageEvent, PackageVersion, RunningAttempts
from scorm_runtime.services.errors import PackageNotFound


@dataclass(frozen=True)
class VersionChoice:
    """Which version, and what becomes of the attempt there is."""

    version_id: UUID | None
    """None when the package has no published version and there is no attempt."""
    action: Literal["keep", "new_attempt", "move"]


def version_for(
    session: Session, package: Package, attempt: Attempt | None, named: UUID | None = None
) -> VersionChoice:
    """The version to play at a launch, and whether `attempt` (the learner's newest on the package
    in this place, or None) goes on, is followed by another one, or moves to the version.

    To be asked at each launch by a learner, before the attempt is opened, and not for reviews.
    An attempt that is finished (completed, passed or failed) stays where it is, unless the
    package's setting `attempt_policy` is "new_on_new_version". The caller does what `action`
    says; nothing is written here. How many attempts are allowed is the caller's to check.
    `named` is the version that the place names, which counts there instead of the current one.
    """
    current = named or package.current_version_id
    if attempt is None:
        return VersionChoice(current, "keep")
    stay = VersionChoice(attempt.package_version_id, "keep")
    if current is None or current == attempt.package_version_id:
        return stay
    if read_package_settings(package.settings).attempt_policy == "new_on_new_version":
        return VersionChoice(current, "new_attempt")
    if _is_finished(attempt) or package.running_attempts == RunningAttempts.KEEP:
        return stay
    if package.running_attempts == RunningAttempts.NEW_ATTEMPT:
        return VersionChoice(current, "new_attempt")
    if have_same_structure(
        session.get_one(PackageVersion, attempt.package_version_id).manifest,
        session.get_one(PackageVersion, current).manifest,
    ):
        return VersionChoice(current, "move")
    return stay


def _is_finished(attempt: Attempt) -> bool:
    return attempt.completion == "completed" or attempt.success != "unknown"


def have_same_structure(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Whether two stored manifests have the same tree of item identifiers for the same standard,
    so that what was recorded in one has a meaning in the other."""
    return one.get("standard") == other.get("standard") and _identifiers(
        one.get("items", ())
    ) == _identifiers(other.get("items", ()))


def _identifiers(items: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [[item["identifier"], _identifiers(item.get("items", ()))] for item in items]


@dataclass(frozen=True)
class InProgress:
    """Attempts in progress on one version."""

    version: PackageVersion
    attempts: int
    can_move: bool
    """Whether they could go on in the version that is asked about."""


def list_in_progress(session: Session, version: PackageVersion) -> list[InProgress]:
    """Begun and unfinished attempts on the other versions of `version`'s package, newest first:
    those for whom publishing `version` makes a difference."""
    counts = session.execute(
        select(Attempt.package_version_id, func.count())
        .where(
            Attempt.package_id == version.package_id,
            Attempt.package_version_id != version.id,
            Attempt.mode == "normal",
            Attempt.context_key.not_like(f"{PREVIEW}:%"),
            Attempt.completion != "completed",
            Attempt.success == "unknown",
        )
        .group_by(Attempt.package_version_id)
    )
    found = []
    for version_id, attempts in counts:
        other = session.get_one(PackageVersion, version_id)
        same = have_same_structure(other.manifest, version.manifest)
        found.append(InProgress(other, attempts, same))
    return sorted(found, key=lambda entry: entry.version.number, reverse=True)


def publish_version(
    session: Session,
    version: PackageVersion,
    *,
    running_attempts: RunningAttempts,
    made_by: UUID | None,
    now: datetime,
) -> None:
    """Let new attempts start with `version`, a newer or an earlier one, and say what happens to
    attempts in progress on the others. Noted in the package's history."""
    package = session.get_one(Package, version.package_id, with_for_update=True)
    before = package.current_version
    in_progress = list_in_progress(session, version)
    package.current_version = version
    package.running_attempts = running_attempts
    version.published_at = version.published_at or now
    session.add(
        PackageEvent(
            package_id=package.id,
            kind="published",
            package_version_id=version.id,
            details={
                "before": before.number if before else None,
                "number": version.number,
                "running_attempts": str(running_attempts),
                "in_progress": {str(e.version.number): e.attempts for e in in_progress},
            },
            made_by=made_by,
        )
    )
    session.flush()


def get_version(session: Session, package_id: UUID, number: int) -> PackageVersion:
    """Version `number` of a package; raises PackageNotFound."""
    version = session.scalar(
        select(PackageVersion).where(
            PackageVersion.package_id == package_id, PackageVersion.number == number
        )
    )
    if version is None:
        raise PackageNotFound(f"The package has no version {number}.")
    return version


def list_events(session: Session, package_id: UUID, *, limit: int = 100) -> list[PackageEvent]:
    """The package's history, newest first."""
    return list(
        session.scalars(
            select(PackageEvent)
            .where(PackageEvent.package_id == package_id)
            .order_by(PackageEvent.created_at.desc(), PackageEvent.id.desc())
            .limit(limit)
        )
    )
