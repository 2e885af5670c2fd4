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
_STATEMENT = """INSERT INTO statement (sequence, statement_id, timestamp, verb_key, registration,
    target_id, actor_key, activity_key, verb_iri, activity_iri, body, store_id, stored,
    authority_key, version) VALUES %s"""
_REFERENCE = "INSERT INTO statement_reference (key, role, sequence, source, store_id) VALUES %s"


def raw_writer(lrs: Lrs, seed: int, batches: int, size: int) -> Callable[[], None]:
    """Inserts bodies and index rows with plain psycopg2, a commit per batch; all rows are made
    beforehand."""
    chance, now = random.Random(seed), datetime.now(UTC)
    work = [_raw_rows(lrs, chance, now, seed << 16 | n * size, size) for n in range(batches)]
    connection = psycopg2.connect(lrs.app_dsn)
    cursor = connection.cursor()
    cursor.execute("SELECT set_config('lectern.tenant', %s, false)", (str(lrs.tenant_id),))
    connection.commit()

    def run() -> None:
        for statements, references in work:
            execute_values(cursor, _STATEMENT, statements, page_size=size)
            execute_values(cursor, _REFERENCE, references, page_size=10 * size)
            connection.commit()

    return run


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


def http_writer(lrs: Lrs, seed: int, requests: int, size: int) -> Callable[[], None]:
    chance = random.Random(seed)
    bodies = [orjson.dumps([make_statement(chance) for _ in range(size)]) for _ in range(requests)]
    connection = Connection(lrs)

    def run() -> None:
        for body in bodies:
            connection.post(body)

    return run


Maker = Callable[[Lrs, int, int, int], Callable[[], None]]


@dataclass(frozen=True)
class Speed:
    rate: float
    """Statements per second."""
    cpu: float
    """Microseconds of processor time per statement: of client, web server and PostgreSQL together.
    Their ratio is worth more than that of the rates on a machine that others use too."""


def measure(lrs: Lrs, make: Maker, connections: int, requests: int, size: int) -> Speed:
    """`connections` writers in two processes (or one)."""
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
    before = server_cpu(lrs) - sum(map(cpu_of, children))
    start.wait()
    began = time.perf_counter()
    for child in children:
        child.join()
    seconds = time.perf_counter() - began
    assert all(child.exitcode == 0 for child in children)
    count = connections * requests * size
    used = server_cpu(lrs) - before
    return Speed(count / seconds, 1e6 * used / count)


def server_cpu(lrs: Lrs) -> float:
    """Seconds of gunicorn and PostgreSQL, and of the clients that have ended."""
    servers = [lrs.server, lrs.postgres]
    own = psutil.Process().cpu_times()
    return (
        own.children_user
        + own.children_system
        + sum(cpu_of(one) for server in servers for one in (server, *server.children()))
    )


def cpu_of(process: Any) -> float:
    """Seconds, those of its ended children included."""
    return sum(psutil.Process(process.pid).cpu_times()[:4])


def _write_many(
    lrs: Lrs, make: Maker, count: int, requests: int, size: int, start: Barrier, seed: int
) -> None:
    runs = [make(lrs, seed + n, requests, size) for n in range(count)]
    with ThreadPoolExecutor(count) as threads:
        start.wait()
        for done in [threads.submit(run) for run in runs]:
            done.result()


def measure_writes(lrs: Lrs, rounds: int) -> None:
    """Rounds of each kind in turn, so that a change of the machine's load meets all."""
    kinds = {
        "psycopg2, batches of 50, 1 connection": (raw_writer, 1, 100, BATCH),
        "psycopg2, batches of 50, 2 connections": (raw_writer, 2, 100, BATCH),
        "HTTP,     batches of 50, 2 connections": (http_writer, 2, 100, BATCH),
        "HTTP,     batches of 50, 4 connections": (http_writer, 4, 50, BATCH),
        "psycopg2, singles, 8 connections": (raw_writer, 8, 200, 1),
        "HTTP,     singles, 8 connections": (http_writer, 8, 100, 1),
    }
    speeds: dict[str, list[Speed]] = {name: [] for name in kinds}
    for _ in range(rounds):
        for name, (make, connections, requests, size) in kinds.items():
            speeds[name].append(measure(lrs, make, connections, requests, size))
    found = []
    for name, values in speeds.items():
        rate, cpu = (statistics.median(part) for part in zip(*map(astuple, values), strict=True))
        found.append((rate, cpu))
        print(f"{name:<40} {rate:8.0f} statements/s {cpu:8.0f} µs of processor each")
    for label, raw, http in (
        ("batches, 1 connection of psycopg2", 0, 3),
        ("batches, 2 connections of psycopg2", 1, 3),
        ("singles", 4, 5),
    ):
        print(f"{label}: HTTP / psycopg2: rate {found[http][0] / found[raw][0]:.2f}, ", end="")
        print(f"by processor time {found[raw][1] / found[http][1]:.2f}")


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
