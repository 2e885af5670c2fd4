"""The lane: connections that send one statement after the other are served without threads.

    a request of statements was answered ─► the server gives its connection to the lane
    one thread reads all of them as they speak: head, body, StatementDoor.let_in, count, read
      → what is ready while a transaction is on its way shares the next one of its kind
    a courier (views/lane_couriers.py): one round trip to the database, for which nobody waits
      → the answers ─► the connections may speak again
      └── whatever is not that simple: the server gets the connection back, with every octet

A thread for each request costs more than the statement: it waits for its connection, for Python,
for company in a transaction, for the database. Here one thread serves all and waits for nobody.
"""

import logging
import select
import socket
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, Protocol

from xapi_lrs.views.alternate import REFUSED
from xapi_lrs.views.door import COUNTED
from xapi_lrs.views.lane_couriers import Couriers, Errand, Outcome
from xapi_lrs.views.lane_requests import MOST_BYTES, NotPlain, Reader, Seat
from xapi_lrs.views.statement_door import TOGETHER, Environ, Ready, StatementDoor

LANE = "xapi_lrs.lane"
"""In the extensions of the application: the door whose requests may take the lane."""

MOST_MISSES = 3
"""A connection that was given back so often, with nothing served in between, rests."""
REST = 20
"""Requests that it is then the server's for: what is new to a store may soon be known."""
_PATIENCE = 1.0
"""Seconds without a word after which the server looks after a connection again."""
_SWEEP = 0.5
_COMPANY = 0.0005
"""Seconds that a statement waits for those who were answered a moment ago: they share a commit."""
_RECENT = 0.005
_FINEST = 0.001
"""Seconds that epoll can tell from nothing."""
_log = logging.getLogger(__name__)
_ONCE = select.EPOLLIN | select.EPOLLONESHOT


class Server(Protocol):
    """What the web server does for the lane. Called from any thread."""

    def read_head(self, connection: Any, head: bytes) -> Environ | None:
        """The environ of a request with this head; None where it must see to it itself."""

    def take_back(self, connection: Any, data: bytes) -> None:
        """From here on the connection is the server's; `data` was read from it already."""

    def close(self, connection: Any) -> None: ...

    def is_taking(self) -> bool:
        """Not while it stops."""

    def note_served(self, count: int) -> None:
        """So many requests were answered here."""


@dataclass(slots=True)
class Kind:
    """Requests that may share transactions."""

    waiting: list[Seat] = field(default_factory=list)
    is_away: bool = False


