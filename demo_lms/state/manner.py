"""How the platform behaves at present."""

from __future__ import annotations

from demo_lms.core.manner import Manner
from demo_lms.state.store import State


def present_manner(state: State) -> Manner:
    return Manner(**state["manner"])


def set_manner(state: State, manner: Manner) -> None:
    state["manner"] = manner.as_json()
    state["revision"] += 1
