"""What the player says, translated: handed to its JavaScript as one object."""

from flask_babel import get_locale
from flask_babel import gettext as _


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
        "finished": _("You have finished this activity. You can look around or return."),
        "finished_more": _("You have finished this part."),
        "return": _("Return"),
        "exit": _("Exit"),
        "next": _("Next"),
        "empty_title": _("There is nothing to play"),
        "empty_text": _("This package lists no content. Tell the person who uploaded it."),
        "choose": _("Choose where to begin."),
    }
