"""Ten thousand grades wait for one platform, and another's single grade comes in between.

python -m benchmarks.lti_grades [--grades 10000] [--refusals 5]
python -m benchmarks.lti_grades --storm 10 [--seed 1] [--learners 20] [--each 5]

One worker with the real job on a durable PostgreSQL, real requests to two platforms in a thread of
this process. The queue is a list: first come, first served, as Redis has it. The big platform says
"slow down" (429, Retry-After: 7) `--refusals` times. What is told: that each grade arrived exactly
once, how fast beside what the platform alone could take, and how long the single grade of the other
platform waited.

With `--storm` something else runs: workers, the queue, database connections and the platform fail
at random while grades are on their way (tests/lti_app/chaos), so many times with the seeds that
follow `--seed`; each line is one run, and what was lost or came twice is named.
"""

import argparse
import os
import sys
import tempfile
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import psutil
from flask import Flask
from sqlalchemy import func, insert, select, update

from benchmarks.tool_world import tool_world
from database.base import uuid7
from database.session import transaction
from lti_app import queue
from lti_app.core import ags
from lti_app.jobs import passback as job
from lti_app.models.grade import Grade, Passback
from lti_app.models.registration import Registration
from lti_app.models.user import User
from lti_app.platform_client import http
from lti_app.services import passback
from tests.conftest import make_tenant
from tests.lti_app.chaos.storm import run_storm
from tests.lti_app.fake_platform import SCOPE, FakePlatform, running_platform
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser, add_package, add_platform

_SHARE = 1000
"""Rows of one insert."""


@dataclass
class Figures:
    """When things happened, in seconds of time.monotonic()."""

    began: float
    came: float = 0.0
    """When the single grade was asked to be sent."""
    arrived: float = 0.0
    ended: float = 0.0
    turns: int = 0
    alone: float = 0.0
    """Seconds of one request that only the platform answers."""
    memory: tuple[float, float] = (0.0, 0.0)
    """MB of this process before and at the end; the platform's own grades are among it."""


def wait_for_sending(learner: Learner, count: int) -> None:
    """`count` people with a grade each that is due, as finished attempts leave them."""
    now = datetime.now(UTC)
    row_id = learner.finish()
    with transaction(learner.tenant) as session:
        model = session.get_one(Passback, row_id)
        grade = session.get_one(Grade, model.grade_id)
    for first in range(1, count, _SHARE):
        numbers = range(first, min(first + _SHARE, count))
        people = [{"id": uuid7(), "display_name": f"Person {at}"} for at in numbers]
        grades = [_copy_grade(grade, person["id"]) for person in people]
        rows = [
            _copy_row(model, one["id"], f"person-{at}", now)
            for at, one in zip(numbers, grades, strict=True)
        ]
        with transaction(learner.tenant) as session:
            for table, values in ((User, people), (Grade, grades), (Passback, rows)):
                session.execute(insert(table), values)


def _copy_grade(model: Grade, user_id: Any) -> dict[str, Any]:
    same = ("resource_link_id", "context_key", "item_id", "attempt_number", "is_final", "score")
    also = ("completion", "success", "graded_at")
    kept = {name: getattr(model, name) for name in same + also}
    return {**kept, "id": uuid7(), "user_id": user_id, "attempt_id": uuid4()}


def _copy_row(model: Passback, grade_id: Any, subject: str, now: datetime) -> dict[str, Any]:
    same = ("registration_id", "resource_link_id", "line_item_url", "score", "comment")
    kept = {name: getattr(model, name) for name in same}
    give_up = now + ags.RETRY_FOR
    own = {"id": uuid7(), "grade_id": grade_id, "subject": subject, "due_at": now}
    return {**kept, **own, "give_up_at": give_up}


def work(big: Learner, small: Learner, platform: FakePlatform, count: int) -> Figures:
    """One worker until nothing waits; the other platform's grade comes after a tenth."""
    asked: deque[Any] = deque()

    def ask(_job: queue.Job, _tenant: UUID, registration: UUID) -> bool:
        if registration not in asked:
            asked.append(registration)
        return True

    queue.enqueue_once = ask  # type: ignore[assignment]
    figures = Figures(time.monotonic())
    asked.append(big.launch.registration_id)
    while _count_waiting(big.tenant):
        if not asked:
            time.sleep(0.2)
            _sweep(big.tenant, asked)
            continue
        if not figures.came and len(platform.grades) >= count // 10:
            figures.came = time.monotonic()
            small.finish()
            asked.append(small.launch.registration_id)
        job.deliver(str(big.tenant), str(asked.popleft()))
        figures.turns += 1
        if figures.came and not figures.arrived and small.platform.grades:
            figures.arrived = time.monotonic()
    figures.ended = time.monotonic()
    return figures


