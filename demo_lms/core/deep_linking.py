"""Deep Linking 2.0, the platform's side: what may be chosen, and reading what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import jwt

from demo_lms.core.client import Client
from demo_lms.core.errors import DeepLinkRefused
from demo_lms.core.line_items import number
from demo_lms.core.personality import Personality

CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/"
LTI = "https://purl.imsglobal.org/spec/lti/claim/"
RESPONSE = "LtiDeepLinkingResponse"
LONGEST_LIFETIME = 3600

KeyFinder = Callable[[str], Any]

COMMON: Mapping[str, Any] = {
    "accept_types": ["ltiResourceLink"],
    "accept_presentation_document_targets": ["frame", "iframe", "window"],
    "accept_multiple": True,
    "accept_lineitem": True,
    "auto_create": False,
}


@dataclass(frozen=True)
class ContentItem:
    """One chosen ltiResourceLink (Deep Linking 2.0, 3.2)."""

    title: str
    text: str
    url: str
    custom: dict[str, str]
    line_item: dict[str, Any] | None
    sent: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Choice:
    """A verified response."""

    items: tuple[ContentItem, ...]
    message: str = ""
    error: str = ""


def settings_of(personality: Personality, return_url: str, launch_id: str) -> dict[str, Any]:
    """The deep_linking_settings claim (4.4.1.3)."""
    settings = {**COMMON, **personality.deep_linking, "deep_link_return_url": return_url}
    return settings | ({"data": data_of(launch_id)} if personality.data else {})


def data_of(launch_id: str) -> str:
    """An opaque text with characters that a careless tool would change. LTI-DL-14"""
    return f'{{"launch": "{launch_id[:12]}", "note": "é+%2B&<ok>"}}'


def verify_response(
    text: str,
    find_key: KeyFinder,
    *,
    client: Client,
    issuer: str,
    now: datetime,
    settings: Mapping[str, Any],
) -> Choice:
    """The choice in a response JWT (4.5); raises DeepLinkRefused naming what is wrong."""
    claims = _signed_claims(text, find_key)
    aud = claims.get("aud")
    seconds = now.timestamp()
    expires, issued = number(claims.get("exp")), number(claims.get("iat"))
    _require(claims.get("iss") == client.client_id, f"iss must be {client.client_id!r}.")
    _require(issuer in (aud if isinstance(aud, list) else [aud]), f"aud must be {issuer!r}.")
    _require(issued is not None and issued <= seconds + 60, "iat is missing or in the future.")
    _require(expires is not None and expires > seconds, "exp is missing or over.")
    _require(bool(claims.get("nonce")), "nonce is missing.")
    _require(claims.get(LTI + "message_type") == RESPONSE, f"message_type must be {RESPONSE}.")
    _require(claims.get(LTI + "version") == "1.3.0", "version must be 1.3.0.")
    deployment = claims.get(LTI + "deployment_id")
    _require(deployment == client.deployment_id, "deployment_id is not that of the request.")
    _require(claims.get(CLAIM + "data") == settings.get("data"), "data did not come back as sent.")
    items = claims.get(CLAIM + "content_items", [])
    _require(isinstance(items, list), "content_items must be an array.")
    _require(len(items) < 2 or settings["accept_multiple"], "Only one item may be chosen.")
    return Choice(
        items=tuple(_parse_item(item, settings) for item in items),
        message=str(claims.get(CLAIM + "msg") or ""),
        error=str(claims.get(CLAIM + "errormsg") or ""),
    )


def _signed_claims(text: str, find_key: KeyFinder) -> dict[str, Any]:
    try:
        header = jwt.get_unverified_header(text)
        _require(header.get("alg") == "RS256", "alg must be RS256.")
        key = find_key(str(header.get("kid")))
        options: Any = {"verify_signature": True, "verify_exp": False, "verify_aud": False}
        options |= {"verify_iat": False, "verify_nbf": False, "verify_jti": False}
        claims: dict[str, Any] = jwt.decode(text, key, algorithms=["RS256"], options=options)
    except KeyError as error:
        raise DeepLinkRefused("The tool's key set has no key with this kid.") from error
    except jwt.InvalidTokenError as error:
        raise DeepLinkRefused("The response is not a JWT signed by the tool.") from error
    return claims


def _parse_item(item: object, settings: Mapping[str, Any]) -> ContentItem:
    if not isinstance(item, dict):
        raise DeepLinkRefused("A content item is not an object.")
    kind = item.get("type")
    _require(kind in settings["accept_types"], f"The type {kind!r} was not asked for.")
    _require(kind == "ltiResourceLink", f"This course can only use ltiResourceLink, not {kind!r}.")
    line_item = item.get("lineItem")
    if line_item is not None:
        maximum = number(line_item.get("scoreMaximum")) if isinstance(line_item, dict) else None
        _require(maximum is not None and maximum > 0, "lineItem.scoreMaximum must be positive.")
    custom = item.get("custom") or {}
    _require(isinstance(custom, dict), "custom must be an object.")
    return ContentItem(
        title=str(item.get("title") or "Untitled"),
        text=str(item.get("text") or ""),
        url=str(item.get("url") or ""),
        custom={str(name): _plain(value) for name, value in custom.items()},
        line_item=line_item,
        sent=item,
    )


def _plain(value: object) -> str:
    return "1" if value is True else "" if value in (None, False) else str(value)


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise DeepLinkRefused(otherwise)
