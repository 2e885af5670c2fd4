"""Remembering what was asked before, but never what is long: a cache of texts that a stranger sends
must not grow with their length."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import TypeVar

LONGEST = 300
"""Characters of a text that is worth remembering."""

Answer = TypeVar("Answer")
Question = Callable[[str], Answer]


def remember(most: int) -> Callable[[Question[Answer]], Question[Answer]]:
    """Decorates a pure function of one text: the last `most` answers are kept."""

    def decorate(ask: Question[Answer]) -> Question[Answer]:
        remembered = lru_cache(most)(ask)

        @wraps(ask)
        def answer(text: str) -> Answer:
            return remembered(text) if len(text) <= LONGEST else ask(text)

        return answer

    return decorate
