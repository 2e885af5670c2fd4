"""What a learner may see of a question: built from a whitelist, part by part.

Nothing is copied from a question and then taken out. A field that is added to `Question` reaches no
learner until somebody writes it down here. Ids are veiled (`drawing.veil`): an author's would tell.
"""

import re
from typing import Any

from content.core.quiz.answers import Answer
from content.core.quiz.drawing import arrange, veil, veil_all
from content.core.quiz.questions import Question


def build_question(question: Question, *, seed: str, slot: int, points: float) -> dict[str, Any]:
    """The learner's document of one question. Texts are Markdown.

    {"slot", "kind", "points", "text", and by kind: "options" | "blanks" | "lefts" and "rights" |
    "items": [{"id", "text"}], "words": [least, most]}
    """
    shown: dict[str, Any] = {
        "slot": slot,
        "kind": question.kind,
        "points": points,
        "text": question.text,
    }
    order = arrange(question, seed, slot)
    if question.options:
        texts = {option.id: option.text for option in question.options}
        shown["options"] = _pieces(seed, slot, order["options"], texts)
    if question.blanks:
        shown["blanks"] = [{"id": veil(seed, slot, blank.id)} for blank in question.blanks]
        shown["text"] = _name_blanks(question, seed, slot)
    if question.lefts:
        lefts = {left.id: left.text for left in question.lefts}
        shown["lefts"] = _pieces(seed, slot, list(lefts), lefts, "left ")
        texts = {right.id: right.text for right in question.rights}
        shown["rights"] = _pieces(seed, slot, order["rights"], texts)
    if question.items:
        texts = {item.id: item.text for item in question.items}
        shown["items"] = _pieces(seed, slot, order["items"], texts)
    if question.kind == "essay":
        shown["words"] = [question.least_words, question.most_words]
    return shown


def _pieces(
    seed: str, slot: int, ids: list[str], texts: dict[str, str], side: str = ""
) -> list[dict[str, str]]:
    return [{"id": veil(seed, slot, side + id_), "text": texts[id_]} for id_ in ids]


def _name_blanks(question: Question, seed: str, slot: int) -> str:
    """The text with veiled marks; a single blank without a mark stands at the end."""
    text = question.text
    for blank in question.blanks:
        mark = f"[[{veil(seed, slot, blank.id)}]]"
        if f"[[{blank.id}]]" in text:
            text = text.replace(f"[[{blank.id}]]", mark)
        else:
            text = f"{text}\n\n{mark}"
    return text


BLANK = re.compile(r"\[\[(p[0-9a-f]{12})\]\]")
"""A veiled mark in the text."""


class PartUnknown(ValueError):
    """An answer names a part that the question does not have."""

    status_hint = 422


def unveil(question: Question, raw: Any, *, seed: str, slot: int) -> Any:
    """A learner's answer with the author's ids; what has another shape passes unchanged, to be
    refused by `answers.read_answer`. Raises PartUnknown."""
    if question.options or question.items:
        ids = [option.id for option in question.options] + [item.id for item in question.items]
        names = veil_all(seed, slot, ids)
        if isinstance(raw, list):
            return [_find(names, one) for one in raw]
        return _find(names, raw) if isinstance(raw, str) and raw else raw
    if question.blanks and isinstance(raw, dict):
        names = veil_all(seed, slot, (blank.id for blank in question.blanks))
        return {_find(names, key): value for key, value in raw.items()}
    if question.lefts and isinstance(raw, dict):
        lefts = {veil(seed, slot, f"left {left.id}"): left.id for left in question.lefts}
        rights = veil_all(seed, slot, (right.id for right in question.rights))
        return {
            _find(lefts, key): _find(rights, value) if value else value
            for key, value in raw.items()
        }
    return raw


def _find(names: dict[str, str], name: Any) -> str:
    if not isinstance(name, str) or name not in names:
        raise PartUnknown("there is no such part in this question")
    return names[name]


def veil_answer(question: Question, answer: Answer, *, seed: str, slot: int) -> Any:
    """The inverse of `unveil`, for a page that is opened again."""
    if answer is None:
        return None
    if question.options or question.items:
        if isinstance(answer, list):
            return [veil(seed, slot, id_) for id_ in answer]
        return veil(seed, slot, answer)
    if question.blanks:
        return {veil(seed, slot, id_): text for id_, text in answer.items()}
    if question.lefts:
        return {
            veil(seed, slot, f"left {left}"): veil(seed, slot, right)
            for left, right in answer.items()
        }
    return answer
