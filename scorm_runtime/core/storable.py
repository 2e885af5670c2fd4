"""Texts that JSONB cannot hold: NUL and lone surrogates, which compressed suspend_data contains.

Each such character is written as ESC and four hexadecimal digits, and so is ESC itself; reading
turns them back. Applied where run-time data enters and leaves the database.
"""

import json
import re
from typing import Any

_UNSTORABLE = re.compile("[\x00\x1b\ud800-\udfff]")
_WRITTEN = {code: f"\x1b{code:04x}" for code in (0x00, 0x1B, *range(0xD800, 0xE000))}
_READ = {text[1:]: chr(code) for code, text in _WRITTEN.items()}
"""Tables, because a megabyte may consist of nothing else."""
_SUSPICIOUS = re.compile(r"\\u(?:0000|001b|d[89a-f])", re.IGNORECASE)


def is_plain(value: Any) -> bool:
    """Neither `to_storable` nor `from_storable` would change `value`; far quicker than either. A
    False may be a false alarm."""
    return is_plain_json(json.dumps(value))


def is_plain_json(text: str) -> bool:
    """`is_plain` of what the JSON in `text` says."""
    return not _SUSPICIOUS.search(text)


def to_storable(value: Any) -> Any:
    """`value` (strings, lists, dicts, numbers) with every string made storable."""
    if isinstance(value, str):
        return value.translate(_WRITTEN) if _UNSTORABLE.search(value) else value
    if isinstance(value, list | tuple):
        return [to_storable(item) for item in value]
    if isinstance(value, dict):
        return {to_storable(key): to_storable(item) for key, item in value.items()}
    return value


def from_storable(value: Any) -> Any:
    """The inverse of `to_storable`."""
    if isinstance(value, str):
        return _read_text(value) if "\x1b" in value else value
    if isinstance(value, list):
        return [from_storable(item) for item in value]
    if isinstance(value, dict):
        return {from_storable(key): from_storable(item) for key, item in value.items()}
    return value


def _read_text(text: str) -> str:
    first, *escaped = text.split("\x1b")
    return first + "".join(
        _READ[part[:4]] + part[4:] if part[:4] in _READ else f"\x1b{part}" for part in escaped
    )
