"""What a learner sees of a marked answer, as far as the settings allow it now."""

from dataclasses import dataclass
from typing import Any

from content.core.quiz.answers import Answer
from content.core.quiz.marking import Mark
from content.core.quiz.questions import Question


@dataclass(frozen=True)
class Allowed:
    """What may be told."""

    marks: bool
    key: bool = False
    feedback: bool = False


def write_answer(question: Question, answer: Answer) -> list[str]:
    """An answer in words, a line per part; [] for none."""
    if answer is None:
        return []
    texts = {option.id: option.text for option in question.options}
    texts |= {piece.id: piece.text for piece in (*question.rights, *question.items)}
    if question.kind == "choice_one":
        return [texts.get(answer, "?")]
    if question.kind in ("choice_many", "ordering"):
        return [texts.get(id_, "?") for id_ in answer]
    if question.kind == "true_false":
        return ["true" if answer else "false"]
    if question.kind == "fill_in":
        return [answer.get(blank.id, "") for blank in question.blanks]
    if question.kind == "matching":
        return [
            f"{left.text} → {texts.get(answer.get(left.id, ''), '–')}" for left in question.lefts
        ]
    return [str(answer)]


def write_key(question: Question) -> list[str]:
    """The right answer in words, a line per part; [] for an essay."""
    if question.kind in ("choice_one", "choice_many"):
        by_weight = question.scoring == "weights"
        return [o.text for o in question.options if (o.weight > 0 if by_weight else o.is_right)]
    if question.kind == "true_false":
        return ["true" if question.is_true else "false"]
    if question.kind == "fill_in":
        return [
            " / ".join(variant.text for variant in blank.accepted if variant.weight > 0.999999)
            for blank in question.blanks
        ]
    if question.kind == "numeric":
        return [_write_number(one.value, one.tolerance) for one in question.numbers[:1]]
    if question.kind == "matching":
        texts = {right.id: right.text for right in question.rights}
        return [f"{left.text} → {texts[left.match]}" for left in question.lefts]
    return [item.text for item in question.items]


def _write_number(value: str, tolerance: str) -> str:
    return value if not float(tolerance) else f"{value} (± {tolerance})"


def build_result(
    question: Question, answer: Answer, mark: Mark, allowed: Allowed
) -> dict[str, Any]:
    """{"kind", "text", "answer": lines, and as allowed "points", "points_max", "status", "key",
    "feedback"}; texts are Markdown, the lines of an essay or a blank are plain."""
    told: dict[str, Any] = {
        "kind": question.kind,
        "text": question.text,
        "answer": write_answer(question, answer),
    }
    if allowed.marks:
        told |= {"points": mark.points, "points_max": mark.points_max, "status": mark.status}
    if allowed.marks and allowed.feedback:
        told["feedback"] = list(mark.feedback)
    if allowed.marks and allowed.key:
        told["key"] = write_key(question)
    return told
