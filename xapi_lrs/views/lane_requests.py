"""What a connection of the lane has said: is it one whole request of statements, and a plain one?

The head is read by the web server itself, so there is one opinion of where a request ends. What a
connection sends again octet for octet, but for the digits of its length and the id of its address,
is not read again. Requests that are sent ahead of their answers, have no length, expect something
or mean to be the last are the server's.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from xapi_lrs.views.door import COUNTED
from xapi_lrs.views.statement_door import Environ, Knock, Ready, StatementDoor

MOST_BYTES = 32 * 1024
"""Of a request: longer ones would keep all others waiting while they are read."""
_LINE = re.compile(
    rb"(POST|PUT) (/xapi/[\w.~-]{1,200}/statements)"
    rb"(?:\?statementId=([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}))? HTTP/1\.1\r\n"
)
_LENGTH = re.compile(rb"\r\ncontent-length: ?([0-9]{1,6})(?=\r\n)", re.IGNORECASE)


@dataclass(eq=False, slots=True)
class Seat:
    """A connection in the lane, whose socket is `connection.sock`."""

    connection: Any
    since: float
    """When something happened last."""
    data: bytes = b""
    """Of a request that is not answered yet."""
    likeness: tuple[bytes, ...] = ()
    """The head that was read last, without what may differ."""
    knock: Knock | None = None
    """What that head says."""
    misses: int = 0
    ready: Ready | None = None
    """Its request is on the way to the database."""


class NotPlain(Exception):
    """The server has to see to this request."""


class Reader:
    """Of one lane."""

    def __init__(
        self, door: StatementDoor, read_head: Callable[[Any, bytes], Environ | None]
    ) -> None:
        self._door = door
        self._read_head = read_head

    def read(self, seat: Seat, notes: Environ) -> Ready | None:
        """What is ready to be stored; None as long as there is more to come. COUNTED is written
        into `notes` once it is. Raises NotPlain, LrsError: the server has to see to it."""
        data = seat.data
        end = data.find(b"\r\n\r\n") + 4
        if end < 4:
            if len(data) >= MOST_BYTES:
                raise NotPlain
            return None
        line, length = _LINE.match(data), _LENGTH.search(data, 0, end)
        if line is None or length is None:
            raise NotPlain
        total = end + int(length[1])
        if total > MOST_BYTES or len(data) > total:
            raise NotPlain
        if len(data) < total:
            return None
        likeness = (line[1], line[2], data[line.end() : length.start(1)], data[length.end(1) : end])
        if likeness != seat.likeness:
            seat.knock = self._look(seat, data[:end], total - end)
            seat.likeness = likeness
        if seat.knock is None or (line[1] == b"PUT") != (line[3] is not None):
            raise NotPlain
        named = UUID(line[3].decode()) if line[3] else None
        return self._serve(replace(seat.knock, statement_id=named), data[end:], notes)

    def _serve(self, knock: Knock, body: bytes, notes: Environ) -> Ready:
        door = self._door
        method = "PUT" if knock.statement_id else "POST"
        entry = door.let_in(knock) if door.knows(method, knock.version) else None
        if entry is None:
            raise NotPlain
        door.count(entry)
        notes[COUNTED] = True
        ready = door.read(knock, entry, body)
        if ready is None:
            raise NotPlain
        return ready

    def _look(self, seat: Seat, head: bytes, length: int) -> Knock | None:
        environ = self._read_head(seat.connection, head)
        if environ is None:
            return None
        forwarded = environ.get("HTTP_X_FORWARDED_HOST")
        if forwarded is not None and forwarded != environ.get("HTTP_HOST"):
            return None
        knock = self._door.look(environ)
        return knock if knock is not None and knock.length == length else None
