"""Certificates: their numbers, what a template may say, and the sheet that is drawn.

A sheet holds every word as it will stand on the paper, dates included: it is kept with the
certificate, so the same certificate gives the same bytes whatever changes later.
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's Base32: no I, L, O, U, which are misread or make words."""
PLACES = 15
"""Characters before the check character: 75 bits, beyond guessing."""
PLACEHOLDERS = ("name", "course", "date", "score", "organisation", "number", "expires")
PAPERS = ("a4", "letter")
FRAMES = ("line", "band", "none")
RENEWAL = timedelta(days=90)
"""A course finished again so long before the end of its certificate renews it."""
_COLOUR = re.compile(r"#[0-9a-f]{6}")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
LONGEST = {"heading": 80, "text": 600, "signatory_name": 80, "signatory_title": 120}


class LookInvalid(ValueError):
    """A template that cannot be drawn; `field` and `reason` (a code) name what to mend."""

    def __init__(self, field: str, reason: str, detail: str = "") -> None:
        super().__init__(f"{field}: {reason} {detail}".rstrip())
        self.field, self.reason, self.detail = field, reason, detail


@dataclass(frozen=True)
class Look:
    """What administrators choose; empty texts stand for those of the language."""

    accent: str = "#0b5f6b"
    ink: str = "#14252b"
    paper: str = "a4"
    frame: str = "line"
    heading: str = ""
    text: str = ""
    """With placeholders such as {course}."""
    signatory_name: str = ""
    signatory_title: str = ""
    shows_score: bool = False


@dataclass(frozen=True)
class Sheet:
    """Everything that is drawn, word for word."""

    number: str
    language: str
    direction: str
    """"ltr" or "rtl"."""
    accent: str
    ink: str
    paper: str
    frame: str
    organisation: str
    heading: str
    name: str
    text: str
    score: str
    """"" where it is not shown."""
    issued: str
    """"Issued on 22 November 2026"."""
    expires: str
    """"Valid until …", or ""."""
    number_label: str
    verify_label: str
    address: str
    """Of the verification page; in the QR code."""
    signatory_name: str
    signatory_title: str


def write_number(entropy: bytes) -> str:
    """A number like 7K3M-9QXP-2W4D-8HTC from at least ten random bytes, with a check character."""
    value = int.from_bytes(entropy, "big")
    digits = []
    for _ in range(PLACES):
        value, digit = divmod(value, len(ALPHABET))
        digits.append(digit)
    digits.append(check_digit(digits))
    text = "".join(ALPHABET[digit] for digit in digits)
    return "-".join(text[start : start + 4] for start in range(0, len(text), 4))


def read_number(text: str) -> str | None:
    """The number as we write it, from what a person typed; None when it cannot be one of ours."""
    typed = re.sub(r"[\s\-–—_.]", "", text).upper().translate(_MISREAD)
    if len(typed) != PLACES + 1 or any(character not in ALPHABET for character in typed):
        return None
    digits = [ALPHABET.index(character) for character in typed]
    if check_digit(digits[:-1]) != digits[-1]:
        return None
    return "-".join(typed[start : start + 4] for start in range(0, len(typed), 4))


def check_digit(digits: list[int]) -> int:
    """Luhn's, for 32 characters: finds every single mistyped one, and most that change places."""
    size, total = len(ALPHABET), 0
    for place, digit in enumerate(reversed(digits)):
        doubled = digit * (2 if place % 2 == 0 else 1)
        total += doubled // size + doubled % size
    return -total % size


def read_look(given: Mapping[str, Any]) -> Look:
    """From a form or a row; unknown names are passed over. Raises LookInvalid."""
    known = {field.name for field in fields(Look)}
    look = replace(Look(), **{name: value for name, value in given.items() if name in known})
    for name in ("accent", "ink"):
        if not _COLOUR.fullmatch(getattr(look, name)):
            raise LookInvalid(name, "colour")
    if look.paper not in PAPERS:
        raise LookInvalid("paper", "choice")
    if look.frame not in FRAMES:
        raise LookInvalid("frame", "choice")
    for name, longest in LONGEST.items():
        if len(getattr(look, name)) > longest:
            raise LookInvalid(name, "length", str(longest))
    for name in ("heading", "text"):
        for found in _PLACEHOLDER.findall(getattr(look, name)):
            if found not in PLACEHOLDERS:
                raise LookInvalid(name, "placeholder", "{" + found + "}")
    return look


def fill(text: str, values: Mapping[str, str]) -> str:
    """Placeholders replaced; one that has no value is left out."""
    return _PLACEHOLDER.sub(lambda found: values.get(found[1], ""), text)


def expiry(
    issued_at: datetime, *, valid_days: int | None, valid_months: int | None
) -> datetime | None:
    """When it stops being valid: the course's days, else the template's months, else never."""
    if valid_days:
        return issued_at + timedelta(days=valid_days)
    if not valid_months:
        return None
    years, month = divmod(issued_at.month - 1 + valid_months, 12)
    for day in range(issued_at.day, 27, -1):  # 31 January and a month: the last of February
        try:
            return issued_at.replace(year=issued_at.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    return issued_at.replace(year=issued_at.year + years, month=month + 1)


def may_renew(expires_at: datetime | None, completed_at: datetime | None, now: datetime) -> bool:
    """Whether a certificate gives way to a new one: it ends soon, and the course was finished
    again since the time of renewal began."""
    if expires_at is None or completed_at is None:
        return False
    return now >= expires_at - RENEWAL and completed_at >= expires_at - RENEWAL


def as_json(part: Look | Sheet) -> dict[str, Any]:
    """For a column."""
    return asdict(part)


def read_sheet(given: Mapping[str, Any]) -> Sheet:
    """From a column; what a newer release wrote beside it is passed over."""
    return Sheet(**{field.name: given[field.name] for field in fields(Sheet)})
