"""Commits: applying what the browser's journal holds, once, by one writer (DESIGN decision 5).

Sequencing runs where entries are applied, so it runs once for each navigation, however often the
request that carries it arrives. What a window missed meanwhile it gets by saying which delivery
it shows: an answer brings the one in front along when that is another (SD-01).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from scorm_runtime.core.journal import Commit, Entry, Journal
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.core.run import NavDocument, Remark, Run
from scorm_runtime.core.storable import to_storable
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.attempt_rows import write_attempt
from scorm_runtime.services.descriptions import describe, describe_delivery
from scorm_runtime.services.entrance import enter_attempt, read_stored
from scorm_runtime.services.log_rows import build_log, count_stale, ensure_room
from scorm_runtime.services.runs import load_run, settle_run

REMARKS_TOLD = 50
"""How many of a commit's remarks its answer repeats; the call log has all."""


class OtherAttempt(ValueError):
    """The commit says that it is meant for another attempt than its address."""

    status_hint = 403


@dataclass(frozen=True)
class CommitResult:
    """What a commit is answered, and what to tell the host."""

    answer: dict[str, Any]
    """`descriptions.describe`, remarks, and delivery when the window shows an older one."""
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
    sender repeats what is missing. Raises AttemptMissing, OtherAttempt, LogFull.
    """
    if body.attempt and body.attempt != str(attempt_id):
        raise OtherAttempt(f"the commit is meant for attempt {body.attempt}")
    attempt = enter_attempt(session, attempt_id)
    if body.writer != attempt.writer:
        log = build_log(attempt, "stale", body, body.entries, now=now, number=body.number)
        write_attempt(session, attempt, (), log)
        return CommitResult({"writer": attempt.writer}, fenced=True)
    if body.number <= attempt.last_commit_number:
        return CommitResult(_repeat(session, attempt, body, now), repeated=True)
    run = load_run(session, attempt, now=now)
    entries = [entry for entry in body.entries if entry.n > attempt.applied_entry]
    if entries and entries[0].n > attempt.applied_entry + 1:
        answer = {**describe(session, attempt, run), "refused": "out_of_order"}
        return CommitResult(answer, repeated=True)
    ensure_room(attempt, now)
    remarks = apply_entries(attempt, run, entries)
    log = build_log(
        attempt,
        "commit",
        body,
        entries,
        remarks,
        now=now,
        number=body.number,
        launch_ref=launch_ref,
        decisions=run.decisions,
        calls=body.calls,
    )
    attempt.last_commit_number = body.number
    attempt.last_remarks = to_storable([one.to_json() for one in remarks[:REMARKS_TOLD]])
    outcome, scos = settle_run(session, attempt, run, now=now, launch_ref=launch_ref)
    write_attempt(session, attempt, scos, log)
    return CommitResult(_answer(session, attempt, run, body), outcome)


def apply_entries(attempt: Attempt, run: Run, entries: Sequence[Entry]) -> list[Remark]:
    """Apply entries that are new, and note how far the attempt is."""
    if not entries:
        return []
    remarks = run.apply(entries)
    attempt.applied_entry = entries[-1].n
    done = run.last_navigation
    if done is not None:
        attempt.last_navigation = {
            "entry": entries[-1].n,
            "code": done.code,
            "delivered": done.delivered or "",
            "ended": done.ended,
            "message": done.message,
        }
    return remarks


def preview(session: Session, attempt: Attempt, journal: Journal, *, now: datetime) -> NavDocument:
    """What would be valid once `journal` is applied; nothing is stored (look-ahead for content
    that asks right after SetValue)."""
    run = load_run(session, attempt, now=now, locks=False)
    if journal.writer == attempt.writer:
        run.apply([entry for entry in journal.entries if entry.n > attempt.applied_entry])
    return run.nav()


def replay(
    session: Session, attempt: Attempt, run: Run, journal: Journal, *, now: datetime
) -> tuple[int, list[dict[str, Any]]]:
    """Apply a journal that a window left behind; answers how many entries were still new, and what
    the call log grows by.

    Only the current writer's counts; another's is kept in the log as stale and 0 is answered.
    """
    if journal.writer != attempt.writer:
        if not count_stale(session, attempt, journal):
            return 0, []
        return 0, build_log(attempt, "stale", journal, journal.entries, now=now)
    entries = [entry for entry in journal.entries if entry.n > attempt.applied_entry]
    if not entries:
        return 0, []
    remarks = apply_entries(attempt, run, entries)
    log = build_log(attempt, "replay", journal, entries, remarks, now=now, decisions=run.decisions)
    return len(entries), log


def _repeat(session: Session, attempt: Attempt, body: Commit, now: datetime) -> dict[str, Any]:
    """The answer of the last commit: nothing has changed since."""
    return _answer(session, attempt, load_run(session, attempt, now=now, locks=False), body)


def _answer(session: Session, attempt: Attempt, run: Run, body: Commit) -> dict[str, Any]:
    """Where the attempt stands, what was to be said of the last commit's entries, and the item in
    front where the window shows another delivery."""
    remarks = read_stored(session, attempt, attempt.last_remarks or [])
    answer = {**describe(session, attempt, run), "remarks": remarks}
    behind = body.delivery is not None and body.delivery != run.delivery
    if behind or any(entry.op == "deliver" for entry in body.entries):
        answer["delivery"] = describe_delivery(run)
    return answer
