"""What the player says, translated: handed to its JavaScript as one object."""

from flask_babel import get_locale
from flask_babel import gettext as _

from scorm_runtime.core.situations import SITUATIONS


def page_language() -> dict[str, str]:
    """`lang` and `dir` of a page."""
    locale = get_locale()
    if locale is None:
        return {"lang": "en", "dir": "ltr"}
    return {"lang": str(locale).replace("_", "-"), "dir": locale.text_direction}


def player_texts() -> dict[str, str]:
    """Texts by the name under which `static/player/` uses them."""
    return {
        "saved": _("Saved"),
        "saving": _("Saving…"),
        "offline_kept": _("Offline: kept on this device"),
        "offline_memory": _("Offline: keep this window open"),
        "read_only": _("Read only"),
        "not_kept": _("Not everything could be kept: keep this window open"),
        "restored": _("Work from your last visit was restored"),
        "stale": _("Work done in another window meanwhile was set aside"),
        "contents": _("Contents"),
        "completed": _("Completed"),
        "incomplete": _("Begun"),
        "not attempted": _("Not begun"),
        "failed": _("Not passed"),
        "passed": _("Passed"),
        "fenced_title": _("Continued in another window"),
        "fenced_text": _(
            "You opened this activity again, in another window or on another device. "
            "This window shows where you were, but saves nothing any more."
        ),
        "take_over": _("Continue here instead"),
        "expired_title": _("This session has expired"),
        "expired_kept": _(
            "Your work is kept on this device. Open the activity again from your course, "
            "on this device, and it is delivered."
        ),
        "expired_memory": _(
            "Open the activity again from your course. Work that was not saved yet is lost "
            "when this window is closed."
        ),
        "failed_title": _("The activity could not be started"),
        "failed_text": _("There was no answer from the server. Check your connection."),
        "gone_title": _("This attempt is no longer here"),
        "gone_text": _("It was removed. Open the activity again from your course."),
        "retry": _("Try again"),
        "leave_title": _("Not everything is saved yet"),
        "leave_kept": _(
            "The server has not confirmed your last steps. They are kept on this device and "
            "delivered at your next visit."
        ),
        "leave_memory": _(
            "The server has not confirmed your last steps. If you leave now, they are lost."
        ),
        "leave": _("Leave anyway"),
        "stay": _("Stay"),
        "discard_part_title": _("Discard this part?"),
        "discard_visit_title": _("Discard this part and leave?"),
        "discard_text": _("What you did in the part that is open is lost. It cannot be undone."),
        "discard": _("Discard"),
        "keep": _("Keep it"),
        "finished": _("You have finished this activity. You can look around or return."),
        "finished_more": _("You have finished this part."),
        "return": _("Return"),
        "exit": _("Exit"),
        "next": _("Next"),
        "empty_text": _("This package lists no content. Tell the person who uploaded it."),
        "choose": _("Choose where to begin."),
        "not_possible": _("That is not possible at this point. Choose how to go on."),
        "progress": _("{done} of {all} done"),
        "arrived": _("{title} is open"),
        "score": _("Score {score} of 100"),
        "copied": _("Copied"),
        **_ending_texts(),
        **_missing_texts(),
        **_window_texts(),
        **_reasons(),
    }


def _ending_texts() -> dict[str, str]:
    return {
        "end_title": _("You have left the course"),
        "end_waiting_title": _("Your place is kept"),
        "end_resume": _("Go on where I was"),
        "end_open": _("Open it again"),
        "again": _("Start again"),
        "finished_before": _("You have finished this before. You can look around, or start again."),
    }


def _missing_texts() -> dict[str, str]:
    """Why an attempt is not complete, by code; its values are filled in by the page."""
    found = {"missing_more": _("And {count} more of the same kind.")}
    for code, situation in SITUATIONS.items():
        found[f"missing {code}"] = _(situation.sentence)
        if situation.advice:
            found[f"missing_do {code}"] = _(situation.advice)
    return found


def _window_texts() -> dict[str, str]:
    return {
        "window_offer": _("This part opens in a window of its own. Keep this page open meanwhile."),
        "window_open": _("Open the window"),
        "window_blocked": _(
            "The browser has blocked the window. Allow pop-up windows for this site, "
            "then try again."
        ),
        "window_there": _("It is open in a window of its own. Keep this page open meanwhile."),
        "window_show": _("Show the window"),
        "window_closed": _("The window was closed. What was done in it is kept."),
        "window_again": _("Open it again"),
    }


def _reasons() -> dict[str, str]:
    """Why a control is disabled, by the code in `nav.why`: SCORM 1.2's own, and the exception codes
    of the pseudo-code (SN 4th Ed., App. C) that a learner can meet."""
    last, first = _("This is the last part"), _("This is the first part")
    nothing, done = _("Choose a part first"), _("The part that was open has ended")
    by_choice = _("This part cannot be chosen; go on by Next and Previous")
    in_order = _("The parts have to be taken in order")
    closed = _("This part is not open to you now")
    leave_first = _("The part that is open has to be ended first")
    reasons = {
        "last_item": last,
        "first_item": first,
        "nothing_in_front": nothing,
        "heading": _("A heading: choose one of the parts below it"),
        **dict.fromkeys(("SB.2.1-1",), last),
        **dict.fromkeys(("SB.2.1-3", "NB.2.1-6", "SB.2.4-3"), first),
        **dict.fromkeys(("NB.2.1-2", "TB.2.3-1", "SB.2.7-1", "SB.2.8-1"), nothing),
        **dict.fromkeys(("NB.2.1-12", "TB.2.3-2", "TB.2.3-6"), done),
        **dict.fromkeys(
            ("NB.2.1-4", "SB.2.2-1", "SB.2.7-2", "SB.2.8-2"), _("Choose a part instead")
        ),
        **dict.fromkeys(("NB.2.1-5", "SB.2.1-4", "SB.2.4-1", "SB.2.4-2"), in_order),
        **dict.fromkeys(("NB.2.1-10", "SB.2.9-3", "SB.2.9-4"), by_choice),
        **dict.fromkeys(("SB.2.9-6", "SB.2.9-8"), in_order),
        **dict.fromkeys(("NB.2.1-8", "SB.2.9-7"), leave_first),
        **dict.fromkeys(("SB.2.2-2", "SB.2.9-2", "SB.2.9-9", "DB.1.1-2", "DB.1.1-3"), closed),
    }
    return {
        "why": _("Not available at this point"),
        "why_code": _("Not available at this point ({code})"),
        **{f"why {code}": text for code, text in reasons.items()},
    }
