"""From a zip file to the members that may be stored, and their bytes, checked while they flow.

    archive = open_archive(file, limits)          # every member judged before one byte is unpacked
    for member in archive.members:
        storage.put(prefix + member.path, read_member(file, member))

Nothing is written here. `read_member` raises in the middle of the stream when the content is not
what the headers promised; whoever writes throws away what was written so far.
"""

import stat
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import BinaryIO

from scorm_runtime.core.archive.directory import Directory, Entry, extra_fields, read_directory
from scorm_runtime.core.archive.errors import (
    ChecksumWrong,
    ContentTooLarge,
    DamagedMember,
    EncryptedMember,
    FileTooLarge,
    HardLink,
    HeaderMismatch,
    OverlappingEntries,
    RatioTooHigh,
    SizeMismatch,
    SpecialFile,
    SymbolicLink,
    TruncatedArchive,
    UnsupportedCompression,
    Zip64Inconsistent,
)
from scorm_runtime.core.archive.limits import ArchiveLimits
from scorm_runtime.core.archive.names import check_collisions, clean_path, is_junk
from scorm_runtime.core.findings import Finding, Level

CHUNK_BYTES = 256 * 1024
STORED, DEFLATED = 0, 8
_METHODS = {
    1: "Shrink",
    6: "Implode",
    9: "Deflate64",
    12: "bzip2",
    14: "LZMA",
    93: "Zstandard",
    95: "xz",
}
_LOCAL = struct.Struct("<4s5H3L2H")
_ENCRYPTED = 0x0001 | 0x0040 | 0x2000
_DESCRIPTOR = 0x0008


@dataclass(frozen=True)
class Member:
    """One file that may be stored."""

    path: str
    """Relative, "/" between names, safe on every file system."""
    name: str
    """As the zip file spells it."""
    method: int
    crc32: int
    packed_size: int
    size: int
    start: int
    """Offset of its packed bytes in the zip file."""


@dataclass(frozen=True)
class Archive:
    """A zip file all of whose headers were found good."""

    members: tuple[Member, ...]
    findings: tuple[Finding, ...]

    @property
    def total_bytes(self) -> int:
        """Size of all members after extraction."""
        return sum(member.size for member in self.members)


def open_archive(file: BinaryIO, limits: ArchiveLimits) -> Archive:
    """Judge the zip file in `file` (seekable); raise an ArchiveRefused for the first fault."""
    directory = read_directory(file, limits)
    paths = [clean_path(entry.name, limits) for entry in directory.entries]
    for entry in directory.entries:
        _check_kind(entry)
    _check_sizes(directory.entries, limits)
    check_collisions(
        (path, entry.name, _is_folder(entry))
        for path, entry in zip(paths, directory.entries, strict=True)
    )
    starts = _check_local_headers(file, directory)
    members = tuple(
        Member(path, e.name, e.method, e.crc32, e.packed_size, e.size, start)
        for path, e, start in zip(paths, directory.entries, starts, strict=True)
        if not _is_folder(e) and not is_junk(path)
    )
    return Archive(members, tuple(_findings(directory, members)))


def read_member(file: BinaryIO, member: Member) -> Iterator[bytes]:
    """The member's bytes, unpacked; raises when they are not what the headers promised."""
    chunks = _unpack(file, member) if member.method == DEFLATED else _packed(file, member)
    size = crc = 0
    for chunk in chunks:
        size += len(chunk)
        if size > member.size:
            raise SizeMismatch(member.name, f"more than the {member.size:,} bytes stated")
        crc = zlib.crc32(chunk, crc)
        yield chunk
    if size != member.size:
        raise SizeMismatch(member.name, f"{size:,} bytes, {member.size:,} stated")
    if crc != member.crc32:
        raise ChecksumWrong(member.name)


def _packed(file: BinaryIO, member: Member) -> Iterator[bytes]:
    position, left = member.start, member.packed_size
    while left > 0:
        # Seek every time: the caller may read something else of the file between two chunks.
        file.seek(position)
        chunk = file.read(min(CHUNK_BYTES, left))
        if not chunk:
            raise TruncatedArchive(member.name)
        position += len(chunk)
        left -= len(chunk)
        yield chunk


def _unpack(file: BinaryIO, member: Member) -> Iterator[bytes]:
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for packed in _packed(file, member):
            if inflate.eof:
                raise SizeMismatch(member.name, "bytes after the end of the packed data")
            while packed and not inflate.eof:
                chunk = inflate.decompress(packed, CHUNK_BYTES)
                packed = inflate.unconsumed_tail
                if chunk:
                    yield chunk
        while not inflate.eof and (chunk := inflate.decompress(b"", CHUNK_BYTES)):
            yield chunk
    except zlib.error as error:
        raise DamagedMember(member.name) from error
    if inflate.unused_data:
        raise SizeMismatch(member.name, "bytes after the end of the packed data")
    if not inflate.eof:
        raise DamagedMember(member.name, "the packed data end too early")


def _is_folder(entry: Entry) -> bool:
    return entry.name.endswith(("/", "\\")) or stat.S_ISDIR(entry.mode)


