"""Instants: ISO 8601 / RFC 3339 text to aware UTC and back (xAPI 1.0.3 Data 4.5; 2.0 4.2.7).

The store counts in milliseconds; text keeps whatever precision it came with.
"""

import re
from datetime import UTC, datetime, timedelta

from xapi_lrs.core import rx
from xapi_lrs.core.memory import remember

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FRACTION = re.compile(r"[.,](\d+)")
_LEAP_SECOND = re.compile(r":60(?=[.,Zz+-]|\Z)")


@remember(4096)
def parse_timestamp(text: str) -> datetime | None:
    """The instant that `text` names, or None; without an offset it is taken as UTC. XP-11"""
    if rx.TIMESTAMP.fullmatch(text) is None:
        return None
    leap = _LEAP_SECOND.search(text, 16, 20) is not None
    if leap:
        text = f"{text[:17]}59{text[19:]}"
    try:
        parsed = datetime.fromisoformat(text.upper().replace(",", "."))
        instant = parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)
        return instant + timedelta(seconds=1) if leap else instant
    except (ValueError, OverflowError):
        return None


def is_timestamp(text: str) -> bool:
    return parse_timestamp(text) is not None


def canonical_timestamp(text: str) -> str:
    """The same instant, however it was written, gives the same text; all digits count."""
    instant = parse_timestamp(text)
    if instant is None:
        return text
    fraction = _FRACTION.search(text)
    digits = fraction[1].rstrip("0") if fraction else ""
    return f"{instant.replace(microsecond=0, tzinfo=None).isoformat()}.{digits}Z"


def to_milliseconds(instant: datetime) -> int:
    """Whole milliseconds since 1970, cut and not rounded."""
    return (instant - _EPOCH) // timedelta(milliseconds=1)


def from_milliseconds(milliseconds: int) -> datetime:
    return _EPOCH + timedelta(milliseconds=milliseconds)


def format_timestamp(instant: datetime) -> str:
    """UTC with exactly three decimals, as `stored` is always written. XP-40"""
    return instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"
