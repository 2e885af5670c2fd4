"""A folder as storage: every object is a file, written aside, synced, then renamed."""

import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from scorm_runtime.storage.errors import ObjectMissing, TargetTaken
from scorm_runtime.storage.interface import CHUNK_BYTES, ObjectStat
from scorm_runtime.storage.keys import validate_key, validate_prefix

_ASIDE = ".aside"
"""Folder in the root for files that are being written; outside the reach of any key's listing."""


class LocalStorage:
    """`Storage` in the folder `root`, which is made when it is missing."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._objects = root / "objects"
        self._aside = root / _ASIDE
        self._objects.mkdir(parents=True, exist_ok=True)
        self._aside.mkdir(exist_ok=True)

    def put(self, key: str, chunks: Iterable[bytes]) -> int:
        target = self._path(key)
        handle, name = tempfile.mkstemp(dir=self._aside)
        size = 0
        try:
            with os.fdopen(handle, "wb") as file:
                for chunk in chunks:
                    size += file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(name).replace(target)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(name).unlink()
            raise
        _sync_folder(target.parent)
        return size

    def open(self, key: str) -> BinaryIO:
        path = self._path(key)
        try:
            return path.open("rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise ObjectMissing(key) from None

    def read(self, key: str, start: int = 0, end: int | None = None) -> Iterator[bytes]:
        return _chunks(self.open(key), start, end)

    def stat(self, key: str) -> ObjectStat:
        path = self._path(key)
        try:
            found = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            raise ObjectMissing(key) from None
        if path.is_dir():
            raise ObjectMissing(key)
        return ObjectStat(
            key=key,
            size=found.st_size,
            modified_at=datetime.fromtimestamp(found.st_mtime, UTC),
            etag=f"{found.st_mtime_ns:x}-{found.st_size:x}",
        )

    def list(self, prefix: str) -> Iterator[str]:
        folder = self._folder(prefix)
        found = (path for path in folder.rglob("*") if path.is_file())
        return iter(sorted(path.relative_to(self._objects).as_posix() for path in found))

    def delete(self, key: str) -> None:
        path = self._path(key)
        with suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            path.unlink()
            self._prune(path.parent)

    def delete_prefix(self, prefix: str) -> None:
        folder = self._folder(prefix)
        with suppress(FileNotFoundError, NotADirectoryError):
            shutil.rmtree(folder)
        self._prune(folder.parent)

    def copy(self, key: str, new_key: str) -> None:
        source, target = self._path(key), self._path(new_key)
        if not source.is_file():
            raise ObjectMissing(key)
        # Objects are replaced, never written into: two names for one file are as good as two.
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.unlink(missing_ok=True)
            target.hardlink_to(source)
        except OSError:
            self.put(new_key, self.read(key))
        _sync_folder(target.parent)

    def publish(self, prefix: str, new_prefix: str) -> None:
        source, target = self._folder(prefix), self._folder(new_prefix)
        if not source.is_dir():
            raise ObjectMissing(prefix)
        if target.exists():
            raise TargetTaken(new_prefix)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
        _sync_folder(target.parent)
        self._prune(source.parent)

    def _path(self, key: str) -> Path:
        return self._objects / validate_key(key)

    def _folder(self, prefix: str) -> Path:
        return self._objects / validate_prefix(prefix)[:-1]

    def _prune(self, folder: Path) -> None:
        """Remove folders that have become empty: an object storage has none either."""
        with suppress(OSError):
            while folder != self._objects:
                folder.rmdir()
                folder = folder.parent


def _chunks(file: BinaryIO, start: int, end: int | None) -> Iterator[bytes]:
    with file:
        file.seek(start)
        left = None if end is None else max(0, end - start)
        while left is None or left > 0:
            chunk = file.read(CHUNK_BYTES if left is None else min(CHUNK_BYTES, left))
            if not chunk:
                return
            if left is not None:
                left -= len(chunk)
            yield chunk


def _sync_folder(folder: Path) -> None:
    """Make a rename durable; the files themselves are synced when they are written."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
