"""Previews: a version tried before it is published (`core/preview.py`)."""

from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import ColumnElement, CursorResult, delete
from sqlalchemy.orm import Session

from scorm_runtime.core.preview import PREVIEW, name_preview
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services.attempts import find_attempt, open_attempt

IS_NO_PREVIEW: ColumnElement[bool] = Attempt.context_key.not_like(f"{PREVIEW}:%")
"""Of the attempts that count, or are counted."""


def open_preview(
    session: Session, version: PackageVersion, user_id: UUID, *, now: datetime
) -> Attempt:
    """This person's attempt on the version, which goes on where it was left."""
    return open_attempt(
        session,
        package_id=version.package_id,
        user_id=user_id,
        context_key=name_preview(version.id),
        now=now,
        version_id=version.id,
    )


def find_preview(session: Session, version: PackageVersion, user_id: UUID) -> Attempt | None:
    """What this person has tried of the version, None where nothing is left of it."""
    place = name_preview(version.id)
    return find_attempt(session, package_id=version.package_id, user_id=user_id, context_key=place)


def remove_preview(session: Session, version: PackageVersion, user_id: UUID) -> bool:
    """Delete it with all it recorded; whether there was one. An open window of it is told that
    there is no such attempt."""
    gone = session.execute(
        delete(Attempt).where(
            Attempt.user_id == user_id, Attempt.context_key == name_preview(version.id)
        )
    )
    return cast("CursorResult[object]", gone).rowcount > 0
