"""Why an attempt is not complete, or not passed: the situations that there are, in plain words.

Each has a sentence for everybody, with the values of its `Reason` in it, and what to do about it.
The texts are message ids: pages translate them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Reason:
    """One thing that is missing."""

    code: str
    """Of SITUATIONS."""
    item: str = ""
    """Title of the part it is about; "" for the whole."""
    values: Mapping[str, str | int] = field(default_factory=dict, hash=False)
    """What the sentence names beside the item."""


@dataclass(frozen=True)
class Situation:
    """What a reason means."""

    sentence: str
    advice: str
    """What to do; "" where there is nothing to do."""


def N_(text: str) -> str:  # noqa: N802  the name that gettext's tools know
    """Marks `text` as a message id; pages translate it."""
    return text


def _part(sentence: str, advice: str = "") -> Situation:
    return Situation(sentence, advice)


_GO_ON = N_("Open it, go on to its last page, and leave it by its own button where it has one.")
_ASK_AUTHOR = N_(
    "Whoever made the package has to change it, or change what counts in its settings."
)
_TRY_AGAIN = N_("Open it again and improve the result, or start again where that is offered.")

SITUATIONS: dict[str, Situation] = {
    # the whole attempt
    "set_aside": _part(
        N_("This attempt was set aside; a newer one counts."), N_("Look at the newest attempt.")
    ),
    "corrected_incomplete": _part(
        N_("A teacher has set this attempt to incomplete."),
        N_("Ask the teacher; the reason is noted."),
    ),
    "corrected_success": _part(
        N_("A teacher has decided on passed or failed."),
        N_("Ask the teacher; the reason is noted."),
    ),
    "not_opened": _part(N_("It has not been opened yet."), N_("Open it.")),
    "nothing_to_play": _part(N_("The package has no part that could be played."), _ASK_AUTHOR),
    # the package's own say in completion (package settings)
    "policy_not_visited": _part(
        N_("“%(item)s” has not been opened, and this package is complete once every part was."),
        N_("Open it."),
    ),
    "policy_no_score": _part(
        N_(
            "This package is complete with a score of %(needed)s or more, "
            "and no score was reported."
        ),
        N_("Work through the part with the questions to its end."),
    ),
    "policy_score_low": _part(
        N_("The score is %(score)s; this package is complete with %(needed)s or more."), _TRY_AGAIN
    ),
    "policy_not_left": _part(
        N_("This package is complete once it was left, and it has not been."),
        N_("Leave it by its own button or by the player's."),
    ),
    # one part
    "item_not_opened": _part(N_("“%(item)s” has not been opened."), N_("Open it.")),
    "item_running": _part(
        N_("“%(item)s” is open, or was closed a moment ago; it has not said that it is done."),
        _GO_ON,
    ),
    "item_suspended": _part(N_("“%(item)s” was left before its end."), N_("Open it and go on.")),
    "item_never_finished": _part(
        N_(
            "“%(item)s” was closed without ending itself (it never called Finish), "
            "and it never said how far the learner is."
        ),
        _GO_ON,
    ),
    "item_status_never_set": _part(
        N_("“%(item)s” has ended and never set a status; this package counts only what it says."),
        _ASK_AUTHOR,
    ),
    "item_says_incomplete": _part(N_("“%(item)s” says that it is incomplete."), _GO_ON),
    "item_only_browsed": _part(
        N_("“%(item)s” says that it was only browsed, which does not count."),
        N_("Open it again from the start."),
    ),
    "item_completion_unknown": _part(
        N_("“%(item)s” was opened and has not said whether it is complete."), _GO_ON
    ),
    "item_progress_low": _part(
        N_("“%(item)s” is done to %(score)s; it is complete at %(needed)s."), N_("Go on in it.")
    ),
    "item_progress_missing": _part(
        N_("“%(item)s” is complete at a progress of %(needed)s, and has reported none."), _GO_ON
    ),
    "item_disabled": _part(
        N_("“%(item)s” cannot be opened: a rule of the course disables it now."),
        N_("Finish what the course wants first; often that is the part before it."),
    ),
    "item_limit": _part(
        N_("“%(item)s” cannot be opened any more: its limit of attempts or time is reached."),
        N_("A teacher can let the learner start over."),
    ),
    "item_skipped": _part(
        N_("“%(item)s” counts, but a rule of the course skips it now."),
        N_("Choose it from the contents if they offer it, or ask the teacher."),
    ),
    "item_not_tracked": _part(
        N_("“%(item)s” is not tracked: nothing it does is recorded."), _ASK_AUTHOR
    ),
    "item_reads_shared": _part(
        N_("“%(item)s” takes its status from elsewhere (a shared objective), where it is not set."),
        N_("Finish the part, or the other course, that sets it."),
    ),
    # rules of a course
    "rule_any": _part(N_("In “%(item)s” one part has to be done; none is."), ""),
    "rule_count": _part(N_("In “%(item)s” %(needed)s parts have to be done; %(found)s are."), ""),
    "rule_percent": _part(
        N_("In “%(item)s” %(needed)s of the parts have to be done; %(found)s are."), ""
    ),
    "rule_none": _part(
        N_("“%(item)s” has a rule that wants certain parts not to be done, and they are."),
        N_("Ask whoever made the package."),
    ),
    "rule_missing": _part(N_("“%(item)s” has no rule by which it could be complete."), _ASK_AUTHOR),
    "rule_other": _part(
        N_("A rule of “%(item)s” is not met: %(conditions)s."), N_("Ask whoever made the package.")
    ),
    # passed or failed
    "score_below_mastery": _part(
        N_("“%(item)s” is passed with %(needed)s points or more; there are %(score)s."), _TRY_AGAIN
    ),
    "score_missing": _part(
        N_("“%(item)s” is passed with %(needed)s or more, and no score was reported."),
        N_("Work through its questions to the end."),
    ),
    "score_low": _part(
        N_("The score of “%(item)s” is %(score)s; it is passed with %(needed)s or more."),
        _TRY_AGAIN,
    ),
    "item_says_failed": _part(N_("“%(item)s” says that it was failed."), _TRY_AGAIN),
    "item_success_unknown": _part(
        N_("“%(item)s” has not said whether it was passed or failed."),
        N_("Where it has no test, completed is all there is to reach."),
    ),
    "waits_for_completion": _part(
        N_("It is passed once all of it is complete."), N_("See what is missing above.")
    ),
}
