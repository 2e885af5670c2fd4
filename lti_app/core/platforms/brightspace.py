"""Brightspace (D2L): D2L-1 to D2L-10."""

from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.family import Family


def _read_answer(answer: Answer) -> tuple[Verdict, str] | None:
    said = answer.excerpt.lower()
    if answer.status in (400, 403, 422) and "exceed" in said:  # D2L-8
        return Verdict.REFUSED, "above_maximum"
    return None


BRIGHTSPACE = Family(
    code="brightspace",
    label="Brightspace",
    statuses={
        # The role lacks "Can be graded in Grades" (D2L-7).
        400: (Verdict.REFUSED, "not_gradable"),
        403: (Verdict.REFUSED, "not_gradable"),
        422: (Verdict.REFUSED, "not_gradable"),
    },
    read_answer=_read_answer,
    lanes=2,
    hosts=("auth.brightspace.com", "*.brightspace.com"),
)
