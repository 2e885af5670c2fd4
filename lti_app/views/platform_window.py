"""What our pages know of the window around them: for static/platform_messages.js."""

import json
from pathlib import Path
from urllib.parse import urlsplit

from flask import Blueprint, send_from_directory
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

import scorm_runtime
from lti_app.core.lti import claims as c
from lti_app.core.platforms.windows import WINDOW_MESSAGES
from lti_app.models.launch import Launch
from lti_app.security.guards import public
from lti_app.services import registrations

bp = Blueprint("platform_window", __name__, url_prefix="/lti")

_PLAYER_FILES = Path(*scorm_runtime.__path__) / "static" / "player"


@bp.get("/platform_messages.js")
@public("a script, the same for everybody")
def script() -> ResponseReturnValue:
    """The player's module, on this origin too."""
    return send_from_directory(_PLAYER_FILES, "platform_messages.js", max_age=3600)


def describe_window(session: Session, launch: Launch | None) -> str:
    """JSON for `<meta name="lti-platform">`: origins, messages, token; "" where none is taken."""
    if launch is None or launch.registration_id is None:
        return ""
    registration = registrations.get_registration(session, launch.registration_id)
    messages = WINDOW_MESSAGES.get(registration.platform, ())
    if not messages:
        return ""
    urls = (launch.return_url or "", *registration.origins, registration.issuer)
    origins = dict.fromkeys(origin for url in urls if (origin := _origin(str(url))))
    return json.dumps(
        {"origins": [*origins], "messages": messages, "token": _token(launch)}, sort_keys=True
    )


def _token(launch: Launch) -> str:
    custom = c.part(launch.claims, c.CUSTOM)
    token = c.text(custom.get("canvas_message_token"), 500)
    return "" if token.startswith("$") else token


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if parts.scheme and parts.netloc else ""
