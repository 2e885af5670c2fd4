"""Moodle 4.5 as measured: moodle.md 5, 6 and 7."""

from lti_app.core.ags import Answer, Verdict
from lti_app.core.platforms.family import Family


def _read_answer(answer: Answer) -> tuple[Verdict, str] | None:
    # A locked grade item is "500, body []" (moodle.md 6); our score would wait for two days.
    if answer.status == 500 and not answer.at_token and answer.body.strip() == "[]":
        return Verdict.UNKNOWN, "locked"
    return None


MOODLE = Family(
    code="moodle",
    label="Moodle",
    statuses={
        # "Incorrect score received": our own request is well-formed, so it is the person:
        # not enrolled, a teacher, an administrator (MOODLE-5).
        400: (Verdict.REFUSED, "not_gradable"),
        403: (Verdict.REFUSED, "forbidden"),
    },
    read_answer=_read_answer,
    takes_pending_manual=False,  # MOODLE-8: it would erase the grade and the feedback
    creates_line_items=False,  # MOODLE-11: a manual column nobody asked for
    pages_line_items=False,  # its Link header is unusable, and all come at once
)
