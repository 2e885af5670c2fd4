"""Messages that begin with a person on a page: opening an activity, reviewing somebody's work,
choosing content. Each page posts a login initiation to the tool, into its frame or its window."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, render_template, session
from flask_babel import gettext as _

from demo_lms.core.claims import DEEP_LINK, REVIEW, Launch
from demo_lms.core.client import Client
from demo_lms.core.course import Activity, Course, Person, find_member
from demo_lms.core.hints import sign_hint
from demo_lms.core.line_items import own_item_of
from demo_lms.core.messages import describe_fields
from demo_lms.core.personality import Personality
from demo_lms.state import clients, courses
from demo_lms.state.gradebook import find_cell
from demo_lms.state.launches import prepare_launch
from demo_lms.state.manner import present_manner
from demo_lms.state.messages import add_message
from demo_lms.state.store import State
from demo_lms.views.errors import PageRefused
from demo_lms.views.parts import parts
from demo_lms.views.people import SIGN_IN, needs_person, needs_teacher

bp = Blueprint("launches", __name__, url_prefix="/lms/courses/<course_number>")

ACTIVITY = "/activities/<number>"


@bp.get(ACTIVITY)
@needs_person
def in_frame(person: Person, course_number: str, number: str) -> str:
    """The activity's page; its form posts the login initiation into the frame."""
    with parts().store.reading() as state:
        course, activity, client = _get_all(state, course_number, number)
        item = own_item_of(state["line_items"], number)
        cell = find_cell(state, item["id"] if item else None, person.user_id)
        revision = state["revision"]
    return render_template(
        "activity.html",
        course=course,
        activity=activity,
        cell=cell,
        maximum=item["scoreMaximum"] if item else None,
        revision=revision,
        **_initiate(person, client, course, activity),
    )


@bp.get(ACTIVITY + "/window")
@needs_person
def in_window(person: Person, course_number: str, number: str) -> str:
    """The same launch at the top of a window: the way out when a browser blocks the frame."""
    with parts().store.reading() as state:
        course, activity, client = _get_all(state, course_number, number)
    started = _initiate(person, client, course, activity, document_target="window")
    return render_template("window.html", title=activity.title, **started)


@bp.get(ACTIVITY + "/review/<user_id>")
@needs_teacher
def review(person: Person, course_number: str, number: str, user_id: str) -> str:
    """A student's work in the tool, in a frame (Submission Review 1.0)."""
    with parts().store.reading() as state:
        course, activity, client = _get_all(state, course_number, number)
        learner = find_member(user_id, present_manner(state).members)
        item = own_item_of(state["line_items"], number)
    if learner is None:
        raise PageRefused(404, _("There is no such student"), _("Look in the gradebook."))
    kept = item.get("submissionReview") if item else None
    started = _initiate(
        person,
        client,
        course,
        activity,
        message=REVIEW,
        for_user=learner,
        review_url=str(kept.get("url") or "") if kept else "",
    )
    return render_template(
        "tool.html",
        course=course,
        title=_("%(title)s, work of %(name)s", title=activity.title, name=learner.name),
        **started,
    )


@bp.get("/add")
@bp.get("/add/<client_id>")
@needs_teacher
def choose(person: Person, course_number: str, client_id: str = "") -> str:
    """Content for the course, chosen in the tool (Deep Linking 2.0)."""
    settings = parts().settings
    with parts().store.reading() as state:
        course = get_course(state, course_number)
        tools = [tool for tool in clients.clients_of(state, settings) if tool.active]
    client = next((tool for tool in tools if tool.client_id == client_id), tools[0])
    started = _initiate(person, client, course, None, message=DEEP_LINK)
    return render_template("add.html", course=course, tools=tools, tool=client, **started)


def get_course(state: State, number: str) -> Course:
    """The course of a page; raises PageRefused(404)."""
    course = courses.find_course(state, number)
    if course is None:
        raise PageRefused(404, _("There is no such course"), _("Look at “My courses”."))
    return course


def login_extra(personality: Personality, client: Client) -> dict[str, str]:
    """What the product adds to a login initiation. CANVAS-4"""
    return {
        name: text.format(deployment_id=client.deployment_id)
        for name, text in personality.claims.login_extra.items()
    }


def _get_all(state: State, course_number: str, number: str) -> tuple[Course, Activity, Client]:
    course = get_course(state, course_number)
    activity = courses.find_activity(state, number)
    if activity is None or activity.course != course.number:
        known = [one.number for one in courses.activities_of(state, course.number)]
        listed = _(" and ").join(filter(None, (", ".join(known[:-1]), known[-1])))
        raise PageRefused(
            404,
            _("There is no such activity"),
            _("The course has the activities %(numbers)s.", numbers=listed),
        )
    client = clients.find_client(state, parts().settings, activity.client_id)
    if client is None:
        raise PageRefused(404, _("The tool is gone"), _("It is no longer registered here."))
    return course, activity, client


def _initiate(
    person: Person, client: Client, course: Course, activity: Activity | None, **kind: Any
) -> dict[str, Any]:
    """Prepare one launch; what a page needs to post its login initiation (Security 5.1.1.1)."""
    demo = parts()
    launch = Launch(demo.doors.random_text(), person, client, course, activity, **kind)
    now = demo.doors.now()
    with demo.store.changing() as state:
        personality = present_manner(state).personality
        fields = {
            "iss": demo.settings.issuer,
            "target_link_uri": launch.target_link_uri,
            "login_hint": person.user_id,
            "lti_message_hint": sign_hint(current_app.config["SECRET_KEY"], launch.launch_id),
            "client_id": client.client_id,
            "lti_deployment_id": client.deployment_id,
            **login_extra(personality, client),
        }
        if personality.storage_target:
            fields["lti_storage_target"] = personality.storage_target
        prepare_launch(state, session[SIGN_IN], launch, now)
        title = activity.title if activity else course.title
        add_message(
            state,
            now,
            kind="login_initiation",
            sender="platform",
            method="POST",
            endpoint=client.login_url,
            request={"body": describe_fields(fields)},
            note=f"{person.name} opened “{title}” ({launch.document_target}, {launch.message}).",
        )
    storage = personality.storage_frame
    return {"fields": fields, "login_url": client.login_url, "storage_frame": storage}
