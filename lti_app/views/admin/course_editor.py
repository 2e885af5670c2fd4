"""The editor's page, also as it comes back with something wrong in it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.routing import BuildError

from content.core.course import RULES_OF, UNIT_KINDS, Course, Unit
from content.core.course_document import read_course
from content.services import courses
from database.session import transaction
from lti_app.views.admin.course_changes import find_part
from lti_app.views.admin.course_choices import list_choices
from lti_app.views.admin.course_fields import FieldInvalid, write_unit
from lti_app.views.admin.course_media import media_context
from lti_app.views.admin.course_pages import get_course, page_context
from lti_app.views.admin.course_problems import describe

RULE_TEXTS = {
    "viewed": _l("it was opened"),
    "time": _l("some time was spent in it"),
    "watched": _l("its video was watched"),
    "completed": _l("it was completed"),
    "passed": _l("it was passed"),
    "score": _l("a score was reached"),
    "submitted": _l("something was handed in"),
    "graded": _l("it was graded"),
}


def page(
    course_id: UUID,
    chosen_id: UUID | None,
    entered: Mapping[str, Any] | None = None,
    problem: FieldInvalid | None = None,
) -> str:
    """The outline with the module or unit `chosen_id`; `entered`: a form that was refused."""
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        draft = read_course(course.draft)
        described = [describe(one, draft) for one in courses.problems_of(course)]
        context: dict[str, Any] = {
            **page_context(session, course),
            "draft": draft,
            "kinds": UNIT_KINDS,
            "chosen": None,
            "chosen_kind": "",
            "troubles": {one.unit_id: one.message for one in described if one.is_error},
            "entered": entered,
            "problem": problem,
            "rule_choices": rule_choices,
        }
        if chosen_id is not None:
            context |= _chosen(session, course.draft, draft, chosen_id)
            if (unit := context["chosen"]) and context["chosen_kind"] == "unit":
                context |= _unit_context(session, course_id, unit, entered)
        return render_template("admin/courses/editor.html", **context)


def rule_choices(kind: str) -> list[tuple[str, str]]:
    """Completion rules that a kind of unit may have."""
    return [(rule, str(RULE_TEXTS[rule])) for rule in RULES_OF[kind]]


def _chosen(
    session: Session, document: Mapping[str, Any], draft: Course, chosen_id: UUID
) -> dict[str, Any]:
    _module, unit = find_part(document, chosen_id)
    if unit is None:
        found = next(one for one in draft.modules if one.id == chosen_id)
        return {"chosen": found, "chosen_kind": "module"}
    values = {
        **write_unit(unit),
        "title": unit.get("title", ""),
        "body": unit.get("body", ""),
        "url": unit.get("url", ""),
        "required": unit.get("required", True),
    }
    return {"chosen": draft.find_unit(chosen_id), "chosen_kind": "unit", "values": values}


def _unit_context(
    session: Session, course_id: UUID, unit: Unit, entered: Mapping[str, Any] | None
) -> dict[str, Any]:
    context = media_context(session, course_id, unit)
    if unit.kind in ("package", "quiz"):
        now = unit.package if unit.kind == "package" else unit.quiz
        picked = (entered or {}).get(unit.kind) or now
        context |= {
            "kind": unit.kind,
            "picked": picked,
            "choices": list_choices(session, unit.kind, "", picked),
            "quiz_url": find_quiz_url(),
        }
    return context


def find_quiz_url() -> str:
    """Where quizzes are made; "" where that is nowhere."""
    try:
        return url_for("admin_quizzes.index")
    except BuildError:
        return ""
