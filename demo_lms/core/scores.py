"""Scores, AGS 2.0 section 3.4, by the rules of the product that is played."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from demo_lms.core.course import Person
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.line_items import number
from demo_lms.core.personality import Refusal, Scores

REQUIRED = ("userId", "timestamp", "activityProgress", "gradingProgress")

ACTIVITY_PROGRESS = ("Initialized", "Started", "InProgress", "Submitted", "Completed")
GRADING_PROGRESS = ("FullyGraded", "Pending", "PendingManual", "Failed", "NotReady")
CANVAS_SUBMISSION = "https://canvas.instructure.com/lti/submission"
"""Canvas's extension of a score: new_submission, submission_type, prioritize_non_tool_grade,
preserve_score, submitted_at. CANVAS-25 to CANVAS-29"""

_TIMESTAMP = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})[T ]"
    r"(?P<time>\d{2}:\d{2}(?::\d{2})?|\d{4}(?:\d{2})?)"
    r"(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True)
class Score:
    """A well-formed score."""

    user_id: str
    given: float | None
    """None: no score comes with it, or none that counts."""
    maximum: float | None
    comment: str | None
    timestamp: datetime
    activity_progress: str
    grading_progress: str
    keeps: bool = False
    """The present grade stays because this score brings none that counts."""
    extension: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Grade:
    """What the gradebook keeps: points on the item's own maximum."""

    final: float  # between 0 and the maximum
    raw: float  # as sent, may lie outside


def parse_score(body: object, rules: Scores) -> Score:
    """Read a score; raises ServiceRefused naming the field."""
    if not isinstance(body, dict):
        raise _incorrect("not a JSON object")
    for name in REQUIRED:
        if body.get(name) in (None, ""):
            raise _incorrect(f"{name} is missing")
    if rules.known_progress_only:
        _check_progress(body)
    given = _number_of(body, "scoreGiven")
    maximum = _number_of(body, "scoreMaximum")
    if given is not None and maximum is None:
        raise _refused(rules.no_maximum)
    if maximum is not None and maximum < 0:
        raise _incorrect("scoreMaximum is below zero")
    counts = body["gradingProgress"] in rules.counting and given is not None
    extension = body.get(CANVAS_SUBMISSION)
    extension = extension if isinstance(extension, dict) else {}
    comment = body.get("comment")
    return Score(
        user_id=str(body["userId"]),
        given=given if counts else None,
        maximum=maximum,
        comment=comment if isinstance(comment, str) else None,
        timestamp=parse_timestamp(body["timestamp"]),
        activity_progress=str(body["activityProgress"]),
        grading_progress=str(body["gradingProgress"]),
        keeps=not counts and (not rules.erases or extension.get("preserve_score") is True),
        extension=extension,
    )


def _check_progress(body: Mapping[str, Any]) -> None:
    known = {"activityProgress": ACTIVITY_PROGRESS, "gradingProgress": GRADING_PROGRESS}
    for name, words in known.items():
        if body[name] not in words:
            raise _incorrect(f"{name} must be one of {', '.join(words)}")


def parse_timestamp(value: object) -> datetime:
    """ISO 8601 as Moodle reads it: naive is UTC; epoch numbers and lower-case t/z are refused."""
    match = _TIMESTAMP.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise _incorrect("timestamp is not ISO 8601")
    fraction = (match["fraction"] or "0")[:6].ljust(6, "0")
    time = match["time"].replace(":", "").ljust(6, "0")
    zone = (match["zone"] or "Z").replace("Z", "+0000").replace(":", "")
    date = match["date"].replace("-", "")
    try:
        moment = datetime.strptime(f"{date}{time}.{fraction}{zone}", "%Y%m%d%H%M%S.%f%z")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _incorrect("timestamp is not a date") from error


def check_gradable(person: Person | None, rules: Scores) -> None:
    """Only the course's students have grades; raises ServiceRefused. MOODLE-5, CANVAS-22, D2L-7"""
    if person is None or person.is_teacher or person.status != "Active":
        raise _refused(rules.not_gradable)


def check_later(score: Score, stored: str | None, rules: Scores) -> None:
    """The timestamp must be later than the stored one. MOODLE-6, CANVAS-21

    `stored` is the ISO text of the last accepted score. Raises ServiceRefused.
    """
    if stored is None:
        return
    moments = score.timestamp, datetime.fromisoformat(stored)
    new, old = (int(m.timestamp()) if rules.whole_seconds else m.timestamp() for m in moments)
    if new <= old:
        raise _refused(rules.older)


def check_submitted(score: Score, now: datetime) -> None:
    """Canvas refuses work that was handed in after now. CANVAS-24"""
    submitted = score.extension.get("submitted_at")
    if submitted and parse_timestamp(submitted) > now + timedelta(minutes=1):
        raise _incorrect("submitted_at is in the future")


def grade_of(score: Score, item_maximum: float, *, clamps: bool) -> Grade | None:
    """The grade on the item's maximum; None: no grade. A scoreMaximum of 0 counts as points.

    Raises ServiceRefused(400) when the ratio is no number.
    """
    if score.given is None:
        return None
    raw = score.given
    if score.maximum:
        raw = score.given / score.maximum * item_maximum
    if not math.isfinite(raw):
        raise _incorrect("scoreGiven is too large for scoreMaximum")
    final = min(max(raw, 0.0), item_maximum) if clamps else raw
    return Grade(final=round(final, 5), raw=round(raw, 5))


def show_result(
    item_url: str, results_url: str, item: Mapping[str, Any], user_id: str, cell: Mapping[str, Any]
) -> dict[str, Any]:
    """One result, AGS 2.0 section 3.3, of a cell that has a grade."""
    separator = "&" if "?" in results_url else "?"
    return {
        "id": f"{results_url}{separator}user_id={user_id}",
        "userId": user_id,
        "resultScore": cell["score"],
        "resultMaximum": item["scoreMaximum"],
        "scoreOf": item_url,
        "timestamp": cell["timestamp"],
    }


def _number_of(body: Mapping[str, Any], name: str) -> float | None:
    if body.get(name) is None:
        return None
    found = number(body[name])
    if found is None:
        raise _incorrect(f"{name} is not a number")
    return found


def _incorrect(why: str) -> ServiceRefused:
    return ServiceRefused(400, f"Incorrect score received: {why}")


def _refused(refusal: Refusal) -> ServiceRefused:
    return ServiceRefused(*refusal)
