"""A package's settings: read for a launch, changed by people, each change in its history."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.package_settings import (
    PackageSettings,
    read_package_settings,
    validate_package_settings,
)
from scorm_runtime.models.package import Package, PackageEvent
from scorm_runtime.services.errors import PackageNotFound


def get_settings(session: Session, package_id: UUID) -> PackageSettings:
    """The settings of a package; raises PackageNotFound."""
    package = session.get(Package, package_id)
    if package is None:
        raise PackageNotFound(f"There is no package {package_id}.")
    return read_package_settings(package.settings)


def change_settings(
    session: Session, package_id: UUID, data: Mapping[str, Any], *, made_by: UUID | None
) -> PackageSettings:
    """Give a package the settings `data` (those not named take their defaults).

    Attempts in progress keep the run-time switches they began with; everything else holds from
    the next launch on. Raises PackageNotFound and `core.package_settings.SettingsRefused`; then
    nothing is changed.
    """
    settings = validate_package_settings(data)
    package = session.get(Package, package_id, with_for_update=True)
    if package is None:
        raise PackageNotFound(f"There is no package {package_id}.")
    before, after = package.settings, settings.as_json()
    if before != after:
        package.settings = after
        details = {"before": before, "after": after}
        session.add(
            PackageEvent(package_id=package.id, kind="settings", details=details, made_by=made_by)
        )
        session.flush()
    return settings
