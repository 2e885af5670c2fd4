"""Third-party-initiated login: what arrives at /lti/login and what goes to the platform.

Source: 1EdTech Security Framework 1.0 section 5.1.1; rules LTI-L-1 to LTI-L-13.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from lti_app.core.lti.reasons import Refusal

NEW_WINDOW = "lectern_window"
"""Our own parameter of a login that we begin again in a window of its own."""
_LIMIT = 8000
"""Characters; hints are opaque and may be long, but not without end."""


@dataclass(frozen=True)
class Initiation:
    """The parameters of a login; unknown ones are ignored (CANVAS-4)."""

    issuer: str
    login_hint: str
    target_link_uri: str
    lti_message_hint: str | None = None
    client_id: str | None = None
    lti_deployment_id: str | None = None
    storage_target: str | None = None
    """`lti_storage_target`: the frame that keeps data for tools, where the platform tells it."""
    is_new_window: bool = False
    """Opened by our own link out of a frame in which nothing could be kept."""


def parse_initiation(values: Mapping[str, str]) -> Initiation:
    """Read query or form `values` (LTI-L-11); raises Refusal `login_invalid`."""
    for name in ("iss", "login_hint"):
        if not values.get(name):
            raise Refusal("login_invalid", f"the parameter {name} is missing")
    for name, value in values.items():
        if len(value) > _LIMIT or "\x00" in value:
            raise Refusal("login_invalid", f"the parameter {name[:40]!r} cannot be used")
    return Initiation(
        issuer=values["iss"],
        login_hint=values["login_hint"],
        target_link_uri=values.get("target_link_uri", ""),
        lti_message_hint=values.get("lti_message_hint"),
        client_id=values.get("client_id") or None,
        lti_deployment_id=values.get("lti_deployment_id") or values.get("deployment_id"),
        storage_target=_read_frame_name(values.get("lti_storage_target", "")),
        is_new_window=values.get(NEW_WINDOW) == "1",
    )


def _read_frame_name(text: str) -> str | None:
    """A frame's name is a word; anything else is as good as none."""
    return text if re.fullmatch(r"[\w.-]{1,100}", text) else None


def origin_of(url: str) -> str:
    """The origin of an address of a platform, as browsers write it."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    port = f":{parts.port}" if parts.port not in (None, usual) else ""
    return f"{parts.scheme}://{host}{port}"


def check_target(target_link_uri: str, app_url: str) -> None:
    """Refuse a target that is not ours (LTI-A22); an empty one is the token's business."""
    if not target_link_uri:
        return
    ours = urlsplit(app_url)
    try:
        target = urlsplit(target_link_uri)
    except ValueError:
        raise Refusal("target_link_foreign", f"{target_link_uri[:200]!r} is no URL") from None
    if (target.scheme, target.netloc.lower()) != (ours.scheme, ours.netloc.lower()):
        raise Refusal("target_link_foreign", f"{target_link_uri[:200]!r} is not below {app_url}")


def authentication_request(
    auth_login_url: str,
    *,
    client_id: str,
    redirect_uri: str,
    state: str,
    nonce: str,
    login_hint: str,
    lti_message_hint: str | None,
) -> str:
    """The address at the platform to which the browser is sent (LTI-L-1 to LTI-L-8)."""
    parameters = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": client_id,
        "redirect_uri": redirect_uri,
        "state": state,
        "nonce": nonce,
        "login_hint": login_hint,
    }
    if lti_message_hint is not None:
        parameters["lti_message_hint"] = lti_message_hint
    url = urlsplit(auth_login_url)
    query = parse_qsl(url.query, keep_blank_values=True) + list(parameters.items())
    return urlunsplit(url._replace(query=urlencode(query)))
