"""Answers that come as a form: the page of an attempt in a browser without JavaScript.

A form holds every field of the page, also those nobody touched. So that an old page undoes nothing
that was answered in another window since, each question comes with a fingerprint of the answer it
was shown with; what still has that fingerprint says nothing.

    q3 = one choice, several, or a text      q3.<part> = a blank, a pair, the place in an order
    was.q3 = fingerprint
    flag.q3 = there when it is flagged       was.flag.q3 = "yes" when it was
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Fields = Mapping[str, Sequence[str]]
Shown = Mapping[str, Any]
"""A question as `learner_paper.build_question` shows it: its parts have veiled names."""


@dataclass(frozen=True)
class FormAnswers:
    """What a form says anew."""

    changes: dict[int, Any]
    """{slot: answer with veiled names, None for none}."""
    reordered: tuple[int, ...]
    """Slots whose places were no order: two in one place, or some without."""
    flags: dict[int, bool] = field(default_factory=dict)
    """{slot: whether it is flagged now}, of those that changed."""


def read_form(paper: Sequence[Shown], fields: Fields) -> FormAnswers:
    """The answers that differ from what the page was shown with."""
    changes, reordered, flags = {}, [], {}
    for shown in paper:
        slot = int(shown["slot"])
        was, was_flagged = fields.get(f"was.q{slot}"), fields.get(f"was.flag.q{slot}")
        if was_flagged is not None and ("yes" in was_flagged) != (f"flag.q{slot}" in fields):
            flags[slot] = f"flag.q{slot}" in fields
        answer, is_order = _read(shown, fields)
        if was is None or fingerprint(shown, answer) == was[0]:
            continue
        changes[slot] = answer
        if not is_order:
            reordered.append(slot)
    return FormAnswers(changes, tuple(reordered), flags)


def fingerprint(shown: Shown, answer: Any) -> str:
    """Of an answer with veiled names; the same however the answer was written down."""
    if isinstance(answer, bool):
        answer = "true" if answer else "false"
    elif isinstance(answer, str):
        answer = _clean(answer)
    elif isinstance(answer, Mapping):
        answer = {part: _clean(text) for part, text in sorted(answer.items()) if text}
    elif answer and shown["kind"] == "choice_many":
        answer = sorted(answer)
    text = json.dumps(answer or None, ensure_ascii=False)
    return hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:16]


def _read(shown: Shown, fields: Fields) -> tuple[Any, bool]:
    """(answer, whether it says an order where one is asked for)."""
    name, kind = f"q{shown['slot']}", shown["kind"]
    given = [text for text in fields.get(name, ()) if text]
    if kind == "ordering":
        return _read_order(shown, fields)
    if kind in ("fill_in", "matching"):
        parts = shown["blanks"] if kind == "fill_in" else shown["lefts"]
        texts = {part["id"]: _first(fields, f"{name}.{part['id']}") for part in parts}
        return {part: text for part, text in texts.items() if text.strip()} or None, True
    if kind == "choice_many":
        return given or None, True
    text = _clean(given[0]) if given else ""
    return (text if text.strip() else None), True


def _read_order(shown: Shown, fields: Fields) -> tuple[Any, bool]:
    """Pieces by their places; those in one place as they stood, those without one at the end."""
    names = [piece["id"] for piece in shown["items"]]
    places = [_first(fields, f"q{shown['slot']}.{name}") for name in names]
    if not any(places):
        return None, True
    numbers = [int(place) if place.isdecimal() else len(names) + 1 for place in places]
    order = [name for _, name in sorted(zip(numbers, names, strict=True), key=lambda one: one[0])]
    return order, sorted(numbers) == list(range(1, len(names) + 1))


def _first(fields: Fields, name: str) -> str:
    return next(iter(fields.get(name, ())), "")


def _clean(text: str) -> str:
    """Forms send line breaks as CR LF, and HTML swallows one at the beginning of a text."""
    return text.replace("\r\n", "\n").lstrip("\n")
