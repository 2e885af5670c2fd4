"""The gradebook as a table: a teacher sees everybody, a student his own row."""

from __future__ import annotations

from flask import Blueprint, render_template

from demo_lms.core.course import Person
from demo_lms.state.gradebook import show_gradebook
from demo_lms.views.parts import parts
from demo_lms.views.people import needs_person

bp = Blueprint("gradebook", __name__)


@bp.get("/lms/courses/1/gradebook")
@needs_person
def show(person: Person) -> str:
    with parts().store.reading() as state:
        book = show_gradebook(state, None if person.is_teacher else person.user_id)
    cells = {(grade["user_id"], grade["line_item"]): grade for grade in book["grades"]}
    labels = {item["id"]: item["label"] for item in book["line_items"]}
    names = {student["user_id"]: student["name"] for student in book["students"]}
    return render_template("gradebook.html", book=book, cells=cells, labels=labels, names=names)
