"""Pages that people meet on the way into an activity: refusals in words, and what to do.

They stand in a platform's frame, for people who did nothing wrong; so each says what happened,
who can mend it and how, and carries the trace id that leads an administrator to the log.
"""

import re
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l

from lti_app.core.lti.reasons import STATUSES, Refusal
from lti_app.core.lti.return_url import build_return_url
from lti_app.logs import trace_id
from lti_app.security.headers import allow_framing
from lti_app.services.launches import Accepted


@dataclass(frozen=True)
class Text:
    """What a page says."""

    title: object
    happened: object
    advice: object


_AGAIN = _l("Go back to your course and open the activity again.")
_ADMIN = _l("Tell the administrator of your learning platform the trace id below.")
_REPORT = _l(
    "Open the activity again. If this page comes back, tell your administrator the trace id below."
)

_BROKEN = Text(
    _l("The message from your learning platform cannot be used"),
    _l("It is incomplete, or was made for somebody else."),
    _REPORT,
)
_FORGED = Text(
    _l("We could not verify where you come from"),
    _l("The signature or the addressee of your learning platform's message is not right."),
    _ADMIN,
)
_OVER = Text(
    _l("This way in is over"),
    _l("It works once, and for ten minutes. It was used already, or took too long."),
    _AGAIN,
)

TEXTS: dict[str, Text] = {
    "platform_error": Text(
        _l("Your learning platform did not let you in"),
        _l("It answered with an error of its own."),
        _l("Sign in to your learning platform again, then open the activity again."),
    ),
    "issuer_unknown": Text(
        _l("This learning platform is not registered here"),
        _l("Lectern does not know the platform that sent you."),
        _l("An administrator of Lectern can add it under Platforms."),
    ),
    "client_unknown": Text(
        _l("This tool is not registered here"),
        _l("Lectern knows your learning platform, but not this installation of the tool."),
        _l("An administrator should compare the client id at both ends."),
    ),
    "registration_ambiguous": Text(
        _l("The learning platform must say which tool it means"),
        _l("There are several registrations of this platform, and it sent no client_id."),
        _l("An administrator should make the platform send client_id with the login."),
    ),
    "registration_disabled": Text(
        _l("This learning platform is switched off here"),
        _l("An administrator of Lectern has switched its registration off."),
        _ADMIN,
    ),
    "deployment_unknown": Text(
        _l("One step is missing before this works"),
        _l("This installation of the tool is new here and waits for approval."),
        _l("An administrator of Lectern can approve it under Platforms; then open it again."),
    ),
    "deployment_disabled": Text(
        _l("This installation of the tool is switched off here"),
        _l("An administrator of Lectern has switched this deployment off."),
        _ADMIN,
    ),
    "user_disabled": Text(
        _l("Your account is switched off here"),
        _l("An administrator of Lectern has switched it off."),
        _ADMIN,
    ),
    "state_mismatch": Text(
        _l("Your browser did not bring back what we gave it"),
        _l("It blocks cookies inside other pages, or the activity was begun in another browser."),
        _l(
            "Open the activity in a window of its own. If that shows an error, go back to your "
            "course and open the activity again, in a new tab where your course offers that."
        ),
    ),
    "state_expired": _OVER,
    "state_reused": _OVER,
    "nonce_replayed": _OVER,
    "nonce_expired": _OVER,
    "token_expired": Text(
        _l("The message from your learning platform is too old"),
        _l("It took too long to arrive, or the clocks of the two servers differ."),
        _REPORT,
    ),
    "token_not_yet_valid": Text(
        _l("The message from your learning platform comes from the future"),
        _l("The clocks of the two servers differ by more than is allowed."),
        _ADMIN,
    ),
    "key_set_unavailable": Text(
        _l("Your learning platform's keys cannot be read"),
        _l("Without them nobody can be verified. The platform may be busy or unreachable."),
        _l("Try again in a minute. If it lasts, tell your administrator the trace id below."),
    ),
    "kid_missing": Text(
        _l("The message from your learning platform names no key"),
        _l("Its token has no kid, so its signature cannot be checked."),
        _l("An administrator should update the platform: current versions send it."),
    ),
    "target_link_foreign": Text(
        _l("This activity points somewhere else"),
        _l("The link's address is not one of this Lectern."),
        _l("A teacher should correct the tool's address in the activity's settings."),
    ),
    "message_type_unsupported": Text(
        _l("This way of opening Lectern is not available"),
        _l("The platform asked for something other than playing an activity."),
        _ADMIN,
    ),
    "role_not_allowed": Text(
        _l("This is for teachers"),
        _l("Your learning platform asked for a page on which content is chosen or work reviewed."),
        _l("If you teach this course, ask its administrator to give you the role of a teacher."),
    ),
    "review_nothing": Text(
        _l("There is nothing to review yet"),
        _l("This person has not opened the activity so far, or not through this link."),
        _l("Come back when the person has begun; then the work stands here."),
    ),
    "id_token_in_query": _FORGED,
    "content_missing": Text(
        _l("No content has been chosen yet"),
        _l("This activity does not say which content it opens."),
        _l(
            "Tell your teacher: a teacher who opens this activity can choose the content right "
            "here."
        ),
    ),
    "content_unknown": Text(
        _l("This content is not here"),
        _l("The activity asks for content that Lectern does not have."),
        _l("A teacher should compare sc_item in the activity's settings with the catalogue."),
    ),
    "content_unplayable": Text(
        _l("This content cannot be played yet"),
        _l("It has been imported, but this version of Lectern has no player for its kind."),
        _l("A teacher can choose other content, or ask the administrator of Lectern."),
    ),
}
"""By reason code; every other code is a broken message or a failed verification."""

