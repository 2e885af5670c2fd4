"""Marking: a pure function of question and answer.

Every kind comes down to a fraction (0..1) of the question's points and, where it has parts, to
what became of each. An essay waits for a person. No answer is worth nothing and is told apart from
a wrong one.
"""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from content.core.quiz.answers import Answer, read_number
from content.core.quiz.questions import Blank, Number, Question, Variant

Status = Literal["right", "partly", "wrong", "unanswered", "waiting"]


@dataclass(frozen=True)
class Mark:
    """What an answer is worth."""

    points: float
    points_max: float
    status: Status
    parts: tuple[tuple[str, bool], ...] = ()
    """(id of blank, pair, chosen option or place, whether it is right)."""
    feedback: tuple[str, ...] = ()
    """Markdown, in the order of the answer's parts; the question's own texts last."""

    @property
    def fraction(self) -> float:
        return self.points / self.points_max if self.points_max else 0.0


def mark(question: Question, answer: Answer, points: float | None = None) -> Mark:
    """Mark `answer` (as `answers.read_answer` returns it); `points` replaces the question's own."""
    most = question.points if points is None else points
    if answer is None:
        return Mark(0.0, most, "unanswered", (), _closing(question, 0.0))
    if question.kind == "essay":
        return Mark(0.0, most, "waiting")
    fraction, parts, said = _MARKERS[question.kind](question, answer)
    fraction = min(1.0, max(0.0, fraction))
    status: Status = "right" if fraction > 0.999999 else "partly" if fraction > 0 else "wrong"
    told = (*(text for text in said if text), *_closing(question, fraction))
    return Mark(round(fraction * most, 4), most, status, parts, told)


def mark_by_rubric(question: Question, chosen: dict[str, str]) -> float:
    """Points of the levels chosen, {criterion id: level id}, scaled from what the rubric could give
    to what the question gives; raises KeyError for a criterion or level that is not there."""
    best = sum(max(level.points for level in line.levels) for line in question.rubric)
    criteria = {
        line.id: {level.id: level.points for level in line.levels} for line in question.rubric
    }
    given = sum(criteria[criterion][level] for criterion, level in chosen.items())
    return round(given / best * question.points, 4) if best else 0.0


_Found = tuple[float, tuple[tuple[str, bool], ...], tuple[str, ...]]


def _closing(question: Question, fraction: float) -> tuple[str, ...]:
    verdict = question.feedback_right if fraction > 0.999999 else question.feedback_wrong
    return tuple(text for text in (verdict, question.feedback) if text)


def _choice_one(question: Question, answer: Answer) -> _Found:
    chosen = next(option for option in question.options if option.id == answer)
    fraction = chosen.weight if question.scoring == "weights" else float(chosen.is_right)
    return fraction, ((chosen.id, fraction > 0.999999),), (chosen.feedback,)


def _choice_many(question: Question, answer: Answer) -> _Found:
    chosen = [option for option in question.options if option.id in answer]
    said = tuple(option.feedback for option in chosen)
    if question.scoring == "weights":
        parts = tuple((option.id, option.weight > 0) for option in chosen)
        return sum(option.weight for option in chosen), parts, said
    parts = tuple((option.id, option.is_right) for option in chosen)
    right = sum(option.is_right for option in question.options)
    wrong = len(question.options) - right
    good = sum(option.is_right for option in chosen)
    bad = len(chosen) - good
    if question.scoring == "all_or_nothing":
        return float(good == right and not bad), parts, said
    return good / right - (bad / wrong if wrong else 0.0), parts, said


def _true_false(question: Question, answer: Answer) -> _Found:
    is_right = answer == question.is_true
    return float(is_right), (("true" if answer else "false", is_right),), ()


def _fill_in(question: Question, answer: Answer) -> _Found:
    found = [(blank, find_variant(blank, answer.get(blank.id, ""))) for blank in question.blanks]
    parts = tuple((blank.id, one is not None and one.weight > 0.999999) for blank, one in found)
    said = tuple(one.feedback for _, one in found if one)
    worth = [one.weight if one else 0.0 for _, one in found]
    if question.scoring == "all_or_nothing":
        return float(min(worth) > 0.999999), parts, said
    return sum(worth) / len(worth), parts, said


def find_variant(blank: Blank, text: str) -> Variant | None:
    """The first accepted variant that `text` is, of the best weight."""
    if not text.strip():
        return None
    given = normalise(text, blank)
    hits = [one for one in blank.accepted if _pattern(normalise(one.text, blank)).fullmatch(given)]
    return max(hits, key=lambda one: one.weight, default=None)


def normalise(text: str, blank: Blank) -> str:
    """`text` as the blank's rules compare it: Unicode NFC, quotes and dashes as typed on a
    keyboard, then case and spaces."""
    plain = unicodedata.normalize("NFC", text).translate(_TYPOGRAPHY)
    if blank.spaces == "collapse":
        plain = " ".join(plain.split())
    elif blank.spaces == "ignore":
        plain = "".join(plain.split())
    return plain if blank.is_case_sensitive else plain.casefold()


_TYPOGRAPHY = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})


@lru_cache(512)
def _pattern(variant: str) -> re.Pattern[str]:
    """`*` is any characters, `\\*` a star."""
    pieces = re.split(r"(?<!\\)\*", variant)
    body = ".*".join(re.escape(piece.replace("\\*", "*")) for piece in pieces)
    return re.compile(body, re.DOTALL)


def _numeric(question: Question, answer: Answer) -> _Found:
    given = read_number(answer)
    if given is None:
        return 0.0, (("number", False),), ()
    hits = [number for number in question.numbers if is_within(number, given)]
    best = max(hits, key=lambda number: number.weight, default=None)
    if best is None:
        return 0.0, (("number", False),), ()
    return best.weight, (("number", best.weight > 0.999999),), (best.feedback,)


def is_within(number: Number, given: Decimal) -> bool:
    """Whether `given` is the number, or not further from it than the tolerance."""
    value, tolerance = Decimal(number.value), Decimal(number.tolerance)
    if number.tolerance_kind == "relative":
        tolerance *= abs(value)
    return abs(given - value) <= tolerance


def _matching(question: Question, answer: Answer) -> _Found:
    texts = {right.id: right.text for right in question.rights}
    # Two right sides that read the same are the same to the learner.
    parts = tuple(
        (left.id, texts.get(answer.get(left.id, "")) == texts[left.match])
        for left in question.lefts
    )
    share = sum(is_right for _, is_right in parts) / len(parts)
    return (share if question.scoring == "partial" else float(share == 1)), parts, ()


def _ordering(question: Question, answer: Answer) -> _Found:
    texts = {item.id: item.text for item in question.items}
    wanted = [item.text for item in question.items]
    given = [texts[id_] for id_ in answer]
    parts = tuple((id_, texts[id_] == wanted[at]) for at, id_ in enumerate(answer))
    if question.scoring == "positions":
        return sum(is_right for _, is_right in parts) / len(parts), parts, ()
    if question.scoring == "neighbours":
        follow = set(pairwise(wanted))
        hits = sum(pair in follow for pair in pairwise(given))
        return hits / (len(wanted) - 1), parts, ()
    return float(given == wanted), parts, ()


_MARKERS = {
    "choice_one": _choice_one,
    "choice_many": _choice_many,
    "true_false": _true_false,
    "fill_in": _fill_in,
    "numeric": _numeric,
    "matching": _matching,
    "ordering": _ordering,
}
