"""Results: what a platform's gradebook holds, beside what we sent.

Source: AGS 2.0 section 3.3 (result service); LTI-SP-9, MOODLE-12.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

_CLOSE = 0.005
"""Half a percent: platforms round to two decimals of their own scale."""


@dataclass(frozen=True)
class Result:
    """One person's grade as the platform has it."""

    subject: str
    score: float | None
    """In the platform's points; None: no grade."""
    maximum: float | None
    comment: str = ""


class Standing(Enum):
    """What a result says about the score that we sent last."""

    SAME = "same"
    OTHER = "changed_there"
    MISSING = "missing_there"


def read_results(body: Any) -> list[Result] | None:
    """The results of one page; None: this is no list of results."""
    if not isinstance(body, list):
        return None
    found = []
    for one in body:
        if not isinstance(one, Mapping) or not isinstance(one.get("userId"), (str, int)):
            continue
        found.append(
            Result(
                subject=str(one["userId"])[:255],
                score=_number(one.get("resultScore")),
                maximum=_number(one.get("resultMaximum")) or None,
                comment=str(one.get("comment") or "")[:1000],
            )
        )
    return found


def compare(sent: float, result: Result | None, maximum: float | None) -> Standing:
    """`sent` is 0..1; `maximum` is used where the result names none."""
    if result is None or result.score is None:
        return Standing.MISSING
    scale = result.maximum or maximum or 100.0
    tolerance = max(_CLOSE, 0.011 / scale)
    return Standing.SAME if abs(result.score / scale - sent) <= tolerance else Standing.OTHER


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        return None
    return float(value)
