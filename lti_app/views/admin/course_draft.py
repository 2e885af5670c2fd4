"""Changing a draft: by the editor's script as it goes, or by forms, with the same changes.

Who saves names the revision that they have seen. Where somebody else has saved since, the script
is told who (409) and a person decides; a form comes back with a word about it. Nothing is stored
half: all changes of a request, or none.
"""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid, CourseMissing, DraftConflict
from content.services import drafts
from content.services.drafts import Draft
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.logs import trace_id
from lti_app.security.guards import requires
from lti_app.services.visible_attempts import find_names
from lti_app.views.admin import course_editor
from lti_app.views.admin.course_changes import apply_changes, find_part
from lti_app.views.admin.course_choices import list_choices
from lti_app.views.admin.course_fields import FieldInvalid
from lti_app.views.admin.course_media import render_text
from lti_app.views.admin.course_pages import get_course, get_editable
from lti_app.views.course_refusals import say

bp = Blueprint("admin_course_draft", __name__, url_prefix="/admin/courses/<uuid:course_id>/draft")

MOST_CHANGES = 500
"""In one request: hours without a network come to less."""


@bp.post("/changes")
@requires(Permission.EDIT_OWN_CONTENT)
def change(course_id: UUID) -> ResponseReturnValue:
    """Take changes of the script; 409 says who has saved since."""
    sent = request.get_json(silent=True) or {}
    changes, revision = sent.get("changes"), sent.get("revision")
    if not isinstance(changes, list) or not isinstance(revision, int):
        abort(400, _("A list of changes and a revision are expected."))
    if len(changes) > MOST_CHANGES:
        abort(413, _("These are too many changes at once; reload the page."))
    try:
        with transaction(current_user.tenant_id) as session:
            draft = apply(session, course_id, changes, revision)
    except DraftConflict as conflict:
        return _refuse(409, "draft_conflict", str(conflict), [_tell_who(conflict)])
    except FieldInvalid as refused:
        details = [{"field": refused.name, "message": refused.message}]
        return _refuse(422, "field_invalid", refused.message, details)
    except (CourseInvalid, CourseMissing) as refused:
        return _refuse(refused.status_hint, "change_refused", say(refused), [])
    return jsonify(data={"revision": draft.revision}, meta={"trace_id": trace_id()})


@bp.post("/parts/<uuid:part_id>")
@requires(Permission.EDIT_OWN_CONTENT)
def save(course_id: UUID, part_id: UUID) -> ResponseReturnValue:
    """The form of a module or a unit, without script."""
    fields = request.form.to_dict()
    try:
        with transaction(current_user.tenant_id) as session:
            course = get_editable(session, course_id)
            _module, unit = find_part(course.draft, part_id)
            op = "set_unit" if unit else "set_module"
            found = {"op": op, "id": str(part_id), "fields": fields}
            apply(session, course_id, [found], request.form.get("revision", 0, int))
    except FieldInvalid as refused:
        return course_editor.page(course_id, part_id, fields, refused), 422
    except CourseInvalid as refused:
        name = refused.place.rpartition(".")[2]
        problem = FieldInvalid(name, say(refused))
        return course_editor.page(course_id, part_id, fields, problem), 422
    except DraftConflict as conflict:
        problem = FieldInvalid("", _say_conflict(conflict))
        flash(_say_conflict(conflict), "danger")
        return course_editor.page(course_id, part_id, fields, problem), 409
    flash(_("It is saved."), "success")
    return _to_editor(course_id, part_id)


@bp.post("/steps")
@requires(Permission.EDIT_OWN_CONTENT)
def step(course_id: UUID) -> ResponseReturnValue:
    """One button: add, copy, move by one place, take out."""
    name, part_id = request.form.get("step", ""), request.form.get("id", "")
    made: list[UUID] = []

    def new_id() -> UUID:
        made.append(uuid4())
        return made[-1]

    found = {"op": name, "id": part_id, "kind": request.form.get("kind")}
    try:
        with transaction(current_user.tenant_id) as session:
            apply(session, course_id, [found], request.form.get("revision", 0, int), new_id)
    except DraftConflict as conflict:
        flash(_say_conflict(conflict), "danger")
        return _to_editor(course_id)
    except CourseInvalid as refused:
        flash(say(refused), "danger")
        return _to_editor(course_id)
    if name == "remove":
        flash(_("It is taken out of the draft."), "success")
        return _to_editor(course_id)
    if made:
        return _to_editor(course_id, made[0])
    return _to_editor(course_id)


@bp.post("/preview")
@requires(Permission.CREATE_CONTENT)
def preview_markdown(course_id: UUID) -> ResponseReturnValue:
    """A text as learners will see it."""
    with transaction(current_user.tenant_id) as session:
        get_course(session, course_id)
    return render_text(request.form.get("text", "")[:200_000], course_id)


@bp.get("/choices/<any(package, quiz):kind>")
@requires(Permission.CREATE_CONTENT)
def choices(course_id: UUID, kind: str) -> ResponseReturnValue:
    """Packages or quizzes that fit a search, as radio buttons."""
    picked = request.args.get("picked", "")
    with transaction(current_user.tenant_id) as session:
        get_course(session, course_id)
        found = list_choices(session, kind, request.args.get("q", ""), picked)
    return render_template("admin/courses/choices.html", choices=found, kind=kind, picked=picked)


def apply(
    session: Session, course_id: UUID, changes: list[Any], revision: int, new_id: Any = uuid4
) -> Draft:
    """All changes on top of the draft; what is there already makes no conflict, so that a request
    may be repeated. Raises DraftConflict, FieldInvalid, CourseInvalid, CourseMissing."""
    course = get_editable(session, course_id)
    session.refresh(course, with_for_update=True)
    return drafts.save_draft(
        session,
        course_id,
        apply_changes(course.draft, changes, new_id),
        revision=revision,
        changed_by=current_user.id,
        now=datetime.now(UTC),
    )


def _to_editor(course_id: UUID, chosen_id: UUID | None = None) -> ResponseReturnValue:
    target = url_for("admin_courses.editor", course_id=course_id, chosen_id=chosen_id)
    return redirect(f"{target}#chosen" if chosen_id else target, 303)


def _tell_who(conflict: DraftConflict) -> dict[str, Any]:
    at = conflict.changed_at
    return {
        "revision": conflict.revision,
        "by": _name(conflict),
        "at": at.isoformat() if isinstance(at, datetime) else "",
    }


def _name(conflict: DraftConflict) -> str:
    if conflict.changed_by == current_user.id:
        return str(_("You, in another window,"))
    if not isinstance(conflict.changed_by, UUID):
        return str(_("Somebody"))
    with transaction(current_user.tenant_id) as session:
        return find_names(session, [conflict.changed_by]).get(conflict.changed_by, _("Somebody"))


def _say_conflict(conflict: DraftConflict) -> str:
    return str(
        _(
            "%(name)s saved this course after you had opened it. Look at it, then do it again.",
            name=_name(conflict),
        )
    )


def _refuse(status: int, code: str, message: str, details: list[Any]) -> ResponseReturnValue:
    error = {"code": code, "message": message, "details": details}
    return jsonify(error=error, meta={"trace_id": trace_id()}), status
