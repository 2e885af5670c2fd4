"""What every page about one course needs: the course if the visitor may see it, its tabs."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session

from content.models.course import Course
from content.services.submissions import count_waiting
from lti_app.core.permissions import Permission, Role
from lti_app.services import visible_courses
from lti_app.services.visible_attempts import Viewer

TABS = (
    ("admin_courses.editor", _l("Content"), "layout-text-sidebar", Permission.CREATE_CONTENT),
    ("admin_courses.settings", _l("Settings"), "sliders", Permission.CREATE_CONTENT),
    ("admin_course_people.index", _l("People"), "people", Permission.VIEW_OWN_ANALYTICS),
    ("admin_course_report.report", _l("Report"), "grid-3x3", Permission.VIEW_OWN_ANALYTICS),
    ("admin_course_grading.index", _l("Grading"), "clipboard-check", Permission.MANAGE_GRADES),
    ("admin_courses.publishing", _l("Versions"), "layers", Permission.CREATE_CONTENT),
)
"""Pages about one course, in order."""


@dataclass(frozen=True)
class Tab:
    """One of them."""

    label: str
    url: str
    icon: str
    current: bool
    count: int
    """What waits there."""


def viewer() -> Viewer:
    """The visitor, as services ask for them."""
    return Viewer(current_user.id, Role(current_user.role))


def get_course(session: Session, course_id: UUID) -> Course:
    """The course that the visitor may see, or CourseMissing."""
    return visible_courses.get_visible_course(session, course_id, viewer())


def get_editable(session: Session, course_id: UUID) -> Course:
    """The same, or 403 where the visitor may not change it."""
    course = get_course(session, course_id)
    if not visible_courses.is_editable(session, course, viewer()):
        abort(403, _("Somebody else made this course; your role changes only your own."))
    return course


def page_context(session: Session, course: Course) -> dict[str, Any]:
    """What admin/courses/layout.html shows around every page of the course."""
    return {
        "course": course,
        "course_title": visible_courses.title_of(course),
        "editable": visible_courses.is_editable(session, course, viewer())
        and course.state != "archived",
        "course_tabs": _tabs(session, course),
    }


def _tabs(session: Session, course: Course) -> list[Tab]:
    here = request.endpoint or ""
    waiting = count_waiting(session, course_id=course.id)
    return [
        Tab(
            label=str(label),
            url=url_for(endpoint, course_id=course.id),
            icon=symbol,
            current=here == endpoint
            or (blueprint != "admin_courses" and here.startswith(f"{blueprint}.")),
            count=waiting if blueprint == "admin_course_grading" else 0,
        )
        for endpoint, label, symbol, permission in TABS
        if endpoint in current_app.view_functions and current_user.may(permission)
        for blueprint in [endpoint.partition(".")[0]]
    ]
