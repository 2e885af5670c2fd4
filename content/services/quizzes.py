"""Quizzes: drafted, published as versions that never change, archived; accommodations."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizDraftChanged, QuizInvalid, QuizMissing
from content.core.quiz.policy import NONE, Accommodation
from content.core.quiz.settings import read_settings, write_settings
from content.models.question import Question
from content.models.quiz import Quiz, QuizAccommodation, QuizVersion
from content.services import questions
from database.base import uuid7

MOST_DRAWN = 200


def create_quiz(
    session: Session, title: str, *, created_by: UUID | None, now: datetime, key: str = ""
) -> Quiz:
    """An empty draft. `key` is made from the title where none is given, and unique."""
    if not title.strip():
        raise QuizInvalid("A quiz needs a title.")
    row = Quiz(
        id=uuid7(),
        key=_free_key(session, key or title),
        title=title.strip()[:200],
        settings=write_settings(read_settings({})),
        items=[],
        revision=1,
        state="draft",
        created_by=created_by,
        updated_at=now,
    )
    session.add(row)
    session.flush()
    return row


def find_quiz(session: Session, quiz_id: UUID) -> Quiz | None:
    """A quiz of this tenant, in any state."""
    return session.get(Quiz, quiz_id)


def find_quiz_by_key(session: Session, key: str) -> Quiz | None:
    """The same by its key."""
    return session.scalar(select(Quiz).where(Quiz.key == key))


def get_quiz(session: Session, quiz_id: UUID) -> Quiz:
    """Raises QuizMissing."""
    row = session.get(Quiz, quiz_id)
    if row is None:
        raise QuizMissing("There is no such quiz.")
    return row


def list_quizzes(session: Session, text: str = "", *, archived: bool = False) -> list[Quiz]:
    """Quizzes by title; archived ones only where asked for."""
    state = Quiz.state == "archived" if archived else Quiz.state != "archived"
    query = select(Quiz).where(state).order_by(func.lower(Quiz.title), Quiz.id)
    for word in text.split():
        query = query.where(
            or_(*(c.icontains(word, autoescape=True) for c in (Quiz.title, Quiz.key)))
        )
    return list(session.scalars(query))


def change_quiz(
    session: Session,
    quiz: Quiz,
    revision: int,
    now: datetime,
    *,
    title: str | None = None,
    description: str | None = None,
    settings: Mapping[str, Any] | None = None,
    items: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Change the draft. Raises QuizDraftChanged when it is not at `revision`, SettingsInvalid or
    QuizInvalid; then nothing is changed."""
    session.refresh(quiz, with_for_update=True)
    if quiz.revision != revision:
        raise QuizDraftChanged("Somebody saved this quiz meanwhile. Look again, then save anew.")
    if title is not None and not title.strip():
        raise QuizInvalid("A quiz needs a title.")
    made = write_settings(read_settings(settings)) if settings is not None else quiz.settings
    listed = _check_items(session, quiz, items) if items is not None else quiz.items
    quiz.title = quiz.title if title is None else title.strip()[:200]
    quiz.description = quiz.description if description is None else description
    quiz.settings, quiz.items = made, listed
    quiz.revision, quiz.updated_at = quiz.revision + 1, now
    session.flush()


def publish_quiz(
    session: Session, quiz: Quiz, *, published_by: UUID | None, now: datetime
) -> QuizVersion:
    """Freeze the draft as the next version, which attempts that begin from now on get.

    Raises QuizInvalid where it cannot be taken: no questions, or a draw from too small a pool.
    """
    settings = read_settings(quiz.settings)
    items = [_freeze_item(session, item) for item in quiz.items]
    points = sum(item["points"] * item.get("count", 1) for item in items)
    if not items:
        raise QuizInvalid("There is no question in this quiz yet.")
    if points <= 0:
        raise QuizInvalid("No question of this quiz gives a point.")
    newest = select(func.max(QuizVersion.number)).where(QuizVersion.quiz_id == quiz.id)
    version = QuizVersion(
        id=uuid7(),
        quiz_id=quiz.id,
        number=(session.scalar(newest) or 0) + 1,
        title=quiz.title,
        description=quiz.description,
        settings=write_settings(settings),
        items=items,
        points=points,
        published_by=published_by,
    )
    session.add(version)
    session.flush()
    quiz.current_version_id, quiz.state, quiz.updated_at = version.id, "published", now
    session.flush()
    return version


def archive_quiz(session: Session, quiz: Quiz, *, archived: bool, now: datetime) -> None:
    """Take it out of use, or bring it back; what was taken stays."""
    back = "published" if quiz.current_version_id else "draft"
    quiz.state, quiz.updated_at = ("archived" if archived else back), now
    session.flush()


def list_in_catalogue(session: Session, quiz: Quiz, *, listed: bool) -> None:
    """Offer it by itself on the portal, or no longer; links to it work either way."""
    quiz.is_listed = listed
    session.flush()


def get_version(session: Session, version_id: UUID) -> QuizVersion:
    """Raises QuizMissing."""
    row = session.get(QuizVersion, version_id)
    if row is None:
        raise QuizMissing("There is no such version.")
    return row