def _check_kind(entry: Entry) -> None:
    if stat.S_ISLNK(entry.mode):
        raise SymbolicLink(entry.name)
    if stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise SpecialFile(entry.name)
    for tag, body in extra_fields(entry.name, entry.extra):
        # APPNOTE 4.5.7: after 12 fixed bytes the Unix field names the file that is linked to.
        if tag == 0x000D and len(body) > 12:
            raise HardLink(entry.name)
    if entry.flags & _ENCRYPTED:
        raise EncryptedMember(entry.name)
    if entry.method not in (STORED, DEFLATED):
        method = _METHODS.get(entry.method, f"number {entry.method}")
        raise UnsupportedCompression(entry.name, method)
    if entry.method == STORED and entry.packed_size != entry.size:
        raise SizeMismatch(entry.name, "stored without packing, yet two different sizes")
    if _is_folder(entry) and entry.size:
        raise SizeMismatch(entry.name, "a folder with content")


def _check_sizes(entries: tuple[Entry, ...], limits: ArchiveLimits) -> None:
    for entry in entries:
        if entry.size > limits.max_file_bytes:
            detail = f"{entry.size:,} bytes, at most {limits.max_file_bytes:,}"
            raise FileTooLarge(entry.name, detail)
        _check_ratio(entry.name, entry.size, entry.packed_size, limits)
    total = sum(entry.size for entry in entries)
    if total > limits.max_total_bytes:
        raise ContentTooLarge(detail=f"{total:,} bytes, at most {limits.max_total_bytes:,}")
    _check_ratio("", total, sum(entry.packed_size for entry in entries), limits)


def _check_ratio(name: str, size: int, packed: int, limits: ArchiveLimits) -> None:
    if size > limits.ratio_free_bytes and size > packed * limits.max_ratio:
        raise RatioTooHigh(name, f"{packed:,} bytes become {size:,}")


def _check_local_headers(file: BinaryIO, directory: Directory) -> list[int]:
    """Compare each local header with its central one; answer where the packed bytes start."""
    starts = [_check_local_header(file, entry, directory.start) for entry in directory.entries]
    spans = sorted(
        (entry.offset, start + entry.packed_size, entry.name)
        for entry, start in zip(directory.entries, starts, strict=True)
    )
    for (_, end, _), (start, _, name) in pairwise(spans):
        if start < end:
            raise OverlappingEntries(name)
    return starts


def _check_local_header(file: BinaryIO, entry: Entry, directory_start: int) -> int:
    # Compared before seeking: an offset of 2⁶⁴−1 is no number a file can be sought by.
    if entry.offset + _LOCAL.size > directory_start:
        raise TruncatedArchive(entry.name)
    file.seek(entry.offset)
    fields = _LOCAL.unpack(file.read(_LOCAL.size))
    signature, _, flags, method, _, _, crc, packed, size, name_length, extra_length = fields
    if signature != b"PK\x03\x04":
        raise HeaderMismatch(entry.name, "there is no file where it should begin")
    if file.read(name_length) != entry.raw_name:
        raise HeaderMismatch(entry.name, "two names")
    if method != entry.method or flags & _ENCRYPTED:
        raise HeaderMismatch(entry.name, "two ways of packing")
    extra = file.read(extra_length)
    if not flags & _DESCRIPTOR or (crc or packed or size):
        _compare_sizes(entry, extra, crc, packed, size)
    start: int = entry.offset + _LOCAL.size + name_length + extra_length
    if start + entry.packed_size > directory_start:
        raise TruncatedArchive(entry.name)
    return start


def _compare_sizes(entry: Entry, extra: bytes, crc: int, packed: int, size: int) -> None:
    if 0xFFFFFFFF in (packed, size):
        field = next((body for tag, body in extra_fields(entry.name, extra) if tag == 1), b"")
        if len(field) < 16:
            raise Zip64Inconsistent(entry.name, "the large size is announced and missing")
        size, packed = struct.unpack_from("<2Q", field)
        if not (crc or packed or size):
            return
    if (crc, packed, size) != (entry.crc32, entry.packed_size, entry.size):
        raise HeaderMismatch(entry.name, "two sizes or checksums")


def _findings(directory: Directory, members: tuple[Member, ...]) -> Iterator[Finding]:
    if directory.prepended:
        message = f"The zip file proper starts after {directory.prepended:,} other bytes."
        yield Finding(Level.NOTE, "zip_prepended", message)
    slashes = [member.name for member in members if "\\" in member.name]
    if slashes:
        message = f"{len(slashes)} paths are written with back-slashes."
        done = "They were put right."
        yield Finding(Level.REPAIRED, "path_backslashes", message, done=done, element=slashes[0])
    composed = [m.name for m in members if "\\" not in m.name and m.path != m.name]
    if composed:
        message = f"{len(composed)} names are in an unusual spelling."
        done = "They were put into the usual one."
        yield Finding(Level.REPAIRED, "name_spelling", message, done=done, element=composed[0])
    junk = sum(1 for e in directory.entries if not _is_folder(e)) - len(members)
    if junk:
        message = f"The zip has {junk} files that an operating system left behind."
        yield Finding(Level.NOTE, "junk_left_out", message, done="They were left out.")
