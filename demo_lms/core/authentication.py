"""The rules of an OIDC authentication request (LTI Security Framework 5.1.1.2; MOODLE 3)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from demo_lms.core.errors import LoginRefused, RedirectUriUnknown

EXACT = (
    # parameter, the only value, OAuth error when it is another one
    ("scope", "openid", "invalid_scope"),
    ("response_type", "id_token", "unsupported_response_type"),
    ("response_mode", "form_post", "invalid_request"),
)


@dataclass(frozen=True)
class AuthenticationRequest:
    """A request whose parameters are in order; who may use the hint is decided elsewhere."""

    redirect_uri: str
    nonce: str
    state: str | None
    login_hint: str
    lti_message_hint: str


def parse_redirect_uri(values: Mapping[str, str], registered: Collection[str]) -> str:
    """The redirect URI, byte for byte a registered one; raises RedirectUriUnknown."""
    asked = values.get("redirect_uri", "")
    if asked not in registered:
        known = ", ".join(sorted(registered))
        raise RedirectUriUnknown(
            f"The tool asked for an answer to {asked!r}, but only {known} is registered."
            if asked
            else "The tool did not say where the answer should go (redirect_uri is missing)."
        )
    return asked


def parse_authentication_request(
    values: Mapping[str, str], redirect_uri: str
) -> AuthenticationRequest:
    """The request in order; raises LoginRefused with an OAuth error code."""
    for name, only, code in EXACT:
        found = values.get(name, "")
        if found != only:
            raise LoginRefused(code, f"{name} must be {only!r}, not {found!r}.")
    if values.get("prompt", "none") != "none":
        raise LoginRefused("invalid_request", "prompt must be 'none' or left out.")
    for name in ("nonce", "login_hint", "lti_message_hint"):
        if not values.get(name):
            raise LoginRefused("invalid_request", f"{name} is missing.")
    return AuthenticationRequest(
        redirect_uri=redirect_uri,
        nonce=values["nonce"],
        state=values.get("state"),
        login_hint=values["login_hint"],
        lti_message_hint=values["lti_message_hint"],
    )
