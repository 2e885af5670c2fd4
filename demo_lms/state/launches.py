"""Who is signed in, and the launches that were prepared for them and not taken yet."""

from __future__ import annotations

from datetime import datetime, timedelta

from demo_lms.core.claims import Launch
from demo_lms.core.course import find_member, find_person
from demo_lms.core.errors import LoginRefused
from demo_lms.settings import Settings
from demo_lms.state.clients import find_client
from demo_lms.state.courses import find_activity, find_course
from demo_lms.state.manner import present_manner
from demo_lms.state.store import State

LAUNCH_LIFETIME = timedelta(minutes=15)
MOST_SIGN_INS = 200
MOST_LAUNCHES = 200


def sign_in(state: State, sign_in_id: str, person: str, now: datetime) -> None:
    """Remember that this browser session is this person's."""
    state["sign_ins"][sign_in_id] = {"person": person, "at": now.isoformat()}
    _keep_newest(state["sign_ins"], MOST_SIGN_INS)


def sign_out(state: State, sign_in_id: str) -> None:
    """Forget it; launches prepared for it can no longer be taken."""
    state["sign_ins"].pop(sign_in_id, None)


def person_of(state: State, sign_in_id: str) -> str | None:
    found = state["sign_ins"].get(sign_in_id)
    return found["person"] if found else None


def prepare_launch(state: State, sign_in_id: str, launch: Launch, now: datetime) -> None:
    """Keep what the hint stands for until the tool comes back with it."""
    state["launches"][launch.launch_id] = {
        "person": launch.person.key,
        "client_id": launch.client.client_id,
        "course": launch.course.number,
        "activity": launch.activity.number if launch.activity else None,
        "message": launch.message,
        "target": launch.document_target,
        "for_user": launch.for_user.user_id if launch.for_user else None,
        "review_url": launch.review_url,
        "sign_in": sign_in_id,
        "at": now.isoformat(),
    }
    _keep_newest(state["launches"], MOST_LAUNCHES)


def take_launch(
    state: State, settings: Settings, launch_id: str, login_hint: str, now: datetime
) -> Launch:
    """The prepared launch, taken so that it cannot be taken again; raises LoginRefused."""
    kept = state["launches"].pop(launch_id, None)
    if kept is None:
        raise LoginRefused(
            "invalid_request",
            "This launch was used already (lti_message_hint is single use). Reload the activity.",
        )
    if now - datetime.fromisoformat(kept["at"]) > LAUNCH_LIFETIME:
        raise LoginRefused("invalid_request", "This launch has expired. Reload the activity.")
    if person_of(state, kept["sign_in"]) != kept["person"]:
        raise LoginRefused(
            "login_required", "The person who opened the activity is no longer signed in."
        )
    launch = _read_launch(state, settings, launch_id, kept)
    if launch is None or launch.person.user_id != login_hint:
        raise LoginRefused("access_denied", "login_hint names another person than the hint.")
    return launch


def _read_launch(state: State, settings: Settings, launch_id: str, kept: State) -> Launch | None:
    """The launch as it is now; None when person, tool, course or activity went away."""
    person = find_person(kept["person"])
    client = find_client(state, settings, kept["client_id"])
    course = find_course(state, kept["course"])
    activity = find_activity(state, kept["activity"]) if kept["activity"] else None
    if person is None or client is None or course is None:
        return None
    if kept["activity"] and activity is None:
        return None
    members = present_manner(state).members
    return Launch(
        launch_id=launch_id,
        person=person,
        client=client,
        course=course,
        activity=activity,
        message=kept["message"],
        document_target=kept["target"],
        for_user=find_member(kept["for_user"], members) if kept["for_user"] else None,
        review_url=kept["review_url"],
    )


def _keep_newest(entries: State, most: int) -> None:
    for key in list(entries)[:-most]:
        del entries[key]
