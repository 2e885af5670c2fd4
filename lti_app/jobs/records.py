"""Exports, imports and erasures of learning records, off the web's threads."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app import queue
from lti_app.models.record_job import RecordJobKind
from lti_app.services import record_jobs
from lti_app.services.record_jobs import Claim, Superseded
from lti_app.storage import storage
from xapi_lrs.core.erasure import Mode, describe_subject, make_stand_in
from xapi_lrs.core.errors import LrsError
from xapi_lrs.core.query import parse_statement_request
from xapi_lrs.models.store import Store
from xapi_lrs.services.erasure import forget_person
from xapi_lrs.services.exports import export_statements
from xapi_lrs.services.imports import import_statements
from xapi_lrs.services.stores import get_store

GRACE = timedelta(seconds=30)
"""Jobs younger than this are left to the hint that was sent with them."""
SAY_EVERY = 1.0
"""Seconds between two notes of progress."""
FEW_REFUSALS = 100
"""So many refused lines of an import are kept for its page."""


class Task:
    """One try at one job."""

    def __init__(self, tenant: UUID, claim: Claim, store: Store) -> None:
        self.tenant, self.claim, self.store = tenant, claim, store
        self._said = 0.0

    def open_session(self) -> AbstractContextManager[Session]:
        return transaction(self.tenant)

    def say(self, done: int, total: int) -> None:
        """Note progress now and then. Raises Superseded."""
        if monotonic() - self._said < SAY_EVERY:
            return
        self._said = monotonic()
        with self.open_session() as session:
            record_jobs.say(session, self.claim, done, total, now=_now())


def run(tenant_id: str, job_id: str) -> None:
    """Do one job; how it ended stands in its row. Safe to run twice."""
    tenant = UUID(tenant_id)
    with transaction(tenant) as session:
        claim = record_jobs.claim(session, UUID(job_id), now=_now())
        store = get_store(session, claim.store_id) if claim else None
    if claim is None or store is None:
        return
    task = Task(tenant, claim, store)
    try:
        outcome = _WORK[claim.kind](task)
    except Superseded:
        return
    except LrsError as refused:
        with task.open_session() as session:
            record_jobs.fail(session, claim, str(refused), now=_now())
        return
    except Exception as error:
        with task.open_session() as session:
            record_jobs.release(
                session, claim, f"It broke off: {type(error).__name__}.", now=_now()
            )
        raise
    with task.open_session() as session:
        record_jobs.finish(session, claim, now=_now(), **outcome)


def sweep(tenant_id: UUID, now: datetime) -> int:
    """Ask again for jobs that wait or whose worker died; how many. Old exports lose their file."""
    with transaction(tenant_id) as session:
        lost = record_jobs.list_due(session, now=now, grace=GRACE)
        over = record_jobs.forget_files(session, now=now)
    for key in over:
        storage().delete(key)
    for job_id in lost:
        queue.enqueue(queue.RUN_RECORD_JOB, tenant_id, job_id)
    return len(lost)


def _export(task: Task) -> dict[str, Any]:
    asked = task.claim.asked
    query = parse_statement_request([(name, text) for name, text in asked["filter"]]).query
    key = f"records/{task.tenant}/{task.claim.job_id}-{task.claim.number}.{asked['form']}"
    counted = _Counter(task.say)
    chunks: Iterator[bytes] = export_statements(
        task.open_session,
        task.store,
        query,
        form=asked["form"],
        now=_now(),
        languages=asked.get("languages", ()),
        progress=counted,
    )
    size = storage().put(key, chunks)
    return {"report": {"statements": counted.done}, "file_key": key, "file_bytes": size}


def _import(task: Task) -> dict[str, Any]:
    claim = task.claim
    with storage().open(claim.file_key) as file:
        report = import_statements(
            task.open_session,
            task.store,
            file,
            authority=_own_authority(),
            now=_now,
            total=claim.file_bytes,
            progress=task.say,
            keep_authorities=bool(claim.asked.get("keep_authorities", True)),
            check_only=bool(claim.asked.get("check_only")),
        )
    told: dict[str, Any] = asdict(report)
    told["refusals"] = told["refusals"][:FEW_REFUSALS]
    storage().delete(claim.file_key)
    return {"report": told}


def _erase(task: Task) -> dict[str, Any]:
    asked = task.claim.asked
    home = f"{current_app.config['LECTERN'].app_url}/pseudonyms"
    report = forget_person(
        task.open_session,
        task.store,
        describe_subject(asked["agents"]),
        mode=Mode(asked["mode"]),
        stand_in=make_stand_in(home, asked["pseudonym"]),
        progress=task.say,
        dry_run=bool(asked["check_only"]),
    )
    told = asdict(report)
    told["left_in"] = [str(one) for one in told["left_in"]]
    return {"report": told}


_WORK: Mapping[RecordJobKind, Callable[[Task], dict[str, Any]]] = {
    RecordJobKind.EXPORT: _export,
    RecordJobKind.IMPORT: _import,
    RecordJobKind.ERASURE: _erase,
}


class _Counter:
    """Progress that remembers how much was done."""

    def __init__(self, say: Callable[[int, int], None]) -> None:
        self._say, self.done = say, 0

    def __call__(self, done: int, total: int) -> None:
        self.done = done
        self._say(done, total)


def _own_authority() -> dict[str, Any]:
    """Of lines that bring none: this server."""
    app_url = current_app.config["LECTERN"].app_url
    return {"objectType": "Agent", "account": {"homePage": app_url, "name": "lectern"}}


def _now() -> datetime:
    return datetime.now(UTC)
