"""Choosing a person, the course, coming back from the tool, starting again."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as BaseResponse

from demo_lms.core.course import COURSE, PEOPLE, Person, find_person
from demo_lms.core.line_items import own_item_of
from demo_lms.state import courses, document, gradebook, launches
from demo_lms.state.faults import present_fault
from demo_lms.state.manner import present_manner
from demo_lms.views.errors import PageRefused
from demo_lms.views.launches import get_course
from demo_lms.views.parts import parts
from demo_lms.views.people import SIGN_IN, ask_who, find_signed_in, needs_person

bp = Blueprint("pages", __name__)


@bp.app_context_processor
def everywhere() -> dict[str, Any]:
    """What the frame of every page shows."""
    with parts().store.reading() as state:
        fault_mode = present_fault(state).mode
        manner = present_manner(state)
    return {
        "person": find_signed_in(),
        "course": COURSE,
        "tool_url": parts().settings.tool_url,
        "fault_mode": fault_mode,
        "manner": manner,
    }


@bp.get("/health")
def health() -> Response:
    return jsonify(status="ok")


@bp.get("/")
def root() -> BaseResponse:
    return redirect(url_for("pages.home"))


@bp.get("/lms/")
def home() -> Response | str:
    """The people to choose from; with somebody signed in, the course as well."""
    if find_signed_in() is None:
        return ask_who()
    with parts().store.reading() as state:
        found = courses.courses_of(state)
        counts = {one.number: len(courses.activities_of(state, one.number)) for one in found}
    return render_template("home.html", people=PEOPLE, courses=found, counts=counts)


@bp.post("/lms/sign-in")
def sign_in() -> BaseResponse:
    chosen = find_person(request.form.get("user", ""))
    if chosen is None:
        raise PageRefused(
            400,
            _("There is no such person"),
            _("Choose one of: %(names)s.", names=", ".join(person.key for person in PEOPLE)),
        )
    demo = parts()
    old, new = session.get(SIGN_IN), demo.doors.random_text()
    with demo.store.changing() as state:
        launches.sign_out(state, old or "")
        launches.sign_in(state, new, chosen.key, demo.doors.now())
    session[SIGN_IN] = new
    target = request.form.get("next", "")
    return redirect(
        target if _is_own_page(target) else url_for("pages.course", number=COURSE.number), 303
    )


@bp.post("/lms/sign-out")
def sign_out() -> BaseResponse:
    with parts().store.changing() as state:
        launches.sign_out(state, session.pop(SIGN_IN, ""))
    return redirect(url_for("pages.home"), 303)


@bp.get("/lms/courses/<number>")
@needs_person
def course(person: Person, number: str) -> str:
    """The activities, for a student with the grades."""
    with parts().store.reading() as state:
        shown = get_course(state, number)
        rows = []
        for activity in courses.activities_of(state, number):
            item = own_item_of(state["line_items"], activity.number)
            cell = gradebook.find_cell(state, item["id"] if item else None, person.user_id)
            maximum = item["scoreMaximum"] if item else None
            rows.append({"activity": activity, "cell": cell, "maximum": maximum})
        revision = state["revision"]
    return render_template(
        "course.html",
        course=shown,
        rows=rows,
        revision=revision,
        said=request.args.get("lti_msg", "")[:500],
        failed=request.args.get("lti_errormsg", "")[:500],
    )


@bp.get("/lms/courses/<number>/return")
def come_back(number: str) -> str:
    """The tool's return_url. Inside the frame there may be no cookie: nothing is shown but the
    way out of the frame, which goes to the course page at the top."""
    with parts().store.reading() as state:
        shown = get_course(state, number)
        activity = courses.find_activity(state, request.args.get("activity", ""))
    told = {
        name: request.args[name][:500]
        for name in ("lti_msg", "lti_errormsg")
        if request.args.get(name)
    }
    target = url_for("pages.course", number=shown.number, **told, _external=False)
    return render_template("return.html", activity=activity, target=target)


@bp.get("/lms/reset")
def ask_reset() -> str:
    return render_template("reset.html", done="done" in request.args)


@bp.post("/lms/reset")
def reset() -> BaseResponse:
    with parts().store.changing() as state:
        document.reset(state)
    return redirect(url_for("pages.ask_reset", done=1), 303)


def _is_own_page(target: str) -> bool:
    return target.startswith("/lms/") and "\\" not in target
