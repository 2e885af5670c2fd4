"""Couriers of the lane: each takes a group of statements to the database and brings the outcome.

A courier has a connection of its own, which is watched by the lane's epoll like those of the
clients, so the lane's thread goes on reading while a transaction is on its way. Connections are
made when they are needed, and closed when they were not for a while.
"""

import logging
import select
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg2

from database.lines import Line
from xapi_lrs.services.reception import BROKEN, CommitUnknown, Steps
from xapi_lrs.services.statement_writes import STORE
from xapi_lrs.views.lane_requests import Seat

COURIERS = 4
"""Kinds of statements that are stored at the same time."""
_CONNECTING = 5.0
"""Seconds after which a connection to the database is given up."""
_IDLE = 60.0
"""Seconds after which one that is not needed is closed."""
_log = logging.getLogger(__name__)
_ONCE = select.EPOLLONESHOT


@dataclass(frozen=True, slots=True)
class Errand:
    kind: Any
    group: Sequence[Seat]
    steps: Steps


@dataclass(eq=False, slots=True)
class Courier:
    line: Line
    number: int
    """Of the line's file."""
    since: float
    """When it left, or came back."""
    errand: Errand | None = None
    """None: it waits for one."""


@dataclass(frozen=True, slots=True)
class Outcome:
    errand: Errand
    is_stored: bool
    error: CommitUnknown | None = None
    """Nobody knows whether it is."""


class Couriers:
    """Of one lane; used by its thread only."""

    def __init__(self, open_line: Callable[[], Line], poll: select.epoll) -> None:
        self._open_line = open_line
        self._poll = poll
        self._all: dict[int, Courier] = {}
        self._idle: list[Courier] = []
        """Who came back last leaves first."""

    @property
    def is_one_free(self) -> bool:
        return bool(self._idle) or len(self._all) < COURIERS

    def are_watching(self, number: int) -> bool:
        """Whether this file is a courier's."""
        return number in self._all

    def send(self, errand: Errand) -> Outcome | None:
        """Off; an outcome at once where nothing needs to be asked, or nobody can be."""
        try:
            question = next(errand.steps)
            courier = self._idle.pop() if self._idle else self._hire()
        except StopIteration as stop:
            return Outcome(errand, is_stored=bool(stop.value))
        except Exception as error:  # nothing was sent; the usual way says what is wrong
            _tell(error)
            return Outcome(errand, is_stored=False)
        courier.errand, courier.since = errand, time.monotonic()
        courier.line.ask(STORE, question)
        return self._go_on(courier, errand)

    def hear(self, number: int) -> Outcome | None:
        """The database has said something to a courier: is that the outcome?"""
        courier = self._all[number]
        if courier.errand is not None:
            return self._go_on(courier, courier.errand)
        if courier.line.has_died():
            self._dismiss(courier)
        else:
            self._watch(courier)
        return None

    def sweep(self, now: float, *, is_ending: bool) -> list[Outcome]:
        """Of those who cannot reach the database."""
        outcomes = []
        for courier in list(self._all.values()):
            age, errand = now - courier.since, courier.errand
            if errand is None and (is_ending or age > _IDLE):
                self._dismiss(courier)
            elif errand is not None and not courier.line.is_open and age > _CONNECTING:
                self._dismiss(courier)
                outcomes.append(Outcome(errand, is_stored=False))
        return outcomes

    def _hire(self) -> Courier:
        line = self._open_line()
        courier = Courier(line, line.fileno(), time.monotonic())
        self._all[courier.number] = courier
        return courier

    def _go_on(self, courier: Courier, errand: Errand) -> Outcome | None:
        line, steps = courier.line, errand.steps
        try:
            while (row := line.proceed()) is not None:
                line.ask(STORE, steps.send(row))
            self._watch(courier)
        except StopIteration as stop:
            self._rest(courier)
            return Outcome(errand, is_stored=bool(stop.value))
        except Exception as error:
            return self._fail(courier, errand, error)
        return None

    def _fail(self, courier: Courier, errand: Errand, error: Exception) -> Outcome:
        """An error that the database tells of has undone all; after any other nobody knows."""
        line = courier.line
        if isinstance(error, psycopg2.Error) and line.is_asked and not line.is_broken:
            self._rest(courier)
            return Outcome(errand, is_stored=False)
        self._dismiss(courier)
        _tell(error)
        if not line.is_asked:
            return Outcome(errand, is_stored=False)
        unknown = CommitUnknown(BROKEN)
        unknown.__cause__ = error
        return Outcome(errand, is_stored=False, error=unknown)

    def _rest(self, courier: Courier) -> None:
        courier.errand, courier.since = None, time.monotonic()
        self._idle.append(courier)
        try:
            self._watch(courier)
        except OSError:
            self._dismiss(courier)

    def _dismiss(self, courier: Courier) -> None:
        del self._all[courier.number]
        if courier in self._idle:
            self._idle.remove(courier)
        with suppress(OSError, ValueError):
            self._poll.unregister(courier.number)
        with suppress(psycopg2.Error):
            courier.line.close()

    def _watch(self, courier: Courier) -> None:
        """An idle one too: so it is noticed at once when the database closes its connection."""
        line = courier.line
        if line.is_broken:
            return
        number, events = line.fileno(), line.events | _ONCE
        if number != courier.number:
            del self._all[courier.number]
            courier.number = number
            self._all[number] = courier
        try:
            self._poll.modify(number, events)
        except FileNotFoundError:
            self._poll.register(number, events)


def _tell(error: Exception) -> None:
    """What the database says is told on the usual way; anything else is a mistake of ours."""
    if not isinstance(error, psycopg2.Error):
        _log.error("statements of the lane failed", exc_info=error)
