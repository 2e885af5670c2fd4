"""The two ways to open an activity: in a frame of its page, or in a window of its own."""

from __future__ import annotations

from flask import Blueprint, current_app, render_template, session
from flask_babel import gettext as _

from demo_lms.core.claims import Launch
from demo_lms.core.course import CLIENT_ID, DEPLOYMENT_ID, Activity, Person, find_activity
from demo_lms.core.hints import sign_hint
from demo_lms.core.messages import describe_fields
from demo_lms.state.gradebook import find_cell
from demo_lms.state.launches import prepare_launch
from demo_lms.state.messages import add_message
from demo_lms.views.authorize import target_link_uri
from demo_lms.views.errors import PageRefused
from demo_lms.views.parts import parts
from demo_lms.views.people import SIGN_IN, needs_person

bp = Blueprint("launches", __name__)


@bp.get("/lms/courses/1/activities/<number>")
@needs_person
def in_frame(person: Person, number: str) -> str:
    """The activity's page; its form posts the login initiation into the frame."""
    activity = _get_activity(number)
    fields = _initiate(person, activity, "iframe")
    with parts().store.reading() as state:
        cell, revision = find_cell(state, number, person.user_id), state["revision"]
        maximum = next(i["scoreMaximum"] for i in state["line_items"] if i["id"] == number)
    return render_template(
        "activity.html",
        activity=activity,
        fields=fields,
        login_url=login_url(),
        cell=cell,
        maximum=maximum,
        revision=revision,
    )


@bp.get("/lms/courses/1/activities/<number>/window")
@needs_person
def in_window(person: Person, number: str) -> str:
    """The same launch at the top of a window: the way out when a browser blocks the frame."""
    activity = _get_activity(number)
    return render_template(
        "window.html",
        activity=activity,
        fields=_initiate(person, activity, "window"),
        login_url=login_url(),
    )


def login_url() -> str:
    return f"{parts().settings.tool_url}/lti/login"


def _get_activity(number: str) -> Activity:
    activity = find_activity(number)
    if activity is None:
        raise PageRefused(
            404, _("There is no such activity"), _("The course has the activities 1, 2 and 3.")
        )
    return activity


def _initiate(person: Person, activity: Activity, document_target: str) -> dict[str, str]:
    """Prepare one launch and give the fields of its login initiation (LTI Security 5.1.1.1)."""
    demo = parts()
    launch = Launch(demo.doors.random_text(), person, activity, document_target)
    fields = {
        "iss": demo.settings.issuer,
        "target_link_uri": target_link_uri(),
        "login_hint": person.user_id,
        "lti_message_hint": sign_hint(current_app.config["SECRET_KEY"], launch.launch_id),
        "client_id": CLIENT_ID,
        "lti_deployment_id": DEPLOYMENT_ID,
    }
    now = demo.doors.now()
    with demo.store.changing() as state:
        prepare_launch(state, session[SIGN_IN], launch, now)
        add_message(
            state,
            now,
            kind="login_initiation",
            sender="platform",
            method="POST",
            endpoint=login_url(),
            request={"body": describe_fields(fields)},
            note=f"{person.name} opened “{activity.title}” ({document_target}).",
        )
    return fields
