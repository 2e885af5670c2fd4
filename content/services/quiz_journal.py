"""The journal on the server's side: entries are kept once, acknowledged, and decide what was
answered; what comes too late is kept apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.quiz.answers import AnswerInvalid, read_answer
from content.core.quiz.errors import QuizMissing
from content.core.quiz.journal import Entry, choose_new, decides
from content.core.quiz.learner_paper import PartUnknown, unveil
from content.core.quiz.questions import Question
from content.models.quiz_attempt import QuizAnswer, QuizAttempt
from content.services import questions
from content.services.quiz_attempts import is_attempt_over, lock_attempt, open_window


@dataclass(frozen=True)
class Recorded:
    """What a batch of entries is answered."""

    acknowledged: int
    """Everything up to this entry of this writer is kept."""
    refused: tuple[tuple[int, str], ...]
    """(entry, why) that were kept but not taken."""
    due_at: datetime | None
    is_over: bool = False
    """The attempt is over: nothing was taken, and what came is kept as late."""


def record_entries(
    session: Session, attempt_id: UUID, writer: int, entries: Sequence[Entry], now: datetime
) -> Recorded:
    """Keep what a window journalled, each entry once; answers hold when this returns."""
    attempt = lock_attempt(session, attempt_id)
    if not 0 < writer <= attempt.writers:
        raise QuizMissing("No window of this attempt has that number.")
    applied = int(attempt.applied.get(str(writer), 0))
    if is_attempt_over(session, attempt, now):
        _keep_late(session, attempt, writer, entries, now)
        return Recorded(applied, (), attempt.due_at, is_over=True)
    new = choose_new(entries, applied)
    refused = []
    if new:
        paper = _read_some(session, attempt, {entry.slot for entry in new})
        answers, flags = dict(attempt.answers), dict(attempt.flags)
        for entry in new:
            value, remark = _apply(attempt, paper, answers, flags, writer, entry)
            session.add(_journal_row(attempt, writer, entry, value, remark, now))
            if remark not in ("", "older"):
                refused.append((entry.number, remark))
        attempt.answers, attempt.flags = answers, flags
        applied = new[-1].number
        attempt.applied = attempt.applied | {str(writer): applied}
        attempt.last_active_at = now
        session.flush()
    return Recorded(applied, tuple(refused), attempt.due_at)


def record_form(
    session: Session,
    attempt_id: UUID,
    answers: Mapping[int, Any],
    now: datetime,
    *,
    flags: Mapping[int, bool] | None = None,
) -> Recorded:
    """Keep what a form says, {slot: answer} and {slot: flagged}: each sending is a window of its
    own, the newest one, so that a page that is sent twice is never taken for one that was heard
    already."""
    writer = open_window(session, attempt_id, now).writers
    said: list[tuple[str, int, Any]] = [
        *(("answer", slot, value) for slot, value in answers.items()),
        *(("flag", slot, value) for slot, value in (flags or {}).items()),
    ]
    entries = [Entry(number, *one) for number, one in enumerate(said, start=1)]
    done = record_entries(session, attempt_id, writer, entries, now)
    refused = tuple((said[number - 1][1], why) for number, why in done.refused)
    return replace(done, refused=refused)


def _read_some(session: Session, attempt: QuizAttempt, slots: set[int]) -> dict[int, Question]:
    lines = {slot: id_ for slot, id_, _ in attempt.paper if slot in slots}
    found = questions.read_versions(session, list(lines.values()))
    return {slot: found[UUID(id_)][1] for slot, id_ in lines.items()}


def _apply(
    attempt: QuizAttempt,
    paper: dict[int, Question],
    answers: dict[str, Any],
    flags: dict[str, Any],
    writer: int,
    entry: Entry,
) -> tuple[Any, str]:
    """(value as it is kept, remark); changes `answers` or `flags`."""
    question, slot = paper.get(entry.slot), str(entry.slot)
    if question is None:
        return None, "no such question"
    if entry.kind == "visit":
        return None, ""
    if entry.kind == "flag":
        value: Any = bool(entry.value)
        target = flags
    else:
        try:
            raw = unveil(question, entry.value, seed=attempt.seed, slot=entry.slot)
            value = read_answer(question, raw)
        except (AnswerInvalid, PartUnknown) as wrong:
            return None, str(wrong)
        target = answers
    if not decides(target.get(slot, {}).get("by"), writer, entry.number):
        return value, "older"
    target[slot] = {"value": value, "by": [writer, entry.number]}
    return value, ""


def _journal_row(
    attempt: QuizAttempt, writer: int, entry: Entry, value: Any, remark: str, now: datetime
) -> QuizAnswer:
    return QuizAnswer(
        attempt_id=attempt.id,
        writer=writer,
        number=entry.number,
        kind=entry.kind,
        slot=entry.slot,
        value=value,
        made_at=max(attempt.started_at, now - timedelta(milliseconds=entry.ago_ms)),
        is_late=False,
        remark=remark,
    )


def _keep_late(
    session: Session, attempt: QuizAttempt, writer: int, entries: Sequence[Entry], now: datetime
) -> None:
    """In a row each, for whoever asks; never twice, and not without end."""
    kept = set(
        session.scalars(
            select(QuizAnswer.number).where(
                QuizAnswer.attempt_id == attempt.id, QuizAnswer.writer == writer
            )
        )
    )
    paper = _read_some(session, attempt, {entry.slot for entry in entries})
    for entry in entries:
        if entry.number in kept or len(kept) > 5000 or entry.kind != "answer":
            continue
        value, remark = _apply(attempt, paper, {}, {}, writer, entry)
        row = _journal_row(attempt, writer, entry, value, remark, now)
        row.is_late = True
        session.add(row)
        kept.add(entry.number)
    session.flush()


def list_journal(session: Session, attempt_id: UUID) -> list[QuizAnswer]:
    """Everything that arrived, in order of arrival."""
    query = select(QuizAnswer).where(QuizAnswer.attempt_id == attempt_id)
    return list(session.scalars(query.order_by(QuizAnswer.id)))
