"""Copying a course, as a teacher does before a new term. PAIN-07"""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from demo_lms.core.course import Course, Person
from demo_lms.state.courses import copy_course
from demo_lms.views.launches import get_course
from demo_lms.views.parts import parts
from demo_lms.views.people import needs_teacher

bp = Blueprint("copies", __name__)


@bp.post("/lms/courses/<number>/copy")
@needs_teacher
def copy(_person: Person, number: str) -> BaseResponse:
    return redirect(url_for("pages.course", number=_copied(number).number), 303)


@bp.post("/lms/api/courses/<number>/copy")
def copy_for_tests(number: str) -> Response:
    return jsonify(_copied(number).as_json())


def _copied(number: str) -> Course:
    with parts().store.changing() as state:
        return copy_course(state, get_course(state, number))
