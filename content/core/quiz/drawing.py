"""The paper of an attempt: which questions, in which order, with which options where.

All of it follows from a seed that is stored with the attempt and never leaves the server, so the
same paper can be put together again at any time. No random numbers: things are ordered by a hash
of the seed, the place and their own id.
"""

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from content.core.quiz.questions import Question

T = TypeVar("T")


def shuffle(seed: str, place: str, ids: Iterable[str]) -> list[str]:
    """`ids` in the order that belongs to `seed` and `place`."""
    return sorted(ids, key=lambda id_: _digest(seed, place, id_))


def _digest(seed: str, place: str, id_: str) -> str:
    return hmac.digest(seed.encode(), f"{place}\x1f{id_}".encode(), hashlib.sha256).hex()


@dataclass(frozen=True)
class Fixed:
    """A question that everybody gets."""

    question: str
    """Id of the question's version."""
    points: float


@dataclass(frozen=True)
class Draw:
    """Some of a pool; each for the same points."""

    pool: tuple[str, ...]
    """Ids of versions."""
    count: int
    points: float


@dataclass(frozen=True)
class Slot:
    """One place of a paper."""

    number: int
    """1, 2, 3 … as the learner sees it."""
    question: str
    points: float


def draw_paper(
    items: Sequence[Fixed | Draw], seed: str, *, is_shuffled: bool, seen: Iterable[str] = ()
) -> tuple[Slot, ...]:
    """The slots of an attempt. No question stands twice; of a pool those come first that the
    learner has not had before (`seen`: versions of earlier attempts). A pool that has too few
    gives what it has."""
    taken = {item.question for item in items if isinstance(item, Fixed)}
    before = set(seen)
    chosen: list[tuple[str, float]] = []
    for at, item in enumerate(items):
        if isinstance(item, Fixed):
            chosen.append((item.question, item.points))
            continue
        pool = [id_ for id_ in shuffle(seed, f"draw {at}", item.pool) if id_ not in taken]
        pool.sort(key=lambda id_: id_ in before)  # stable: the order of the draw stays
        taken.update(pool[: item.count])
        chosen += [(id_, item.points) for id_ in pool[: item.count]]
    if is_shuffled:
        worth = dict(chosen)
        chosen = [(id_, worth[id_]) for id_ in shuffle(seed, "questions", worth)]
    return tuple(Slot(at, id_, points) for at, (id_, points) in enumerate(chosen, start=1))


def arrange(question: Question, seed: str, slot: int) -> dict[str, list[str]]:
    """The order in which the parts of a question are shown: {"options" | "rights" | "items": ids}.

    What is to be put in order never stands in its right order already; two pieces may, as they
    would tell it otherwise. An order counts only once the learner says that it is the answer.
    """
    place = f"slot {slot}"
    if question.options:
        ids = [option.id for option in question.options]
        return {"options": shuffle(seed, place, ids) if question.is_shuffled else ids}
    if question.rights:
        return {"rights": shuffle(seed, place, [right.id for right in question.rights])}
    if question.items:
        ids = [item.id for item in question.items]
        mixed = shuffle(seed, place, ids)
        is_told = mixed == ids and len(ids) > 2
        return {"items": [*mixed[1:], mixed[0]] if is_told else mixed}
    return {}


def veil(seed: str, slot: int, id_: str) -> str:
    """The name that a part has on the learner's side. An author's ids tell: in their order, or
    because left and right of a pair are called alike."""
    return "p" + _digest(seed, f"veil {slot}", id_)[:12]


def veil_all(seed: str, slot: int, ids: Iterable[str]) -> dict[str, str]:
    """{name on the learner's side: id}."""
    return {veil(seed, slot, id_): id_ for id_ in ids}
