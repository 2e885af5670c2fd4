"""Canvas: its answers to scores (CANVAS-20 to CANVAS-37)."""

from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.family import Family


def _read_answer(answer: Answer) -> tuple[Verdict, str] | None:
    said = answer.excerpt.lower()
    if answer.status == 403 and "rate limit" in said:  # CANVAS-36
        return Verdict.RETRY, "rate_limited"
    if answer.status == 400 and "timestamp" in said:  # CANVAS-21: its 409
        return Verdict.CONFLICT, "newer_score"
    return None


CANVAS = Family(
    code="canvas",
    label="Canvas",
    statuses={412: (Verdict.REFUSED, "line_item_gone")},
    read_answer=_read_answer,
)
