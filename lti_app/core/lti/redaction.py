"""Claims without personal data and secrets, for the launch log (LTI-P4)."""

import re
from collections.abc import Mapping
from typing import Any

from lti_app.core.lti import claims as c

HIDDEN = "[hidden]"
"""Stands for a value that was there: an administrator sees which claims a platform sends."""

_PERSONAL = frozenset(
    {
        "name",
        "given_name",
        "family_name",
        "middle_name",
        "nickname",
        "preferred_username",
        "email",
        "picture",
        "phone_number",
        "address",
        "birthdate",
        "nonce",
        "at_hash",
        "person_sourcedid",
        "user_username",
        "lis_result_sourcedid",
        "sesskey",
        "data",
    }
)
_ALWAYS_NAMED = frozenset({c.CONTEXT, c.RESOURCE_LINK, c.TOOL_PLATFORM})
"""Their `name` is that of a course, a link or a product."""


def redact(claims: Mapping[str, Any]) -> dict[str, Any]:
    """A copy with personal values replaced by HIDDEN, wherever the same value stands."""
    secret = {value for value in _personal_values(claims) if len(value) > 1}
    return {
        c.clean(key): HIDDEN
        if key in _PERSONAL
        else _redact(value, secret, named=key in _ALWAYS_NAMED)
        for key, value in claims.items()
    }


def _redact(value: Any, secret: set[str], *, named: bool = False) -> Any:
    if isinstance(value, Mapping):
        return {
            c.clean(str(key)): HIDDEN
            if key in _PERSONAL and not (named and key == "name")
            else _redact(item, secret)
            for key, item in value.items()
        }
    if isinstance(value, list):
        return [_redact(item, secret) for item in value]
    if isinstance(value, str):
        if value in secret:
            return HIDDEN
        text = c.clean(value)
        return text.partition("?")[0] if text.startswith(("http://", "https://")) else text
    return value


def _personal_values(claims: Mapping[str, Any]) -> set[str]:
    parts = (claims, c.part(claims, c.LIS), c.part(claims, c.EXT))
    found = (value for part in parts for key, value in part.items() if key in _PERSONAL)
    return {value for value in found if isinstance(value, str)}


_OURS = frozenset({"sc_item", "sc_version"})
_ABOUT_SOMEBODY = frozenset({"sub", "for_user", "role_scope_mentor"})
_ADDRESS = re.compile(r"https?://(?!.*/vocab/)")


def redact_for_strangers(claims: Mapping[str, Any]) -> dict[str, Any]:
    """Claims of the launch log once more, for somebody outside the organisation: no id of a person,
    no custom value but ours (platforms fill in names and ids there), of addresses the origin."""
    return {key: _hide(key, value) for key, value in redact(claims).items()}


def _hide(key: str, value: Any) -> Any:
    if key.rpartition("/")[2] in _ABOUT_SOMEBODY:
        return HIDDEN
    if key in (c.CUSTOM, c.LIS, c.EXT) and isinstance(value, Mapping):
        return {name: item if name in _OURS else HIDDEN for name, item in value.items()}
    if isinstance(value, Mapping):
        return {name: _hide(name, item) for name, item in value.items()}
    if isinstance(value, str) and _ADDRESS.match(value):
        return "/".join(value.split("/")[:3])
    return value
