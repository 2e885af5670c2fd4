"""How fast the record store is: writes against plain psycopg2, reads by filter, memory.

    python -m benchmarks.lrs writes                     ratios in one run
    python -m benchmarks.lrs reads --statements 100000  p95 of each filter (5000000: some minutes)
    python -m benchmarks.lrs memory --megabytes 1024    of the workers, while so much goes in,
                                                        and while files come out (--files 100)

Starts its own durable PostgreSQL and gunicorn with the settings of production (two workers). What
counts are ratios within a run; the client and the comparison share the machine with the server.
"""

import argparse
import hashlib
import multiprocessing
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from itertools import islice
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
import psutil
import psycopg2
from psycopg2.extras import execute_values

from benchmarks.lrs_memory import measure_files, measure_statements
from benchmarks.lrs_server import Connection, Lrs, serve
from benchmarks.lrs_statements import (
    AGENTS,
    COURSES,
    PER_REGISTRATION,
    VERBS,
    agent,
    course,
    fill,
    make_statement,
    program,
    verb,
)
from xapi_lrs.core.ids import sequence_of
from xapi_lrs.services.statement_rows import Arrived, reference_rows, statement_row

BATCH, PROCESSES = 50, 2
WARM = 30
"""Writes of each connection that are not counted."""
_STATEMENT = """INSERT INTO statement (sequence, statement_id, timestamp, verb_key, registration,
    target_id, actor_key, activity_key, verb_iri, activity_iri, body, store_id, stored,
    authority_key, version) VALUES %s"""
_REFERENCE = "INSERT INTO statement_reference (key, role, sequence, source, store_id) VALUES %s"


def raw_writer(lrs: Lrs, seed: int, batches: int, size: int) -> Iterator[None]:
    """Inserts bodies and index rows with plain psycopg2, a commit per batch, one for each step;
    all rows are made before the first."""
    chance, now = random.Random(seed), datetime.now(UTC)
    work = [_raw_rows(lrs, chance, now, seed << 16 | n * size, size) for n in range(batches)]
    connection = psycopg2.connect(lrs.app_dsn)
    cursor = connection.cursor()
    cursor.execute("SELECT set_config('lectern.tenant', %s, false)", (str(lrs.tenant_id),))
    connection.commit()
    for statements, references in work:
        execute_values(cursor, _STATEMENT, statements, page_size=size)
        execute_values(cursor, _REFERENCE, references, page_size=10 * size)
        connection.commit()
        yield


def _raw_rows(
    lrs: Lrs, chance: random.Random, now: datetime, first: int, size: int
) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]]]:
    store, statements, references = str(lrs.store_id), [], []
    common = (store, now, str(UUID(int=2)), "1.0.3")
    for place in range(size):
        body = make_statement(chance)
        arrived = Arrived(body["id"], body, orjson.dumps(body).decode())
        row = statement_row(1, arrived)
        sequence = sequence_of(now, first + place)
        statements.append((sequence, *list(row.values())[1:], *common))
        references += [
            (one["key"], one["role"], sequence, sequence, store)
            for one in reference_rows(1, arrived)
        ]
    return statements, references


def http_writer(lrs: Lrs, seed: int, requests: int, size: int) -> Iterator[None]:
    """The same through the record store, one request for each step."""
    chance = random.Random(seed)
    bodies = [orjson.dumps([make_statement(chance) for _ in range(size)]) for _ in range(requests)]
    connection = Connection(lrs)
    for body in bodies:
        connection.post(body)
        yield


Maker = Callable[[Lrs, int, int, int], Iterator[None]]


@dataclass(frozen=True)
class Speed:
    rate: float
    """Statements per second."""
    client: float
    """Microseconds of the client's processor time per statement."""
    web: float
    """Of gunicorn's."""
    postgres: float

    @property
    def cpu(self) -> float:
        """All three; the ratio of these is worth more than that of the rates on a machine that
        others use too."""
        return self.client + self.web + self.postgres


