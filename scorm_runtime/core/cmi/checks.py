"""Does a value fit its data type? The types are data; the five kinds of check are here.

Strict is the letter of SCORM 1.2 RTE 3.4.2. Lenient accepts what real content sends (SD-06) and
says what was wrong with it, so that the call log can tell. `static/bridge/checks.js` is the same
in the browser's language; `tests/cases/` holds both to one list.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from math import isfinite
from typing import Any

from scorm_runtime.core.cmi.table import Table

_DECIMAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_LOOSE_DECIMAL = re.compile(
    r"\s*[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,2})?\s*%?\s*"
)


@dataclass(frozen=True)
class Verdict:
    """Whether a value is taken, as what, and with which remark."""

    ok: bool
    value: str = ""
    """What is stored: the value itself, or its canonical spelling."""
    warning: str = ""
    """Why strict would refuse; "" when it would not."""


def check_value(
    table: Table, element: Mapping[str, Any], value: str, *, strict: bool, sibling_type: str = ""
) -> Verdict:
    """Check `value` for one element of the table.

    `sibling_type` is the interaction's type, which decides the format of CMIFeedback.
    """
    rule = table.types[element["type"]]
    verdict = _check(table, {**rule, **element}, value, sibling_type)
    if verdict.ok and verdict.warning and strict:
        return Verdict(False, warning=verdict.warning)
    return verdict


def parse_decimal(text: str) -> float | None:
    """The number in `text` as leniently as it was stored; None when there is none."""
    if not _LOOSE_DECIMAL.fullmatch(text):
        return None
    number = float(text.strip().rstrip("%").strip().replace(",", "."))
    return number if isfinite(number) else None


def _check(table: Table, rule: Mapping[str, Any], value: str, sibling_type: str) -> Verdict:
    limit = table.limits[rule.get("limit", "text")]
    if len(value) > limit:
        return Verdict(False, warning=f"longer than {limit} characters")
    check = rule["check"]
    if check == "text":
        return _text(rule, value)
    if check == "pattern":
        return _pattern(rule, value)
    if check == "vocabulary":
        return _vocabulary(table, rule, value)
    if check == "feedback":
        return _feedback(table, value, sibling_type)
    return _number(rule, value, whole=check == "integer")


def _text(rule: Mapping[str, Any], value: str) -> Verdict:
    if len(value) <= rule["spm"]:
        return Verdict(True, value)
    return Verdict(True, value, f"longer than the standard's {rule['spm']} characters")


def _pattern(rule: Mapping[str, Any], value: str) -> Verdict:
    if _compiled(rule["strict"]).fullmatch(value):
        return Verdict(True, value)
    warning = f"not {rule['says']}"
    lenient = rule["lenient"]
    return Verdict(not lenient or bool(_compiled(lenient).fullmatch(value)), value, warning)


def _vocabulary(table: Table, rule: Mapping[str, Any], value: str) -> Verdict:
    vocabulary = table.vocabularies[rule["vocabulary"]]
    if value in vocabulary["words"]:
        return Verdict(True, value)
    if rule.get("or") == "CMIDecimal" and _DECIMAL.fullmatch(value):
        return Verdict(True, value)
    loose = value.strip(" \t\r\n").lower()
    word = vocabulary.get("aliases", {}).get(loose, loose)
    warning = f"not {rule['says']}"
    if word in vocabulary["words"] and (word or not value):
        return Verdict(True, word, warning)
    if loose in vocabulary.get("aliases", {}):
        return Verdict(True, word, warning)
    if rule.get("or") == "CMIDecimal" and _LOOSE_DECIMAL.fullmatch(value):
        return Verdict(True, value, warning)
    return Verdict(False, value, warning)


def _feedback(table: Table, value: str, sibling_type: str) -> Verdict:
    pattern = table.feedback.get(sibling_type, r"^[\s\S]{0,255}$")
    if _compiled(pattern).fullmatch(value):
        return Verdict(True, value)
    return Verdict(True, value, f"not in the format of {sibling_type or 'any'} interaction")


def _number(rule: Mapping[str, Any], value: str, *, whole: bool) -> Verdict:
    if value == "" and rule.get("blank"):
        return Verdict(True, value)
    warning = f"not {rule['says']}"
    number = parse_decimal(value)
    if number is None:
        return Verdict(False, value, warning)
    exact = bool(_DECIMAL.fullmatch(value)) and not (whole and "." in value)
    low, high = rule.get("min"), rule.get("max")
    inside = (low is None or number >= low) and (high is None or number <= high)
    if exact and inside:
        return Verdict(True, value)
    return Verdict(True, value, warning if not exact else f"outside {low} to {high}")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
