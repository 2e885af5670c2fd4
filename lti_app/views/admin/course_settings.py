"""Settings of a course: its catalogue page, when it is complete, who gets in, who teaches.

Most of it is part of the draft and reaches learners when the course is published next; who gets in,
category, prerequisites and instructors hold at once.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.course_document import read_course
from content.core.errors import CourseInvalid, DraftConflict, NotAllowed
from content.models.course import Course
from content.services import course_settings, courses, drafts
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import course_categories, visible_courses
from lti_app.services.users import find_user_by_email
from lti_app.views.admin.course_changes import apply_changes
from lti_app.views.admin.course_fields import FieldInvalid, percent, plain
from lti_app.views.admin.course_media import file_url, find_picture, render_text
from lti_app.views.admin.course_pages import get_course, get_editable, page_context
from lti_app.views.admin.courses import bp
from lti_app.views.course_refusals import say

LANGUAGES = (
    ("ar", "العربية"), ("cs", "Čeština"), ("da", "Dansk"), ("de", "Deutsch"), ("el", "Ελληνικά"),
    ("en", "English"), ("es", "Español"), ("fi", "Suomi"), ("fr", "Français"), ("he", "עברית"),
    ("hi", "हिन्दी"), ("hu", "Magyar"), ("id", "Bahasa Indonesia"), ("it", "Italiano"),
    ("ja", "日本語"), ("ko", "한국어"), ("nb", "Norsk bokmål"), ("nl", "Nederlands"),
    ("pl", "Polski"), ("pt", "Português"), ("ro", "Română"), ("ru", "Русский"),
    ("sv", "Svenska"), ("tr", "Türkçe"), ("uk", "Українська"), ("vi", "Tiếng Việt"), ("zh", "中文"),
)  # fmt: skip
"""Languages of courses, in their own names."""


@bp.get("/<uuid:course_id>/settings")
@requires(Permission.CREATE_CONTENT)
def settings(course_id: UUID) -> ResponseReturnValue:
    """What holds now; for who may not change the course, to read."""
    return _page(course_id)


@bp.post("/<uuid:course_id>/settings")
@requires(Permission.EDIT_OWN_CONTENT)
def save_settings(course_id: UUID) -> ResponseReturnValue:
    """Take the whole form, or none of it."""
    fields = {**request.form.to_dict(), "prerequisites": request.form.getlist("prerequisites")}
    try:
        with transaction(current_user.tenant_id) as session:
            course = get_editable(session, course_id)
            _save_beside(session, course, fields)
            drafts.save_draft(
                session,
                course_id,
                apply_changes(course.draft, [{"op": "set_course", "fields": fields}], UUID),
                revision=request.form.get("revision", 0, int),
                changed_by=current_user.id,
                now=datetime.now(UTC),
            )
    except FieldInvalid as refused:
        return _page(course_id, fields, refused), 422
    except CourseInvalid as refused:
        problem = FieldInvalid(refused.place.rpartition(".")[2], say(refused))
        return _page(course_id, fields, problem), 422
    except NotAllowed as refused:
        return _page(course_id, fields, FieldInvalid("key", say(refused))), 422
    except DraftConflict:
        text = _("Somebody saved this course after you had opened it. Check, then save again.")
        return _page(course_id, fields, FieldInvalid("", text)), 409
    flash(_("The settings are saved."), "success")
    return redirect(url_for("admin_courses.settings", course_id=course_id), 303)


@bp.post("/<uuid:course_id>/instructors")
@requires(Permission.EDIT_OWN_CONTENT)
def add_instructor(course_id: UUID) -> ResponseReturnValue:
    """Somebody more who teaches it, by e-mail address."""
    target = redirect(url_for("admin_courses.settings", course_id=course_id, _anchor="instructors"))
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        person = find_user_by_email(session, request.form.get("email", "").strip())
        if person is None or not person.is_active:
            flash(_("There is no account with this address."), "danger")
            return target
        ids = course_settings.list_instructor_ids(session, course_id)
        course_settings.set_instructors(session, course_id, [*ids, person.id])
        flash(_("%(name)s teaches this course now.", name=person.display_name), "success")
    return target


@bp.post("/<uuid:course_id>/instructors/<uuid:user_id>/remove")
@requires(Permission.EDIT_OWN_CONTENT)
def remove_instructor(course_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Somebody teaches it no more."""
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        ids = course_settings.list_instructor_ids(session, course_id)
        course_settings.set_instructors(session, course_id, [one for one in ids if one != user_id])
    flash(_("They teach this course no more."), "success")
    return redirect(
        url_for("admin_courses.settings", course_id=course_id, _anchor="instructors"), 303
    )


def _save_beside(session: Session, course: Course, fields: Mapping[str, Any]) -> None:
    """What is not in the document."""
    category = _read_uuid(fields.get("category"))
    key = str(fields.get("key", "")).strip()
    course_settings.change_settings(
        session,
        course.id,
        key=key or None,
        enrolment_mode=fields.get("enrolment_mode") or None,
        category_id=category,
        clears_category=category is None,
    )
    wanted = [found for one in fields["prerequisites"] if (found := _read_uuid(one))]
    course_settings.set_prerequisites(session, course.id, wanted)


def _read_uuid(value: Any) -> UUID | None:
    try:
        return UUID(str(value))
    except ValueError:
        return None


def _page(
    course_id: UUID,
    entered: Mapping[str, Any] | None = None,
    problem: FieldInvalid | None = None,
) -> str:
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        others = courses.list_courses(session, state="published", size=200)
        return render_template(
            "admin/courses/settings.html",
            **page_context(session, course),
            shown=_shown(session, course) if entered is None else entered,
            problem=problem,
            languages=_languages(course.language),
            categories=[("", _("none")), *course_categories.list_choices(session)],
            others=[one for one in others if one.id != course_id],
            instructors=visible_courses.list_instructors(session, course_id),
            picture=find_picture(session, course),
            file_url=file_url,
            has_files=True,
            has_export=True,
            rendered={"description": render_text(course.draft.get("description", ""), course_id)},
        )


def _languages(now: str) -> list[tuple[str, str]]:
    return [*LANGUAGES, *([] if now in dict(LANGUAGES) else [(now, now)])]


def _shown(session: Session, course: Course) -> dict[str, Any]:
    draft = read_course(course.draft)
    required = course_settings.list_prerequisites(session, course.id)
    return {
        "title": draft.title,
        "summary": draft.summary,
        "description": draft.description,
        "language": draft.language,
        "difficulty": draft.difficulty,
        "duration_minutes": plain(draft.duration_minutes),
        "tags": ", ".join(draft.tags),
        "key": course.key,
        "category": str(course.category_id or ""),
        "order": draft.order,
        "rule": draft.rule.rule,
        "count": plain(draft.rule.count or None),
        "passing_score": percent(draft.rule.passing_score),
        "certificate": draft.certificate,
        "certificate_valid_days": plain(draft.certificate_valid_days),
        "enrolment_mode": course.enrolment_mode,
        "prerequisites": [str(one.id) for one in required],
    }
