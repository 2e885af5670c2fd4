"""One score as it goes over the wire.

Source: AGS 2.0 section 3.4 (Score publish service); LTI-AGS-8, LTI-AGS-10, LTI-SP-5, LTI-SP-6.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lti_app.core.ags import write_timestamp


@dataclass(frozen=True)
class ScoreFacts:
    """All that is known when a score is sent; families choose what of it they want."""

    subject: str
    """The platform's id of the person."""
    score_given: float | None
    """On the scale of `score_maximum`; None: a person has to mark it first."""
    score_maximum: float
    timestamp: datetime
    comment: str = ""
    is_pending_manual: bool = False
    is_new_attempt: bool = False
    """The first score of this attempt."""
    submitted_at: datetime | None = None
    review_url: str | None = None
    """Where a teacher may look at the attempt."""
    is_overwriting: bool = False
    """Replaces a grade that somebody gave at the platform."""


def build_score(facts: ScoreFacts, extension: Mapping[str, Any]) -> dict[str, Any]:
    """The body of a score; `scoreMaximum` always goes with `scoreGiven` (LTI-AGS-10)."""
    body: dict[str, Any] = {
        "userId": facts.subject,
        "timestamp": write_timestamp(facts.timestamp),
        "activityProgress": "Submitted" if facts.is_pending_manual else "Completed",
        "gradingProgress": "PendingManual" if facts.is_pending_manual else "FullyGraded",
        "comment": facts.comment,
    }
    if facts.score_given is not None:
        body["scoreGiven"] = facts.score_given
        body["scoreMaximum"] = facts.score_maximum
    return {**body, **extension}
