"""Versions that an older reader has read are read again, from their stored files.

Their files and the attempts on them stay what they are; the manifest as we understand it, the
report and whether it can be played are new. A version that the new reader refuses keeps what the
old one made of it.
"""

import json
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scorm_runtime.core.manifest.errors import ManifestRefused
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.locate import MANIFEST
from scorm_runtime.core.manifest.read import READER, Reading, read_manifest
from scorm_runtime.models.package import PackageEvent, PackageVersion
from scorm_runtime.services.import_run import Transaction
from scorm_runtime.storage.errors import StorageError
from scorm_runtime.storage.interface import Storage


def find_outdated(session: Session, *, limit: int = 50) -> Sequence[UUID]:
    """Versions read by an older reader, oldest first."""
    return session.scalars(
        select(PackageVersion.id)
        .where(PackageVersion.read_by < READER)
        .order_by(PackageVersion.created_at)
        .limit(limit)
    ).all()


def forget_readings(session: Session) -> None:
    """Let every version be read again."""
    session.execute(update(PackageVersion).values(read_by=0))


def reread_version(transaction: Transaction, storage: Storage, version_id: UUID) -> bool:
    """Read the version's manifest again; whether something about it is different now.

    Safe to run twice.
    """
    with transaction() as session:
        version = session.get_one(PackageVersion, version_id)
        prefix, title = version.storage_prefix, version.file_name.rsplit(".", 1)[0] or "Package"
    reading = _read(storage, prefix, title)
    with transaction() as session:
        version = session.get_one(PackageVersion, version_id, with_for_update=True)
        version.read_by = READER
        return reading is not None and _take_over(session, version, reading)


def _read(storage: Storage, prefix: str, title: str) -> Reading | None:
    limits = ManifestLimits()
    paths = [key[len(prefix) :] for key in storage.list(prefix)]
    manifest = next((path for path in paths if path.lower() == MANIFEST), None)
    if manifest is None:
        return None

    def read_file(path: str) -> bytes:
        return b"".join(storage.read(prefix + path, 0, limits.max_bytes + 1))

    try:
        return read_manifest(
            read_file(manifest), paths, title=title, limits=limits, read_file=read_file
        )
    except (ManifestRefused, StorageError):
        return None


def _take_over(session: Session, version: PackageVersion, reading: Reading) -> bool:
    manifest = json.loads(json.dumps(reading.manifest.as_json()))  # as it comes from the row
    if manifest == version.manifest and version.playable:
        return False
    version.manifest = manifest
    version.standard = str(reading.manifest.standard)
    version.schema_version = reading.manifest.schema_version
    version.entry = reading.manifest.scos[0].launch
    version.report = [finding.as_json() for finding in reading.findings]
    version.playable, version.not_playable_reason = True, ""
    session.add(
        PackageEvent(
            package_id=version.package_id,
            kind="reread",
            package_version_id=version.id,
            details={"number": version.number},
        )
    )
    return True
