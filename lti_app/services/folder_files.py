"""The files of a folder: from a directory, from a zip of strangers, and as a zip."""

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from content.core.folder import FolderInvalid

MAX_BYTES = 500 * 2**20
MAX_FILES = 5000
_UNREADABLE = (
    *(zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError),
)
"""What zipfile raises for broken, encrypted and unknown archives; FolderInvalid is a ValueError."""


def read_directory(folder: Path) -> dict[str, bytes]:
    """The files below a folder, without hidden ones."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not any(part.startswith(".") for part in path.parts[-3:])
    }


def read_zip(data: bytes, *, max_bytes: int | None = None) -> dict[str, bytes]:
    """The files of a zip, of its one folder where it has just one. Raises FolderInvalid for what is
    no zip, too large (max_bytes, else MAX_BYTES, unpacked) or too many; names are only ever
    compared, so none leads anywhere."""
    most = MAX_BYTES if max_bytes is None else max_bytes
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = [one for one in archive.infolist() if not one.is_dir()]
            if len(entries) > MAX_FILES or sum(one.file_size for one in entries) > most:
                raise FolderInvalid("zip", "too many files, or too large when unpacked")
            files = {one.filename: _read_entry(archive, one) for one in entries}
    except _UNREADABLE as error:
        if isinstance(error, FolderInvalid):
            raise
        raise FolderInvalid("zip", "this is no zip that can be read") from None
    roots = [name.removesuffix("course.yaml") for name in files if name.endswith("course.yaml")]
    root = min(roots, key=len, default="")
    return {name.removeprefix(root): one for name, one in files.items() if name.startswith(root)}


def write_zip(files: Mapping[str, bytes]) -> bytes:
    """The same files always make the same bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), files[name])
    return made.getvalue()


def _read_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        data = file.read(entry.file_size + 1)
    if len(data) > entry.file_size:
        raise FolderInvalid(entry.filename, "larger than the zip says")
    return data
