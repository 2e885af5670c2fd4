"""A list of people, from the look at it to everybody being in: how long, how much memory, and how
much of it is seen meanwhile.

python -m benchmarks.enrolments [ROWS]      by the job, in this process, into a new database
"""

import resource
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from benchmarks.imports import forget_peak, peak
from benchmarks.tool_world import tool_world
from content.models.enrolment import Enrolment
from content.models.group import EnrolmentImport, GroupMember
from content.services import courses
from database.session import transaction
from lti_app.jobs import enrolments as job
from lti_app.models.user import User
from lti_app.services import enrolment_imports
from tests.conftest import make_tenant

HEAD = "email,given_name,family_name,group\n"
BAD = ("no-address", "p7@school.test", "p1@school.test,A,B,C,one value too many")
"""Lines with a fault: no address, twice in the list, more values than columns."""


@dataclass
class Watched:
    """What somebody sees who looks at the list's page again and again."""

    seconds: float = 0.0
    processor: float = 0.0
    memory: float = 0.0
    seen: list[int] = field(default_factory=list)
    """Numbers of people done, as the page showed them."""
    silence: float = 0.0
    """The longest time without anything new, in seconds."""


def build(rows: int, faults: int = 0) -> str:
    """A list; `faults` of its lines are wrong, spread over the whole."""
    lines = [f"p{n}@school.test,Pat,Number {n},Class {n % 40}" for n in range(rows)]
    for n in range(faults):
        lines[(n + 1) * rows // (faults + 1)] = BAD[n % len(BAD)]
    return HEAD + "\n".join(lines) + "\n"


def run(
    app: Flask, tenant: UUID, course_id: UUID, listed: str, *, dry: bool
) -> tuple[EnrolmentImport, Watched]:
    """Have the job do one list while its row is watched."""
    with transaction(tenant) as session:
        row_id = enrolment_imports.schedule(
            session,
            listed,
            file_name="people.csv",
            course_id=course_id,
            is_dry_run=dry,
            creates_people=True,
            created_by=None,
        ).id
    watched, stop = Watched(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(app, tenant, row_id, watched, stop))
    before, began = forget_peak(), time.perf_counter()
    used = resource.getrusage(resource.RUSAGE_SELF)
    watcher.start()
    job.run(str(tenant), str(row_id))
    watched.seconds = time.perf_counter() - began
    now = resource.getrusage(resource.RUSAGE_SELF)
    watched.processor = now.ru_utime - used.ru_utime + now.ru_stime - used.ru_stime
    watched.memory = peak() - before
    stop.set()
    watcher.join()
    with transaction(tenant) as session:
        return session.get_one(EnrolmentImport, row_id), watched


def _watch(app: Flask, tenant: UUID, row_id: UUID, watched: Watched, stop: threading.Event) -> None:
    shown, since = (-1, -1), time.perf_counter()
    while not stop.wait(0.25):
        with app.app_context(), transaction(tenant) as session:
            row = session.get_one(EnrolmentImport, row_id)
        if (row.done, row.total) != shown:
            shown, since = (row.done, row.total), time.perf_counter()
            watched.seen.append(row.done)
        watched.silence = max(watched.silence, time.perf_counter() - since)


def tell(name: str, row: EnrolmentImport, watched: Watched) -> None:
    errors = row.report.get("errors", [])
    print(
        f"{name:24} {row.state:8} {watched.seconds:6.1f} s  {watched.processor:6.1f} s of the "
        f"processor  {watched.memory:6.1f} MB  {len(watched.seen):3} states seen, "
        f"{watched.silence:.1f} s without a new one, {row.report.get('enrolled')} to enrol, "
        f"{row.report.get('already')} in, {row.report.get('faults')} faults, {len(errors)} named"
    )


def measure(app: Flask, rows: int) -> None:
    tenant = make_tenant("bench")
    with transaction(tenant) as session:
        unit = {"id": "0190c1c0-0000-7000-8000-000000000001", "kind": "lesson", "title": "L"}
        module = {"id": "0190c1c0-0000-7000-8000-000000000002", "title": "M"}
        document = {"title": "Course", "modules": [module | {"units": [unit | {"body": "Text"}]}]}
        now = datetime.now(UTC)
        made = courses.create_course(
            session, title="Course", created_by=None, now=now, document=document
        )
        courses.publish(session, made.id, published_by=None, now=now)
        course_id = made.id
    good, faulty = build(rows), build(rows, faults=300)
    steps: Sequence[tuple[str, str, bool]] = (
        ("looked at, 300 faults", faulty, True),
        ("looked at", good, True),
        ("carried out", good, False),
        ("looked at once more", good, True),
        ("carried out once more", good, False),
    )
    for name, listed, dry in steps:
        tell(name, *run(app, tenant, course_id, listed, dry=dry))
    with transaction(tenant) as session:
        counts = [session.scalar(select(func.count(m.id))) for m in (User, Enrolment, GroupMember)]
    print(f"{counts[0]} people, {counts[1]} enrolments, {counts[2]} members of groups")


if __name__ == "__main__":
    with tool_world() as made:
        measure(made, int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
