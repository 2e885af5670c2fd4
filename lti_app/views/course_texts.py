"""What core/progress says, in sentences; names of kinds and levels."""

from collections.abc import Callable
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import format_datetime, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from content.core.rules import Reason

KINDS = {
    "lesson": _l("Lesson"),
    "package": _l("Interactive lesson"),
    "quiz": _l("Quiz"),
    "link": _l("Link"),
    "assignment": _l("Assignment"),
}
KIND_ICONS = {
    "lesson": "book",
    "package": "play-btn",
    "quiz": "patch-question",
    "link": "box-arrow-up-right",
    "assignment": "pencil-square",
}
DIFFICULTIES = {
    "": _l("Any level"),
    "beginner": _l("Beginner"),
    "intermediate": _l("Intermediate"),
    "advanced": _l("Advanced"),
}
STATUSES = {
    "requested": _l("Asked to take part"),
    "enrolled": _l("Not begun"),
    "in_progress": _l("In progress"),
    "completed": _l("Completed"),
    "dropped": _l("Left"),
}


def tell(reason: Reason) -> str:
    """One sentence, for the learner."""
    return _SENTENCES[reason.code](dict(reason.values))


def _percent(value: float) -> int:
    return round(100 * value)


def _time_missing(values: dict[str, Any]) -> str:
    minutes = max(1, -(-int(values["seconds"]) // 60))
    return ngettext(
        "Stay for about one more minute.", "Stay for about %(num)s more minutes.", minutes
    )


def _units_missing(values: dict[str, Any]) -> str:
    return _("Complete %(wanted)s units of your choice: %(done)s are done.", **values)


_SENTENCES: dict[str, Callable[[dict[str, Any]], str]] = {
    "not_viewed": lambda v: _("Open this unit."),
    "time_missing": _time_missing,
    "not_watched": lambda v: _(
        "Watch %(wanted)s %% of the video: you have seen %(watched)s %%.", **v
    ),
    "not_completed": lambda v: _("Work through it to its end."),
    "not_passed": lambda v: _("Pass it."),
    "score_missing": lambda v: _(
        "Reach %(wanted)s %%: there is no score yet.", wanted=_percent(v["wanted"])
    ),
    "score_low": lambda v: _(
        "Reach %(wanted)s %%: you have %(score)s %%.",
        wanted=_percent(v["wanted"]),
        score=_percent(v["score"]),
    ),
    "not_submitted": lambda v: _("Hand something in."),
    "not_graded": lambda v: _("Your teacher has still to grade it."),
    "waits_for_grading": lambda v: _("You have done your part: a teacher has still to grade it."),
    "opens_at": lambda v: _("It opens on %(when)s (UTC).", when=format_datetime(v["at"], "medium")),
    "opens_after": lambda v: _("First complete “%(unit)s”.", unit=v["unit"]),
    "unit_missing": lambda v: _("“%(unit)s” is not complete yet.", unit=v["unit"]),
    "units_missing": _units_missing,
    "course_score_missing": lambda v: _(
        "Reach %(wanted)s %% in the whole course: there is no score yet.",
        wanted=_percent(v["wanted"]),
    ),
    "course_score_low": lambda v: _(
        "Reach %(wanted)s %% in the whole course: you have %(score)s %%.",
        wanted=_percent(v["wanted"]),
        score=_percent(v["score"]),
    ),
    "pending_manual": lambda v: _("A teacher has still to grade something; then the score counts."),
    "never_completes": lambda v: _("This course is for looking things up: it has no end."),
}


def language_name(tag: str) -> str:
    """The language of a BCP 47 tag in its own name; the tag where it is not known."""
    try:
        return Locale.parse(tag, sep="-").get_display_name() or tag
    except (ValueError, UnknownLocaleError):
        return tag
