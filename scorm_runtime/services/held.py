"""Rows that one request asks for again and again.

A session forgets a row as soon as nobody holds it, and reads it again for the next one who asks.
"""

from typing import TypeVar
from uuid import UUID

from sqlalchemy.orm import Session, defer

from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import Package, PackageVersion

_HELD = "scorm_runtime.held"
Row = TypeVar("Row")
WITHOUT_MANIFEST = (defer(PackageVersion.manifest), defer(PackageVersion.report))
"""Options of a query for versions: what may be large is read when it is asked for."""


def hold(session: Session, row: Row) -> Row:
    """Keep `row` in the session until its transaction ends."""
    session.info.setdefault(_HELD, []).append(row)
    return row


def get_package(session: Session, attempt: Attempt) -> Package:
    """The package that is attempted."""
    return hold(session, session.get_one(Package, attempt.package_id))


def get_version(session: Session, attempt: Attempt) -> PackageVersion:
    """The package version that the attempt is pinned to, without its manifest."""
    key = attempt.package_version_id
    return hold(session, session.get_one(PackageVersion, key, options=WITHOUT_MANIFEST))


def find_locked(session: Session, attempt_id: UUID) -> Attempt | None:
    """The attempt, where this transaction has locked it before (`attempts.lock_attempt`)."""
    for row in session.info.get(_HELD, ()):
        if isinstance(row, Attempt) and row.id == attempt_id:
            return row
    return None
