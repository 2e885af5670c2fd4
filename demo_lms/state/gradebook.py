"""The gradebook: one cell per line item and student, and the history of every accepted score."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from demo_lms.core.course import COURSE, STUDENTS, Person, find_member
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.personality import Scores
from demo_lms.core.scores import (
    Grade,
    Score,
    check_gradable,
    check_later,
    check_submitted,
    grade_of,
)
from demo_lms.state.line_items import get_line_item
from demo_lms.state.manner import present_manner
from demo_lms.state.store import State

Cell = dict[str, Any]

EMPTY: Cell = {
    "score": None,  # the final grade, as pages and results show it
    "raw": None,  # as the tool sent it
    "comment": "",
    "timestamp": None,  # of the last accepted score
    "received_at": None,
    "activity_progress": "",
    "grading_progress": "",
    "override": None,  # a grade that a teacher gave
    "locked": False,  # by a teacher: the tool's scores are refused
    "attempts": 0,  # submissions, as Canvas counts them. CANVAS-25
}


def record_score(
    state: State, item_id: str, score: Score, sent: dict[str, Any], now: datetime
) -> None:
    """Put a score into its cell and into the history; raises ServiceRefused."""
    manner = present_manner(state)
    rules = manner.personality.scores
    item = get_line_item(state, item_id)
    check_gradable(find_member(score.user_id, manner.members), rules)
    check_submitted(score, now)
    column = state["grades"].setdefault(item_id, {})
    old = EMPTY | column.get(score.user_id, {})
    if old["locked"]:
        raise ServiceRefused(*rules.locked)
    check_later(score, old["timestamp"], rules)
    grade = grade_of(score, item["scoreMaximum"], clamps=rules.clamps)
    precision = "seconds" if rules.whole_seconds else "microseconds"
    column[score.user_id] = {
        **_graded(old, score, grade, rules),
        "timestamp": score.timestamp.astimezone(UTC).isoformat(timespec=precision),
        "received_at": now.isoformat(timespec="milliseconds"),
        "activity_progress": score.activity_progress,
        "grading_progress": score.grading_progress,
        "attempts": old["attempts"] + (score.extension.get("new_submission", True) is not False),
    }
    state["history"].append(
        {
            "number": len(state["history"]) + 1,
            "received_at": now.isoformat(timespec="milliseconds"),
            "line_item": item_id,
            "user_id": score.user_id,
            "score": grade.final if grade else None,
            "sent": sent,
        }
    )
    state["revision"] += 1


def _graded(old: Cell, score: Score, grade: Grade | None, rules: Scores) -> Cell:
    """The cell with the score's grade, or the teacher's where that one stays."""
    kept = {**old, "comment": old["comment"] if score.comment is None else score.comment}
    if rules.wipes_comment:
        kept["comment"] = (score.comment or "") if grade else ""
    if not score.keeps:
        kept |= {"raw": grade.raw if grade else None, "score": grade.final if grade else None}
    if old["override"] is None:
        return kept
    asked = score.extension.get("prioritize_non_tool_grade") is True
    if rules.override == "stays" or (rules.override == "when_asked" and asked):
        return kept | {"score": old["override"]}
    return kept | {"override": None}


def override_grade(
    state: State, item_id: str, user_id: str, points: float | None, *, locked: bool
) -> None:
    """What a teacher does in the gradebook: a grade of her own (None takes it back), a lock.

    Raises ServiceRefused when there is no such column or student.
    """
    item = get_line_item(state, item_id)
    manner = present_manner(state)
    check_gradable(find_member(user_id, manner.members), manner.personality.scores)
    cell = EMPTY | state["grades"].setdefault(item["id"], {}).get(user_id, {})
    if points is not None:
        cell["score"] = points
    elif cell["override"] is not None:
        cell["score"] = cell["raw"]
    state["grades"][item["id"]][user_id] = cell | {"override": points, "locked": locked}
    state["revision"] += 1


def graded_cells(state: State, item_id: str, user_id: str | None) -> list[tuple[str, Cell]]:
    """(user id, cell) of everybody with a grade; a zero is one."""
    return [
        (user, EMPTY | cell)
        for user, cell in state["grades"].get(item_id, {}).items()
        if cell["score"] is not None and user_id in (None, user)
    ]


def find_cell(state: State, item_id: str | None, user_id: str) -> Cell | None:
    """A copy of the cell, or None when no score has arrived for it."""
    cell = state["grades"].get(item_id, {}).get(user_id)
    return EMPTY | cell if cell else None


def show_gradebook(
    state: State, only_user_id: str | None = None, course: str | None = None
) -> dict[str, Any]:
    """The gradebook as JSON; with `only_user_id` what this student may see, with `course` only
    this course's columns."""
    items = [item for item in state["line_items"] if course in (None, item["course"])]
    students = [p for p in _students(state, items) if only_user_id in (None, p.user_id)]
    keys = {person.user_id: person.key for person in students}
    labels = {item["id"] for item in items}
    return {
        "revision": state["revision"],
        "course": {"id": COURSE.number, "title": COURSE.title},
        "line_items": [_show_item(item) for item in items],
        "students": [
            {"user": person.key, "user_id": person.user_id, "name": person.name}
            for person in students
        ],
        "grades": _show_grades(state, items, keys),
        "history": [
            {**entry, "user": keys[entry["user_id"]]}
            for entry in state["history"]
            if entry["user_id"] in keys and (course is None or entry["line_item"] in labels)
        ],
    }


def _students(state: State, items: list[Any]) -> list[Person]:
    """Those who can sign in, and of the invented ones those with a grade."""
    members = present_manner(state).members
    graded = {user for item in items for user in state["grades"].get(item["id"], {})}
    others = graded - {person.user_id for person in STUDENTS}
    invented = (find_member(user_id, members) for user_id in sorted(others))
    return [*STUDENTS, *(person for person in invented if person is not None)]


def _show_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": item["id"],
        "course": item["course"],
        "label": item["label"],
        "score_maximum": item["scoreMaximum"],
        "activity": item.get("resourceLinkId"),
        "resource_id": item.get("resourceId"),
        "tag": item.get("tag"),
    }


def _show_grades(state: State, items: list[Any], keys: dict[str, str]) -> list[dict[str, Any]]:
    return [
        {
            "user": keys[user_id],
            "user_id": user_id,
            "line_item": item["id"],
            "activity": item.get("resourceLinkId"),
            "score_maximum": item["scoreMaximum"],
            **EMPTY,
            **cell,
        }
        for item in items
        for user_id, cell in state["grades"].get(item["id"], {}).items()
        if user_id in keys
    ]
