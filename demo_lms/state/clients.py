"""The tools that are registered: the one from the settings, and those that came by themselves."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from demo_lms.core.client import CLIENT_ID, Client, demo_client
from demo_lms.core.errors import RegistrationRefused
from demo_lms.settings import Settings
from demo_lms.state.store import State

TOKEN_LIFETIME = 3600
"""Seconds a registration token is good for. MOODLE-13"""


def clients_of(state: State, settings: Settings) -> list[Client]:
    """All of them, the first one first."""
    first = demo_client(settings.tool_url, settings.tool_jwks_url)
    return [first, *(Client.from_json(kept) for kept in state["clients"].values())]


def find_client(state: State, settings: Settings, client_id: str) -> Client | None:
    if client_id == CLIENT_ID:
        return demo_client(settings.tool_url, settings.tool_jwks_url)
    kept = state["clients"].get(client_id)
    return Client.from_json(kept) if kept else None


def keep_client(state: State, client: Client) -> None:
    """Add a tool, or replace what was known of it."""
    state["clients"][client.client_id] = client.as_json()


def activate(state: State, client_id: str) -> None:
    """MOODLE-14: the button that an administrator has to press."""
    if client_id in state["clients"]:
        keep_client(state, replace(Client.from_json(state["clients"][client_id]), active=True))


def next_number(state: State) -> int:
    """The number in the next deployment id."""
    number: int = state["next_client"]
    state["next_client"] += 1
    return number


def invite(state: State, token: str, client_id: str, now: datetime) -> None:
    """Keep the digest of a registration token; the client that comes with it gets this id."""
    seconds = now.timestamp()
    kept = state["registration_tokens"]
    state["registration_tokens"] = {k: v for k, v in kept.items() if v["expires"] > seconds} | {
        _digest(token): {"client_id": client_id, "expires": seconds + TOKEN_LIFETIME}
    }


def is_invited(state: State, token: str, now: datetime) -> bool:
    """Is the token good, and not used up?"""
    found = state["registration_tokens"].get(_digest(token))
    return found is not None and found["expires"] > now.timestamp()


def use_invitation(state: State, token: str, now: datetime) -> str:
    """The client_id to be; the token is used up. Raises RegistrationRefused(401)."""
    if not token:
        raise RegistrationRefused(401, "missing_registration_token")
    if not is_invited(state, token, now):
        raise RegistrationRefused(401, "token_already_used")
    return str(state["registration_tokens"].pop(_digest(token))["client_id"])


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
