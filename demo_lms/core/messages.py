"""Messages as people read them: tokens decoded, secrets and signatures shortened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import jwt

from demo_lms.core.json_text import parse_json

KINDS = (
    "login_initiation",
    "authentication_request",
    "id_token",
    "login_error",
    "token",
    "keys",
    "line_items",
    "scores",
    "results",
    "memberships",
    "deep_linking_response",
    "registration",
)

SHOWN_HEADERS = (
    "Accept",
    "Allow",
    "Authorization",
    "Content-Type",
    "Location",
    "Origin",
    "Referer",
    "Retry-After",
    "Sec-Fetch-Dest",
    "Sec-Fetch-Site",
    "User-Agent",
    "WWW-Authenticate",
)

SECRETS = frozenset({"access_token", "lti_message_hint"})
JWTS = frozenset({"client_assertion", "id_token", "JWT"})
LONGEST_TEXT = 4000
LONGEST_BODY = 50_000


def shorten(text: str, keep: int = 8) -> str:
    """The first characters and the length: enough to recognise a secret, too little to use."""
    return text if len(text) <= keep else f"{text[:keep]}… ({len(text)} characters)"


def describe_jwt(text: str) -> Any:
    """Header and payload of a JWT, its signature shortened; a text that is none is shortened."""
    try:
        parts = jwt.decode_complete(text, options={"verify_signature": False})
    except jwt.InvalidTokenError:
        return shorten(text, 40)
    return {
        "header": parts["header"],
        "payload": parts["payload"],
        "signature": shorten(text.rsplit(".", 1)[-1]),
    }


def describe_headers(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The headers that explain something; a bearer token is shortened."""
    found = {name.title(): value for name, value in headers}
    shown = {name: found[name.title()] for name in SHOWN_HEADERS if name.title() in found}
    if "Authorization" in shown:
        scheme, _, secret = shown["Authorization"].partition(" ")
        shown["Authorization"] = f"{scheme} {shorten(secret)}".strip()
    return shown


def describe_fields(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Form fields or the members of a JSON object."""
    return {name: _describe(name, value) for name, value in fields.items()}


def describe_body(text: str) -> Any:
    """A body: JSON as such, anything else as (cut) text, nothing as None."""
    if not text:
        return None
    try:
        found = parse_json(text) if len(text) <= LONGEST_BODY else text[:LONGEST_BODY]
    except ValueError:
        return text[:LONGEST_TEXT]
    return describe_fields(found) if isinstance(found, dict) else found


def _describe(name: str, value: Any) -> Any:
    if isinstance(value, str) and name in JWTS:
        return describe_jwt(value)
    if isinstance(value, str) and name in SECRETS:
        return shorten(value)
    return value[:LONGEST_TEXT] if isinstance(value, str) else value
