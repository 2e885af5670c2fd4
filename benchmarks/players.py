"""A thousand learners at once: each opens a course, commits every ten seconds, moves on, finishes.

python -m benchmarks.players [--learners 1000] [--every 10] [--seconds 120] [--profile]

Starts its own durable PostgreSQL and gunicorn with the settings of production (two workers). Two
thirds play a SCORM 2004 course of six parts with rules, one third a SCO of SCORM 1.2. They come
within `--arrive` seconds, play for `--seconds` each and go as they came; the time while all of them
are there has figures of its own. The clients share the machine; processor time of the server and of
PostgreSQL is counted by itself, because it depends less on what else runs. `--profile` runs the
commits of a few learners through the application in this process and prints where the time goes.
"""

import argparse
import asyncio
import cProfile
import json
import os
import pstats
import random
import re
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import psutil
from flask import Flask
from flask_migrate import upgrade

from database.embedded import embedded_postgres
from lti_app.app import create_app
from lti_app.config import Config
from lti_app.storage import storage_of
from tests.conftest import make_tenant
from tests.gunicorn import ROOT, running_gunicorn, settings
from tests.scorm_runtime.chaos.course import make_courses
from tests.scorm_runtime.courses import begin
from tests.scorm_runtime.playing import make_token

Entry = list[Any]
_SHOWN = ("open", "commit", "move", "finish")


@dataclass
class Learner:
    """One learner's window, as the bridge sees it."""

    path: str
    is_2004: bool
    chance: random.Random
    writer: int = 0
    number: int = 0
    n: int = 0
    delivery: int = 0

    def take(self, answer: dict[str, Any]) -> None:
        self.writer = answer["writer"]
        delivery = answer.get("delivery")
        if delivery:
            self.delivery = delivery["number"]

    def body(self, calls: list[Entry]) -> dict[str, Any]:
        first, self.n = self.n + 1, self.n + len(calls)
        self.number += 1
        entries = [[first + at, *call] for at, call in enumerate(calls)]
        return {
            "writer": self.writer,
            "number": self.number,
            "delivery": self.delivery,
            "entries": entries,
        }

    def say(self, step: int) -> list[Entry]:
        """What content sets between two commits: a bookmark, its state, now and then an answer."""
        cmi = "cmi" if self.is_2004 else "cmi.core"
        calls: list[Entry] = [
            ["set", f"{cmi}.{'location' if self.is_2004 else 'lesson_location'}", f"page {step}"],
            ["set", "cmi.suspend_data", "s" * self.chance.randint(200, 3000)],
            ["set", f"{cmi}.session_time", "PT30S" if self.is_2004 else "00:00:30"],
        ]
        if step % 3 == 2:
            calls.append(["set", f"{cmi}.score.raw", str(self.chance.randint(0, 100))])
        return [*calls, ["commit"]]


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass
class Figures:
    """Seconds by kind of request, and what went wrong."""

    taken: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    """(moment on time.perf_counter(), seconds)."""
    errors: list[str] = field(default_factory=list)

    def lines(self, since: float, until: float) -> Iterator[str]:
        """Of requests begun between the moments."""
        for kind in (*_SHOWN, "all"):
            kinds = _SHOWN if kind == "all" else (kind,)
            told_of = [one for name in kinds for one in self.taken[name]]
            found = sorted(seconds for moment, seconds in told_of if since <= moment <= until)
            if len(found) > 1:
                cuts = statistics.quantiles(found, n=100)
                told = "  ".join(f"p{p} {cuts[p - 1] * 1000:6.1f}" for p in (50, 95, 99))
                yield f"{kind:<7} {len(found):6}  {told}  max {found[-1] * 1000:7.1f} ms"


class Client:
    """Plays learners over HTTP; connections are kept and shared, as the proxy does it."""

    def __init__(self, origin: str, host: str) -> None:
        self.port, self.host, self.figures = int(origin.rpartition(":")[2]), host, Figures()
        self.idle: list[Connection] = []

    async def play(self, learner: Learner, start: float, every: float, end: float) -> None:
        """Until `end` (of time.monotonic())."""
        await _until(start)
        learner.take(await self.ask(learner, "open", "open", {"journal": []}))
        step, calls = 0, [["initialize"]]
        while (start := start + every) < end:
            await _until(start)
            calls += learner.say(step)
            kind = "commit"
            if learner.is_2004 and step % 4 == 3:
                kind = "move"
                calls += [
                    ["finish"],
                    ["navigate", learner.chance.choice(["continue", "previous"]), ""],
                ]
            before = learner.delivery
            learner.take(await self.ask(learner, kind, "commits", learner.body(calls)))
            calls = [["initialize"]] if learner.delivery != before else []
            step += 1
        await _until(start)
        await self.ask(learner, "finish", "commits", learner.body([*calls, ["finish"]]))

    async def ask(self, learner: Learner, kind: str, what: str, body: Any) -> dict[str, Any]:
        data = json.dumps(body).encode()
        head = (
            f"POST {learner.path}{what} HTTP/1.1\r\nHost: {self.host}\r\n"
            f"Content-Type: text/plain\r\nContent-Length: {len(data)}\r\n\r\n"
        )
        began = time.perf_counter()
        try:
            answer = await self.exchange(head.encode() + data)
        except (OSError, EOFError) as trouble:
            answer = repr(trouble).encode()
        self.figures.taken[kind].append((began, time.perf_counter() - began))
        if not answer.startswith(b"HTTP/1.1 200"):
            self.figures.errors.append(f"{kind}: {answer[:200]!r}")
            return {"writer": learner.writer}
        found: dict[str, Any] = json.loads(answer.partition(b"\r\n\r\n")[2])
        return found

    async def exchange(self, request: bytes) -> bytes:
        """The answer, head and body."""
        while self.idle and self.idle[-1][0].at_eof():
            self.idle.pop()[1].close()
        kept = self.idle.pop() if self.idle else None
        reader, writer = kept or await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
        except (OSError, EOFError):
            writer.close()
            if kept is None:
                raise
            return await self.exchange(request)  # the server closed it at the same moment
        length = int(_LENGTH.search(head)[1])  # type: ignore[index]  # every answer has one
        body = await reader.readexactly(length)
        self.idle.append((reader, writer))
        return head + body


