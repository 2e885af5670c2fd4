"""The shape of the document that the store keeps."""

from __future__ import annotations

from demo_lms.core.course import ACTIVITIES, COURSE, initial_line_items
from demo_lms.core.faults import Fault
from demo_lms.core.manner import Manner
from demo_lms.state.store import State

VERSION = 2


def blank() -> State:
    """A document as it is on the first start."""
    return {
        "version": VERSION,
        "sign_ins": {},  # id in the person's cookie → {person, at}
        "launches": {},  # id in the hint → {person, client_id, course, … at}; taken once
        "tokens": {},  # SHA-256 of a bearer token → {scopes, client_id, expires}
        "jtis": {},  # jti of a used client assertion → when it expires, seconds since 1970
        "manner": Manner().as_json(),
        "clients": {},  # client_id → a tool that registered itself
        "registration_tokens": {},  # SHA-256 of a token → {client_id, expires}; used once
        "next_client": 2,
        **_fresh_course(),
    }


def reset(state: State) -> None:
    """Back to an untouched course and manner; people stay signed in, registered tools stay
    registered, and their tokens stay good."""
    revision = state["revision"]
    state.update(_fresh_course(), revision=revision + 1, manner=Manner().as_json())


def _fresh_course() -> State:
    return {
        "revision": 1,  # grows whenever a page that shows grades would look different
        "courses": [COURSE.as_json()],
        "activities": [activity.as_json() for activity in ACTIVITIES],
        "next_activity": len(ACTIVITIES) + 1,
        "deep_links": {},  # launch id → {client_id, course, manner, at}; waiting for the choice
        "line_items": initial_line_items(),
        "next_line_item": len(initial_line_items()) + 1,
        "grades": {},  # line item id → user id → cell
        "history": [],  # every accepted score, as sent, oldest first
        "messages": [],  # newest last
        "next_message": 1,
        "fault": Fault().as_json(),
    }
