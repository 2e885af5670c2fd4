"""The gradebook: one cell per line item and student, and the history of every accepted score."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from demo_lms.core.course import COURSE, STUDENTS, find_person_by_user_id
from demo_lms.core.scores import Score, check_gradable, check_later, grade_of, show_result
from demo_lms.state.line_items import get_line_item
from demo_lms.state.store import State

Cell = dict[str, Any]


def record_score(
    state: State, item_id: str, score: Score, sent: dict[str, Any], now: datetime
) -> None:
    """Put a score into its cell and into the history; raises ServiceRefused 400, 404 or 409."""
    item = get_line_item(state, item_id)
    check_gradable(score)
    column = state["grades"].setdefault(item_id, {})
    check_later(score, column.get(score.user_id, {}).get("timestamp"))
    grade = grade_of(score, item["scoreMaximum"])
    column[score.user_id] = {
        "score": grade.final if grade else None,
        "raw": grade.raw if grade else None,
        "comment": score.comment if grade else "",
        "timestamp": score.timestamp.astimezone(UTC).isoformat(timespec="seconds"),
        "received_at": now.isoformat(timespec="milliseconds"),
        "activity_progress": score.activity_progress,
        "grading_progress": score.grading_progress,
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


def results_of(state: State, issuer: str, item_id: str, user_id: str | None) -> list[Any]:
    """The results of a line item; students without a grade are left out, a zero is reported."""
    item = get_line_item(state, item_id)
    return [
        show_result(issuer, item, user, cell)
        for user, cell in state["grades"].get(item_id, {}).items()
        if cell["score"] is not None and user_id in (None, user)
    ]


def find_cell(state: State, item_id: str, user_id: str) -> Cell | None:
    """A copy of the cell, or None when no score has arrived for it."""
    cell = state["grades"].get(item_id, {}).get(user_id)
    return dict(cell) if cell else None


def show_gradebook(state: State, only_user_id: str | None = None) -> dict[str, Any]:
    """The gradebook as JSON; with `only_user_id` what this student may see."""
    students = [person for person in STUDENTS if only_user_id in (None, person.user_id)]
    seen = {person.user_id for person in students}
    return {
        "revision": state["revision"],
        "course": {"id": COURSE.number, "title": COURSE.title},
        "line_items": [
            {
                "id": item["id"],
                "label": item["label"],
                "score_maximum": item["scoreMaximum"],
                "activity": item.get("resourceLinkId"),
                "resource_id": item.get("resourceId"),
                "tag": item.get("tag"),
            }
            for item in state["line_items"]
        ],
        "students": [
            {"user": person.key, "user_id": person.user_id, "name": person.name}
            for person in students
        ],
        "grades": _show_grades(state, seen),
        "history": [
            {**entry, "user": _key_of(entry["user_id"])}
            for entry in state["history"]
            if entry["user_id"] in seen
        ],
    }


def _show_grades(state: State, seen: set[str]) -> list[dict[str, Any]]:
    return [
        {
            "user": _key_of(user_id),
            "user_id": user_id,
            "line_item": item["id"],
            "activity": item.get("resourceLinkId"),
            "score_maximum": item["scoreMaximum"],
            **cell,
        }
        for item in state["line_items"]
        for user_id, cell in state["grades"].get(item["id"], {}).items()
        if user_id in seen
    ]


def _key_of(user_id: str) -> str | None:
    person = find_person_by_user_id(user_id)
    return person.key if person else None
