"""Grades of several learners on their way while everything dies at random moments.

A seed gives the order of what happens; moments and races are the machine's own.
"""

import random
import secrets
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.serializers import JSONSerializer
from sqlalchemy import create_engine, func, select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.pool import NullPool

from database.session import transaction
from database.urls import with_driver
from lti_app.app import create_app
from lti_app.models.grade import Passback, PassbackTry
from tests.lti_app.chaos.impatient_worker import SWEEP_ONE
from tests.lti_app.chaos.machines import Valkey, Workers
from tests.lti_app.fake_platform import FakePlatform
from tests.lti_app.learner import Learner

_BEFORE = ("drop", "reset", "hang", "garble", "page", "500", "503", "429")
"""The platform fails, and has recorded nothing."""
_AFTER = ("drop", "reset", "hang", "garble", "page", "500")
"""It fails after it has recorded the score."""
_EVENTS = {"grade": 6, "job": 6, "worker": 1, "queue": 2, "connections": 4, "calm": 6}
"""What happens next, and how often."""
_MOST_WAITING = 3
_GONE = (OperationalError, InterfaceError)

_CUT = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = :name")


@dataclass
class Report:
    """What happened, and what is wrong in the end; nothing should be."""

    happened: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    grades: int = 0
    requests: int = 0
    recorded: int = 0
    seconds: tuple[float, float] = (0.0, 0.0)
    """Of the storm, and from its end until all was settled."""

    def line(self) -> str:
        done = ", ".join(f"{name} {count}" for name, count in sorted(self.happened.items()))
        took = f"{self.seconds[0]:.0f} + {self.seconds[1]:.0f} s"
        counts = f"{self.grades} grades, {self.requests} requests, {self.recorded} recorded"
        return f"{counts}, {took}; {done}"


