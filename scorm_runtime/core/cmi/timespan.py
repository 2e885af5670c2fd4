"""Durations: CMITimespan of SCORM 1.2 (HHHH:MM:SS.SS), and ISO 8601 where content sends that."""

import re

_CLOCK = re.compile(r"([0-9]{1,6}):([0-9]{1,2}):([0-9]{1,2}(?:[.,][0-9]*)?)")
_ISO = re.compile(
    r"P(?:([0-9]+)Y)?(?:([0-9]+)M)?(?:([0-9]+)W)?(?:([0-9]+)D)?"
    r"(?:T(?:([0-9]+)H)?(?:([0-9]+)M)?(?:([0-9]+(?:[.,][0-9]+)?)S)?)?"
)
_ISO_SECONDS = (31_536_000.0, 2_592_000.0, 604_800.0, 86_400.0, 3600.0, 60.0, 1.0)
LONGEST = 9999 * 3600 + 59 * 60 + 59.99
"""What fits into HHHH:MM:SS.SS, in seconds."""


def parse_timespan(text: str) -> float | None:
    """Seconds in `text`, LONGEST at most; None when it is no duration. Years count 365 days,
    months 30."""
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, seconds = (float(part.replace(",", ".")) for part in clock.groups())
        return min(hours * 3600 + minutes * 60 + seconds, LONGEST)
    iso = _ISO.fullmatch(text)
    if iso is None or not any(iso.groups()):
        return None
    parts = (float((part or "0").replace(",", ".")) for part in iso.groups())
    total = sum(part * size for part, size in zip(parts, _ISO_SECONDS, strict=True))
    return min(total, LONGEST)  # also of "P999…9Y", which is infinite as a float


def format_timespan(seconds: float) -> str:
    """HHHH:MM:SS.SS, rounded to hundredths."""
    hundredths = round(min(max(seconds, 0.0), LONGEST) * 100)
    whole, rest = divmod(hundredths, 100)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:04d}:{minute:02d}:{second:02d}.{rest:02d}"


def format_duration(seconds: float) -> str:
    """timeinterval(second,10,2) as SCORM 2004 has it, "PT1H2M3.5S"; hours are not carried into
    days, so that content need not read those."""
    whole, rest = divmod(round(max(seconds, 0.0) * 100), 100)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    fraction = f".{rest:02d}".rstrip("0") if rest else ""
    return f"PT{hours}H{minute}M{second}{fraction}S"
