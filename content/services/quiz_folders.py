"""Quizzes as YAML files of a course's folder: out of the draft, and into it again.

    title: …            description: Markdown       settings: what differs from the default
    questions:          questions as core/quiz/writing has them, `points_here` where the quiz counts
                        one otherwise than the question says; or a draw {bank, count, tags, points}
    banks:              {title: [question, …]} of the draws

Reading a file again that says what is there changes nothing. A question that only differs keeps its
row, and with it its statistics; versions that learners have are never changed.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizInvalid
from content.core.quiz.reading import read_question
from content.core.quiz.settings import QuizSettings, read_settings, write_settings
from content.core.quiz.writing import write_question, write_short
from content.models.question import Question, QuestionBank
from content.models.quiz import Quiz
from content.services import questions
from content.services.quizzes import (
    change_quiz,
    create_quiz,
    find_quiz_by_key,
    get_version,
    publish_quiz,
)


def write_quiz(session: Session, quiz: Quiz) -> dict[str, Any]:
    """The draft of a quiz as `sync_quiz` takes it."""
    usual = asdict(QuizSettings())
    told: dict[str, Any] = {"title": quiz.title}
    if quiz.description:
        told["description"] = quiz.description
    told["settings"] = {
        name: value for name, value in quiz.settings.items() if usual.get(name) != value
    }
    told["questions"], banks = [], {}
    for item in quiz.items:
        if "question" in item:
            row = questions.get_question(session, UUID(item["question"]))
            here = {} if item["points"] is None else {"points_here": item["points"]}
            told["questions"].append(write_short(read_question(row.body)) | here)
            continue
        bank = questions.get_bank(session, UUID(item["bank"]))
        told["questions"].append(item | {"bank": bank.title})
        banks[bank.title] = [
            write_short(read_question(row.body))
            for row in questions.list_questions(session, bank_id=bank.id)
        ]
    return told | ({"banks": banks} if banks else {})


def sync_quiz(
    session: Session,
    key: str,
    told: Mapping[str, Any],
    *,
    by: UUID | None,
    now: datetime,
    publish: bool = True,
) -> bool:
    """Make the quiz `key`, or make its draft what `told` says and publish that; a new one is always
    published, so that a unit can open it. Whether anything changed. Raises QuestionInvalid,
    SettingsInvalid, QuizInvalid."""
    quiz = find_quiz_by_key(session, key)
    is_new = quiz is None
    if quiz is None:
        quiz = create_quiz(session, str(told.get("title") or key), created_by=by, now=now, key=key)
        if quiz.key != key:
            raise QuizInvalid(
                "The file's name is the quiz's key: small letters, digits and single hyphens."
            )
    items, is_reworded = _sync_items(session, quiz, told, by)
    wanted: dict[str, Any] = {
        "title": str(told.get("title") or key).strip()[:200],
        "description": str(told.get("description") or "").rstrip("\n"),
        "settings": write_settings(read_settings(told.get("settings") or {})),
        "items": items,
    }
    before = list(quiz.items)
    changes = {name: value for name, value in wanted.items() if getattr(quiz, name) != value}
    if is_reworded:
        changes["items"] = items
    if changes:
        change_quiz(session, quiz, quiz.revision, now, **changes)
        _archive_unused(session, quiz, before, now)
    if (publish or is_new) and not is_published(session, quiz):
        publish_quiz(session, quiz, published_by=by, now=now)
        return True
    return bool(changes)


def is_published(session: Session, quiz: Quiz) -> bool:
    """Whether the draft is, word for word, what attempts that begin now get."""
    if quiz.current_version_id is None:
        return False
    version = get_version(session, quiz.current_version_id)
    if (version.title, version.description) != (quiz.title, quiz.description):
        return False
    if read_settings(version.settings) != read_settings(quiz.settings):
        return False
    return bool(version.items == [_as_frozen(session, item) for item in quiz.items])


def _as_frozen(session: Session, item: Mapping[str, Any]) -> dict[str, Any]:
    """The item as publishing would freeze it; with "" for questions that changed since."""
    if "question" in item:
        row = questions.get_question(session, UUID(item["question"]))
        points = row.body["points"] if item["points"] is None else item["points"]
        return {"question": _frozen_id(session, row), "points": float(points)}
    found = questions.list_questions(session, bank_id=UUID(item["bank"]), tags=item["tags"])
    pool = [_frozen_id(session, row) for row in found]
    return {"pool": pool, "count": item["count"], "points": float(item["points"])}


def _frozen_id(session: Session, row: Question) -> str:
    found = questions.read_versions(session, [row.current_version_id or row.id])
    newest = [str(id_) for id_, (version, _asked) in found.items() if version.body == row.body]
    return newest[0] if newest else ""


def _sync_items(
    session: Session, quiz: Quiz, told: Mapping[str, Any], by: UUID | None
) -> tuple[list[dict[str, Any]], bool]:
    """The items, and whether a question that was there says something else now."""
    listed = told.get("questions") or []
    if not isinstance(listed, list) or not all(isinstance(one, Mapping) for one in listed):
        raise QuizInvalid("“questions” is a list of questions.")
    rows = [
        questions.get_question(session, UUID(item["question"]))
        for item in quiz.items
        if "question" in item
    ]
    asked = [_plain(one) for one in listed if "bank" not in one]
    kept = iter(_match(asked, rows))
    banks, made, is_reworded = told.get("banks") or {}, [], False
    plain = iter(asked)
    for one in listed:
        if "bank" in one:
            bank = _ensure_bank(session, str(one["bank"]), banks, by)
            made.append(_draw(one, bank))
            continue
        row, raw = next(kept), next(plain)
        if row is None or (row.quiz_id is None and row.body != raw):
            row = questions.add_question(session, raw, quiz_id=quiz.id)
        elif row.body != raw:
            questions.change_question(session, row, raw)
            is_reworded = True
        here = one.get("points_here")
        made.append({"question": str(row.id), "points": None if here is None else float(here)})
    return made, is_reworded


def _archive_unused(
    session: Session, quiz: Quiz, before: Sequence[Mapping[str, Any]], now: datetime
) -> None:
    asked = {item.get("question") for item in quiz.items}
    for item in before:
        if "question" in item and item["question"] not in asked:
            row = questions.get_question(session, UUID(item["question"]))
            if row.quiz_id == quiz.id:
                questions.archive_question(session, row, now)


def _plain(raw: Mapping[str, Any]) -> dict[str, Any]:
    return write_question(read_question({k: v for k, v in raw.items() if k != "points_here"}))


def _match(asked: Sequence[dict[str, Any]], rows: Sequence[Question]) -> list[Question | None]:
    """For each question its row: the same; else one with the same words; else the next of its kind.
    So a mended key and a new wording are changes of a question, not another question."""
    made: list[Question | None] = [None] * len(asked)
    left = list(rows)
    for alike in _ALIKE:
        for at, raw in enumerate(asked):
            if made[at] is None:
                made[at] = next((row for row in left if alike(raw, row)), None)
                left = [row for row in left if row is not made[at]]
    return made


_ALIKE: tuple[Callable[[dict[str, Any], Question], bool], ...] = (
    lambda raw, row: row.body == raw,
    lambda raw, row: row.kind == raw["kind"] and row.body["text"] == raw["text"],
    lambda raw, row: row.kind == raw["kind"] and row.quiz_id is not None,
)


def _draw(told: Mapping[str, Any], bank: QuestionBank) -> dict[str, Any]:
    tags = told.get("tags") or []
    try:
        return {
            "bank": str(bank.id),
            "tags": [str(tag).strip().lower() for tag in tags],
            "count": int(told.get("count", 1)),
            "points": float(told.get("points") or 1),
        }
    except (TypeError, ValueError):
        raise QuizInvalid("A draw has a bank, a count, tags and points.") from None


def _ensure_bank(
    session: Session, title: str, banks: Mapping[str, Any], by: UUID | None
) -> QuestionBank:
    """The bank of that title as it is, as other quizzes draw from it, too; else a new one."""
    query = select(QuestionBank).where(QuestionBank.title == title.strip())
    found = session.scalars(query.order_by(QuestionBank.id)).first()
    if found is not None:
        return found
    if not isinstance(banks, Mapping) or not isinstance(banks.get(title), list):
        raise QuizInvalid(
            "There is no question bank “%(title)s”, and none in this file.", title=title
        )
    made = questions.create_bank(session, title, created_by=by)
    for raw in banks[title]:
        questions.add_question(session, raw if isinstance(raw, Mapping) else {}, bank_id=made.id)
    return made
