"""Moodle 4.5 as measured: moodle.md 5 and 6."""

from lti_app.core.ags import Verdict
from lti_app.core.platforms.family import Family

MOODLE = Family(
    code="moodle",
    label="Moodle",
    statuses={
        # "Incorrect score received": our own request is well-formed, so it is the person:
        # not enrolled, a teacher, an administrator (MOODLE-5).
        400: (Verdict.REFUSED, "not_gradable"),
        403: (Verdict.REFUSED, "forbidden"),
    },
)