class Storm:
    """One run. Needs the context of an application that knows the queue, and whose connections
    PostgreSQL calls `name`, as those of the workers."""

    events: ClassVar[dict[str, int]] = _EVENTS

    def __init__(
        self,
        seed: int,
        learners: list[Learner],
        platform: FakePlatform,
        valkey: Valkey,
        workers: Workers,
        name: str,
        database_url: str,
    ) -> None:
        self.random, self.report = random.Random(seed), Report()
        self.learners, self.platform = learners, platform
        self.valkey, self.workers = valkey, workers
        self.name = name
        self.app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # a LocalProxy
        self.outside = create_engine(with_driver(database_url), poolclass=NullPool)
        self.tenant = learners[0].tenant
        self.at_platform = random.Random(seed + 1)
        self._seen: set[tuple[str, str]] = set()
        self._last: dict[int, float] = {}
        self._redis = Redis.from_url(valkey.url, socket_connect_timeout=1, socket_timeout=1)
        self._swept = 0.0

    def run(self, grades: int, patience: float = 240.0) -> Report:
        """`grades` for each learner while things die, then calm weather until all is settled."""
        plan = [at for at in range(len(self.learners)) for _ in range(grades)]
        self.random.shuffle(plan)
        self.spoil()
        self._wait_for_workers(patience)
        began = time.monotonic()
        while plan:
            self._happen(plan)
            self._care()
            time.sleep(self.random.uniform(0.02, 0.3))
        self.calm()
        calm = time.monotonic()
        while self.count_open() and time.monotonic() < calm + patience:
            self._care()
            time.sleep(0.1)
        self.report.seconds = (calm - began, time.monotonic() - calm)
        self.judge()
        return self.report

    def spoil(self) -> None:
        """From now on the platform fails as it likes."""
        self.platform.choose_fault, self.platform.retry_after = self._choose_fault, "1"

    def calm(self) -> None:
        """It no longer does."""
        self.platform.choose_fault = lambda _score: ""

    def _wait_for_workers(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not Worker.count(connection=self._redis) and time.monotonic() < deadline:
            time.sleep(0.05)

    def _happen(self, plan: list[int]) -> None:
        event = self.random.choices(list(self.events), list(self.events.values()))[0]
        number = self.random.randrange(1000)
        if event == "grade":
            self._finish(plan.pop())
        elif event == "worker":
            self.workers.kill_one(number)
        elif event == "job" and not self.workers.kill_job(number):
            return
        elif event == "queue":
            self.valkey.kill()
            time.sleep(self.random.uniform(0, 0.5))
            self.valkey.start()
        elif event == "connections":
            self._cut_connections()
        else:
            self.happen_also(event)
        if event not in ("grade", "calm"):
            self.report.happened[event] += 1

    def happen_also(self, event: str) -> None:
        """What a wider storm knows."""

    def _finish(self, at: int) -> None:
        """A learner's result is recorded, again and again until the server says it was, as the
        player does; now and then the connections are cut meanwhile."""
        self._last[at] = self.random.randrange(1, 100) / 100
        self.report.grades += 1
        if self.random.random() < 0.3:
            threading.Timer(self.random.uniform(0, 0.03), self._cut_connections).start()
        while True:
            try:
                self.learners[at].finish(score_scaled=self._last[at])
            except _GONE:
                self.report.happened["recorded again"] += 1
                time.sleep(0.05)
            else:
                return

    def _cut_connections(self) -> None:
        """Those of workers and of this process, whatever they are doing."""
        with suppress(*_GONE), self.outside.connect() as outside:
            outside.execute(_CUT, {"name": self.name})

    def _care(self) -> None:
        """What the supervisor and the ticker do."""
        self.workers.revive()
        if time.monotonic() - self._swept < 0.7:
            return
        self._swept = time.monotonic()
        try:
            queue = Queue("grades", connection=self._redis, serializer=JSONSerializer)
            if len(queue) < _MOST_WAITING:  # on a busy machine they would pile up before the work
                queue.enqueue(SWEEP_ONE, args=(str(self.tenant),), result_ttl=0)
        except RedisError:
            self.report.happened["sweep lost"] += 1

    def _choose_fault(self, score: dict[str, Any]) -> str:
        """A newer score is claimed once per grade at most: at a timestamp not seen before."""
        chance, is_new = self.at_platform.random(), self._see(score)
        if chance < 0.2:
            fault = self.at_platform.choice(_BEFORE)
        elif chance < 0.4:
            fault = "record_then_" + self.at_platform.choice(_AFTER)
        elif chance < 0.5:
            fault = "slow"
        elif chance < 0.6 and is_new and self._may_be_newer(score):
            self._seen.add((score["userId"], "409"))
            fault = "409"
        else:
            return ""
        self.report.happened[fault] += 1
        return fault

    def _may_be_newer(self, score: dict[str, Any]) -> bool:
        """Once a person, and not where a worker died before it sent: that is repeated with the
        same timestamp, and then a newer score at the platform stands."""
        if (score["userId"], "409") in self._seen:
            return False
        tries = select(func.count()).where(PassbackTry.timestamp == _moment(score))
        try:
            with self.app.app_context(), transaction(self.tenant) as session:
                return session.scalars(tries).one() == 1
        except _GONE:
            return False

    def _see(self, score: dict[str, Any]) -> bool:
        pair = (score["userId"], score["timestamp"])
        is_new = pair not in self._seen
        self._seen.add(pair)
        return is_new

    def count_open(self) -> int:
        """How much is still on its way; something, where nobody can tell."""
        try:
            with transaction(self.tenant) as session:
                states = Passback.state.in_(("waiting", "sending"))
                return len(session.scalars(select(Passback.id).where(states)).all())
        except _GONE:
            return 1

    def judge(self) -> None:
        """Whether each last grade is there, once."""
        with transaction(self.tenant) as session:
            rows = list(session.scalars(select(Passback).order_by(Passback.id)))
            tries = list(session.scalars(select(PassbackTry)))
        self.report.requests = len(self.platform.score_requests)
        self.report.recorded = len(self.platform.taken)
        stamps: dict[UUID, set[datetime]] = {row.id: set() for row in rows}
        for one in tries:
            stamps[one.passback_id].add(one.timestamp)
        for row in rows:
            self._judge_row(row, stamps[row.id])
        for at, learner in enumerate(self.learners):
            self._judge_person(learner.subject, self._last[at], rows)

    def _judge_row(self, row: Passback, stamps: set[datetime]) -> None:
        if row.state not in ("sent", "superseded"):
            self.report.wrong.append(f"{row.subject}: left {row.state} ({row.reason})")
        recorded = [one for one in self.platform.taken if _is_of(one, row.subject, stamps)]
        if len(recorded) > 1 or (row.state == "sent" and not recorded):
            self.report.wrong.append(f"{row.subject}: {row.state}, recorded {len(recorded)} times")

    def _judge_person(self, subject: str, last: float, rows: list[Passback]) -> None:
        sent = [row for row in rows if row.subject == subject and row.state == "sent"]
        grade = self.platform.grades.get(subject, {}).get("given")
        if not sent or sent[-1].score != last or grade != round(last * 10, 4):
            self.report.wrong.append(f"{subject}: {grade} instead of {last * 10}")
        moments = [_moment(one) for one in self.platform.taken if one["userId"] == subject]
        seconds = [int(moment.timestamp()) for moment in moments]
        if any(b <= a for a, b in pairwise(seconds)):
            self.report.wrong.append(f"{subject}: timestamps do not rise: {seconds}")


def run_storm(
    app: Flask,
    learners: list[Learner],
    folder: Path,
    *,
    seed: int,
    grades: int,
    kind: type[Storm] = Storm,
) -> Report:
    """A storm with a queue and two workers of its own, on the database of `app`."""
    valkey = Valkey(folder / "queue")
    name, log, config = (
        f"storm-{secrets.token_hex(4)}",
        folder / "workers.log",
        app.config["LECTERN"],
    )
    mark = "&" if "?" in config.database_url else "?"
    named = f"{config.database_url}{mark}application_name={name}"
    known = replace(config, redis_url=valkey.url, database_url=named)
    environment = {one.name.upper(): str(getattr(known, one.name)) for one in fields(known)}
    workers = Workers(2, environment, log)
    try:
        with create_app(known).app_context():
            platform = learners[0].platform
            storm = kind(seed, learners, platform, valkey, workers, name, config.database_url)
            report = storm.run(grades)
    finally:
        workers.end()
        valkey.end()
    if report.wrong:
        report.wrong.append(log.read_text()[-3000:])
    return report


def _moment(score: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(score["timestamp"].replace("Z", "+00:00"))


def _is_of(score: dict[str, Any], subject: str, stamps: set[datetime]) -> bool:
    return score["userId"] == subject and _moment(score) in stamps
