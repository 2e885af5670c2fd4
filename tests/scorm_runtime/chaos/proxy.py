"""A bad network between browser and server: it loses, delays, reorders and repeats requests, cuts
answers off after the server has committed, and writes down what the server acknowledged.

Each run has a host name of its own (r17.localhost), so its requests are known by their Host and get
the faults of its own seed. HTTP/1.1, one request for each connection.
"""

import asyncio
import json
import random
import re
import time
from collections import Counter, defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

FAULTS = {
    "none": 40,
    "slow": 12,
    "lost before": 8,
    "lost answer": 12,
    "slow answer": 8,
    "twice": 8,
    "again later": 8,
    "overtaken": 8,
    "refused before": 3,
    "refused after": 5,
    "zombie": 4,
}
"""What becomes of a commit, in parts: how each of them is served stands in `Proxy`."""
OPENING = ("none", "slow", "lost before", "lost answer", "slow answer", "twice", "again later")
_REFUSED = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_HEAD = re.compile(rb"^(host|connection|keep-alive):.*\r\n", re.IGNORECASE | re.MULTILINE)


class Lost(ConnectionError):
    """No answer."""


@dataclass
class Witness:
    """What went to the server, and what the server said, of one run."""

    acknowledged: dict[int, int] = field(default_factory=dict)
    """By writer: the highest entry in any answer, whether or not the browser got it."""
    heard: dict[int, int] = field(default_factory=dict)
    """The same, of answers that were passed on whole."""
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Token of a value → writer and entry."""

    story: list[str] = field(default_factory=list)

    def note(self, exchange: "Exchange", what: str) -> None:
        """For people who look into a failure."""
        body = json.loads(exchange.body)
        numbers = [entry[0] for entry in body.get("entries") or ()]
        left = [(one["writer"], len(one["entries"])) for one in body.get("journal") or ()]
        told = f"writer {body['writer']} {numbers[:1]}…{numbers[-1:]}" if numbers else f"{left}"
        self.story.append(f"{time.monotonic():.2f} {exchange.kind} {told}: {what}")

    def see_request(self, body: Any) -> None:
        for entry in body.get("entries") or ():
            if entry[1] == "set":
                self.sent[entry[3].split(";", 1)[0]] = (body["writer"], entry[0])

    def see_answer(self, told: dict[int, int], body: Any) -> None:
        if isinstance(body, dict) and "acknowledged" in body:
            writer = body["writer"]
            told[writer] = max(told.get(writer, 0), body["acknowledged"])


@dataclass
class Exchange:
    """One request of the browser."""

    run: str
    path: str
    head: bytes
    body: bytes

    @property
    def kind(self) -> str:
        """ "commits", "open", "status", …; "page" for all that is only read."""
        return self.path.rsplit("/", 1)[-1] if self.head.startswith(b"POST") else "page"


class Proxy:
    """`async with Proxy(port) as proxy`: listens on `proxy.port`, asks 127.0.0.1:port."""

    def __init__(self, port: int, host: str, seed: int) -> None:
        self.upstream, self.host, self.seed = port, host, seed
        self.port = 0
        self.is_calm = False
        self.offline: set[str] = set()
        self.witnesses: dict[str, Witness] = defaultdict(Witness)
        self.counted: Counter[str] = Counter()
        self._chances: dict[str, random.Random] = {}
        self._next: dict[str, asyncio.Event] = defaultdict(asyncio.Event)
        self._tasks: set[asyncio.Task[None]] = set()
        self._serving: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "Proxy":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=1 << 20)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *unused: object) -> None:
        self._server.close()
        left = [*self._tasks, *self._serving]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)

    def url(self, run: str) -> str:
        return f"http://{run}.localhost:{self.port}"

    async def settle(self) -> None:
        """Every late request has been delivered."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if (task := asyncio.current_task()) is not None:
            self._serving.add(task)
            task.add_done_callback(self._serving.discard)
        with suppress(ConnectionError, asyncio.IncompleteReadError, TimeoutError):
            exchange = await _read(reader)
            if exchange.run not in self.offline:
                await self._handle(exchange, writer)
        with suppress(ConnectionError):
            writer.close()

    async def _handle(self, exchange: Exchange, writer: asyncio.StreamWriter) -> None:
        fault = self._choose(exchange)
        if exchange.kind in ("commits", "open"):
            self.counted[fault] += 1
            self.witnesses[exchange.run].note(exchange, fault)
        serve = getattr(self, f"_{fault.replace(' ', '_')}")
        with suppress(Lost):
            answer = await serve(exchange)
            if exchange.run in self.offline:
                return
            writer.write(answer)
            await writer.drain()
            _look(self.witnesses[exchange.run], "heard", exchange, answer)

    def _choose(self, exchange: Exchange) -> str:
        if self.is_calm or exchange.kind not in ("commits", "open"):
            return "none"
        chance = self._chances.setdefault(
            exchange.run, random.Random(f"{self.seed} {exchange.run} proxy")
        )
        fault = chance.choices(list(FAULTS), list(FAULTS.values()))[0]
        return fault if exchange.kind == "commits" or fault in OPENING else "none"

    def _pause(self, exchange: Exchange, most: float) -> asyncio.Future[None]:
        return asyncio.ensure_future(asyncio.sleep(self._chances[exchange.run].random() * most))

    # The faults

    async def _none(self, exchange: Exchange) -> bytes:
        return await self._ask(exchange)

    async def _slow(self, exchange: Exchange) -> bytes:
        await self._pause(exchange, 1.0)
        return await self._ask(exchange)

    async def _slow_answer(self, exchange: Exchange) -> bytes:
        answer = await self._ask(exchange)
        await self._pause(exchange, 1.5)
        return answer

    async def _lost_before(self, exchange: Exchange) -> bytes:
        raise Lost

    async def _lost_answer(self, exchange: Exchange) -> bytes:
        await self._ask(exchange)
        raise Lost

    async def _refused_before(self, exchange: Exchange) -> bytes:
        return _REFUSED

    async def _refused_after(self, exchange: Exchange) -> bytes:
        await self._ask(exchange)
        return _REFUSED

    async def _twice(self, exchange: Exchange) -> bytes:
        answers = await asyncio.gather(self._ask(exchange), self._ask(exchange))
        return answers[1]

    async def _again_later(self, exchange: Exchange) -> bytes:
        self._later(exchange, 3.0)
        return await self._ask(exchange)

    async def _zombie(self, exchange: Exchange) -> bytes:
        """It arrives long after the browser has given it up."""
        self._later(exchange, 4.0)
        raise Lost

    async def _overtaken(self, exchange: Exchange) -> bytes:
        """The next request of this run goes first, if there is one soon."""
        event = self._next[exchange.run] = asyncio.Event()
        with suppress(TimeoutError):
            await asyncio.wait_for(event.wait(), 1.5)
        return await self._ask(exchange)

    def _later(self, exchange: Exchange, most: float) -> None:
        async def again() -> None:
            await self._pause(exchange, most)
            with suppress(Lost):
                await self._ask(exchange)

        task = asyncio.create_task(again())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _ask(self, exchange: Exchange) -> bytes:
        """The server's whole answer; raises Lost when it is away or dies meanwhile."""
        witness = self.witnesses[exchange.run]
        if exchange.kind == "commits":
            witness.see_request(json.loads(exchange.body))
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.upstream)
            writer.write(self._rewrite(exchange) + exchange.body)
            await writer.drain()
            answer = await reader.read(-1)
            writer.close()
        except OSError as trouble:
            raise Lost from trouble
        if not answer:
            raise Lost
        if exchange.kind in ("commits", "open"):
            witness.note(exchange, answer[9:12].decode())
        _look(witness, "acknowledged", exchange, answer)
        self._next[exchange.run].set()
        return answer

    def _rewrite(self, exchange: Exchange) -> bytes:
        line, _, rest = exchange.head.partition(b"\r\n")
        kept = _HEAD.sub(b"", rest)
        return line + f"\r\nHost: {self.host}\r\nConnection: close\r\n".encode() + kept


async def _read(reader: asyncio.StreamReader) -> Exchange:
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
    body = await reader.readexactly(int(fields.get(b"content-length", b"0")))
    run = fields.get(b"host", b"").decode().partition(".")[0]
    return Exchange(run, head.split(b" ", 2)[1].decode(), head, body)


def _look(witness: Witness, where: str, exchange: Exchange, answer: bytes) -> None:
    """Note what a good answer to a commit acknowledges."""
    if exchange.kind not in ("commits", "open") or not answer.startswith(b"HTTP/1.1 200"):
        return
    with suppress(ValueError):
        witness.see_answer(getattr(witness, where), json.loads(answer.partition(b"\r\n\r\n")[2]))
