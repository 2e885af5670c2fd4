"""Zip files whose structure is the fault."""

import io
import random
import struct
import tarfile
import zipfile
from collections.abc import Callable, Iterator

from tests.scorm_runtime.hostile.zipbytes import Part, Tail, build, deflate

Fault = tuple[str, bytes, str]
GoodParts = Callable[[], list[Part]]
FULL = 0xFFFFFFFF


def faults(good: GoodParts) -> Iterator[Fault]:
    yield from _other_files()
    yield from _cut(build(good()))
    yield from _limits(good)
    for label, part, code in [*_members(), *_lies()]:
        yield label, build([*good(), part]), code
    yield from _directories(good)
    yield from _zip64(good)
    yield from _overlaps(good)


def _other_files() -> Iterator[Fault]:
    chance = random.Random(1)
    tar = io.BytesIO()
    tarfile.open(fileobj=tar, mode="w").close()
    others = {
        "nothing": b"",
        "one byte": b"P",
        "signature only": b"PK",
        "text": b"I am no zip file\n" * 50,
        "random": chance.randbytes(5000),
        "rar": b"Rar!\x1a\x07\x00" + bytes(100),
        "7z": b"7z\xbc\xaf\x27\x1c" + bytes(100),
        "gzip": b"\x1f\x8b\x08" + bytes(100),
        "pdf": b"%PDF-1.7\n" + bytes(100),
        "page": b"<html><body>404</body></html>",
        "manifest alone": b"<?xml version='1.0'?><manifest/>",
        "tar": tar.getvalue(),
        "old office": b"\xd0\xcf\x11\xe0" + bytes(1000),
        "zeros": bytes(100_000),
        "end signature only": b"PK\x05\x06",
        "end record cut": b"PK\x05\x06" + bytes(17),
    }
    for label, data in others.items():
        yield f"not a zip: {label}", data, "not_a_zip"
    yield "split", b"PK\x07\x08" + build([Part(b"imsmanifest.xml")]), "archive_split"


def _cut(whole: bytes) -> Iterator[Fault]:
    for part in (0.1, 0.3, 0.5, 0.7, 0.9):
        yield f"cut at {part}", whole[: int(len(whole) * part)], "archive_truncated"
    for missing in (1, 2, 5, 10, 21, 22, 30):
        yield f"cut by {missing}", whole[:-missing], "archive_truncated"
    for missing in (1, 5, 50):
        yield f"beheaded by {missing}", whole[missing:], "directory_damaged"
    hole = whole[:100] + whole[150:]
    yield "hole in the middle", hole, "directory_damaged"


def _limits(good: GoodParts) -> Iterator[Fault]:
    yield "many files", build([*good(), *(Part(b"%d" % n) for n in range(250))]), "too_many_files"
    folders = (Part(b"%d/" % n, b"", mode=0o040755) for n in range(250))
    yield "many folders", build([*good(), *folders]), "too_many_files"
    comments = [Part(b"%d" % n, comment=bytes(60_000)) for n in range(2)]
    yield "long comments", build([*good(), *comments]), "directory_too_large"
    noise = random.Random(2).randbytes(450_000)
    yield "large zip", build([*good(), Part(b"noise", noise, method=0)]), "zip_too_large"
    yield "zeros", build([*good(), Part(b"bomb", bytes(1_900_000))]), "ratio_too_high"
    yield "large file", build([*good(), Part(b"big", _text(2_100_000))]), "file_too_large"
    many = [Part(b"%d" % n, _text(1_000_000)) for n in range(4)]
    yield "large in sum", build([*good(), *many]), "content_too_large"
    small_bombs = [Part(b"%d" % n, bytes(490_000)) for n in range(6)]
    yield "many small bombs", build([*good(), *small_bombs]), "ratio_too_high"
    claim = Part(b"claim", b"x", says={"size": 0xFFFFFFFE})
    yield "claims 4 GiB", build([*good(), claim]), "file_too_large"
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("bomb", bytes(50_000_000))
    packed = [Part(b"inner.zip", inner.getvalue(), method=8)]
    yield "42: bombs inside only", build(packed), "zip_inside_zip"


