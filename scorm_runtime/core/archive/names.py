"""Which names of members are safe to store, and which of them would fall on one another."""

import re
import unicodedata
from collections.abc import Iterable
from itertools import pairwise

from scorm_runtime.core.archive.errors import (
    AbsolutePath,
    CaseCollision,
    ControlCharacter,
    DrivePath,
    DuplicateName,
    EmptyName,
    FileFolderCollision,
    NameNotText,
    ParentPath,
    PathTooDeep,
    PathTooLong,
    ReservedName,
    UnicodeCollision,
)
from scorm_runtime.core.archive.limits import ArchiveLimits

_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(r"(CON|PRN|AUX|NUL|COM[0-9¹²³]|LPT[0-9¹²³]|CONIN\$|CONOUT\$)\s*(\.|$)", re.I)
_DIRECTION = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing, so that a name shows as another one."""
_JUNK = frozenset({".DS_Store", "Thumbs.db", "desktop.ini"})


def decode_name(raw: bytes, *, is_utf8: bool) -> str:
    """The text of a member's name (APPNOTE 4.4.4 bit 11, appendix D).

    Without the flag the letter of the format is code page 437; yet many tools write UTF-8 and do
    not say so, and hardly any sequence of 437 letters is valid UTF-8 by chance.
    """
    try:
        return raw.decode()
    except UnicodeDecodeError:
        if is_utf8:
            raise NameNotText(raw.decode("latin-1")) from None
        return raw.decode("cp437")


def clean_path(name: str, limits: ArchiveLimits) -> str:
    """The path under which a member is stored: "/" between names, composed Unicode (NFC).

    Back-slashes are taken for separators, "./" and doubled slashes are dropped; what leads out of
    the package or could not be stored everywhere is refused by its reason.
    """
    if any(unicodedata.category(c) == "Cc" or c in _DIRECTION for c in name):
        raise ControlCharacter(name)
    path = unicodedata.normalize("NFC", name.replace("\\", "/"))
    if path.startswith("/"):
        raise AbsolutePath(name)
    parts = [part for part in path.split("/") if part not in ("", ".")]
    if any(_DRIVE.match(part) for part in parts):
        raise DrivePath(name)
    # A name of dots and spaces only is another spelling of ".." for some file systems.
    if any(part.rstrip(". ") == "" for part in parts):
        raise ParentPath(name)
    if any(_RESERVED.match(part) for part in parts):
        raise ReservedName(name)
    if not parts:
        raise EmptyName(name)
    _check_length(name, parts, limits)
    return "/".join(parts)


def _check_length(name: str, parts: list[str], limits: ArchiveLimits) -> None:
    if len(parts) - 1 > limits.max_depth:
        raise PathTooDeep(name, f"{len(parts) - 1} folders, at most {limits.max_depth}")
    longest = max(len(part.encode()) for part in parts)
    if longest > limits.max_name_bytes:
        raise PathTooLong(name, f"{longest} bytes in one name, at most {limits.max_name_bytes}")
    length = len("/".join(parts).encode())
    if length > limits.max_path_bytes:
        raise PathTooLong(name, f"{length} bytes, at most {limits.max_path_bytes}")


def is_junk(path: str) -> bool:
    """Whether an operating system left this behind; it is not stored."""
    return path.split("/", 1)[0] == "__MACOSX" or path.rsplit("/", 1)[-1] in _JUNK


def fold(path: str) -> str:
    """What a file system that ignores case and spelling compares."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", path).casefold())


def check_collisions(entries: Iterable[tuple[str, str, bool]]) -> None:
    """Refuse entries that would fall on one another on some file system.

    `entries`: the cleaned path, the name as it was spelled, and whether it is a folder. With
    NUL between the names what lies in a folder follows the folder's own name when sorted, so
    that neighbours tell everything. Two entries for one folder are no harm.
    """
    ordered = sorted(
        (fold(path).replace("/", "\0"), name, folder) for path, name, folder in entries
    )
    for (key, name, is_folder), (next_key, next_name, next_is_folder) in pairwise(ordered):
        if key == next_key and is_folder != next_is_folder:
            raise FileFolderCollision(next_name, name)
        if key == next_key and not is_folder:
            raise _collision(next_name, name)
        if not is_folder and next_key.startswith(key + "\0"):
            raise FileFolderCollision(next_name, name)


def _collision(name: str, other: str) -> Exception:
    paths = [one.replace("\\", "/").replace("./", "").replace("//", "/") for one in (name, other)]
    if paths[0] == paths[1]:
        return DuplicateName(name, other)
    composed = [unicodedata.normalize("NFC", path) for path in paths]
    return (UnicodeCollision if composed[0] == composed[1] else CaseCollision)(name, other)
