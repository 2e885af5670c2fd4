"""JSON for the pages' own modules and for tests. Open to everybody: this is a demo.

A signed-in student gets only his own grades; a teacher, and a caller who is not signed in, all.
"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from demo_lms.core.faults import parse_fault
from demo_lms.core.manner import parse_manner
from demo_lms.state import courses, document
from demo_lms.state.faults import present_fault, set_fault
from demo_lms.state.gradebook import override_grade, show_gradebook
from demo_lms.state.manner import present_manner, set_manner
from demo_lms.state.messages import newest_messages
from demo_lms.views.parts import parts
from demo_lms.views.people import find_signed_in

bp = Blueprint("api", __name__, url_prefix="/lms/api")


@bp.get("/gradebook")
def show_grades() -> Response:
    person = find_signed_in()
    only = person.user_id if person and not person.is_teacher else None
    with parts().store.reading() as state:
        return jsonify(show_gradebook(state, only))


@bp.get("/messages")
def show_messages() -> Response:
    """{"messages": newest first}; ?kind= and ?after=<id> narrow them."""
    after = request.args.get("after", 0, type=int)
    with parts().store.reading() as state:
        found = newest_messages(state, request.args.get("kind"))
        return jsonify(messages=[message for message in found if message["id"] > after])


@bp.get("/faults")
def show_fault() -> Response:
    with parts().store.reading() as state:
        return jsonify(present_fault(state).as_json())


@bp.post("/faults")
def change_fault() -> Response:
    fault = parse_fault(request.get_json(silent=True, force=True))
    with parts().store.changing() as state:
        set_fault(state, fault)
    return jsonify(fault.as_json())


@bp.get("/personality")
def show_personality() -> Response:
    with parts().store.reading() as state:
        return jsonify(present_manner(state).as_json())


@bp.post("/personality")
def change_personality() -> Response:
    manner = parse_manner(request.get_json(silent=True, force=True))
    with parts().store.changing() as state:
        set_manner(state, manner)
    return jsonify(manner.as_json())


@bp.get("/courses")
def show_courses() -> Response:
    """{"courses": each with its activities}"""
    with parts().store.reading() as state:
        found = [
            {
                **course.as_json(),
                "activities": [a.as_json() for a in courses.activities_of(state, course.number)],
            }
            for course in courses.courses_of(state)
        ]
    return jsonify(courses=found)


@bp.post("/grades")
def change_grade() -> Response:
    """{line_item, user_id, points: number or null, locked}: what a teacher does by hand."""
    body = request.get_json(force=True)
    points = body.get("points")
    with parts().store.changing() as state:
        override_grade(
            state,
            str(body["line_item"]),
            str(body["user_id"]),
            None if points is None else float(points),
            locked=bool(body.get("locked")),
        )
        revision = state["revision"]
    return jsonify(status="kept", revision=revision)


@bp.post("/reset")
def reset() -> Response:
    with parts().store.changing() as state:
        document.reset(state)
        revision = state["revision"]
    return jsonify(status="reset", revision=revision)
