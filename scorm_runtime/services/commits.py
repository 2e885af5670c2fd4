"""Commits: applying what the browser's journal holds, once, by one writer (DESIGN decision 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scorm_runtime.core.attempt_run import AttemptRun, Remark
from scorm_runtime.core.contents import Item
from scorm_runtime.core.journal import Commit, Entry, Journal
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.storable import to_storable
from scorm_runtime.models.attempt import Attempt, CommitLog
from scorm_runtime.services.attempts import lock_attempt
from scorm_runtime.services.runs import build_outcome, load_run, save_run


@dataclass(frozen=True)
class CommitResult:
    """What a commit is answered, and what to tell the host."""

    answer: dict[str, Any]
    """acknowledged (highest entry applied), number, standing, items, and delivery when an item
    was brought to the front."""
    outcome: Outcome | None = None
    fenced: bool = False
    """The writer is not the current one: answer 409."""
    repeated: bool = False
    """Nothing was applied: this commit, or a later one, had been here before."""


def commit(
    session: Session, attempt_id: UUID, body: Commit, *, now: datetime, launch_ref: str = ""
) -> CommitResult:
    """Apply the entries of `body` that were not applied yet, under a lock on the attempt.

    The same number again gets the same answer; an older one that arrives late changes nothing
    and learns what is acknowledged; so does one that came before the entries it follows, and the
    sender repeats what is missing. Raises AttemptMissing.
    """
    attempt = lock_attempt(session, attempt_id)
    if body.writer != attempt.writer:
        log_entries(session, attempt, "stale", body, body.entries, number=body.number)
        return CommitResult({"writer": attempt.writer}, fenced=True)
    if body.number <= attempt.last_commit_number:
        return CommitResult(_repeat(session, attempt, body), repeated=True)
    run = load_run(session, attempt)
    entries = [entry for entry in body.entries if entry.n > attempt.applied_entry]
    if entries and entries[0].n > attempt.applied_entry + 1:
        return CommitResult(describe(attempt, run), repeated=True)
    remarks = run.apply(entries)
    if entries:
        attempt.applied_entry = entries[-1].n
    attempt.last_commit_number = body.number
    log_entries(
        session,
        attempt,
        "commit",
        body,
        entries,
        remarks,
        number=body.number,
        launch_ref=launch_ref,
    )
    save_run(session, attempt, run, now)
    attempt.last_answer = describe(attempt, run)
    outcome = build_outcome(session, attempt, run, now=now, launch_ref=launch_ref)
    answer = dict(attempt.last_answer)
    if _asks_delivery(body):
        answer["delivery"] = describe_delivery(run)
    return CommitResult(answer, outcome)


def replay(session: Session, attempt: Attempt, run: AttemptRun, journal: Journal) -> int:
    """Apply a journal that a window left behind; answers how many entries were still new.

    Only the current writer's counts; another's is kept in the log as stale and 0 is answered.
    """
    if journal.writer != attempt.writer:
        log_entries(session, attempt, "stale", journal, journal.entries)
        return 0
    entries = [entry for entry in journal.entries if entry.n > attempt.applied_entry]
    if entries:
        remarks = run.apply(entries)
        attempt.applied_entry = entries[-1].n
        log_entries(session, attempt, "replay", journal, entries, remarks)
    return len(entries)


def log_entries(
    session: Session,
    attempt: Attempt,
    kind: str,
    journal: Journal,
    entries: Sequence[Entry],
    remarks: Sequence[Remark] = (),
    *,
    number: int = 0,
    launch_ref: str = "",
) -> None:
    """Add a row to the call log; the same batch again adds none."""
    session.execute(
        insert(CommitLog)
        .values(
            attempt_id=attempt.id,
            kind=kind,
            writer=journal.writer,
            number=number,
            first_entry=entries[0].n if entries else 0,
            entries=to_storable([entry.to_json() for entry in entries]),
            remarks=to_storable([remark.to_json() for remark in remarks]),
            launch_ref=launch_ref,
        )
        .on_conflict_do_nothing()
    )


def describe(attempt: Attempt, run: AttemptRun) -> dict[str, Any]:
    """Where the attempt stands, for the player: JSON."""
    standing = run.standing()
    return {
        "acknowledged": attempt.applied_entry,
        "number": attempt.last_commit_number,
        "writer": attempt.writer,
        "standing": {
            "completion": standing.completion,
            "success": standing.success,
            "score": standing.score.scaled,
        },
        "items": {name: _describe_sco(run, name) for name in run.scos},
    }


def describe_delivery(run: AttemptRun) -> dict[str, Any] | None:
    """The item in front with all its values, for the bridge; None when nothing is in front."""
    item: Item | None = run.contents.find(run.current)
    if item is None:
        return None
    sco = run.scos[item.identifier]
    return {
        "number": run.delivery,
        "item": item.identifier,
        "title": item.title,
        "kind": item.kind,
        "href": item.href,
        "launch": sco.launch_values(),
        "values": dict(sco.state.values),
    }


def _describe_sco(run: AttemptRun, name: str) -> dict[str, str]:
    result = run.scos[name].result()
    return {"completion": result.completion, "success": result.success}


def _repeat(session: Session, attempt: Attempt, body: Commit) -> dict[str, Any]:
    """The answer of the last commit; its delivery is built again, nothing has changed since."""
    answer = dict(attempt.last_answer or {})
    if body.number == attempt.last_commit_number and _asks_delivery(body):
        answer["delivery"] = describe_delivery(load_run(session, attempt))
    return answer


def _asks_delivery(body: Commit) -> bool:
    return any(entry.op == "deliver" for entry in body.entries)
