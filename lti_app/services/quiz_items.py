"""Quizzes as items that links open: their keys are `quiz:<quiz key>`."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, literal_column, or_, select, tuple_
from sqlalchemy.orm import Session

from content.models.quiz import Quiz, QuizVersion
from lti_app.core.item import After, Item, ItemVersion, Opened
from lti_app.services.items import ItemKind, register

QUIZ = "quiz"
_SORT: ColumnElement[str] = literal_column('lower(quiz.title) COLLATE "C"')


def find_quiz_item(session: Session, key: str) -> Item | None:
    """By "quiz:<key>"; None for drafts and archived ones."""
    query = select(Quiz, QuizVersion, _SORT).join(
        QuizVersion, QuizVersion.id == Quiz.current_version_id
    )
    query = query.where(Quiz.state == "published", Quiz.key == key.partition(":")[2])
    found = session.execute(query).one_or_none()
    return _item(*found) if found else None


def search_quizzes(session: Session, text: str, *, limit: int, after: After | None) -> list[Item]:
    """Published quizzes by title; see items.Searches."""
    query = (
        select(Quiz, QuizVersion, _SORT)
        .join(QuizVersion, QuizVersion.id == Quiz.current_version_id)
        .where(Quiz.state == "published")
    )
    for word in text.split():
        columns = (Quiz.title, Quiz.description, Quiz.key)
        query = query.where(or_(*(one.icontains(word, autoescape=True) for one in columns)))
    if after is not None:
        query = query.where(tuple_(_SORT, Quiz.id) > tuple_(after.sort_key, after.id))
    rows = session.execute(query.order_by(_SORT, Quiz.id).limit(limit))
    return [_item(*row) for row in rows]


def open_quiz(
    session: Session, item: Item, *, user_id: object, context_key: str, now: datetime
) -> Opened:
    """To its first page: an attempt begins there, when the learner says so."""
    return Opened(address_path=f"/quizzes/{item.id}")


def _item(quiz: Quiz, version: QuizVersion, sort_key: str) -> Item:
    return Item(
        kind=QUIZ,
        key=f"{QUIZ}:{quiz.key}",
        id=quiz.id,
        title=version.title,
        description=version.description,
        version_id=version.id,
        version_number=version.number,
        score_maximum=version.points,
        sort_key=sort_key,
    )


def _no_versions(_session: Session, _item: Item) -> Sequence[ItemVersion]:
    """An attempt gets the newest version, and keeps it: links pin none."""
    return ()


register(
    ItemKind(
        QUIZ,
        "Quiz",
        find=find_quiz_item,
        search=search_quizzes,
        open=open_quiz,
        list_versions=_no_versions,
    )
)
