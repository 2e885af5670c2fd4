"""Attempts: begun, written to entry by entry, and submitted; the server keeps the time.

open ─► paper from a seed ─► entries, each acknowledged once it is kept ─► submit, or the sweep
"""

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from content.core.quiz.drawing import Draw, Fixed, draw_paper
from content.core.quiz.errors import QuizMissing, QuizNotOpen
from content.core.quiz.policy import Accommodation, Beginning, find_due, is_over, may_begin
from content.core.quiz.questions import Question
from content.core.quiz.settings import QuizSettings, read_settings
from content.models.enrolment import Enrolment
from content.models.quiz import Quiz, QuizVersion
from content.models.quiz_attempt import QuizAttempt
from content.services import questions, quizzes
from database.base import uuid7

PREVIEW = "preview"
"""context_key of a teacher who tries a quiz out: counts nowhere."""


@dataclass(frozen=True)
class Place:
    """Where a learner stands with a quiz in one place."""

    quiz: Quiz
    version: QuizVersion | None
    settings: QuizSettings
    granted: Accommodation
    attempts: list[QuizAttempt]
    """In order; the running one, if any, is the last."""
    beginning: Beginning

    @property
    def running(self) -> QuizAttempt | None:
        last = self.attempts[-1] if self.attempts else None
        return last if last is not None and last.state == "running" else None


def find_place(
    session: Session, quiz: Quiz, user_id: UUID, context_key: str, now: datetime
) -> Place:
    """What the start page says."""
    version = (
        quizzes.get_version(session, quiz.current_version_id) if quiz.current_version_id else None
    )
    settings = read_settings(version.settings if version else quiz.settings)
    granted = find_granted(session, quiz.id, user_id, context_key)
    attempts = list_attempts(session, quiz.id, user_id, context_key)
    beginning = may_begin(settings, len(attempts), now, granted)
    if context_key == PREVIEW:
        beginning = Beginning(None, None)
    return Place(quiz, version, settings, granted, attempts, beginning)


def find_granted(session: Session, quiz_id: UUID, user_id: UUID, context_key: str) -> Accommodation:
    """What the learner is allowed beyond the settings; in a course also the days that they have
    more there."""
    granted = quizzes.find_accommodation(session, quiz_id, user_id)
    kind, _, rest = context_key.partition(":")
    if kind != "unit":
        return granted
    enrolment_id = UUID(rest.partition(":")[0])
    days = session.scalar(select(Enrolment.extra_days).where(Enrolment.id == enrolment_id))
    return replace(granted, extra_days=days or 0)


def list_attempts(
    session: Session, quiz_id: UUID, user_id: UUID, context_key: str
) -> list[QuizAttempt]:
    """A learner's attempts in one place, oldest first."""
    query = select(QuizAttempt).where(
        QuizAttempt.quiz_id == quiz_id,
        QuizAttempt.user_id == user_id,
        QuizAttempt.context_key == context_key,
    )
    return list(session.scalars(query.order_by(QuizAttempt.number)))


def open_attempt(
    session: Session,
    quiz_id: UUID,
    user_id: UUID,
    context_key: str,
    now: datetime,
    *,
    launch_ref: str = "portal",
) -> tuple[QuizAttempt, bool]:
    """Go on with the running attempt, or begin one; the second value says whether it is new.

    Raises QuizMissing and QuizNotOpen.
    """
    # The quiz's row keeps two windows from beginning two attempts.
    quiz = session.scalar(select(Quiz).where(Quiz.id == quiz_id).with_for_update(key_share=True))
    if quiz is None:
        raise QuizMissing("There is no such quiz.")
    place = find_place(session, quiz, user_id, context_key, now)
    if place.running is not None:
        place.running.launch_ref = launch_ref
        return place.running, False
    if place.version is None or (quiz.state == "archived" and context_key != PREVIEW):
        raise QuizNotOpen("not_published")
    if place.beginning.refusal:
        raise QuizNotOpen(place.beginning.refusal)
    return _begin(session, place, user_id, context_key, now, launch_ref), True


