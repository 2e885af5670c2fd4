"""One try of one import, as a worker does it: check, read, extract, publish, record.

The files are written below `staging/`, appear below `packages/<version>/` in one step, and only
then does the version's row exist. A run that dies leaves a row from which the next run starts
over; a run that was overtaken notices at its next step and stops. Whatever the size of the zip,
memory holds a few chunks of it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, suppress
from datetime import datetime, timedelta
from typing import BinaryIO
from uuid import uuid5

from sqlalchemy.orm import Session

from scorm_runtime.core.archive.limits import ArchiveLimits
from scorm_runtime.core.archive.members import Member, open_archive, read_member
from scorm_runtime.core.findings import Finding, Level
from scorm_runtime.core.manifest.limits import ManifestLimits
from scorm_runtime.core.manifest.locate import Location, locate_manifest
from scorm_runtime.core.manifest.read import Reading, read_manifest
from scorm_runtime.core.refusal import PackageRefused
from scorm_runtime.models.package import PackageVersion
from scorm_runtime.services import import_rows as rows
from scorm_runtime.services.errors import ImportSuperseded
from scorm_runtime.services.upload_rows import list_parts, prefix_of
from scorm_runtime.storage.errors import ObjectMissing
from scorm_runtime.storage.interface import CHUNK_BYTES, Storage

Transaction = Callable[[], AbstractContextManager[Session]]
"""Opens one small transaction of the job's tenant."""
Clock = Callable[[], datetime]

_SAY_EVERY = timedelta(seconds=1)


class UploadMissing(PackageRefused):
    """The uploaded file is not in the storage any more."""

    code = "upload_missing"
    says = "The uploaded file is gone."
    mend = "Upload it again."


