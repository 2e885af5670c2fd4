"""Members whose names or kinds are the fault."""

import stat
import struct
import unicodedata
from collections.abc import Iterator

from tests.scorm_runtime.hostile.zipbytes import Part

UTF8 = 0x800
Fault = tuple[str, list[Part], str]

PARENT = [
    r"../x",
    r"../../../../etc/passwd",
    r"a/../../x",
    r"a/..",
    r"..",
    r"a/../x",
    r"./../x",
    r"a//../x",
    r"..\x",
    r"a\..\..\x",
    r"..\..\windows\x",
    r"a/..\x",
    r"a\../x",
    r"...",
    r"a/.../x",
]
PARENT_WITH_SPACES = [".. /x", "a/.. /x", "a/. ./x", " ../x", "a/ /x"]
ABSOLUTE = ["/x", "/etc/passwd", "//server/share/x", "\\x", "\\\\server\\share\\x", "\\\\?\\C:\\x"]
DRIVE = ["C:/x", "C:\\x", "c:x", "a/D:/x", "z:", "./C:/x"]
RESERVED = [
    r"CON",
    r"con",
    r"PRN",
    r"AUX",
    r"NUL",
    r"COM1",
    r"com9",
    r"LPT1",
    r"LPT9",
    r"CONIN$",
    r"COM¹",
    r"aux.js",
    r"nul.tar.gz",
    r"a/prn.html",
    r"Aux/x.js",
    r"a\com1.txt",
]
CASE = [
    ("A.js", "a.js"),
    ("Images/x.png", "images/X.png"),
    ("straße.html", "STRASSE.html"),
    ("ΣΊΣΥΦΟΣ.html", "σίσυφος.html"),
    ("a/b/c", "A/B/C"),
    ("é.html", "É.html"),
]
UNICODE = ["é.html", "Å/x.js", "ñandú.png", "が.html", "한글.html"]


def faults() -> Iterator[Fault]:
    for paths, code in (
        ([*PARENT, *PARENT_WITH_SPACES], "path_parent"),
        (ABSOLUTE, "path_absolute"),
        (DRIVE, "path_drive"),
        ([*RESERVED, "con .txt"], "name_reserved"),
        (["", ".", "./", "././"], "name_empty"),
    ):
        for path in paths:
            yield f"{code} {path!r}", [Part(path.encode(), flags=UTF8)], code
    yield "name_empty folder", [Part(b"./", b"", mode=stat.S_IFDIR)], "name_empty"
    yield from _control_characters()
    yield from _encodings()
    yield from _lengths()
    yield from _collisions()
    yield from _kinds()


def _control_characters() -> Iterator[Fault]:
    code = "name_control_character"
    for number in [*range(32), 127, 0x80, 0x85, 0x9F]:
        path = f"a{chr(number)}b.html"
        yield f"control {number:#x}", [Part(path.encode(), flags=UTF8)], code
    yield "NUL hides the ending", [Part(b"x.html\x00.png")], code
    yield "line break at the end", [Part(b"x.html\n")], code
    for number in (0x202E, 0x202D, 0x2066, 0x200F):
        path = f"gnp{chr(number)}.exe"
        yield f"direction {number:#x}", [Part(path.encode(), flags=UTF8)], code


def _encodings() -> Iterator[Fault]:
    for raw in (
        b"\xff.html",
        b"\xc3(",
        b"\xc0\xae\xc0\xae/x",
        b"\xed\xa0\x80",
        b"\xf5\x80\x80\x80",
    ):
        yield f"not UTF-8 {raw!r}", [Part(raw, flags=UTF8)], "name_not_text"


def _lengths() -> Iterator[Fault]:
    yield "deep", [Part(b"a/" * 40 + b"x")], "path_too_deep"
    yield "deep with back-slashes", [Part(b"a\\" * 40 + b"x")], "path_too_deep"
    yield "long name", [Part(b"n" * 256)], "path_too_long"
    yield "long name of two bytes each", [Part(("é" * 128).encode(), flags=UTF8)], "path_too_long"
    yield "long path", [Part(b"/".join([b"n" * 200] * 5))], "path_too_long"
    yield "very long path", [Part(b"/".join([b"n" * 250] * 30))], "path_too_long"


def _collisions() -> Iterator[Fault]:
    yield "twice", [Part(b"a.js"), Part(b"a.js", b"other")], "name_duplicate"
    yield "manifest twice", [Part(b"imsmanifest.xml", b"<manifest/>")], "name_duplicate"
    yield "twice by ./", [Part(b"a.js"), Part(b"./a.js")], "name_duplicate"
    yield "twice by //", [Part(b"b/a.js"), Part(b"b//a.js")], "name_duplicate"
    yield "twice by \\", [Part(b"b/a.js"), Part(b"b\\a.js")], "name_duplicate"
    for first, second in CASE:
        parts = [Part(first.encode(), flags=UTF8), Part(second.encode(), flags=UTF8)]
        yield f"case {first} {second}", parts, "name_case_collision"
    yield "manifest by case", [Part(b"IMSMANIFEST.XML")], "name_case_collision"
    for path in UNICODE:
        spellings = [unicodedata.normalize(form, path).encode() for form in ("NFC", "NFD")]
        parts = [Part(raw, flags=UTF8) for raw in spellings]
        yield f"spelling {path}", parts, "name_unicode_collision"
    code = "file_folder_collision"
    yield "file and folder", [Part(b"a"), Part(b"a/b.js")], code
    yield "folder and file", [Part(b"a/b.js"), Part(b"a")], code
    yield "folder entry and file", [Part(b"a/", b"", mode=stat.S_IFDIR), Part(b"a")], code
    yield "file and folder by case", [Part(b"Data"), Part(b"data/x")], code
    yield "file and deep folder", [Part(b"a/b"), Part(b"a-c"), Part(b"a/b/c/d")], code
    yield "file and empty folder below", [Part(b"a"), Part(b"a/b/", b"", mode=stat.S_IFDIR)], code
    yield "manifest as folder", [Part(b"imsmanifest.xml/x")], code


def _kinds() -> Iterator[Fault]:
    for target in (b"/etc/passwd", b"../../x", b"index.html"):
        yield f"link to {target!r}", [Part(b"link", target, mode=0o120777)], "symbolic_link"
    yield "link, made by DOS", [Part(b"l", b"/x", mode=0o120777, made_by=0)], "symbolic_link"
    yield "link named as a folder", [Part(b"l/", b"/x", mode=0o120777)], "symbolic_link"
    through = [Part(b"d", b"/tmp", mode=0o120777), Part(b"d/x")]
    yield "file through a link", through, "symbolic_link"
    kinds = {"pipe": stat.S_IFIFO, "socket": stat.S_IFSOCK, "disk": stat.S_IFBLK}
    for label, kind in (kinds | {"terminal": stat.S_IFCHR, "door": 0o150000}).items():
        yield label, [Part(b"special", b"", mode=kind | 0o644)], "special_file"
    body = struct.pack("<2L2H", 0, 0, 0, 0) + b"index.html"
    extra = struct.pack("<2H", 0x000D, len(body)) + body
    yield "hard link", [Part(b"hard", b"", extra=extra)], "hard_link"
