"""Ten thousand grades wait for one platform, and another's single grade comes in between.

python -m benchmarks.lti_grades [--grades 10000] [--refusals 5]

One worker with the real job on a durable PostgreSQL, real requests to two platforms in a thread of
this process. The queue is a list: first come, first served, as Redis has it. The big platform says
"slow down" (429, Retry-After) `--refusals` times. What is told: that each grade arrived exactly
once, how fast, and how long the single grade of the other platform waited.
"""

import argparse
import os
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import Flask
from sqlalchemy import func, insert, select

from benchmarks.tool_world import tool_world
from database.base import uuid7
from database.session import transaction
from lti_app import queue
from lti_app.core import ags
from lti_app.jobs import passback as job
from lti_app.models.grade import Grade, Passback
from lti_app.models.user import User
from lti_app.services import passback
from tests.conftest import make_tenant
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
        figures = work(big, small, platform, count)
        times = [grade["times"] for grade in platform.grades.values()]
    taken = figures.ended - figures.began
    print(f"{len(times)} of {count} grades arrived, {sum(one > 1 for one in times)} more than once")
    print(f"{count / taken:.0f} a second, {figures.turns} turns, {refusals} times told to wait")
    waited = timedelta(seconds=figures.arrived - figures.came).total_seconds()
    print(f"the other platform's grade waited {waited:.1f} s while those were sent")
    print(f"load of the machine {os.getloadavg()[0]:.1f}")
    assert times == [1] * count, "grades are missing or came twice"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grades", type=int, default=10_000)
    parser.add_argument("--refusals", type=int, default=5)
    wanted = parser.parse_args()
    with tool_world() as app:
        measure(app, wanted.grades, wanted.refusals)


if __name__ == "__main__":
    main()