def list_versions(session: Session, quiz_id: UUID) -> list[QuizVersion]:
    """Newest first."""
    query = select(QuizVersion).where(QuizVersion.quiz_id == quiz_id)
    return list(session.scalars(query.order_by(QuizVersion.number.desc())))


def find_accommodation(session: Session, quiz_id: UUID, user_id: UUID) -> Accommodation:
    """What the learner is allowed beyond the settings."""
    query = select(QuizAccommodation).where(
        QuizAccommodation.quiz_id == quiz_id, QuizAccommodation.user_id == user_id
    )
    row = session.scalar(query)
    if row is None:
        return NONE
    return Accommodation(
        row.extra_time_percent, row.extra_minutes, row.extra_attempts, row.closes_at
    )


def grant(
    session: Session,
    quiz_id: UUID,
    user_id: UUID,
    granted: Accommodation,
    *,
    reason: str,
    made_by: UUID | None,
) -> None:
    """Allow a learner more, in place of what was allowed before; nothing at all takes it back.
    A running attempt gets its time at once (`quiz_attempts.extend_running`)."""
    query = select(QuizAccommodation).where(
        QuizAccommodation.quiz_id == quiz_id, QuizAccommodation.user_id == user_id
    )
    row = session.scalar(query.with_for_update())
    if granted == NONE:
        if row is not None:
            session.delete(row)
        session.flush()
        return
    if not (0 <= granted.extra_time_percent <= 1000 and 0 <= granted.extra_minutes <= 1440):
        raise QuizInvalid("Extra time is at most 1000 percent and 1440 minutes.")
    if not 0 <= granted.extra_attempts <= 100:
        raise QuizInvalid("Extra attempts are 0 to 100.")
    if row is None:
        row = QuizAccommodation(quiz_id=quiz_id, user_id=user_id)
        session.add(row)
    row.extra_time_percent, row.extra_minutes = granted.extra_time_percent, granted.extra_minutes
    row.extra_attempts, row.closes_at = granted.extra_attempts, granted.closes_at
    row.reason, row.made_by = reason.strip(), made_by
    session.flush()


def list_accommodations(session: Session, quiz_id: UUID) -> list[QuizAccommodation]:
    """Of one quiz, oldest first."""
    query = select(QuizAccommodation).where(QuizAccommodation.quiz_id == quiz_id)
    return list(session.scalars(query.order_by(QuizAccommodation.id)))


def _free_key(session: Session, wanted: str) -> str:
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60] or "quiz"
    taken = set(session.scalars(select(Quiz.key).where(Quiz.key.startswith(base))))
    number, key = 1, base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key


def _check_items(
    session: Session, quiz: Quiz, items: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Items in the form that is kept; raises QuizInvalid."""
    made: list[dict[str, Any]] = []
    try:
        for item in items:
            points = None if item.get("points") is None else round(float(item["points"]), 4)
            if points is not None and not 0 <= points <= 10_000:
                raise QuizInvalid("Points are 0 to 10,000.")
            if "question" in item:
                row = questions.get_question(session, UUID(str(item["question"])))
                if row.quiz_id not in (None, quiz.id):
                    raise QuizInvalid("This question belongs to another quiz.")
                made.append({"question": str(row.id), "points": points})
                continue
            bank = questions.get_bank(session, UUID(str(item["bank"])))
            count = int(item.get("count", 1))
            if not 1 <= count <= MOST_DRAWN:
                raise QuizInvalid("A draw has 1 to %(most)s questions.", most=MOST_DRAWN)
            tags = [str(tag).strip().lower() for tag in item.get("tags", []) if str(tag).strip()]
            made.append(
                {"bank": str(bank.id), "tags": tags, "count": count, "points": points or 1.0}
            )
    except (TypeError, ValueError, KeyError) as wrong:
        if isinstance(wrong, QuizInvalid):
            raise
        raise QuizInvalid("An item is a question, or a draw from a bank.") from wrong
    asked = [item["question"] for item in made if "question" in item]
    if len(set(asked)) != len(asked):
        raise QuizInvalid("A question stands in this quiz twice.")
    return made


def _freeze_item(session: Session, item: Mapping[str, Any]) -> dict[str, Any]:
    if "question" in item:
        row = questions.get_question(session, UUID(item["question"]))
        version = questions.freeze_question(session, row)
        points = row.body["points"] if item["points"] is None else item["points"]
        return {"question": str(version.id), "points": float(points)}
    bank_id = UUID(item["bank"])
    found: list[Question] = questions.list_questions(session, bank_id=bank_id, tags=item["tags"])
    if len(found) < item["count"]:
        title = questions.get_bank(session, bank_id).title
        raise QuizInvalid(
            "%(count)s questions are to be drawn from “%(bank)s”, which has %(found)s.",
            count=item["count"],
            bank=title,
            found=len(found),
        )
    pool = [str(questions.freeze_question(session, row).id) for row in found]
    return {"pool": pool, "count": item["count"], "points": float(item["points"])}
