"""Answers as they come from a browser: of the right shape and size, or refused by name."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from content.core.quiz.questions import Question

LONGEST_ANSWER = 100_000
"""Characters of one text: an essay of about 15,000 words."""
LONGEST_BLANK = 1000
Answer = Any
"""A text, a list of ids, {id: text} or None for no answer; see `questions`."""


class AnswerInvalid(ValueError):
    """Not an answer to this question."""

    status_hint = 422


def read_answer(question: Question, raw: Any) -> Answer:
    """`raw` in the one form that is kept; None where it says nothing. Raises AnswerInvalid."""
    if raw is None:
        return None
    kind = question.kind
    if kind == "choice_one":
        return _one_of(raw, {option.id for option in question.options})
    if kind == "choice_many":
        return _several_of(raw, [option.id for option in question.options])
    if kind == "true_false":
        if raw in ("true", "false"):
            raw = raw == "true"
        if not isinstance(raw, bool):
            raise AnswerInvalid("true or false is expected")
        return raw
    if kind == "fill_in":
        ids = {blank.id for blank in question.blanks}
        return {key: text for key, text in _mapping(raw, ids).items() if text} or None
    if kind == "matching":
        rights = {right.id for right in question.rights}
        pairs = _mapping(raw, {left.id for left in question.lefts})
        return {left: _one_of(right, rights) for left, right in pairs.items() if right} or None
    if kind == "ordering":
        return _whole_order(raw, [item.id for item in question.items])
    return _text(raw) or None


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise AnswerInvalid("a text is expected")
    if len(raw) > LONGEST_ANSWER:
        raise AnswerInvalid(f"at most {LONGEST_ANSWER} characters are kept")
    # PostgreSQL keeps neither NUL nor half a character.
    return _UNSTORABLE.sub("\ufffd", raw)


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _one_of(raw: Any, ids: set[str]) -> str | None:
    if raw == "":
        return None
    if not isinstance(raw, str) or raw not in ids:
        raise AnswerInvalid("there is no such choice")
    return raw


def _several_of(raw: Any, ids: list[str]) -> list[str] | None:
    if not isinstance(raw, list) or any(one not in ids for one in raw):
        raise AnswerInvalid("a list of choices is expected")
    return [id_ for id_ in ids if id_ in raw] or None


def _whole_order(raw: Any, ids: list[str]) -> list[str] | None:
    if raw == []:
        return None
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise AnswerInvalid("a list is expected")
    if sorted(raw) != sorted(ids):
        raise AnswerInvalid("each piece is expected once")
    return raw


def _mapping(raw: Any, ids: set[str]) -> dict[str, str]:
    if not isinstance(raw, dict) or not set(raw) <= ids:
        raise AnswerInvalid("there is no such part")
    texts = {key: _text(value) for key, value in raw.items()}
    if any(len(text) > LONGEST_BLANK for text in texts.values()):
        raise AnswerInvalid(f"at most {LONGEST_BLANK} characters are kept")
    return texts


_NUMBER = re.compile(r"[+-]?(\d+([.]\d*)?|[.]\d+)([eE][+-]?\d{1,3})?")


def read_number(text: str) -> Decimal | None:
    """A number as people type it: decimal point or comma, spaces or apostrophes between thousands,
    × 10^n as e; a proper minus sign. None for anything else. "1,234" is one and a bit: a comma
    alone is a decimal comma; with a point after it (1,234.5) it separates thousands."""
    plain = re.sub(r"[\s\u00a0\u202f'’]", "", text.strip()).replace("−", "-")
    if "," in plain and "." in plain:
        last = max(plain.rfind(","), plain.rfind("."))
        thousands = "," if plain[last] == "." else "."
        plain = plain.replace(thousands, "")
    if plain.count(",") > 1 and "." not in plain:
        plain = plain.replace(",", "")
    plain = plain.replace(",", ".")
    if len(plain) > 60 or not _NUMBER.fullmatch(plain):
        return None
    try:
        return Decimal(plain)
    except InvalidOperation:  # pragma: no cover  the pattern lets none through
        return None


def count_words(text: str) -> int:
    """Words as a person counts them: runs without white space that hold a letter or a digit."""
    return sum(any(char.isalnum() for char in run) for run in text.split())
