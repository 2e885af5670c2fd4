"""A question and an answer in xAPI's words: interaction type, components, patterns, response.

Source: xAPI 1.0.3 Data 2.4.4.1 (interaction activities) and appendix C (examples). An ordering is a
`sequencing`, an essay a `long-fill-in`; a blank or a number with several accepted answers becomes
several patterns.
"""

from itertools import islice, product
from typing import Any

from content.core.quiz.answers import Answer, read_number
from content.core.quiz.questions import Question

_TYPES = {
    "choice_one": "choice",
    "choice_many": "choice",
    "true_false": "true-false",
    "fill_in": "fill-in",
    "numeric": "numeric",
    "matching": "matching",
    "ordering": "sequencing",
    "essay": "long-fill-in",
}
MOST_PATTERNS = 20


def build_definition(question: Question) -> dict[str, Any]:
    """`object.definition` without its name: interactionType, components, patterns."""
    made: dict[str, Any] = {
        "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
        "interactionType": _TYPES[question.kind],
        "description": {"und": question.text[:2000]},
    }
    if question.options:
        made["choices"] = [_component(one.id, one.text) for one in question.options]
    if question.items:
        made["choices"] = [_component(one.id, one.text) for one in question.items]
    if question.lefts:
        made["source"] = [_component(one.id, one.text) for one in question.lefts]
        made["target"] = [_component(one.id, one.text) for one in question.rights]
    patterns = _patterns(question)
    if patterns:
        made["correctResponsesPattern"] = patterns
    return made


def _component(id_: str, text: str) -> dict[str, Any]:
    return {"id": id_, "description": {"und": text[:500]}}


def _patterns(question: Question) -> list[str]:
    if question.options and question.scoring == "weights":
        best = max(option.weight for option in question.options)
        if question.kind == "choice_one":
            return [option.id for option in question.options if option.weight == best]
        return ["[,]".join(option.id for option in question.options if option.weight > 0)]
    if question.options:
        return ["[,]".join(option.id for option in question.options if option.is_right)]
    if question.kind == "true_false":
        return ["true" if question.is_true else "false"]
    if question.blanks:
        texts = [[v.text for v in blank.accepted if v.weight == 1] for blank in question.blanks]
        case = str(any(blank.is_case_sensitive for blank in question.blanks)).lower()
        several = islice(product(*texts), MOST_PATTERNS)
        return [f"{{case_matters={case}}}" + "[,]".join(one) for one in several]
    if question.numbers:
        return [_range(n.value, n.tolerance, n.tolerance_kind) for n in question.numbers]
    if question.lefts:
        return ["[,]".join(f"{left.id}[.]{left.match}" for left in question.lefts)]
    if question.items:
        return ["[,]".join(item.id for item in question.items)]
    return []


def _range(value: str, tolerance: str, kind: str) -> str:
    middle, width = float(value), float(tolerance)
    if kind == "relative":
        width *= abs(middle)
    return f"{middle - width:.12g}[:]{middle + width:.12g}" if width else value


def write_response(question: Question, answer: Answer) -> str:
    """`result.response`; "" for no answer."""
    if answer is None:
        return ""
    if isinstance(answer, list):
        return "[,]".join(answer)
    if question.lefts:
        return "[,]".join(f"{left}[.]{right}" for left, right in answer.items())
    if question.blanks:
        return "[,]".join(answer.get(blank.id, "") for blank in question.blanks)
    if isinstance(answer, bool):
        return "true" if answer else "false"
    if question.kind == "numeric":
        number = read_number(answer)
        return str(answer) if number is None else f"{number:f}"
    return str(answer)
