"""Scores, AGS 2.0 section 3.4, by the rules measured on Moodle 4.5 (MOODLE 6)."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from demo_lms.core.course import find_person_by_user_id
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.line_items import line_item_url, number

REQUIRED = ("userId", "timestamp", "activityProgress", "gradingProgress")

_TIMESTAMP = re.compile(
    r"(?P<date>\d{4}-\d{2}-\d{2}|\d{8})[T ]"
    r"(?P<time>\d{2}:\d{2}(?::\d{2})?|\d{4}(?:\d{2})?)"
    r"(?:\.(?P<fraction>\d{1,9}))?"
    r"(?P<zone>Z|[+-]\d{2}:?\d{2})?"
)


@dataclass(frozen=True)
class Score:
    """A well-formed score. `given` is None when the grade is to be erased."""

    user_id: str
    given: float | None
    maximum: float | None
    comment: str
    timestamp: datetime
    activity_progress: str
    grading_progress: str


@dataclass(frozen=True)
class Grade:
    """What the gradebook keeps: points on the item's own maximum."""

    final: float  # between 0 and the maximum
    raw: float  # as sent, may lie outside


def parse_score(body: object) -> Score:
    """Read a score; raises ServiceRefused(400) naming the field."""
    if not isinstance(body, dict):
        raise _incorrect("not a JSON object")
    for name in REQUIRED:
        if body.get(name) in (None, ""):
            raise _incorrect(f"{name} is missing")
    given = _number_of(body, "scoreGiven")
    maximum = _number_of(body, "scoreMaximum")
    if given is not None and maximum is None:
        raise _incorrect("scoreMaximum is missing")
    if maximum is not None and maximum < 0:
        raise _incorrect("scoreMaximum is below zero")
    final = body["gradingProgress"] == "FullyGraded"
    comment = body.get("comment")
    return Score(
        user_id=str(body["userId"]),
        given=given if final else None,
        maximum=maximum,
        comment=comment if isinstance(comment, str) else "",
        timestamp=parse_timestamp(body["timestamp"]),
        activity_progress=str(body["activityProgress"]),
        grading_progress=str(body["gradingProgress"]),
    )


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


def check_gradable(score: Score) -> None:
    """Only the course's students have grades; raises ServiceRefused(400). MOODLE-5"""
    person = find_person_by_user_id(score.user_id)
    if person is None or person.is_teacher:
        raise _incorrect("the user cannot be graded in this course")


def check_later(score: Score, stored: str | None) -> None:
    """The timestamp must be later than the stored one in whole seconds. MOODLE-6

    `stored` is the ISO text of the last accepted score. Raises ServiceRefused(409).
    """
    if stored is None:
        return
    if int(score.timestamp.timestamp()) <= int(datetime.fromisoformat(stored).timestamp()):
        raise ServiceRefused(409, "Refusing score with an earlier timestamp")


def grade_of(score: Score, item_maximum: float) -> Grade | None:
    """The grade on the item's maximum; None erases. A scoreMaximum of 0 counts as points.

    Raises ServiceRefused(400) when the ratio is no number.
    """
    if score.given is None:
        return None
    raw = score.given
    if score.maximum:
        raw = score.given / score.maximum * item_maximum
    if not math.isfinite(raw):
        raise _incorrect("scoreGiven is too large for scoreMaximum")
    return Grade(final=round(min(max(raw, 0.0), item_maximum), 5), raw=round(raw, 5))


def show_result(
    issuer: str, item: Mapping[str, Any], user_id: str, cell: Mapping[str, Any]
) -> dict[str, Any]:
    """One result, AGS 2.0 section 3.3, of a cell that has a grade."""
    result = {
        "id": f"{line_item_url(issuer, item['id'], '/results')}&user_id={user_id}",
        "userId": user_id,
        "resultScore": cell["score"],
        "resultMaximum": item["scoreMaximum"],
        "scoreOf": line_item_url(issuer, item["id"]),
        "timestamp": cell["timestamp"],
    }
    return result | ({"comment": cell["comment"]} if cell["comment"] else {})


def _number_of(body: Mapping[str, Any], name: str) -> float | None:
    if body.get(name) is None:
        return None
    found = number(body[name])
    if found is None:
        raise _incorrect(f"{name} is not a number")
    return found


def _incorrect(why: str) -> ServiceRefused:
    return ServiceRefused(400, f"Incorrect score received: {why}")
