"""Ten thousand grades wait for one platform, and another's single ones come in between.

python -m benchmarks.lti_grades [--grades 10000] [--refusals 5] [--singles 40] [--platform moodle]
python -m benchmarks.lti_grades --storm 10 [--seed 1] [--learners 20] [--each 5]

One worker with the real job on a durable PostgreSQL, real requests to two platforms in threads of
this process. The queue is a list: first come, first served, as Redis has it. The big platform says
"slow down" (429, Retry-After: 7) `--refusals` times. What is told: that each grade arrived exactly
once, how fast beside what the platform alone could take, what a grade costs in processor time, and
how long the other platform's single grades waited, which come evenly while the many are delivered.

With `--storm` something else runs: workers, the queue, database connections, PostgreSQL as a whole,
and the platform with its token endpoint and roster fail at random while grades are on their way and
rosters are read (tests/lti_app/chaos/wider.py), so many times with the seeds that follow `--seed`;
each line is one run, and what was lost or came twice is named.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
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
from tests.lti_app.chaos.wider import WiderStorm
from tests.lti_app.fake_platform import SCOPE, FakePlatform, running_platform
from tests.lti_app.learner import Learner
from tests.lti_app.lti_fixtures import Browser, add_package, add_platform

_SHARE = 1000
"""Rows of one insert."""
_ROSTER = "https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice"
_TELL_EVERY = 5.0
"""Seconds between two lines about how far it is."""


@dataclass
class Figures:
    """What was measured; moments are of time.monotonic()."""

    began: float
    processor: tuple[float, float, float]
    """Seconds at the beginning, then those that were spent: this thread, which takes rows and
    writes answers down; the whole process, with the requests and both platforms; PostgreSQL."""
    waits: list[float] = field(default_factory=list)
    """Seconds from a single grade's commit to its arrival at the other platform."""
    ended: float = 0.0
    turns: int = 0
    alone: float = 0.0
    """Seconds of one request that only the platform answers."""
    memory: tuple[float, float] = (0.0, 0.0)
    """MB of this process before and at the end; the platform's own grades are among it."""


class Singles:
    """Grades of another platform that come in while the many are delivered."""

    def __init__(self, learners: list[Learner], many: FakePlatform, count: int) -> None:
        self._learners, self._many, self._count = learners, many, count
        self._arrived: dict[str, float] = {}
        self._over = threading.Event()
        self.waits: list[float] = []

    def note(self, score: dict[str, Any]) -> str:
        """Told by their platform for each score."""
        self._arrived[score["userId"]] = time.monotonic()
        return ""

    def run(self, app: Flask) -> None:
        """One after the other, each when so many of the others have arrived."""
        with app.app_context():
            for at, learner in enumerate(self._learners):
                share = self._count * (at + 0.5) / len(self._learners)
                while len(self._many.grades) < share and not self._over.is_set():
                    time.sleep(0.02)
                learner.finish()
                came = time.monotonic()
                while learner.subject not in self._arrived:
                    time.sleep(0.005)
                self.waits.append(self._arrived[learner.subject] - came)

    def end(self) -> None:
        """Nothing else is delivered any more."""
        self._over.set()


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


def work(big: Learner, singles: Singles, app: Flask, platform: FakePlatform, count: int) -> Figures:
    """One worker until nothing waits."""
    asked: deque[Any] = deque()

    def ask(_job: queue.Job, _tenant: UUID, registration: UUID) -> bool:
        if registration not in asked:
            asked.append(registration)
        return True

    queue.enqueue_once = ask  # type: ignore[assignment]  # a list instead of Redis
    queue.is_waited_for = lambda job: bool(asked)
    figures, told = Figures(time.monotonic(), _processor()), 0.0
    other = threading.Thread(target=singles.run, args=(app,))
    other.start()
    asked.append(big.launch.registration_id)
    while _count_waiting(big.tenant) or other.is_alive():
        if not asked:
            time.sleep(0.05)
            _sweep(big.tenant, asked)
            continue
        job.deliver(str(big.tenant), str(asked.popleft()))
        figures.turns += 1
        if time.monotonic() - told > _TELL_EVERY:
            told = time.monotonic()
            done = len(platform.grades)
            print(f"{told - figures.began:6.0f} s: {done} of {count} delivered", flush=True)
        if len(platform.grades) >= count:
            singles.end()
    other.join()
    figures.ended, figures.waits = time.monotonic(), singles.waits
    spent = zip(_processor(), figures.processor, strict=True)
    figures.processor = tuple(after - before for after, before in spent)  # type: ignore[assignment]  # three
    return figures


