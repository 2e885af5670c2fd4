"""The draft as a learner will see it. Nothing is kept: no enrolment, no progress, no record."""

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from content.core.course_document import read_course
from content.core.errors import CourseMissing
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.views.admin.course_choices import find_choice
from lti_app.views.admin.course_media import file_url, files_of, render_text
from lti_app.views.admin.course_pages import get_course, page_context
from lti_app.views.admin.courses import bp


@bp.get("/<uuid:course_id>/preview")
@bp.get("/<uuid:course_id>/preview/<uuid:unit_id>")
@requires(Permission.CREATE_CONTENT)
def preview(course_id: UUID, unit_id: UUID | None = None) -> ResponseReturnValue:
    """The course's first page, or one of its units."""
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        draft = read_course(course.draft)
        unit = draft.find_unit(unit_id) if unit_id else None
        if unit_id and unit is None:
            raise CourseMissing("This unit is not in the draft any more.")
        before, after = draft.neighbours(unit.id) if unit else (None, None)
        played = find_choice(session, unit.kind, unit.package or unit.quiz) if unit else None
        return render_template(
            "admin/courses/preview.html",
            **page_context(session, course),
            draft=draft,
            unit=unit,
            before=before,
            after=after,
            played=played,
            files=files_of(session, course_id),
            file_url=file_url,
            text=render_text(unit.body if unit else draft.description, course_id),
        )
