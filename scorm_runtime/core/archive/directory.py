"""The zip file's table of contents, read without trusting it.

PKWARE APPNOTE 6.3.10: 4.3.16 end of central directory, 4.3.14/15 zip64, 4.3.12 central header.
Python's zipfile is not used: it forgives what an attacker builds on (counts and sizes that
contradict each other) and reads everything into memory before anything can be limited.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from scorm_runtime.core.archive.errors import (
    DamagedDirectory,
    DirectoryTooLarge,
    NotAZip,
    SplitArchive,
    TooManyFiles,
    TruncatedArchive,
    Zip64Inconsistent,
    ZipTooLarge,
)
from scorm_runtime.core.archive.limits import ArchiveLimits
from scorm_runtime.core.archive.names import decode_name

_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_SPLIT = (b"PK\x07\x08", b"PK00PK\x03\x04")
_FULL_16, _FULL_32 = 0xFFFF, 0xFFFFFFFF
_OTHER_KINDS = {
    b"Rar!": "it is a RAR archive",
    b"7z\xbc\xaf": "it is a 7-Zip archive",
    b"\x1f\x8b": "it is a gzip file",
    b"%PDF": "it is a PDF",
    b"<?xm": "it is an XML file; the whole package is needed",
    b"<htm": "it is a web page",
    b"<!DO": "it is a web page",
    b"\xd0\xcf\x11\xe0": "it is an old Office document",
}


@dataclass(frozen=True)
class Entry:
    """One central header, as it was written."""

    raw_name: bytes
    name: str
    """Decoded, not yet judged."""
    flags: int
    method: int
    crc32: int
    packed_size: int
    size: int
    offset: int
    """Of the local header, from the start of the file."""
    mode: int
    """Unix mode, 0 where the maker's system has none."""
    extra: bytes


@dataclass(frozen=True)
class Directory:
    """All central headers and where they lie."""

    entries: tuple[Entry, ...]
    start: int
    """Offset of the first central header; members lie before it."""
    prepended: int
    """Bytes before the zip file proper, as in a self-extracting archive."""


@dataclass(frozen=True)
class _End:
    position: int
    """Where the records that end the directory begin."""
    count: int
    size: int
    offset: int


def read_directory(file: BinaryIO, limits: ArchiveLimits) -> Directory:
    """Read the table of contents of `file` (seekable); raise an ArchiveRefused."""
    file_size = file.seek(0, 2)
    if file_size > limits.max_zip_bytes:
        raise ZipTooLarge(detail=f"{file_size:,} bytes, at most {limits.max_zip_bytes:,}")
    end = _find_end(file, file_size)
    if end.count > limits.max_files:
        raise TooManyFiles(detail=f"{end.count:,}, at most {limits.max_files:,}")
    if end.size > limits.max_directory_bytes:
        raise DirectoryTooLarge(
            detail=f"{end.size:,} bytes, at most {limits.max_directory_bytes:,}"
        )
    prepended = end.position - end.size - end.offset
    if prepended < 0:
        raise DamagedDirectory(detail="it is said to reach beyond its own end")
    file.seek(end.position - end.size)
    entries = tuple(_read_entries(file.read(end.size), end.count, prepended))
    return Directory(entries, end.position - end.size, prepended)


def _find_end(file: BinaryIO, file_size: int) -> _End:
    file.seek(0)
    head = file.read(8)
    start = max(0, file_size - _END.size - _FULL_16)
    file.seek(start)
    tail = file.read()
    position = _last_end(tail)
    if position is None:
        raise _no_zip(head, file_size)
    _, disk, start_disk, disk_count, count, size, offset, _ = _END.unpack_from(tail, position)
    at = start + position
    locator = _find_locator(file, at)
    if locator is not None:
        return _read_end_64(file, at, locator, (disk_count, count, size, offset))
    if disk or start_disk or disk_count != count or head[:4] == _SPLIT[0]:
        raise SplitArchive
    if size == _FULL_32 or offset == _FULL_32:
        raise Zip64Inconsistent(detail="the large sizes are announced and missing")
    return _End(at, count, size, offset)


def _last_end(tail: bytes) -> int | None:
    """Position of the end record whose comment reaches the end exactly, or the last whole one."""
    fallback = None
    position = tail.rfind(b"PK\x05\x06")
    while position >= 0:
        if position + _END.size <= len(tail):
            comment = _END.unpack_from(tail, position)[7]
            if position + _END.size + comment == len(tail):
                return position
            if fallback is None and position + _END.size + comment < len(tail):
                fallback = position
        position = tail.rfind(b"PK\x05\x06", 0, position)
    return fallback


