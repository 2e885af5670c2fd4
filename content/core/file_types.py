"""What an uploaded file is: decided by its name and its first bytes, never by who sent it.

Only what stands here is shown in the browser, each with the one type it has; everything else is
something to save (application/octet-stream). A file whose bytes contradict its name is refused.
"""

import re
import unicodedata

SAVED = "application/octet-stream"
_NOT_SO = "“%(name)s” is no %(kind)s file, whatever its name says."
_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")
TYPES: dict[str, tuple[str, tuple[bytes, ...]]] = {
    "png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    "jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    "gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    "webp": ("image/webp", (b"RIFF",)),
    "svg": ("image/svg+xml", ()),
    "mp4": ("video/mp4", ()),
    "m4v": ("video/mp4", ()),
    "webm": ("video/webm", (b"\x1a\x45\xdf\xa3",)),
    "mp3": ("audio/mpeg", ()),
    "vtt": ("text/vtt", (b"WEBVTT", b"\xef\xbb\xbfWEBVTT")),
    "pdf": ("application/pdf", (b"%PDF-",)),
}
"""Ending to type and how such a file may begin; none: not looked at."""
PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml"})
VIDEOS = frozenset({"video/mp4", "video/webm"})
SHOWN = PICTURES | VIDEOS | {"audio/mpeg", "text/vtt"}
"""Shown inside a page; a PDF and all others are saved."""
FORBIDDEN = frozenset(
    {
        *("exe", "msi", "com", "scr", "bat", "cmd", "ps1", "vbs", "js", "jar", "hta", "lnk"),
        *("dll", "app", "dmg", "sh", "html", "htm", "xhtml", "shtml", "svgz"),
    }
)
"""Endings that nobody hands in or attaches: they run where they are opened."""


class FileRefused(ValueError):
    """The file is not taken; `template` with the named `values` says why."""

    status_hint = 415

    def __init__(self, template: str, **values: object) -> None:
        super().__init__(template % values if values else template)
        self.template, self.values = template, values


def clean_name(name: str) -> str:
    """The name without folders and without characters that file systems or headers stumble over."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join(one for one in base if one.isprintable() and one not in '<>:"|?*\u202e\u202d')
    kept = kept.strip(" .")
    return kept[-150:] or "file"


def ending_of(name: str) -> str:
    """Lower case, without dot; "" where there is none."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def find_type(name: str, head: bytes) -> str:
    """The type to serve a file as; raises FileRefused."""
    ending = ending_of(name)
    if ending in FORBIDDEN:
        raise FileRefused(
            "Files that end in .%(ending)s are not taken: they can run programs.", ending=ending
        )
    if ending not in TYPES:
        return SAVED
    media_type, beginnings = TYPES[ending]
    if beginnings and not head.startswith(beginnings):
        raise FileRefused(_NOT_SO, name=name, kind=ending.upper())
    if ending == "webp" and head[8:12] != b"WEBP":
        raise FileRefused(_NOT_SO, name=name, kind="WEBP")
    if ending in ("mp4", "m4v") and head[4:8] != b"ftyp":
        raise FileRefused(_NOT_SO, name=name, kind="MP4")
    if ending == "svg" and (b"<svg" not in head[:4096] or _TEXT.search(head[:4096])):
        raise FileRefused(_NOT_SO, name=name, kind="SVG")
    return media_type