def measure(lrs: Lrs, make: Maker, connections: int, requests: int, size: int) -> Speed:
    """`connections` writers in two processes (or one), each warm before the clock starts."""
    processes = min(PROCESSES, connections)
    context = multiprocessing.get_context("fork")
    start = context.Barrier(processes + 1)
    arguments = [
        (lrs, make, connections // processes, requests, size, start, random.getrandbits(40))
        for _ in range(processes)
    ]
    children = [context.Process(target=_write_many, args=one) for one in arguments]
    for child in children:
        child.start()
    while start.n_waiting < processes:
        assert all(child.is_alive() for child in children)
        time.sleep(0.01)
    before = (ended_cpu() - sum(map(cpu_of, children)), family_cpu(lrs.server))
    before = (*before, family_cpu(lrs.postgres))
    start.wait()
    began = time.perf_counter()
    for child in children:
        child.join()
    seconds = time.perf_counter() - began
    assert all(child.exitcode == 0 for child in children)
    count = connections * requests * size
    after = (ended_cpu(), family_cpu(lrs.server), family_cpu(lrs.postgres))
    used = [1e6 * (end - begin) / count for begin, end in zip(before, after, strict=True)]
    return Speed(count / seconds, *used)


def ended_cpu() -> float:
    """Seconds of the clients that have ended."""
    own = psutil.Process().cpu_times()
    return float(own.children_user + own.children_system)


def family_cpu(server: psutil.Process) -> float:
    """Seconds of a server and its processes."""
    return sum(map(cpu_of, (server, *server.children())))


def cpu_of(process: Any) -> float:
    """Seconds, those of its ended children included."""
    return sum(psutil.Process(process.pid).cpu_times()[:4])


def _write_many(
    lrs: Lrs, make: Maker, count: int, requests: int, size: int, start: Barrier, seed: int
) -> None:
    """Connections, plans and caches are warm when the clock starts, whoever writes."""
    writers = [make(lrs, seed + n, requests + WARM, size) for n in range(count)]
    with ThreadPoolExecutor(count) as threads:
        list(threads.map(lambda writer: list(islice(writer, WARM)), writers))
        start.wait()
        list(threads.map(list, writers))


def measure_writes(lrs: Lrs, rounds: int) -> None:
    """Rounds of each kind in turn, so that a change of the machine's load meets all."""
    kinds = {
        "psycopg2, batches of 50, 1 connection": (raw_writer, 1, 100, BATCH),
        "psycopg2, batches of 50, 2 connections": (raw_writer, 2, 100, BATCH),
        "HTTP,     batches of 50, 2 connections": (http_writer, 2, 100, BATCH),
        "HTTP,     batches of 50, 4 connections": (http_writer, 4, 50, BATCH),
        "psycopg2, singles, 8 connections": (raw_writer, 8, 400, 1),
        "HTTP,     singles, 8 connections": (http_writer, 8, 400, 1),
    }
    speeds: dict[str, list[Speed]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, (make, connections, requests, size) in kinds.items():
            speeds[name].append(measure(lrs, make, connections, requests, size))
    found = []
    for name, values in speeds.items():
        typical = Speed(*map(statistics.median, zip(*map(astuple, values), strict=True)))
        found.append(typical)
        print(
            f"{name:<40} {typical.rate:6.0f} statements/s {typical.cpu:6.0f} µs of processor each: "
            f"client {typical.client:.0f}, web {typical.web:.0f}, PostgreSQL {typical.postgres:.0f}"
        )
    for label, raw, http in (
        ("batches, 1 connection of psycopg2", 0, 3),
        ("batches, 2 connections of psycopg2", 1, 3),
        ("singles", 4, 5),
    ):
        rates, costs = found[http].rate / found[raw].rate, found[raw].cpu / found[http].cpu
        print(f"{label}: HTTP / psycopg2: rate {rates:.2f}, by processor time {costs:.2f}")


def questions(chance: random.Random, statements: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Name and parameters of each kind of query, for ever different values."""
    learner = orjson.dumps(agent(chance.randrange(AGENTS))).decode()
    moment = datetime.fromtimestamp(1763800000 + chance.random() * statements / 1000, UTC)
    group = chance.randrange(statements // PER_REGISTRATION)
    registration = str(UUID(_registration(group)))
    yield "agent", {"agent": learner}
    yield "verb and since", {"verb": verb(chance.randrange(VERBS)), "since": moment.isoformat()}
    related = {"activity": program(chance.randrange(20)), "related_activities": "true"}
    yield "activity, related", related
    yield "registration", {"registration": registration}
    yield "agent and verb", {"agent": learner, "verb": verb(chance.randrange(VERBS))}
    yield "agent and a verb that is nowhere", {"agent": learner, "verb": verb(VERBS + 1)}
    yield "agent and activity", {"agent": learner, "activity": course(chance.randrange(COURSES))}
    yield "nothing", {}


def _registration(group: int) -> str:
    return hashlib.md5(f"registration {group}".encode(), usedforsecurity=False).hexdigest()


def measure_reads(lrs: Lrs, statements: int, repeats: int) -> None:
    began = time.perf_counter()
    fill(lrs, statements)
    print(f"{statements} statements made in {time.perf_counter() - began:.0f} s")
    connection, chance = Connection(lrs), random.Random(1)
    times: dict[str, list[float]] = {}
    for turn in range(repeats + 20):
        for name, parameters in questions(chance, statements):
            began = time.perf_counter()
            connection.get(urlencode({**parameters, "limit": "50"}))
            if turn >= 20:
                times.setdefault(name, []).append(1000 * (time.perf_counter() - began))
    for name, values in times.items():
        cuts = statistics.quantiles(values, n=100)
        print(f"GET limit=50 by {name:<34} p50 {cuts[49]:6.1f} ms   p95 {cuts[94]:6.1f} ms")


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
        return
    with tempfile.TemporaryDirectory(prefix="lectern-lrs-") as name:
        Path(name).chmod(0o711)
        yield Path(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", choices=["writes", "reads", "memory"])
    parser.add_argument("--statements", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--files", type=int, default=100, help="megabytes of attachments")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", type=Path, help="kept, and used again with its statements")
    options = parser.parse_args()
    with _folder(options.folder) as folder, serve(folder) as lrs:
        if options.what == "writes":
            measure_writes(lrs, options.rounds)
        elif options.what == "reads":
            measure_reads(lrs, options.statements, 200)
        else:
            measure_statements(lrs, options.megabytes)
            measure_files(lrs, options.files)


if __name__ == "__main__":
    main()
