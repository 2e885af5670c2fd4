"""Canvas: its answers to scores, its submissions, its pace (CANVAS-18 to CANVAS-37)."""

from datetime import timedelta
from typing import Any

from lti_app.core.ags import Answer, Verdict, write_timestamp
from lti_app.core.platforms.family import Family
from lti_app.core.score import ScoreFacts

SUBMISSION = "https://canvas.instructure.com/lti/submission"
SUBMISSION_TYPE = "https://canvas.instructure.com/lti/submission_type"


def _read_answer(answer: Answer) -> tuple[Verdict, str] | None:
    said = answer.excerpt.lower()
    if answer.status == 403 and "rate limit" in said:  # CANVAS-36
        return Verdict.RETRY, "rate_limited"
    if answer.status == 400 and "timestamp" in said:  # CANVAS-21: its 409
        return Verdict.CONFLICT, "newer_score"
    if answer.status == 422 and "attempt" in said:  # CANVAS-23
        return Verdict.REFUSED, "no_attempts_left"
    if answer.status == 401 and "coupled" in said:  # CANVAS-33: no fault of the token
        return Verdict.REFUSED, "forbidden"
    return None


def _extend_score(facts: ScoreFacts) -> dict[str, Any]:
    """The submission: counted once per finished attempt (CANVAS-25), shown in SpeedGrader by our
    page (CANVAS-27), never above a person's grade unless that is meant (CANVAS-28)."""
    said: dict[str, Any] = {
        "new_submission": facts.is_new_attempt,
        "prioritize_non_tool_grade": not facts.is_overwriting,
    }
    if facts.is_pending_manual:
        said["preserve_score"] = True  # CANVAS-19, CANVAS-29
    if facts.review_url:
        said["submission_type"] = "basic_lti_launch"  # CANVAS-26
        said["submission_data"] = facts.review_url
    if facts.is_new_attempt and facts.submitted_at:
        # More than a minute ahead is refused (CANVAS-24), so it is never later than the score.
        moment = min(facts.submitted_at, facts.timestamp - timedelta(milliseconds=1))
        said["submitted_at"] = write_timestamp(moment)
    return {SUBMISSION: said}


def _extend_line_item(launch_url: str) -> dict[str, Any]:
    return {SUBMISSION_TYPE: {"type": "external_tool", "external_tool_url": launch_url}}


CANVAS = Family(
    code="canvas",
    label="Canvas",
    statuses={
        404: (Verdict.REFUSED, "line_item_gone"),
        412: (Verdict.REFUSED, "line_item_gone"),  # CANVAS-34
        422: (Verdict.REFUSED, "not_gradable"),  # CANVAS-20, CANVAS-22, CANVAS-37
    },
    read_answer=_read_answer,
    extend_score=_extend_score,
    extend_line_item=_extend_line_item,
    lanes=1,  # CANVAS-36
    creates_line_items=False,  # an assignment nobody asked for: teachers make it, and choose us
    binds_line_items=False,  # CANVAS-34: a link that has no assignment takes none from us (412)
    item_query={"include[]": "launch_url"},  # CANVAS-32
    roster_page=50,  # CANVAS-35
    hosts=("*.instructure.com", "*.canvaslms.com"),
    is_cloud=True,
)
