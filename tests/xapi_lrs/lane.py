"""A lane with connections in it. The web server is played by a list of what the lane told it; heads
are read by gunicorn."""

import base64
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from runpy import run_path
from types import SimpleNamespace

import orjson
from gunicorn.config import Config

from tests.xapi_lrs.conftest import make_statement
from tests.xapi_lrs.keys import with_host
from xapi_lrs.views.host import ignore
from xapi_lrs.views.statement_lane import LANE, StatementLane

HOME = "http://localhost:8000"
WORKER = run_path(str(Path(__file__).parents[2] / "deploy/gunicorn.conf.py"))["LaneWorker"]


class Server:
    """Reads heads as the worker does; told is what was given back or closed."""

    cfg = Config()
    read_head = WORKER.read_head

    def __init__(self) -> None:
        self.told: Queue[tuple[str, bytes]] = Queue()
        self.served = 0
        self.stops = False

    def take_back(self, connection, data: bytes) -> None:
        self.told.put(("take back", data))

    def close(self, connection) -> None:
        self.told.put(("close", b""))

    def is_taking(self) -> bool:
        return not self.stops

    def note_served(self, count: int) -> None:
        self.served += count


@dataclass
class Lane:
    lrs: object
    door: object
    lane: StatementLane
    server: Server
    open: list[socket.socket] = field(default_factory=list)

    def connect(self):
        """The client's end, and the connection in the lane."""
        theirs, ours = socket.socketpair()
        theirs.settimeout(20)
        self.open += [theirs, ours]
        connection = SimpleNamespace(sock=ours, client=("127.0.0.1", 5), server=("127.0.0.1", 8000))
        assert self.lane.take(connection)
        return theirs, connection

    def request(self, statement, *lines: str, method: str = "POST", body: bytes = b"") -> bytes:
        basic = base64.b64encode(f"{self.lrs.key}:{self.lrs.secret}".encode()).decode()
        body = body or orjson.dumps(statement)
        query = f"?statementId={statement['id']}" if method == "PUT" else ""
        head = [
            f"{method} /xapi/default/statements{query} HTTP/1.1",
            "Host: localhost:8000",
            f"Authorization: Basic {basic}",
            "X-Experience-API-Version: 1.0.3",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
            *lines,
        ]
        return "\r\n".join(head).encode() + b"\r\n\r\n" + body

    def is_stored(self, statement) -> bool:
        return self.lrs.get(statementId=statement["id"]).status_code == 200

    def was_told(self) -> tuple[str, bytes]:
        return self.server.told.get(timeout=20)


@contextmanager
def open_lane(lrs, lrs_app, monkeypatch) -> Iterator[Lane]:
    """Nobody listens, and both kinds of request have been answered before."""
    with_host(monkeypatch, lrs_app, on_statements=ignore)
    door, server = lrs_app.extensions[LANE], Server()
    made = Lane(lrs, door, StatementLane(door, server), server)
    for method in ("POST", "PUT", "PUT"):
        one = make_statement()
        query = {"statementId": one["id"]} if method == "PUT" else {}
        lrs(method, query_string=query, json=one, base_url=HOME)
    made.lane.start()
    yield made
    server.stops = True
    for one in made.open:
        one.close()


def answer_of(client: socket.socket) -> tuple[str, dict[str, str], bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        data += client.recv(65536)
    head, _, body = data.partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    while len(body) < int(headers.get("Content-Length", 0)):
        body += client.recv(65536)
    return status.removeprefix("HTTP/1.1 "), headers, body
