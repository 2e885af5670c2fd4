"""Responses and correct responses of SCORM 2004's ten types of interaction (RTE 4.2.9).

The grammar of each type is data of the table; an item is a word, a number, a text, an identifier,
a pair "a[.]b" or a step "name[.]answer". The twin is `static/bridge/responses.js`.
"""

import re
from collections.abc import Mapping
from typing import Any

from scorm_runtime.core.cmi.scalars import (
    Verdict,
    check_number,
    check_text,
    check_vocabulary,
    join,
    parse_decimal,
    refuse,
)
from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.cmi.texts import check_localized, check_short_identifier, is_language

_DELIMITER = re.compile(r"\{(case_matters|order_matters|lang)=([^}]*)\}")
_WORD = {"vocabulary": "word", "says": "true or false"}
_BOOLEAN = ("true", "false")
_NUMBER = {"check": "decimal", "says": "a number"}


def check_response(table: Table, grammar: Mapping[str, Any], value: str) -> Verdict:
    """Check a response by the grammar of its interaction's type."""
    rest, wrong = _take_delimiters(table, grammar.get("delimiters", ()), value)
    if wrong:
        return refuse(value, wrong)
    if rest == "":
        return Verdict(True, value) if grammar.get("blank") else refuse(value, "empty")
    separator = grammar.get("separate")
    items = rest.split(separator) if separator else [rest]
    if grammar.get("distinct") and len(set(items)) < len(items):
        return refuse(value, "an identifier stands twice in a set")
    verdicts = [_check_item(table, grammar, item) for item in items]
    if len(items) > grammar.get("most", len(items)):
        verdicts.append(Verdict(True, value, f"more than the standard's {grammar['most']} items"))
    return join(value if separator else value[: -len(rest)] + verdicts[0].value, verdicts)


def _take_delimiters(table: Table, names: list[str], value: str) -> tuple[str, str]:
    """What follows the delimiters at the beginning, and what is wrong with them."""
    at = 0
    while (found := _DELIMITER.match(value, at)) and found[1] in names:
        right = is_language(table, found[2]) if found[1] == "lang" else found[2] in _BOOLEAN
        if not right:
            return value, f"{found[0]} is no delimiter"
        at = found.end()
    return value[at:], ""


def _check_item(table: Table, grammar: Mapping[str, Any], item: str) -> Verdict:
    match grammar["item"]:
        case "word":
            return check_vocabulary(table, _WORD, item)
        case "short_identifier":
            return check_short_identifier(item)
        case "localized":
            return check_localized(table, item, grammar["spm"])
        case "pair":
            return _check_pair(item)
        case "step":
            return _check_step(item)
        case "number":
            return check_number(_NUMBER, item)
        case "range":
            return _check_range(item)
        case _:
            return check_text(item, grammar["spm"])


def _check_pair(item: str) -> Verdict:
    sides = item.split("[.]")
    if len(sides) != 2:
        return refuse(item, "not a pair <source>[.]<target>")
    return join(item, [check_short_identifier(side) for side in sides])


def _check_step(item: str) -> Verdict:
    sides = item.split("[.]")
    if len(sides) != 2 or not any(sides):
        return refuse(item, "not a step <name>[.]<answer>")
    name, answer = sides
    named = check_short_identifier(name) if name else Verdict(True)
    answered = _check_range(answer) if "[:]" in answer else check_text(answer, 250)
    return join(item, [named, answered])


def _check_range(item: str) -> Verdict:
    """<min>[:]<max>, each of them a number or absent; leniently a single number."""
    sides = item.split("[:]")
    if len(sides) == 1:
        single = check_number(_NUMBER, item)
        return Verdict(single.ok, item, single.warning or "not a range <min>[:]<max>")
    if len(sides) != 2:
        return refuse(item, "not a range <min>[:]<max>")
    low, high = (parse_decimal(side) for side in sides)
    if low is not None and high is not None and low > high:
        return refuse(item, "the minimum is above the maximum")
    return join(item, [check_number(_NUMBER, side) for side in sides if side])
