"""What is wrong with a draft, in sentences, each with the way to its place."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from content.core.course import Course
from content.core.course_check import Problem

SENTENCES = {
    "no_title": _l("The course has no title."),
    "no_modules": _l("The course has no content yet."),
    "no_units": _l("The course has no units yet."),
    "module_empty": _l("This module is empty."),
    "unit_without_title": _l("This unit has no title."),
    "module_without_title": _l("This module has no title."),
    "package_missing": _l("No package is chosen."),
    "quiz_missing": _l("No quiz is chosen."),
    "url_missing": _l("The address is missing."),
    "lesson_empty": _l("The lesson is empty."),
    "video_missing": _l("It is complete when its video is watched, and there is no video."),
    "minutes_missing": _l("It is complete after a time, and no time is set."),
    "percent_missing": _l("It is complete when %(share)s of the video are watched.", share="90 %"),
    "score_missing": _l("It is complete from a score on, and no score is set."),
    "count_too_high": _l("The number of units that complete the course fits not their number."),
    "nothing_required": _l("No unit is required, so nobody could tell when it is finished."),
    "nothing_scored": _l("A passing score is asked for, and no unit has a score."),
    "due_before_open": _l("It is due before it opens."),
}


@dataclass(frozen=True)
class Described:
    """A problem for people."""

    message: str
    where: str
    """Title of the module or unit; "" for the course."""
    unit_id: object
    """Of the module or unit; None for the course."""
    is_error: bool


def describe(problem: Problem, draft: Course) -> Described:
    """The problem as a sentence, and the module or unit that it is about."""
    module, unit = _find(problem.place, draft)
    part = unit or module
    return Described(
        message=str(SENTENCES.get(problem.code, problem.message)),
        where=(part.title or _("Without a title")) if part else "",
        unit_id=part.id if part else None,
        is_error=problem.is_error,
    )


def _find(place: str, draft: Course):  # type: ignore[no-untyped-def]  # (Module, Unit) or None each
    parts = place.split(".")
    if len(parts) < 2 or parts[0] != "modules" or not parts[1].isdigit():
        return None, None
    module = draft.modules[int(parts[1])]
    if len(parts) > 3 and parts[2] == "units" and parts[3].isdigit():
        return module, module.units[int(parts[3])]
    return module, None