def _begin(
    session: Session,
    place: Place,
    user_id: UUID,
    context_key: str,
    now: datetime,
    launch_ref: str,
) -> QuizAttempt:
    version, settings = place.version, place.settings
    assert version is not None  # noqa: S101  checked by the caller; for the type checker
    seed = secrets.token_hex(16)
    items: list[Fixed | Draw] = [
        Fixed(item["question"], item["points"])
        if "question" in item
        else Draw(tuple(item["pool"]), item["count"], item["points"])
        for item in version.items
    ]
    seen = [line[1] for attempt in place.attempts for line in attempt.paper]
    paper = draw_paper(items, seed, is_shuffled=settings.is_shuffled, seen=seen)
    attempt = QuizAttempt(
        id=uuid7(),
        number=len(place.attempts) + 1,
        quiz_id=place.quiz.id,
        quiz_version_id=version.id,
        user_id=user_id,
        context_key=context_key,
        launch_ref=launch_ref,
        is_preview=context_key == PREVIEW,
        seed=seed,
        paper=[[slot.number, slot.question, slot.points] for slot in paper],
        state="running",
        started_at=now,
        due_at=find_due(settings, now, place.granted),
        last_active_at=now,
        points_max=sum(slot.points for slot in paper),
        writers=0,
        applied={},
        answers={},
        flags={},
        is_pending_manual=False,
        revision=0,
    )
    session.add(attempt)
    session.flush()
    return attempt


def lock_attempt(session: Session, attempt_id: UUID) -> QuizAttempt:
    """The attempt, for writing; raises QuizMissing."""
    query = select(QuizAttempt).where(QuizAttempt.id == attempt_id)
    row = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if row is None:
        raise QuizMissing("There is no such attempt.")
    return row


def open_window(session: Session, attempt_id: UUID, now: datetime) -> QuizAttempt:
    """A window takes part from now on: `writers` is its number."""
    attempt = lock_attempt(session, attempt_id)
    attempt.writers += 1
    attempt.last_active_at = now
    session.flush()
    return attempt


def read_paper(session: Session, attempt: QuizAttempt) -> dict[int, tuple[Question, float]]:
    """{slot: (question as it was asked, points)}, in order."""
    found = questions.read_versions(session, [line[1] for line in attempt.paper])
    return {slot: (found[UUID(id_)][1], points) for slot, id_, points in attempt.paper}


def read_attempt_settings(session: Session, attempt: QuizAttempt) -> QuizSettings:
    """Those of the version it began with."""
    return read_settings(quizzes.get_version(session, attempt.quiz_version_id).settings)


def is_attempt_over(session: Session, attempt: QuizAttempt, now: datetime) -> bool:
    """Submitted, or beyond its time and the grace of the network."""
    if attempt.state != "running":
        return True
    if attempt.due_at is None or now <= attempt.due_at:
        return False
    return is_over(attempt.due_at, read_attempt_settings(session, attempt).grace_seconds, now)


def list_expired(session: Session, now: datetime, limit: int = 200) -> list[UUID]:
    """Running attempts whose time was over some while ago, whatever their grace: its longest."""
    query = (
        select(QuizAttempt.id)
        .join(QuizVersion, QuizVersion.id == QuizAttempt.quiz_version_id)
        .where(
            QuizAttempt.state == "running",
            QuizAttempt.due_at.is_not(None),
            QuizAttempt.due_at
            + func.make_interval(
                0, 0, 0, 0, 0, 0, QuizVersion.settings["grace_seconds"].as_integer()
            )
            < now,
        )
        .order_by(QuizAttempt.due_at)
        .limit(limit)
    )
    return list(session.scalars(query))


def extend_running(session: Session, quiz_id: UUID, user_id: UUID) -> None:
    """Give a running attempt the time that an accommodation just allowed."""
    _extend(session, QuizAttempt.quiz_id == quiz_id, QuizAttempt.user_id == user_id)


def extend_in_course(session: Session, enrolment_id: UUID) -> None:
    """Give running attempts of a course the days that its learner was just allowed."""
    _extend(session, QuizAttempt.context_key.startswith(f"unit:{enrolment_id}:"))


def _extend(session: Session, *which: ColumnElement[bool]) -> None:
    query = select(QuizAttempt).where(QuizAttempt.state == "running", *which)
    for attempt in session.scalars(query.with_for_update()):
        settings = read_attempt_settings(session, attempt)
        granted = find_granted(session, attempt.quiz_id, attempt.user_id, attempt.context_key)
        attempt.due_at = find_due(settings, attempt.started_at, granted)
    session.flush()
