"""The shape of the document that the store keeps."""

from __future__ import annotations

from demo_lms.core.course import initial_line_items
from demo_lms.core.faults import Fault
from demo_lms.state.store import State

VERSION = 1


def blank() -> State:
    """A document as it is on the first start."""
    return {
        "version": VERSION,
        "sign_ins": {},  # id in the person's cookie → {person, at}
        "launches": {},  # id in the hint → {person, activity, target, sign_in, at}; taken once
        "tokens": {},  # SHA-256 of a bearer token → {scopes, expires}
        "jtis": {},  # jti of a used client assertion → when it expires, seconds since 1970
        **_fresh_course(),
    }


def reset(state: State) -> None:
    """Back to an untouched course; people stay signed in and the tool's token stays good."""
    revision = state["revision"]
    state.update(_fresh_course(), revision=revision + 1)


def _fresh_course() -> State:
    return {
        "revision": 1,  # grows whenever a page that shows grades would look different
        "line_items": initial_line_items(),
        "next_line_item": len(initial_line_items()) + 1,
        "grades": {},  # line item id → user id → cell
        "history": [],  # every accepted score, as sent, oldest first
        "messages": [],  # newest last
        "next_message": 1,
        "fault": Fault().as_json(),
    }