def _sweep(tenant: UUID, asked: deque[Any]) -> None:
    with transaction(tenant) as session:
        found = passback.list_due(session, datetime.now(UTC))
    asked.extend(one for one in found if one not in asked)


def _count_waiting(tenant: UUID) -> int:
    with transaction(tenant) as session:
        states = Passback.state.in_(("waiting", "sending"))
        return session.scalars(select(func.count()).where(states)).one()


def _memory() -> float:
    return float(psutil.Process().memory_info().rss) / 1e6


def measure(app: Flask, count: int, refusals: int) -> None:
    """Prints the figures; fails when a grade is missing or came twice."""
    with running_platform() as platform, running_platform() as other:
        tenant = make_tenant()
        for one in (platform, other):
            add_platform(tenant, one)
        add_package(tenant)
        big = Learner(Browser(app, platform, tenant))
        claim = {"scope": [SCOPE + "score"], "lineitem": other.line_item_url}
        small = Learner(Browser(app, other, tenant), ags=claim, sub="single")
        wait_for_sending(big, count)
        platform.faults = [""] * (count // 4) + ["429"] * refusals
        alone, before = _time_platform(big), _memory()
        figures = work(big, small, platform, count)
        figures.alone, figures.memory = alone, (before, _memory())
        times = [grade["times"] for grade in platform.grades.values()]
    _tell(figures, times, count, refusals)
    assert times == [1] * count, "grades are missing or came twice"


def _tell(figures: Figures, times: list[int], count: int, refusals: int) -> None:
    taken = figures.ended - figures.began
    between = count / max(taken - refusals * 7.0, 0.1)
    rows = {
        "arrived exactly once": f"{times.count(1)} of {count}",
        "grades a second": f"{count / taken:.0f} ({between:.0f} between waits)",
        "the platform alone": f"{1 / figures.alone:.0f} requests a second, one after the other",
        "told to wait": f"{refusals} times 7 s",
        "the other platform's grade waited": f"{figures.arrived - figures.came:.1f} s",
        "turns": str(figures.turns),
        "memory": f"{figures.memory[0]:.0f} MB before, {figures.memory[1]:.0f} MB after",
        "took": f"{taken:.0f} s at a load of {os.getloadavg()[0]:.1f}",
    }
    width = max(map(len, rows))
    for name, value in rows.items():
        print(f"{name:{width}} | {value}")


def _time_platform(learner: Learner) -> float:
    """Seconds of one request to the platform, of 200 to an address that it refuses at once."""
    url = f"{learner.platform.issuer}/nowhere"
    began = time.monotonic()
    for _ in range(200):
        http.HTTP.post(url, data=b"{}")
    return (time.monotonic() - began) / 200


def storms(app: Flask, runs: int, seed: int, learners: int, each: int) -> int:
    """One line per run; how many lost something."""
    lost = 0
    for number in range(seed, seed + runs):
        with running_platform() as platform, tempfile.TemporaryDirectory() as name:
            tenant = make_tenant()
            product = ("moodle", "canvas")[number % 2]
            add_platform(tenant, platform)
            add_package(tenant)
            people = [
                Learner(Browser(app, platform, tenant), sub=f"u{at}", email=None)
                for at in range(learners)
            ]
            with transaction(tenant) as session:
                session.execute(update(Registration).values(platform=product))
            report = run_storm(app, people, Path(name), seed=number, grades=each)
        lost += bool(report.wrong)
        print(f"seed {number} ({product}): {report.line()}", *report.wrong, sep="\n  ", flush=True)
    return lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grades", type=int, default=10_000)
    parser.add_argument("--refusals", type=int, default=5)
    parser.add_argument("--storm", type=int, default=0, metavar="RUNS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--each", type=int, default=5)
    wanted = parser.parse_args()
    with tool_world() as app:
        if wanted.storm:
            return storms(app, wanted.storm, wanted.seed, wanted.learners, wanted.each)
        measure(app, wanted.grades, wanted.refusals)
    return 0


if __name__ == "__main__":
    sys.exit(main())