class StatementLane:
    """Of one process of the web server."""

    def __init__(self, door: StatementDoor, server: Server) -> None:
        self._door = door
        self._reader = Reader(door, server.read_head)
        self._server = server
        self._poll = select.epoll()
        self._seats: dict[int, Seat] = {}
        self._kinds: dict[Any, Kind] = {}
        self._couriers = Couriers(door.open_line, self._poll)
        self._date = (0, b"")

    def start(self) -> None:
        threading.Thread(target=self._serve_all, name="statement lane", daemon=True).start()

    def take(self, connection: Any) -> bool:
        """Whether the connection, with nothing unanswered, is looked after here from now on."""
        misses = getattr(connection, "misses", 0)
        if misses >= MOST_MISSES:
            connection.misses = 1 - REST
            return False
        if misses < 0:
            connection.misses += 1
            return False
        if not self._server.is_taking():
            return False
        number = connection.sock.fileno()
        self._seats[number] = Seat(connection, time.monotonic(), misses=misses)
        try:
            self._poll.register(number, _ONCE)
        except OSError:
            del self._seats[number]
            return False
        return True

    def _serve_all(self) -> None:
        swept = time.monotonic()
        while True:
            try:
                self._serve_once()
                if time.monotonic() - swept > _SWEEP:
                    swept = time.monotonic()
                    self._sweep(swept)
            except Exception:  # whoever is served next must not suffer from it
                _log.exception("the lane failed")

    def _serve_once(self) -> None:
        self._listen_once(_SWEEP)
        deadline = time.monotonic() + _COMPANY
        while self._awaits_company(deadline) and self._listen_once(_COMPANY):
            pass
        self._send_off()

    def _listen_once(self, timeout: float) -> bool:
        """Whether anybody has said anything."""
        if timeout < _FINEST:
            select.select([self._poll], [], [], timeout)
            timeout = 0
        events = self._poll.poll(timeout)
        for number, _ in events:
            try:
                if self._couriers.are_watching(number):
                    self._conclude(self._couriers.hear(number))
                else:
                    self._hear(number)
            except Exception:  # of one connection; the others go on
                _log.exception("a connection of the lane failed")
        return bool(events)

    def _awaits_company(self, deadline: float) -> bool:
        """Whether others are likely to speak at once: they were answered a moment ago."""
        now = time.monotonic()
        if now > deadline or not any(map(self._may_leave, self._kinds.values())):
            return False
        recent = now - _RECENT
        return any(
            seat.ready is None and seat.since > recent for seat in list(self._seats.values())
        )

    def _sweep(self, now: float) -> None:
        """The server knows better what to do with who is silent, or when it ends."""
        is_taking = self._server.is_taking()
        for number, seat in list(self._seats.items()):
            if seat.ready is None and (not is_taking or now - seat.since > _PATIENCE):
                self._give_back(number, seat)
        for outcome in self._couriers.sweep(now, is_ending=not is_taking):
            self._conclude(outcome)

    def _hear(self, number: int) -> None:
        """A connection has something to say."""
        seat = self._seats.get(number)
        if seat is None or seat.ready is not None:
            return
        try:
            read = seat.connection.sock.recv(2 * MOST_BYTES, socket.MSG_DONTWAIT)
        except BlockingIOError:
            self._listen(number)
            return
        except OSError:
            read = b""
        if not read:
            self._leave(number)
            if seat.data:
                self._server.take_back(seat.connection, seat.data)
            else:
                self._server.close(seat.connection)
            return
        seat.data += read
        seat.since = time.monotonic()
        notes: Environ = {}
        try:
            if not self._server.is_taking():
                raise NotPlain  # the server says that it ends
            ready = self._reader.read(seat, notes)
        except Exception:  # NotPlain, LrsError: the application says it better; others are logged
            self._give_back(number, seat, notes)
            return
        if ready is None:
            self._listen(number)
            return
        seat.ready = ready
        self._kinds.setdefault(ready.kind, Kind()).waiting.append(seat)

    def _may_leave(self, state: Kind) -> bool:
        return bool(state.waiting) and not state.is_away and self._couriers.is_one_free

    def _send_off(self) -> None:
        for kind, state in list(self._kinds.items()):
            if self._may_leave(state):
                state.is_away = True
                group, state.waiting = state.waiting[:TOGETHER], state.waiting[TOGETHER:]
                ready = [seat.ready for seat in group if seat.ready is not None]
                self._conclude(self._couriers.send(Errand(kind, group, self._door.storing(ready))))

    def _conclude(self, outcome: Outcome | None) -> None:
        """Nobody is answered before all is committed."""
        if outcome is None:
            return
        errand = outcome.errand
        state = self._kinds[errand.kind]
        state.is_away = False
        if not state.waiting:
            del self._kinds[errand.kind]
        if outcome.is_stored:
            self._server.note_served(len(errand.group))
            self._answer(errand.group)
            return
        notes: Environ = {COUNTED: True}
        if outcome.error is not None:
            notes[REFUSED] = outcome.error
        for seat in errand.group:  # each goes the usual way, and there it is logged
            self._give_back(seat.connection.sock.fileno(), seat, notes)

    def _answer(self, group: Sequence[Seat]) -> None:
        heads: dict[str, bytes] = {}
        for seat in group:
            ready, connection = seat.ready, seat.connection
            if ready is None:
                continue
            if ready.method not in heads:
                heads[ready.method] = self._head(ready)
            length = b"Content-Length: %d\r\n\r\n" % len(ready.body) if ready.body else b"\r\n"
            answer = heads[ready.method] + length + ready.body
            number = connection.sock.fileno()
            try:
                sent = connection.sock.send(answer, socket.MSG_DONTWAIT)
            except OSError:
                sent = 0
            if sent < len(answer):  # it is gone, or has left so many answers unread
                self._leave(number)
                self._server.close(connection)
                continue
            seat.data, seat.misses, seat.since = b"", 0, time.monotonic()
            seat.ready = None
            self._listen(number)

    def _head(self, ready: Ready) -> bytes:
        headers = self._door.headers(ready.method, ready.version)
        lines = "".join([f"{name}: {value}\r\n" for name, value in headers])
        status = b"200 OK" if ready.method == "POST" else b"204 NO CONTENT"
        return b"HTTP/1.1 %b\r\n%b%b" % (status, self._common(), lines.encode())

    def _common(self) -> bytes:
        """What gunicorn puts in front, with the date of this second."""
        now = int(time.time())
        if self._date[0] != now:
            date = formatdate(now, usegmt=True)
            line = f"Server: gunicorn\r\nDate: {date}\r\nConnection: keep-alive\r\n"
            self._date = (now, line.encode())
        return self._date[1]

    def _give_back(self, number: int, seat: Seat, notes: Environ | None = None) -> None:
        self._leave(number)
        if notes:
            self._door.notes[seat.connection.sock] = notes
        seat.connection.misses = seat.misses + bool(seat.data)
        self._server.take_back(seat.connection, seat.data)

    def _listen(self, number: int) -> None:
        with suppress(OSError):  # given back by the sweep this very moment
            self._poll.modify(number, _ONCE)

    def _leave(self, number: int) -> None:
        self._seats.pop(number, None)
        with suppress(OSError):
            self._poll.unregister(number)
