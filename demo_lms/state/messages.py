"""The log of every message that platform and tool exchanged, newest last in the document."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from demo_lms.state.store import State

MOST = 300
"""Older messages are dropped; the gradebook's history is kept whole."""


def add_message(
    state: State,
    now: datetime,
    *,
    kind: str,
    sender: str,
    method: str,
    endpoint: str,
    request: dict[str, Any],
    answer: dict[str, Any] | None = None,
    note: str = "",
    fault: str | None = None,
) -> None:
    """One message. `sender` is "platform" or "tool"; `answer` None when there is none here,
    because the browser carries the message on and the other side answers it."""
    state["messages"].append(
        {
            "id": state["next_message"],
            "at": now.isoformat(timespec="milliseconds"),
            "kind": kind,
            "sender": sender,
            "method": method,
            "endpoint": endpoint,
            "status": answer.get("status") if answer else None,
            "request": request,
            "answer": answer,
            "note": note,
            "fault": fault,
        }
    )
    state["next_message"] += 1
    del state["messages"][:-MOST]


def newest_messages(state: State, kind: str | None = None) -> list[dict[str, Any]]:
    """Newest first; with `kind` only those."""
    return [m for m in reversed(state["messages"]) if kind in (None, m["kind"])]