async def _until(moment: float) -> None:
    await asyncio.sleep(max(0, moment - time.monotonic()))


async def play_all(
    client: Client, learners: list[Learner], every: float, arrive: float, seconds: float
) -> None:
    """Everybody, evenly spread over the time in which they arrive."""
    began = time.monotonic() + 1
    step = arrive / len(learners)
    plays = (
        client.play(learner, began + at * step, every, began + at * step + seconds)
        for at, learner in enumerate(learners)
    )
    await asyncio.gather(*plays)


@contextmanager
def world(folder: Path) -> Iterator[tuple[Flask, dict[str, str]]]:
    """A migrated database that keeps what it is told, the application on it, its environment."""
    folder.chmod(0o711)
    with embedded_postgres(folder / "postgres", durable=True) as urls:
        environment = settings(urls.app_url, urls.owner_url, folder / "data")
        app = create_app(Config.from_env(environment))
        with app.app_context():
            upgrade(directory=str(ROOT / "migrations"))
            yield app, environment


def make_learners(app: Flask, count: int) -> list[Learner]:
    """Attempts of new learners on two packages."""
    tenant = make_tenant()
    courses = make_courses(tenant, storage_of(app))
    return [_make_learner(app, tenant, courses, at) for at in range(count)]


def _make_learner(app: Flask, tenant: UUID, courses: dict[str, UUID], at: int) -> Learner:
    is_2004 = at % 3 != 0
    attempt = begin(tenant, courses["scorm_2004" if is_2004 else "scorm_1_2"])
    token = make_token(tenant, attempt, secret=app.config["SECRET_KEY"], launch_ref="portal")
    return Learner(f"/p/{token}/", is_2004, random.Random(at))


def processor_seconds() -> tuple[float, float]:
    """(server, PostgreSQL): processor time so far of the processes that this one has started."""
    server = database = 0.0
    for process in psutil.Process().children(recursive=True):
        times = process.cpu_times()
        if "postgres" in process.name():
            database += times.user + times.system
        else:
            server += times.user + times.system
    return server, database


def measure(
    app: Flask, environment: dict[str, str], folder: Path, wanted: argparse.Namespace
) -> None:
    """Latencies, errors, processor time."""
    players = make_learners(app, wanted.learners)
    with running_gunicorn(environment, folder / "gunicorn.log") as origin:
        client = Client(origin, environment["CONTENT_URL"].partition("//")[2])
        before, began = processor_seconds(), time.perf_counter()
        asyncio.run(play_all(client, players, wanted.every, wanted.arrive, wanted.seconds))
        after, ended = processor_seconds(), time.perf_counter()
    figures = client.figures
    count = sum(len(one) for one in figures.taken.values())
    print("\n".join(figures.lines(began, ended)))
    print("while all of them are there:")
    print("\n".join(figures.lines(began + wanted.arrive, ended - wanted.arrive)))
    print(f"errors {len(figures.errors)} {figures.errors[:3]}")
    for what, was, now in zip(("server", "PostgreSQL"), before, after, strict=True):
        print(f"{what:<10} {(now - was) * 1000 / count:5.1f} ms of processor time a request")
    print(f"{count / (ended - began):.0f} requests/s; load of the machine {os.getloadavg()[0]:.1f}")


def profile(app: Flask, environment: dict[str, str], learners: int, steps: int) -> None:
    """Where a commit's time goes, in this process."""
    players = [one for one in make_learners(app, learners * 3) if one.is_2004]
    client, host = app.test_client(), environment["CONTENT_URL"]

    def ask(learner: Learner, what: str, body: Any) -> None:
        answer = client.post(f"{learner.path}{what}", base_url=host, data=json.dumps(body))
        learner.take(answer.get_json())

    for learner in players:
        ask(learner, "open", {})
        ask(learner, "commits", learner.body([["initialize"]]))
    profiler = cProfile.Profile(time.process_time)  # waiting is not counted
    profiler.enable()
    for step in range(steps):
        for learner in players:
            ask(learner, "commits", learner.body(learner.say(step)))
    profiler.disable()
    print(f"{len(players) * steps} commits")
    found = pstats.Stats(profiler)
    found.sort_stats("cumulative").print_stats(70)
    found.sort_stats("tottime").print_stats(40)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=1000)
    parser.add_argument("--every", type=float, default=10)
    parser.add_argument("--arrive", type=float, default=60)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lectern-players-") as name:
        folder = Path(name)
        with world(folder) as (app, environment):
            if wanted.profile:
                profile(app, environment, 10, 20)
            else:
                measure(app, environment, folder, wanted)


if __name__ == "__main__":
    main()