def _no_zip(head: bytes, file_size: int) -> Exception:
    if file_size == 0:
        return NotAZip(detail="the file is empty")
    if head.startswith((b"PK\x03\x04", *_SPLIT)):
        return TruncatedArchive()
    kinds = (text for magic, text in _OTHER_KINDS.items() if head.startswith(magic))
    return NotAZip(detail=next(kinds, ""))


def _find_locator(file: BinaryIO, end: int) -> int | None:
    """Offset of the zip64 end record relative to the zip file's start, when there is a locator."""
    if end < _LOCATOR_64.size:
        return None
    file.seek(end - _LOCATOR_64.size)
    signature, disk, offset, disks = _LOCATOR_64.unpack(file.read(_LOCATOR_64.size))
    if signature != b"PK\x06\x07":
        return None
    if disk or disks > 1:
        raise SplitArchive
    return int(offset)


def _read_end_64(file: BinaryIO, end: int, offset: int, small: tuple[int, int, int, int]) -> _End:
    """The zip64 end record: right before its locator, and of one mind with the small one."""
    position = end - _LOCATOR_64.size - _END_64.size
    # Bytes before the zip file shift the record; only its fixed size is in use (no v2 records).
    if position < offset:
        raise Zip64Inconsistent(detail="the large end record is not where it is said to be")
    file.seek(position)
    record = file.read(_END_64.size)
    signature, length, _, _, disk, start_disk, disk_count, count, size, start = _END_64.unpack(
        record
    )
    if signature != b"PK\x06\x06" or length != _END_64.size - 12:
        raise Zip64Inconsistent(detail="the large end record is missing")
    if disk or start_disk or disk_count != count:
        raise SplitArchive
    for said, full, large in zip(
        small,
        (_FULL_16, _FULL_16, _FULL_32, _FULL_32),
        (disk_count, count, size, start),
        strict=True,
    ):
        if said not in (full, large):
            raise Zip64Inconsistent(detail=f"{said:,} in one place, {large:,} in the other")
    return _End(position, count, size, start)


def _read_entries(data: bytes, count: int, prepended: int) -> Iterator[Entry]:
    position = 0
    for _ in range(count):
        if len(data) - position < _CENTRAL.size:
            raise DamagedDirectory(detail="it ends before its last entry")
        fields = _CENTRAL.unpack_from(data, position)
        if fields[0] != b"PK\x01\x02":
            raise DamagedDirectory(detail="an entry does not begin like one")
        lengths = fields[10:13]
        position += _CENTRAL.size
        if sum(lengths) > len(data) - position:
            raise DamagedDirectory(detail="an entry is longer than the directory")
        name = data[position : position + lengths[0]]
        extra = data[position + lengths[0] : position + lengths[0] + lengths[1]]
        yield _entry(fields, name, extra, prepended)
        position += sum(lengths)
    if position != len(data):
        raise DamagedDirectory(detail="it has more entries than it counts")


def _entry(fields: tuple[int, ...], raw_name: bytes, extra: bytes, prepended: int) -> Entry:
    name = decode_name(raw_name, is_utf8=bool(fields[3] & 0x800))
    packed, size, offset, disk = fields[8], fields[9], fields[16], fields[13]
    large = _zip64_values(name, extra, [size, packed, offset])
    if disk not in (0, _FULL_16):
        raise SplitArchive(name)
    return Entry(
        raw_name=raw_name,
        name=name,
        flags=fields[3],
        method=fields[4],
        crc32=fields[7],
        packed_size=large[1],
        size=large[0],
        offset=large[2] + prepended,
        mode=fields[15] >> 16,
        extra=extra,
    )


def _zip64_values(name: str, extra: bytes, values: list[int]) -> list[int]:
    """Replace each value that is full by the next of the zip64 field (APPNOTE 4.5.3)."""
    if _FULL_32 not in values:
        return values
    field = next((body for tag, body in extra_fields(name, extra) if tag == 1), None)
    if field is None:
        raise Zip64Inconsistent(name, "the large size is announced and missing")
    numbers = iter(struct.unpack(f"<{len(field) // 8}Q", field[: len(field) // 8 * 8]))
    try:
        return [next(numbers) if value == _FULL_32 else value for value in values]
    except StopIteration:
        raise Zip64Inconsistent(name, "the large size is announced and missing") from None


def extra_fields(name: str, extra: bytes) -> list[tuple[int, bytes]]:
    """Tag and body of each extra field (APPNOTE 4.5.1); padding at the end is ignored."""
    found = []
    position = 0
    while len(extra) - position >= 4:
        tag, length = struct.unpack_from("<2H", extra, position)
        position += 4
        if length > len(extra) - position:
            raise DamagedDirectory(name, "an extra field is longer than its entry")
        found.append((tag, extra[position : position + length]))
        position += length
    return found
