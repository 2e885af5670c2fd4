"""Zip files made byte by byte, so that every field can lie (APPNOTE 4.3)."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Part:
    """One member; whatever is not given is what an honest zip file would say."""

    name: bytes
    data: bytes = b"x"
    method: int = 8
    flags: int = 0
    mode: int = 0o100644
    made_by: int = 3
    extra: bytes = b""
    comment: bytes = b""
    disk: int = 0
    packed: bytes | None = None
    """Packed bytes, when they are not those of `data`."""
    says: dict[str, int] = field(default_factory=dict)
    """Overrides in both headers: crc, size, packed_size, offset (offset: central only)."""
    local: dict[str, Any] = field(default_factory=dict)
    """Overrides in the local header: also name, flags, method, extra, signature."""
    after: bytes = b""
    """Bytes between this member and the next."""


def deflate(data: bytes) -> bytes:
    squeeze = zlib.compressobj(9, zlib.DEFLATED, -15)
    return squeeze.compress(data) + squeeze.flush()


@dataclass
class Tail:
    """Overrides of the end record, and records of zip64 before it."""

    count: int | None = None
    disk_count: int | None = None
    size: int | None = None
    offset: int | None = None
    disk: int = 0
    start_disk: int = 0
    comment: bytes = b""
    comment_length: int | None = None
    zip64: dict[str, int] | None = None
    """When given there are zip64 records; overrides: count, size, offset, locator, disks …"""
    after: bytes = b""
    directory_junk: bytes = b""


def build(parts: Sequence[Part], tail: Tail | None = None, prefix: bytes = b"") -> bytes:
    """The zip file of `parts`."""
    tail = tail or Tail()
    body = bytearray(prefix)
    central = bytearray()
    for part in parts:
        packed = part.packed
        if packed is None:
            packed = deflate(part.data) if part.method == 8 else part.data
        offset = len(body) - len(prefix)
        true = {"crc": zlib.crc32(part.data), "size": len(part.data), "packed_size": len(packed)}
        said = true | part.says
        body += _local(part, said) + packed + part.after
        central += _central(part, said | {"offset": part.says.get("offset", offset)})
    central += tail.directory_junk
    offset = len(body) - len(prefix)
    return bytes(body + central + _end(tail, len(parts), len(central), offset) + tail.after)


def _local(part: Part, said: dict[str, int]) -> bytes:
    said = said | {k: v for k, v in part.local.items() if k in ("crc", "size", "packed_size")}
    name = part.local.get("name", part.name)
    extra = part.local.get("extra", part.extra)
    return (
        struct.pack(
            "<4s5H3L2H",
            part.local.get("signature", b"PK\x03\x04"),
            20,
            part.local.get("flags", part.flags),
            part.local.get("method", part.method),
            0,
            0x21,
            said["crc"],
            said["packed_size"],
            said["size"],
            len(name),
            len(extra),
        )
        + name
        + extra
    )


def _central(part: Part, said: dict[str, int]) -> bytes:
    return (
        struct.pack(
            "<4s6H3L5H2L",
            b"PK\x01\x02",
            part.made_by << 8 | 20,
            20,
            part.flags,
            part.method,
            0,
            0x21,
            said["crc"],
            said["packed_size"],
            said["size"],
            part.says.get("name_length", len(part.name)),
            part.says.get("extra_length", len(part.extra)),
            len(part.comment),
            part.disk,
            0,
            part.mode << 16 & 0xFFFFFFFF,
            said["offset"],
        )
        + part.name
        + part.extra
        + part.comment
    )


def _end(tail: Tail, count: int, size: int, offset: int) -> bytes:
    records = b""
    if tail.zip64 is not None:
        large = {"count": count, "disk_count": count, "size": size, "offset": offset} | tail.zip64
        records = struct.pack(
            "<4sQ2H2L4Q",
            b"PK\x06\x06",
            large.get("length", 44),
            45,
            45,
            0,
            0,
            large["disk_count"],
            large["count"],
            large["size"],
            large["offset"],
        ) + struct.pack(
            "<4sLQL",
            b"PK\x06\x07",
            0,
            large.get("locator", offset + size),
            large.get("disks", 1),
        )
        count, size, offset = 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF
    count = count if tail.count is None else tail.count
    return (
        records
        + struct.pack(
            "<4s4H2LH",
            b"PK\x05\x06",
            tail.disk,
            tail.start_disk,
            count if tail.disk_count is None else tail.disk_count,
            count,
            size if tail.size is None else tail.size,
            offset if tail.offset is None else tail.offset,
            len(tail.comment) if tail.comment_length is None else tail.comment_length,
        )
        + tail.comment
    )
