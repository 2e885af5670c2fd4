"""Questions and banks: kept, changed, found by tag, frozen into versions when published."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizMissing
from content.core.quiz.questions import Question as Asked
from content.core.quiz.reading import read_question
from content.core.quiz.writing import write_question
from content.models.question import Question, QuestionBank, QuestionVersion
from database.base import uuid7

TITLE_LENGTH = 120


def create_bank(
    session: Session, title: str, *, created_by: UUID | None, description: str = ""
) -> QuestionBank:
    """A new bank, empty."""
    row = QuestionBank(title=title.strip(), description=description, created_by=created_by)
    session.add(row)
    session.flush()
    return row


def get_bank(session: Session, bank_id: UUID) -> QuestionBank:
    """Raises QuizMissing."""
    row = session.get(QuestionBank, bank_id)
    if row is None:
        raise QuizMissing("There is no such question bank.")
    return row


def list_banks(session: Session) -> list[tuple[QuestionBank, int]]:
    """All banks by title, with the number of their questions."""
    count = func.count(Question.id)
    query = (
        select(QuestionBank, count)
        .outerjoin(Question, (Question.bank_id == QuestionBank.id) & Question.archived_at.is_(None))
        .group_by(QuestionBank.id)
        .order_by(func.lower(QuestionBank.title), QuestionBank.id)
    )
    return [(bank, many) for bank, many in session.execute(query)]


def add_question(
    session: Session,
    raw: Mapping[str, Any],
    *,
    bank_id: UUID | None = None,
    quiz_id: UUID | None = None,
) -> Question:
    """Keep a question in a bank or a quiz; raises QuestionInvalid."""
    asked = read_question(raw)
    row = Question(
        id=uuid7(),
        bank_id=bank_id,
        quiz_id=quiz_id,
        kind=asked.kind,
        title=_title(asked),
        tags=list(asked.tags),
        body=write_question(asked),
    )
    session.add(row)
    session.flush()
    return row


def change_question(session: Session, row: Question, raw: Mapping[str, Any]) -> None:
    """Replace what is asked; what was published before stays as it was. Raises QuestionInvalid."""
    asked = read_question(raw)
    row.kind, row.title, row.tags = asked.kind, _title(asked), list(asked.tags)
    row.body = write_question(asked)
    session.flush()


def archive_question(session: Session, row: Question, now: datetime) -> None:
    """Take it out of its bank or quiz; papers that have it keep it."""
    row.archived_at = now
    session.flush()


def get_question(session: Session, question_id: UUID) -> Question:
    """Raises QuizMissing."""
    row = session.get(Question, question_id)
    if row is None:
        raise QuizMissing("There is no such question.")
    return row


def list_questions(
    session: Session,
    *,
    bank_id: UUID | None = None,
    quiz_id: UUID | None = None,
    tags: Iterable[str] = (),
    text: str = "",
) -> list[Question]:
    """Questions that are not archived, oldest first; each of `tags` must be there."""
    query = select(Question).where(Question.archived_at.is_(None)).order_by(Question.id)
    if bank_id is not None:
        query = query.where(Question.bank_id == bank_id)
    if quiz_id is not None:
        query = query.where(Question.quiz_id == quiz_id)
    wanted = [tag.strip().lower() for tag in tags if tag.strip()]
    if wanted:
        query = query.where(Question.tags.contains(wanted))
    if text.strip():
        query = query.where(Question.title.icontains(text.strip(), autoescape=True))
    return list(session.scalars(query))


def freeze_question(session: Session, row: Question) -> QuestionVersion:
    """The version that is the question as it is now; made when it differs from the newest one."""
    newest = (
        session.get(QuestionVersion, row.current_version_id) if row.current_version_id else None
    )
    if newest is not None and newest.body == row.body:
        return newest
    number = newest.number + 1 if newest else 1
    version = QuestionVersion(id=uuid7(), question_id=row.id, number=number, body=row.body)
    session.add(version)
    session.flush()
    row.current_version_id = version.id
    return version


def read_versions(
    session: Session, version_ids: Sequence[UUID | str]
) -> dict[UUID, tuple[QuestionVersion, Asked]]:
    """{version id: (row, question)} of those that exist."""
    ids = {UUID(str(one)) for one in version_ids}
    rows = session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(ids)))
    return {row.id: (row, read_question(row.body)) for row in rows}


def _title(asked: Asked) -> str:
    text = asked.title or " ".join(asked.text.split())
    return text if len(text) <= TITLE_LENGTH else f"{text[: TITLE_LENGTH - 1]}…"
