"""Group commit: who comes while a transaction is on its way shares the next one with the others.

A commit, its locks and its round trips cost more than a statement, so eight clients that send
single statements cost a process nearly as little as one that sends batches. Nobody waits for
company: who comes first starts at once, alone. Nobody suffers from company either: when a group
fails, each of it does its own work by itself and gets its own error.
"""

import threading
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(eq=False, slots=True)
class _Turn(Generic[Item, Result]):
    """One thread's work, from its arrival to its answer."""

    item: Item
    woken: threading.Event = field(default_factory=threading.Event)
    group: "list[_Turn[Item, Result]] | None" = None
    """It leads these, itself first."""
    results: list[Result] = field(default_factory=list)
    """Empty once it is woken: it has to work alone."""
    error: Exception | None = None


class Gatherer(Generic[Item, Result]):
    """Work of several threads, done together by one of them."""

    def __init__(self, most: int, is_final: Callable[[Exception], bool]) -> None:
        """most: items of a group. is_final: after this error nobody knows whether the group's work
        was done, so it must not be done again: all get the error."""
        self._most = most
        self._is_final = is_final
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, list[_Turn[Item, Result]]] = {}
        """Kinds that somebody is at work for, and who waits for the next turn."""

    def run(
        self,
        kind: Hashable,
        item: Item,
        together: Callable[[Sequence[Item]], Sequence[Result]],
        alone: Callable[[], Result],
    ) -> Result:
        """The result for `item`: of `together`, one transaction for items of the same kind, in
        their order; or of `alone`, which a lone or a failed one calls. Raises what that raises."""
        turn = self._arrive(kind, item)
        if turn.group is None:
            turn.woken.wait()
        if turn.group is not None:
            try:
                if len(turn.group) == 1:
                    return alone()
                self._lead(turn.group, together)
            finally:
                self._hand_over(kind, turn.group)
        if turn.error is not None:
            raise turn.error
        return turn.results[0] if turn.results else alone()

    def _arrive(self, kind: Hashable, item: Item) -> _Turn[Item, Result]:
        turn: _Turn[Item, Result] = _Turn(item)
        with self._lock:
            if kind in self._waiting:
                self._waiting[kind].append(turn)
            else:
                self._waiting[kind] = []
                turn.group = [turn]
        return turn

    def _lead(
        self,
        group: "list[_Turn[Item, Result]]",
        together: Callable[[Sequence[Item]], Sequence[Result]],
    ) -> None:
        try:
            results = together([one.item for one in group])
        except Exception as error:
            if self._is_final(error):
                for one in group:
                    one.error = error
            return
        for one, result in zip(group, results, strict=True):
            one.results.append(result)

    def _hand_over(self, kind: Hashable, group: "list[_Turn[Item, Result]]") -> None:
        """The next ones first: they have work to do, the others only answers to give."""
        with self._lock:
            waiting = self._waiting[kind]
            following, self._waiting[kind] = waiting[: self._most], waiting[self._most :]
            if not following:
                del self._waiting[kind]
        if following:
            following[0].group = following
            following[0].woken.set()
        for one in group[1:]:
            one.woken.set()
