"""Verifying what a tool has signed, with its key set: at hand, or fetched anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from demo_lms.core.client import Client
from demo_lms.core.errors import Refused, TokenRefused
from demo_lms.core.key_set import parse_key_set
from demo_lms.doors import ToolUnreachable
from demo_lms.state.messages import add_message
from demo_lms.views.parts import parts

Found = TypeVar("Found")


def verified(client: Client, verify: Callable[[Callable[[str], Any]], Found]) -> Found:
    """What `verify(find_key)` gives, with the keys at hand; after any failure once more with keys
    fetched anew, so that a new key works at once (MOODLE 5)."""
    keys = parts().tool_keys
    cached = keys.cached(client.jwks_url)
    if cached:
        try:
            return verify(cached.__getitem__)
        except Refused:
            pass
    fetched = _fetch(client.jwks_url)
    keys.keep(client.jwks_url, fetched)
    return verify(fetched.__getitem__)


def _fetch(url: str) -> dict[str, Any]:
    try:
        found = parts().doors.fetch_json(url)
    except ToolUnreachable as error:
        _keep(url, None, f"The tool's key set could not be fetched: {error}")
        raise TokenRefused(
            "temporarily_unavailable", f"The tool's key set could not be fetched: {error}", 503
        ) from error
    _keep(url, {"status": 200, "body": found}, "")
    return parse_key_set(found)


def _keep(url: str, answer: dict[str, Any] | None, note: str) -> None:
    with parts().store.changing() as state:
        add_message(
            state,
            parts().doors.now(),
            kind="keys",
            sender="platform",
            method="GET",
            endpoint=url,
            request={},
            answer=answer,
            note=note,
        )