class ImportRun:
    """One try of one import."""

    def __init__(
        self, transaction: Transaction, storage: Storage, claim: rows.Claim, now: Clock
    ) -> None:
        self._transaction = transaction
        self._storage = storage
        self._claim = claim
        self._now = now
        self._staging = f"staging/{claim.job_id}/{claim.number}/"
        self._version_id = uuid5(claim.job_id, f"version {claim.number}")
        self._home = f"packages/{self._version_id}/"
        self._findings: list[Finding] = []
        self._said_at: datetime | None = None

    def do(self, archive_limits: ArchiveLimits, manifest_limits: ManifestLimits) -> None:
        """The straight line: check, extract, read, publish, record."""
        self._remove_earlier_tries()
        assembled = self._assemble()
        try:
            file = self._storage.open(self._claim.stored_key)
        except ObjectMissing:
            raise UploadMissing(self._claim.file_name) from None
        with file:
            sha256 = assembled or self._hash(file)
            if self._is_repeated(sha256):
                return
            archive = open_archive(file, archive_limits)
            self._findings += archive.findings
            location = locate_manifest([member.path for member in archive.members])
            self._findings += location.findings
            members = [m for m in archive.members if m.path.startswith(location.root)]
            reading = self._read_manifest(file, members, location, manifest_limits)
            self._extract(file, members, location)
        self._publish(reading, members, sha256)

    def refuse(self, refusal: PackageRefused) -> None:
        """Nothing stays but the job's row with the reason."""
        self.clean_up()
        error = Finding(Level.ERROR, refusal.code, refusal.message, element=refusal.subject)
        with suppress(ImportSuperseded):
            with self._transaction() as session:
                rows.fail(session, self._claim, refusal, [*self._findings, error], now=self._now())
            self._delete_upload()

    def break_off(self, error: Exception) -> bool:
        """After something unexpected: leave no files, and let the import be tried again.

        Answers False when another worker has the import: then the error came of that.
        """
        self.clean_up()
        reason = f"{type(error).__name__}: tried again soon"
        try:
            with self._transaction() as session:
                again = rows.release(session, self._claim, reason, now=self._now())
        except ImportSuperseded:
            with self._transaction() as session:
                return rows.is_newest(session, self._claim)
        if not again:
            self.refuse(rows.GaveUp(detail=type(error).__name__))
        return True

    def clean_up(self) -> None:
        """Remove what this try has written, unless its version exists after all.

        A connection that breaks during COMMIT leaves open whether the row is there: it is asked,
        and when nobody answers the files stay.
        """
        self._storage.delete_prefix(self._staging)
        with self._transaction() as session:
            recorded = session.get(PackageVersion, self._version_id) is not None
        if not recorded:
            self._storage.delete_prefix(self._home)

    def _remove_earlier_tries(self) -> None:
        for number in range(1, self._claim.number):
            self._storage.delete_prefix(f"staging/{self._claim.job_id}/{number}/")
            earlier = uuid5(self._claim.job_id, f"version {number}")
            self._storage.delete_prefix(f"packages/{earlier}/")

    def _say(self, stage: str, done: int, total: int, *, always: bool = False) -> None:
        now = self._now()
        if not always and self._said_at is not None and now - self._said_at < _SAY_EVERY:
            return
        self._said_at = now
        with self._transaction() as session:
            rows.say(session, self._claim, stage, done, total, now=now)

    def _assemble(self) -> str:
        """Put the parts of an upload together; answer the SHA-256 of the whole, or nothing when
        there is nothing to put together (any more)."""
        if self._claim.upload_id is None or self._is_stored(self._claim.stored_key):
            return ""
        with self._transaction() as session:
            parts = list_parts(session, self._claim.upload_id)
            keys, total = [part.stored_key for part in parts], sum(part.size for part in parts)
        digest = hashlib.sha256()
        self._say("assemble", 0, total, always=True)

        def joined() -> Iterator[bytes]:
            done = 0
            for key in keys:
                for chunk in self._storage.read(key):
                    digest.update(chunk)
                    done += len(chunk)
                    self._say("assemble", done, total)
                    yield chunk

        try:
            self._storage.put(self._claim.stored_key, joined())
        except ObjectMissing:
            raise UploadMissing(self._claim.file_name) from None
        return digest.hexdigest()

    def _is_stored(self, key: str) -> bool:
        try:
            self._storage.stat(key)
        except ObjectMissing:
            return False
        return True

    def _delete_upload(self) -> None:
        self._storage.delete(self._claim.stored_key)
        if self._claim.upload_id is not None:
            self._storage.delete_prefix(prefix_of(self._claim.upload_id))

    def _hash(self, file: BinaryIO) -> str:
        total = file.seek(0, 2)
        file.seek(0)
        self._say("check", 0, total, always=True)
        digest = hashlib.sha256()
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
            self._say("check", file.tell(), total)
        return digest.hexdigest()

    def _is_repeated(self, sha256: str) -> bool:
        with self._transaction() as session:
            version = rows.find_same(session, sha256, self._claim.package_key)
            if version is None:
                return False
            rows.finish_repeated(session, self._claim, version, now=self._now())
        self._delete_upload()
        return True

    def _read_manifest(
        self, file: BinaryIO, members: list[Member], location: Location, limits: ManifestLimits
    ) -> Reading:
        """Before anything is extracted: most refusals cost nothing that way."""
        self._say("manifest", 0, 1, always=True)
        start = len(location.root)
        inside = {member.path[start:]: member for member in members}
        reading = read_manifest(
            _read_small(file, inside[location.manifest[start:]], limits.max_bytes),
            list(inside),
            title=self._claim.file_name.rsplit(".", 1)[0] or "Package",
            limits=limits,
            read_file=lambda path: _read_small(file, inside[path], limits.max_bytes),
        )
        self._findings += reading.findings
        return reading

    def _extract(self, file: BinaryIO, members: list[Member], location: Location) -> None:
        total = sum(member.size for member in members)
        done = 0
        self._say("extract", 0, total, always=True)
        for member in members:
            key = f"{self._staging}files/{member.path[len(location.root) :]}"
            self._storage.put(key, self._watched(read_member(file, member), done, total))
            done += member.size

    def _watched(self, chunks: Iterable[bytes], done: int, total: int) -> Iterator[bytes]:
        for chunk in chunks:
            done += len(chunk)
            self._say("extract", done, total)
            yield chunk

    def _publish(self, reading: Reading, members: list[Member], sha256: str) -> None:
        self._say("publish", 0, 1, always=True)
        self._storage.publish(self._staging, self._home)
        imported = rows.Imported(
            version_id=self._version_id,
            reading=reading,
            findings=tuple(self._findings),
            storage_prefix=f"{self._home}files/",
            zip_key=f"{self._home}package.zip",
            file_count=len(members),
            byte_count=sum(member.size for member in members),
            sha256=sha256,
        )
        # Copied, not moved: until the row is written a further try needs the upload.
        self._storage.copy(self._claim.stored_key, imported.zip_key)
        with self._transaction() as session:
            version = rows.record_version(session, self._claim, imported, now=self._now())
        if version is None:
            self.clean_up()
        self._delete_upload()


def _read_small(file: BinaryIO, member: Member, max_bytes: int) -> bytes:
    """The member's bytes; of a larger one so many that it is seen to be too large."""
    data = bytearray()
    for chunk in read_member(file, member):
        data += chunk
        if len(data) > max_bytes:
            break
    return bytes(data)
