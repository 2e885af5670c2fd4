"""Two hundred learners in one timed quiz at once: begin together, answer, hand in together.

python -m benchmarks.quizzes [--learners 200] [--every 5] [--seconds 60]

Starts its own durable PostgreSQL and gunicorn with the settings of production (two workers). The
clients share the machine.
"""

import argparse
import asyncio
import json
import os
import re
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Flask
from sqlalchemy import func, select

from benchmarks.players import world
from content.models.quiz_attempt import QuizAnswer, QuizAttempt
from database.session import transaction
from lti_app.core.quiz_token import QuizToken, sign_quiz_token
from lti_app.services.users import create_user
from tests.conftest import make_tenant
from tests.content.core.quiz.questions import ESSAY, NUMERIC, TRUTH
from tests.content.quiz_world import make_quiz
from tests.gunicorn import running_gunicorn

Figures = dict[str, list[float]]


def make_addresses(app: Flask, tenant: UUID, count: int) -> list[str]:
    """Start pages of one quiz for new learners, as from launches: no session is asked."""
    until = datetime.now(UTC).replace(microsecond=0) + timedelta(hours=2)
    with transaction(tenant) as session:
        raws = [*({**TRUTH, "text": f"Number {at}"} for at in range(18)), NUMERIC, ESSAY]
        quiz = make_quiz(session, raws, title="At once", time_limit_minutes=30, is_shuffled=True)
        people = [
            create_user(
                session, email=f"l{at}@x.test", password=None, given_name="L", family_name=str(at)
            ).id
            for at in range(count)
        ]
    secret = app.config["SECRET_KEY"]
    tokens = [QuizToken(tenant, one, quiz.id, "portal", "benchmark", until) for one in people]
    return [f"/quizzes/at/{sign_quiz_token(secret, one)}/" for one in tokens]


async def ask(port: int, method: str, path: str, body: Any, kind: str, found: Figures) -> str:
    """The answer's text; errors are counted as their own kind."""
    data = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n"
        f"Content-Type: text/plain\r\nContent-Length: {len(data)}\r\n\r\n"
    )
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + data)
        answer = (await reader.read(-1)).decode(errors="replace")
        writer.close()
    except OSError as trouble:
        answer = str(trouble)
    found[kind].append(time.perf_counter() - began)
    if not answer.startswith(("HTTP/1.1 200", "HTTP/1.1 303")):
        found[f"error of {kind}: {answer[:60]!r}"].append(0.0)
    return answer


def count_lost(tenant: UUID, acknowledged: dict[UUID, int]) -> tuple[int, int]:
    """(entries that the server said it kept and did not, attempts that were not handed in)."""
    with transaction(tenant) as session:
        rows = session.execute(
            select(QuizAnswer.attempt_id, func.count().label("entries")).group_by(
                QuizAnswer.attempt_id
            )
        )
        kept = {row.attempt_id: row.entries for row in rows}
        states = {row.id: row.state for row in session.scalars(select(QuizAttempt))}
    lost = sum(max(0, number - kept.get(one, 0)) for one, number in acknowledged.items())
    return lost, sum(states.get(one) != "submitted" for one in acknowledged)


async def take(
    port: int,
    start: str,
    every: float,
    seconds: float,
    found: Figures,
    acknowledged: dict[UUID, int],
) -> None:
    """One learner: begin, an answer every few seconds, hand in."""
    began = time.monotonic()
    answer = await ask(port, "POST", f"{start}begin", None, "begin", found)
    location = re.search(r"Location: (\S+)", answer)
    if location is None:
        return
    path = re.sub(r"^https?://[^/]+", "", location[1])
    page = await ask(port, "GET", path, None, "page", found)
    writer = re.search(r'data-writer="(\d+)"', page)
    number, attempt_id = 0, UUID(path.rpartition("/")[2])
    acknowledged[attempt_id] = 0
    while writer is not None and time.monotonic() - began + every < seconds:
        await asyncio.sleep(every)
        number += 1
        entries = [[number, "flag", number % 20 + 1, True, 5]]
        slot = re.search(rf'id="q{number % 20 + 1}" [^>]*data-kind="(\w+)"', page)
        if slot is not None and slot[1] != "numeric":
            value = "true" if slot[1] == "true_false" else "Because of the moon. " * number
            entries = [[number, "answer", number % 20 + 1, value, 5]]
        body = {"writer": int(writer[1]), "entries": entries}
        said = await ask(port, "POST", f"{path}/entries", body, "answer", found)
        if f'"acknowledged":{number}' not in said.replace(" ", ""):
            found["not acknowledged"].append(0.0)
        else:
            acknowledged[attempt_id] = number
    await ask(port, "POST", f"{path}/submit", None, "hand in", found)


async def take_all(
    port: int, starts: list[str], every: float, seconds: float
) -> tuple[Figures, dict[UUID, int]]:
    """Everybody at once; the second value is how many entries of each attempt were acknowledged."""
    found: Figures = defaultdict(list)
    heard: dict[UUID, int] = {}
    await asyncio.gather(*(take(port, start, every, seconds, found, heard) for start in starts))
    return found, heard


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--learners", type=int, default=200)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="lectern-quizzes-") as name:
        folder = Path(name)
        with world(folder) as (app, environment):
            tenant = make_tenant()
            starts = make_addresses(app, tenant, wanted.learners)
            with running_gunicorn(environment, folder / "gunicorn.log") as origin:
                port = int(origin.rpartition(":")[2])
                found, heard = asyncio.run(take_all(port, starts, wanted.every, wanted.seconds))
            lost, left = count_lost(tenant, heard)
    errors = sum(len(times) for kind, times in found.items() if kind.startswith(("error", "not")))
    for kind, taken in sorted(found.items()):
        ordered = sorted(taken)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        print(
            f"{kind:<20} {len(taken):6} median {statistics.median(taken):6.3f} s p95 {p95:6.3f} s"
        )
    print(
        f"{len(heard)} learners; errors {errors}; answers that were acknowledged "
        f"{sum(heard.values())}, lost {lost}; attempts not handed in {left}"
    )
    print(f"load of the machine {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
