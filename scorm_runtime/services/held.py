"""What is attempted, as far as one request after another asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session, defer

from database.asking import ask
from scorm_runtime.core.package_settings import PackageSettings, read_package_settings
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import PackageVersion

_HELD = "scorm_runtime.held"
_PLAYED = "SELECT attempt_played(%(package)s, %(version)s, %(named)s)::text"
_Key = tuple[UUID, UUID, UUID | None]
WITHOUT_MANIFEST = (defer(PackageVersion.manifest), defer(PackageVersion.report))
"""Options of a query for versions: what may be large is read when it is asked for."""


@dataclass(frozen=True, slots=True)
class Played:
    """The package version that is attempted, without its manifest, and what its package says."""

    title: str
    """The package's, as the catalogue has it."""
    key: str
    settings: PackageSettings
    version_id: UUID
    standard: str
    edition: str
    is_playable: bool
    read_by: int
    storage_prefix: str
    offers_another: bool
    """A further attempt would have something to play."""


def get_played(session: Session, attempt: Attempt) -> Played:
    """What is attempted; asked once in a transaction."""
    held: Played | None = session.info.get(_HELD, {}).get(_key(attempt))
    if held is not None:
        return held
    package, version, named = _key(attempt)
    keys = {"package": package, "version": version, "named": named}
    answer = ask(session, _PLAYED, keys)
    return hold_played(session, attempt, orjson.loads(answer))


def hold_played(session: Session, attempt: Attempt, said: Mapping[str, Any]) -> Played:
    """What the function attempt_played has said, kept until the transaction ends."""
    read = {
        "version_id": UUID(said["version_id"]),
        "settings": read_package_settings(said["settings"]),
    }
    held: dict[_Key, Played] = session.info.setdefault(_HELD, {})
    found = held[_key(attempt)] = Played(**{**said, **read})
    return found


def get_version(session: Session, attempt: Attempt) -> PackageVersion:
    """The row of the version that the attempt is pinned to."""
    return session.get_one(PackageVersion, attempt.package_version_id, options=WITHOUT_MANIFEST)


def _key(attempt: Attempt) -> _Key:
    return (attempt.package_id, attempt.package_version_id, attempt.named_version_id)
