"""What keeps a draft from being published, and what its author may want to know."""

from dataclasses import dataclass
from typing import Literal

from content.core.course import Course, Unit

ProblemCode = Literal[
    "no_title", "no_modules", "no_units", "module_empty", "unit_without_title",
    "module_without_title", "package_missing", "quiz_missing", "url_missing", "lesson_empty",
    "video_missing", "minutes_missing", "percent_missing", "score_missing", "count_too_high",
    "nothing_required", "nothing_scored", "due_before_open",
]  # fmt: skip


@dataclass(frozen=True)
class Problem:
    """One thing about a draft; pages make a sentence of the code, `message` is in English."""

    code: ProblemCode
    place: str
    """As in CourseInvalid: "modules.0.units.2.url"."""
    message: str
    is_error: bool
    subject: str = ""
    """Title of the module or unit concerned."""


def find_problems(course: Course) -> list[Problem]:
    """Errors first; a course without any can be published."""
    found = [*_of_course(course)]
    for m, module in enumerate(course.modules):
        place = f"modules.{m}"
        if not module.title.strip():
            found.append(_error("module_without_title", f"{place}.title", "a title is missing"))
        if not module.units:
            found.append(_warning("module_empty", place, "this module is empty", module.title))
        for u, unit in enumerate(module.units):
            found.extend(_of_unit(unit, f"{place}.units.{u}"))
    return sorted(found, key=lambda problem: not problem.is_error)


def _of_course(course: Course) -> list[Problem]:
    found, units = [], list(course.units())
    if not course.title.strip():
        found.append(_error("no_title", "title", "the course has no title"))
    if not course.modules:
        found.append(_error("no_modules", "modules", "the course has no content yet"))
    elif not units:
        found.append(_error("no_units", "modules", "the course has no units yet"))
    rule = course.rule
    if rule.rule == "count" and not 0 < rule.count <= len(units):
        found.append(
            _error("count_too_high", "completion.count", f"a number from 1 to {len(units)}, please")
        )
    if rule.rule == "all_required" and units and not any(one.is_required for one in units):
        found.append(_error("nothing_required", "completion", "no unit is required: nobody could "
                            "tell when the course is finished"))  # fmt: skip
    if rule.passing_score is not None and not any(one.has_score for one in units):
        found.append(
            _error("nothing_scored", "passing_score", "no unit has a score, so nobody can pass")
        )
    return found


def _of_unit(unit: Unit, place: str) -> list[Problem]:
    found = []
    if not unit.title.strip():
        found.append(_error("unit_without_title", f"{place}.title", "a title is missing"))
    if unit.kind == "package" and unit.package is None:
        found.append(_error("package_missing", f"{place}.package", "no package is chosen", unit))
    if unit.kind == "quiz" and unit.quiz is None:
        found.append(_error("quiz_missing", f"{place}.quiz", "no quiz is chosen", unit))
    if unit.kind == "link" and not unit.url:
        found.append(_error("url_missing", f"{place}.url", "an address is missing", unit))
    if unit.kind == "lesson" and not (unit.body.strip() or unit.video or unit.files):
        found.append(_warning("lesson_empty", f"{place}.body", "the lesson is empty", unit.title))
    return [*found, *_of_rule(unit, place)]


def _of_rule(unit: Unit, place: str) -> list[Problem]:
    rule, found = unit.completion, []
    at = f"{place}.completion"
    if rule.rule == "watched" and unit.video is None:
        found.append(_error("video_missing", at, "there is no video to watch", unit))
    if rule.rule == "watched" and rule.percent is None:
        found.append(_warning("percent_missing", at, "90 % are asked for", unit.title))
    if rule.rule == "time" and not rule.minutes:
        found.append(_error("minutes_missing", at, "how many minutes?", unit))
    if rule.rule == "score" and rule.score is None:
        found.append(_error("score_missing", at, "which score?", unit))
    if unit.due.at and unit.opens.at and unit.due.at <= unit.opens.at:
        found.append(_error("due_before_open", f"{place}.due", "due before it opens", unit))
    return found


def _error(code: ProblemCode, place: str, message: str, unit: Unit | None = None) -> Problem:
    return Problem(code, place, message, True, unit.title if unit else "")


def _warning(code: ProblemCode, place: str, message: str, subject: str) -> Problem:
    return Problem(code, place, message, False, subject)
