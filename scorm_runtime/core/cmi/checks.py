"""Does a value fit its data type? The types are data of the table, the kinds of check are here.

Strict is the letter of SCORM 1.2 RTE 3.4.2 and SCORM 2004 RTE 4.1.1. Lenient accepts what real
content sends (SD-06) and says what was wrong with it, so that the call log can tell.
`static/bridge/checks.js` is the same in the browser's language; `tests/cases/` holds both to one
list.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from scorm_runtime.core.cmi.responses import check_response
from scorm_runtime.core.cmi.scalars import (
    Verdict,
    check_number,
    check_pattern,
    check_text,
    check_vocabulary,
    matches,
)
from scorm_runtime.core.cmi.table import Table
from scorm_runtime.core.cmi.texts import (
    check_language,
    check_localized,
    check_long_identifier,
)


def check_value(
    table: Table, rule: Mapping[str, Any], value: str, *, strict: bool, sibling_type: str = ""
) -> Verdict:
    """Check `value` by a rule of `table.rules`.

    `sibling_type` is the interaction's type, which decides the format of its responses.
    """
    verdict = _check(table, rule, value, sibling_type)
    if verdict.warning and strict:
        return replace(verdict, ok=False)
    return verdict


def _check(table: Table, rule: Mapping[str, Any], value: str, sibling_type: str) -> Verdict:
    match rule["check"]:
        case "text":
            return check_text(value, rule.get("spm"))
        case "pattern":
            return check_pattern(rule, value)
        case "vocabulary":
            return check_vocabulary(table, rule, value)
        case "localized":
            return check_localized(table, value, rule["spm"])
        case "language":
            return check_language(table, value, rule["spm"])
        case "identifier":
            return check_long_identifier(value, rule["spm"])
        case "response":
            return _response(table, rule, value, sibling_type)
        case "feedback":
            return _feedback(table, value, sibling_type)
        case _:
            return check_number(rule, value)


def _response(table: Table, rule: Mapping[str, Any], value: str, sibling_type: str) -> Verdict:
    grammars = table.patterns if rule["grammar"] == "patterns" else table.responses
    verdict = check_response(table, grammars[sibling_type], value)
    warning = verdict.warning and f"{sibling_type}: {verdict.warning}"
    return replace(verdict, warning=warning)


def _feedback(table: Table, value: str, sibling_type: str) -> Verdict:
    pattern = table.feedback.get(sibling_type, r"^[\s\S]{0,255}$")
    if matches(pattern, value):
        return Verdict(True, value)
    return Verdict(True, value, f"not in the format of {sibling_type or 'any'} interaction")