def _text(size: int) -> bytes:
    """Bytes that pack about 100 to 1: well, and not suspiciously well."""
    chance = random.Random(3)
    block = b"".join(chance.randbytes(8) + bytes(1500) for _ in range(60))
    return (block * (size // len(block) + 1))[:size]


def _members() -> Iterator[tuple[str, Part, str]]:
    for flags in (0x1, 0x41, 0x2000, 0x2041):
        yield f"encrypted {flags:#x}", Part(b"secret", flags=flags), "member_encrypted"
    for method in (1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 14, 18, 19, 20, 93, 94, 95, 96, 97, 98, 99, 255):
        yield f"method {method}", Part(b"odd", method=method), "compression_unsupported"
    folder = Part(b"folder/", b"content", mode=0o040755)
    yield "folder with content", folder, "size_mismatch"
    yield "garbage", Part(b"g", b"y" * 500, packed=b"\xff" * 100), "member_damaged"
    body = deflate(b"y" * 5000 + bytes(range(256)))
    whole = b"y" * 5000 + bytes(range(256))
    yield "packed data cut", Part(b"g", whole, packed=body[:-20]), "member_damaged"
    yield "packed data empty", Part(b"g", whole, packed=b""), "member_damaged"
    yield "zlib header", Part(b"g", whole, packed=b"\x78\x9c" + body), "member_damaged"
    yield "bytes after", Part(b"g", whole, packed=body + b"more"), "size_mismatch"
    yield "second stream after", Part(b"g", whole, packed=body + body), "size_mismatch"
    stored = b"z" * 400
    yield (
        "stored, one bit",
        Part(b"g", stored, method=0, packed=b"Z" + stored[1:]),
        "checksum_wrong",
    )
    yield "crc zero", Part(b"g", whole, says={"crc": 0}), "checksum_wrong"
    yield "crc of another", Part(b"g", whole, says={"crc": 12345}), "checksum_wrong"


def _lies() -> Iterator[tuple[str, Part, str]]:
    data = b"content " * 100
    for size in (0, 1, 799, 801, 100_000):
        yield f"size {size}", Part(b"l", data, says={"size": size}), "size_mismatch"
    for size in (0, 799, 801):
        lie = Part(b"l", data, method=0, says={"size": size})
        yield f"stored size {size}", lie, "size_mismatch"
    bomb = Part(b"l", bytes(5_000_000), says={"size": 100})
    yield "bomb that claims 100 bytes", bomb, "size_mismatch"
    code = "header_mismatch"
    yield "local name", Part(b"l", local={"name": b"m"}), code
    yield "local name leads out", Part(b"harmless", local={"name": b"../../x/"}), code
    yield "local name longer", Part(b"l", local={"name": b"l" * 50}), code
    yield "local size", Part(b"l", data, local={"size": 7}), code
    yield "local packed size", Part(b"l", data, local={"packed_size": 7}), code
    yield "local crc", Part(b"l", data, local={"crc": 7}), code
    yield "local method", Part(b"l", data, local={"method": 0}), code
    yield "local encrypted", Part(b"l", data, local={"flags": 1}), code
    yield "local signature", Part(b"l", data, local={"signature": b"PK\x01\x02"}), code
    yield (
        "descriptor flag and other sizes",
        Part(b"l", data, flags=8, local={"size": 7, "packed_size": 3, "crc": 1}),
        code,
    )


def _directories(good: GoodParts) -> Iterator[Fault]:
    code = "directory_damaged"
    for count in (0, 1, 3, 100):
        yield f"count {count}", build(good(), Tail(count=count)), code
    yield "directory of 0 bytes", build(good(), Tail(size=0)), code
    yield "size + 1", build(good(), Tail(size=200)), code
    yield "size beyond", build(good(), Tail(size=39_000)), code
    yield "size huge", build(good(), Tail(size=0x7FFFFFFF)), "directory_too_large"
    yield "offset beyond", build(good(), Tail(offset=0x7FFFFFFF)), code
    yield "junk in the directory", build(good(), Tail(directory_junk=b"junk")), code
    yield "extra too long", build([*good(), Part(b"e", says={"extra_length": 60_000})]), code
    yield "name too long", build([*good(), Part(b"e", says={"name_length": 60_000})]), code
    extra = struct.pack("<2H", 0x9999, 50) + b"short"
    yield "extra field too long", build([*good(), Part(b"e", extra=extra)]), code
    for offset in (1, 10, 40):
        part = Part(b"e", says={"offset": offset})
        yield f"member at {offset}", build([*good(), part]), "header_mismatch"
    for offset in (5_000, 0x7FFFFFFF, 0xFFFFFFFE):
        part = Part(b"e", says={"offset": offset})
        yield f"member at {offset}", build([*good(), part]), "archive_truncated"
    longer = Part(b"e", says={"packed_size": 5_000, "size": 5_000}, method=0)
    yield "member into the directory", build([*good(), longer]), "archive_truncated"
    for label, tail in {
        "disk 1": Tail(disk=1),
        "starts on disk 1": Tail(start_disk=1),
        "other disks": Tail(disk_count=1),
    }.items():
        yield label, build(good(), tail), "archive_split"
    yield "member on disk 2", build([*good(), Part(b"e", disk=2)]), "archive_split"
    yield "comment claims more", build(good(), Tail(comment_length=500)), "archive_truncated"


def _zip64(good: GoodParts) -> Iterator[Fault]:
    code = "zip64_inconsistent"
    for label, tail in {
        "count differs": Tail(zip64={}, count=7),
        "size differs": Tail(zip64={}, size=7),
        "offset differs": Tail(zip64={}, offset=7),
        "locator leads beyond": Tail(zip64={"locator": 10**12}),
        "record of another length": Tail(zip64={"length": 400}),
        "announced and missing": Tail(size=FULL, offset=FULL),
    }.items():
        yield f"zip64 {label}", build(good(), tail), code
    yield "zip64 disks", build(good(), Tail(zip64={"disks": 3})), "archive_split"
    yield "zip64 other disks", build(good(), Tail(zip64={"disk_count": 1})), "archive_split"
    for label, large, expected in (
        ("count", {"count": 2**63, "disk_count": 2**63}, "too_many_files"),
        ("size", {"size": 2**63}, "directory_too_large"),
        ("offset", {"offset": 2**64 - 1}, "directory_damaged"),
    ):
        yield f"zip64 {label} absurd", build(good(), Tail(zip64=large)), expected
    yield from _zip64_members(good, code)


def _zip64_members(good: GoodParts, code: str) -> Iterator[Fault]:
    full = {"size": FULL, "packed_size": FULL}
    yield "zip64 member without field", build([*good(), Part(b"m", says=full)]), code
    short = struct.pack("<2HQ", 1, 8, 5)
    yield "zip64 member, short field", build([*good(), Part(b"m", says=full, extra=short)]), code
    absurd = struct.pack("<2H2Q", 1, 16, 2**64 - 1, 5)
    parts = [*good(), Part(b"m", says=full, extra=absurd)]
    yield "zip64 member absurdly large", build(parts), "file_too_large"
    honest = struct.pack("<2H2Q", 1, 16, 1, 3)
    lying = Part(b"m", says=full, extra=honest, local={"extra": struct.pack("<2H2Q", 1, 16, 9, 9)})
    yield "zip64 local differs", build([*good(), lying]), "header_mismatch"
    bare = Part(b"m", says=full, extra=honest, local={"extra": b""})
    yield "zip64 local without field", build([*good(), bare]), code
    far = struct.pack("<2HQ", 1, 8, 2**64 - 1)
    part = Part(b"m", says={"offset": FULL}, extra=far)
    yield "zip64 member nowhere", build([*good(), part]), "archive_truncated"


def _overlaps(good: GoodParts) -> Iterator[Fault]:
    inner = build([Part(b"inner", b"x" * 300, method=0)])
    local = inner[: inner.index(b"PK\x01\x02")]
    outer = Part(b"outer", local, method=0)
    start = build([*good(), outer]).index(local)
    twin = Part(b"inner", b"x" * 300, method=0, says={"offset": start}, packed=b"")
    twin.says |= {"packed_size": 300}
    yield "a member inside a member", build([*good(), outer, twin]), "entries_overlap"
    same = Part(b"index.html", says={"offset": 0})
    yield "two entries, one member", build([*good()[:1], same]), "header_mismatch"
