"""The gradebook as a table: a teacher sees everybody and may change grades, a student sees his
own row."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from demo_lms.core.course import Person
from demo_lms.core.errors import ServiceRefused
from demo_lms.core.line_items import number
from demo_lms.state.gradebook import override_grade, show_gradebook
from demo_lms.views.errors import PageRefused
from demo_lms.views.launches import get_course
from demo_lms.views.parts import parts
from demo_lms.views.people import needs_person, needs_teacher

bp = Blueprint("gradebook", __name__, url_prefix="/lms/courses/<course_number>/gradebook")


@bp.get("")
@needs_person
def show(person: Person, course_number: str) -> str:
    with parts().store.reading() as state:
        course = get_course(state, course_number)
        only = None if person.is_teacher else person.user_id
        book = show_gradebook(state, only, course.number)
    cells = {(grade["user_id"], grade["line_item"]): grade for grade in book["grades"]}
    labels = {item["id"]: item["label"] for item in book["line_items"]}
    names = {student["user_id"]: student["name"] for student in book["students"]}
    return render_template(
        "gradebook.html", course=course, book=book, cells=cells, labels=labels, names=names
    )


@bp.get("/<item_id>/<user_id>")
@needs_teacher
def ask(_person: Person, course_number: str, item_id: str, user_id: str) -> str:
    """One cell: a grade by hand, a lock, the way to the student's work."""
    with parts().store.reading() as state:
        course = get_course(state, course_number)
        book = show_gradebook(state, None, course.number)
    item = next((one for one in book["line_items"] if one["id"] == item_id), None)
    student = next((one for one in book["students"] if one["user_id"] == user_id), None)
    if item is None or student is None:
        raise PageRefused(404, _("There is no such grade"), _("Look in the gradebook."))
    found = [g for g in book["grades"] if (g["line_item"], g["user_id"]) == (item_id, user_id)]
    cell = found[0] if found else None
    return render_template("grade.html", course=course, item=item, student=student, cell=cell)


@bp.post("/<item_id>/<user_id>")
@needs_teacher
def change(_person: Person, course_number: str, item_id: str, user_id: str) -> Response:
    text = request.form.get("points", "").strip()
    points = number(text) if text else None
    if text and points is None:
        raise PageRefused(400, _("This is not a grade"), _("Points are a number, or nothing."))
    try:
        with parts().store.changing() as state:
            override_grade(state, item_id, user_id, points, locked="locked" in request.form)
    except ServiceRefused as error:
        raise PageRefused(404, _("There is no such grade"), error.reason) from error
    return redirect(url_for("gradebook.show", course_number=course_number), 303)