_UNVERIFIED = frozenset(
    {
        "alg_forbidden",
        "kid_unknown",
        "signature_invalid",
        "issuer_mismatch",
        "audience_invalid",
        "azp_missing",
        "azp_invalid",
        "nonce_unknown",
        "state_unknown",
    }
)


def refusal_page(refusal: Refusal, retry_url: str | None = None) -> ResponseReturnValue:
    """Why it was refused, with the status of its code."""
    text = TEXTS.get(refusal.code) or (_FORGED if refusal.code in _UNVERIFIED else _BROKEN)
    return _render(text, refusal.log_code, refusal.status_hint, retry_url=retry_url)


def problem_page(accepted: Accepted) -> ResponseReturnValue:
    """A launch that was right but has nothing to open."""
    text, code = TEXTS[accepted.problem], accepted.problem
    back = ""
    if accepted.return_url:
        log = f"{code}: Lectern {trace_id()}"
        back = build_return_url(accepted.return_url, errormsg=str(text.title), errorlog=log)
    return _render(text, code, STATUSES[code], item=accepted.item, back_url=back)


def new_window_page(retry_url: str) -> ResponseReturnValue:
    """Cookies are blocked in this frame: go on in a window of its own."""
    text = Text(
        _l("Open this activity in a window of its own"),
        _l("Your browser keeps no cookies inside other pages, so we cannot go on in here."),
        _l("Nothing is lost: the new window continues where you are."),
    )
    return _render(text, "", 200, retry_url=retry_url)


def explanation_page() -> ResponseReturnValue:
    """Somebody opened the launch address by hand."""
    text = Text(
        _l("This address is for learning platforms"),
        _l("Activities of Lectern are opened from a course, not by this address."),
        _l("Go to your course and open the activity there."),
    )
    return _render(text, "", 400)


def closed_page() -> ResponseReturnValue:
    """The learner has left the activity."""
    text = Text(
        _l("You have left the activity"),
        _l("Everything you did is saved."),
        _l("Close this window, or go on in your course."),
    )
    return _render(text, "", 200)


def clean_error(code: str) -> str:
    """A platform's `error` as a short word for log and page."""
    return re.sub(r"[^A-Za-z0-9_.-]", "", code)[:60] or "unnamed"


def _render(
    text: Text,
    code: str,
    status: int,
    *,
    retry_url: str | None = None,
    item: str = "",
    back_url: str = "",
) -> ResponseReturnValue:
    allow_framing(["*"])  # nothing to click but a new window, and no data of anybody
    page = render_template(
        "lti/message.html",
        text=text,
        code=code,
        item=item,
        retry_url=retry_url,
        back_url=back_url,
        trace_id=trace_id(),
    )
    return page, status
