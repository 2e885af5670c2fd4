"""Values of one part: texts, patterns, words of a vocabulary, numbers; and the verdict on them.

The twin is `static/bridge/scalars.js`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import isfinite
from typing import Any, Literal

from scorm_runtime.core.cmi.table import Table

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LOOSE_DECIMAL = re.compile(
    r"[ \t\r\n]*[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?[ \t\r\n]*%?[ \t\r\n]*"
)


@dataclass(frozen=True)
class Verdict:
    """Whether a value is taken, as what, and with which remark."""

    ok: bool
    value: str = ""
    """What is stored: the value itself, or its canonical spelling."""
    warning: str = ""
    """Why strict would refuse; "" when it would not."""
    fault: Literal["type", "range"] = "type"
    """What is wrong with it, for the error code."""


def parse_decimal(text: str) -> float | None:
    """The number in `text` as leniently as it was stored; None when there is none."""
    if not _LOOSE_DECIMAL.fullmatch(text):
        return None
    number = float(text.strip(" \t\r\n%").replace(",", "."))
    return number if isfinite(number) else None


def check_text(value: str, spm: int | None) -> Verdict:
    """A text; `spm` is the smallest permitted maximum of its length, None for none."""
    if spm is None or len(value) <= spm:
        return Verdict(True, value)
    return Verdict(True, value, f"longer than the standard's {spm} characters")


def check_pattern(rule: Mapping[str, Any], value: str) -> Verdict:
    """`strict` as the standard has it; "" or a pattern as `lenient`, or none: no leniency."""
    if matches(rule["strict"], value):
        return Verdict(True, value)
    lenient = rule.get("lenient")
    accepted = lenient is not None and (not lenient or matches(lenient, value))
    return Verdict(accepted, value, f"not {rule['says']}")


def check_vocabulary(table: Table, rule: Mapping[str, Any], value: str) -> Verdict:
    """A word, leniently in any case and by its aliases; `or` allows a number as well."""
    vocabulary = table.vocabularies[rule["vocabulary"]]
    words, aliases = vocabulary["words"], vocabulary.get("aliases", {})
    if value in words:
        return Verdict(True, value)
    if "or" in rule and _DECIMAL.fullmatch(value):
        return Verdict(True, value)
    warning = f"not {rule['says']}"
    loose = value.strip(" \t\r\n").lower()
    if loose in aliases:
        return Verdict(True, aliases[loose], warning)
    found = next((word for word in words if word and word.lower() == loose), None)
    if found is not None:
        return Verdict(True, found, warning)
    return Verdict("or" in rule and parse_decimal(value) is not None, value, warning)


def check_number(rule: Mapping[str, Any], value: str) -> Verdict:
    """A number; `bounded` refuses what lies outside of min and max, else that is a remark."""
    if value == "" and rule.get("blank"):
        return Verdict(True, value)
    warning = f"not {rule['says']}"
    number = parse_decimal(value)
    if number is None:
        return Verdict(False, value, warning)
    low, high = rule.get("min"), rule.get("max")
    below, above = low is not None and number < low, high is not None and number > high
    if below or above:
        bound = f"below {low}" if below else f"above {high}"
        return Verdict(not rule.get("bounded"), value, bound, "range")
    exact = bool(_DECIMAL.fullmatch(value)) and not (rule["check"] == "integer" and "." in value)
    return Verdict(True, value, "" if exact else warning)


def refuse(value: str, warning: str) -> Verdict:
    """Not taken, neither strictly nor leniently."""
    return Verdict(False, value, warning)


def join(value: str, verdicts: list[Verdict]) -> Verdict:
    """The verdict on a value of several parts: the first refusal, else the first remark."""
    worst = min(verdicts, key=lambda one: (one.ok, not one.warning), default=Verdict(True))
    return replace(worst, value=value)


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def matches(pattern: str, value: str) -> bool:
    """Whether the whole of `value` fits a pattern of the table."""
    return bool(_compiled(pattern).fullmatch(value))
