"""Choices that teachers were asked to make in a tool, and that have not come back yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo_lms.core.claims import Launch
from demo_lms.core.errors import DeepLinkRefused
from demo_lms.state.manner import present_manner
from demo_lms.state.store import State

LIFETIME = timedelta(hours=2)
MOST = 100


def expect_choice(state: State, launch: Launch, now: datetime) -> None:
    """The tool was asked; keep how the platform asked, whatever it behaves like later."""
    state["deep_links"][launch.launch_id] = {
        "client_id": launch.client.client_id,
        "course": launch.course.number,
        "personality": present_manner(state).name,
        "at": now.isoformat(),
    }
    for old in list(state["deep_links"])[:-MOST]:
        del state["deep_links"][old]


def get_expected(state: State, launch_id: str, now: datetime) -> State:
    """{client_id, course, personality}; raises DeepLinkRefused when nobody was asked."""
    kept = state["deep_links"].get(launch_id)
    if kept is None or now - datetime.fromisoformat(kept["at"]) > LIFETIME:
        raise DeepLinkRefused("This choice was made already, or is too old. Choose again.")
    return dict(kept)


def take_expected(state: State, launch_id: str, now: datetime) -> None:
    """The choice is made; raises DeepLinkRefused when another one was quicker."""
    get_expected(state, launch_id, now)
    del state["deep_links"][launch_id]
