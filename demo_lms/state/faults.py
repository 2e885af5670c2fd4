"""The present fault, and how often it still strikes."""

from __future__ import annotations

from demo_lms.core.faults import Fault
from demo_lms.state.store import State


def present_fault(state: State) -> Fault:
    kept = state["fault"]
    return Fault(**{**kept, "endpoints": tuple(kept["endpoints"])})


def set_fault(state: State, fault: Fault) -> None:
    state["fault"] = fault.as_json()


def take_fault(state: State, endpoint: str) -> Fault | None:
    """The fault that this request meets, counted; None when the request is served properly."""
    fault = present_fault(state)
    if not fault.applies_to(endpoint):
        return None
    set_fault(state, fault.used())
    return fault