def _processor() -> tuple[float, float, float]:
    mine = psutil.Process()
    theirs = sum(
        sum(one.cpu_times()[:4]) for one in mine.children() if "postgres" in one.name().lower()
    )
    # PostgreSQL's own account of backends that live is not in their parent's.
    for one in mine.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if "postgres" in one.parent().name().lower():
                theirs += sum(one.cpu_times()[:2])
    return time.thread_time(), time.process_time(), theirs


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


def measure(app: Flask, count: int, refusals: int, singles: int, product: str) -> None:
    """Prints the figures; fails when a grade is missing or came twice."""
    with running_platform() as platform, running_platform() as other:
        tenant = make_tenant()
        for one in (platform, other):
            add_platform(tenant, one)
        add_package(tenant)
        big = Learner(Browser(app, platform, tenant))
        claim = {"scope": [SCOPE + "score"], "lineitem": other.line_item_url}
        browser = Browser(app, other, tenant)
        people = [Learner(browser, ags=claim, sub=f"single-{at}") for at in range(singles)]
        with transaction(tenant) as session:
            session.execute(update(Registration).values(platform=product))
        wait_for_sending(big, count)
        print(f"{count} grades wait", flush=True)
        single = Singles(people, platform, count)
        other.choose_fault = single.note
        platform.faults = [""] * (count // 4) + ["429"] * refusals
        alone, before = _time_platform(big), _memory()
        figures = work(big, single, app, platform, count)
        figures.alone, figures.memory = alone, (before, _memory())
        times = [grade["times"] for grade in platform.grades.values()]
    _tell(figures, times, count, refusals)
    assert times == [1] * count, "grades are missing or came twice"


def _tell(figures: Figures, times: list[int], count: int, refusals: int) -> None:
    taken = figures.ended - figures.began
    between = count / max(taken - refusals * 7.0, 0.1)
    rows, process, database = (1000 * one / count for one in figures.processor)
    waits = sorted(figures.waits)
    table = {
        "arrived exactly once": f"{times.count(1)} of {count}",
        "grades a second": f"{count / taken:.0f} ({between:.0f} without {refusals} waits of 7 s)",
        "the platform alone": f"{1 / figures.alone:.0f} requests a second, one after the other",
        "processor time of a grade": f"{rows:.1f} ms rows and answers, {process - rows:.1f} ms "
        f"requests with both platforms' part, {database:.1f} ms PostgreSQL",
        f"{len(waits)} grades of the other platform waited": f"median {_part(waits, 0.5):.1f}, "
        f"p95 {_part(waits, 0.95):.1f}, at most {_part(waits, 1):.1f} s",
        "turns": str(figures.turns),
        "memory": f"{figures.memory[0]:.0f} MB before, {figures.memory[1]:.0f} MB after",
        "took": f"{taken:.0f} s at a load of {os.getloadavg()[0]:.1f}",
    }
    width = max(map(len, table))
    for name, value in table.items():
        print(f"{name:{width}} | {value}")


def _part(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


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
            url = f"{platform.issuer}/course/2/memberships?keep=1"
            roster = {_ROSTER: {"context_memberships_url": url}}
            people = [
                Learner(Browser(app, platform, tenant), sub=f"u{at}", email=None, **roster)
                for at in range(learners)
            ]
            with transaction(tenant) as session:
                session.execute(update(Registration).values(platform=product))
            report = run_storm(app, people, Path(name), seed=number, grades=each, kind=WiderStorm)
        lost += bool(report.wrong)
        print(f"seed {number} ({product}): {report.line()}", *report.wrong, sep="\n  ", flush=True)
    return lost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grades", type=int, default=10_000)
    parser.add_argument("--refusals", type=int, default=5)
    parser.add_argument("--singles", type=int, default=40)
    parser.add_argument("--platform", choices=("generic", "moodle", "canvas"), default="moodle")
    parser.add_argument("--storm", type=int, default=0, metavar="RUNS")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--learners", type=int, default=20)
    parser.add_argument("--each", type=int, default=5)
    wanted = parser.parse_args()
    with tool_world() as app:
        if wanted.storm:
            return storms(app, wanted.storm, wanted.seed, wanted.learners, wanted.each)
        measure(app, wanted.grades, wanted.refusals, wanted.singles, wanted.platform)
    return 0


if __name__ == "__main__":
    sys.exit(main())
