"""What services of quizzes refuse, and what is wrong with settings, in the visitor's language."""

from flask_babel import lazy_gettext as _l

from content.core.quiz.errors import QuizDraftChanged, QuizInvalid
from content.core.quiz.settings import SettingsInvalid

TEXTS = {
    "A regrade of this quiz is under way. Wait until it is done.": _l(
        "A regrade of this quiz is under way. Wait until it is done."
    ),
    "A draw has 1 to %(most)s questions.": _l("A draw has 1 to %(most)s questions."),
    "A question stands in this quiz twice.": _l("A question stands in this quiz twice."),
    "A quiz needs a title.": _l("A quiz needs a title."),
    "An item is a question, or a draw from a bank.": _l(
        "An item is a question, or a draw from a bank."
    ),
    "Choose a level of each criterion.": _l("Choose a level of each criterion."),
    "Enter points, or choose levels of the rubric.": _l(
        "Enter points, or choose levels of the rubric."
    ),
    "Extra attempts are 0 to 100.": _l("Extra attempts are 0 to 100."),
    "Extra time is at most 1000 percent and 1440 minutes.": _l(
        "Extra time is at most 1000 percent and 1440 minutes."
    ),
    "No question of this quiz gives a point.": _l("No question of this quiz gives a point."),
    "Points are 0 to %(most)s.": _l("Points are 0 to %(most)s."),
    "Points are 0 to 10,000.": _l("Points are 0 to 10,000."),
    "Publish the quiz first: a regrade takes the keys of its newest version.": _l(
        "Publish the quiz first: a regrade takes the keys of its newest version."
    ),
    "Say why: learners may ask, and the audit keeps it.": _l(
        "Say why: learners may ask, and the audit keeps it."
    ),
    "Somebody saved this quiz meanwhile. Look again, then save anew.": _l(
        "Somebody saved this quiz meanwhile. Look again, then save anew."
    ),
    "Something changed since the rehearsal. Look at it again.": _l(
        "Something changed since the rehearsal. Look at it again."
    ),
    "There is no question in this quiz yet.": _l("There is no question in this quiz yet."),
    "There is no such level.": _l("There is no such level."),
    "This question belongs to another quiz.": _l("This question belongs to another quiz."),
    "%(count)s questions are to be drawn from “%(bank)s”, which has %(found)s.": _l(
        "%(count)s questions are to be drawn from “%(bank)s”, which has %(found)s."
    ),
}
"""By the message of the service."""
SETTINGS = {
    "time_limit_minutes": _l("Time limit in minutes"),
    "grace_seconds": _l("Grace for the network, in seconds"),
    "attempts_allowed": _l("Attempts"),
    "passing_percent": _l("Passed from, in percent"),
    "opens_at": _l("Opens (UTC)"),
    "closes_at": _l("Closes (UTC)"),
    "counting": _l("Which attempt counts"),
    "show_results": _l("Learners see their results"),
    "layout": _l("Questions on the page"),
}
PROBLEMS = {
    "unknown": _l("is nothing that can be chosen"),
    "out_of_range": _l("is a whole number in this range:"),
    "not_a_moment": _l("is no date and time"),
    "before_opening": _l("is before the quiz opens"),
    "needed_for_results_after_it": _l("is needed, if results are shown afterwards"),
}


def say_refused(refused: QuizInvalid | QuizDraftChanged | SettingsInvalid) -> str:
    """Why nothing was saved."""
    if isinstance(refused, SettingsInvalid):
        return " ".join(
            f"{SETTINGS.get(one.place, one.place)}: "
            f"{PROBLEMS.get(one.code, one.code.replace('_', ' '))} {one.detail}".strip()
            + "."
            for one in refused.problems
        )
    text = str(TEXTS.get(refused.message, refused.message))
    return text % refused.values if refused.values else text
