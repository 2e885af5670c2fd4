"""Courses in Manage: the list, a new one, the editor's page, publishing, the archive."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from content.core.course_document import read_course
from content.core.errors import CourseInvalid, DraftConflict
from content.services import courses, drafts
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import course_copies, course_notices, visible_courses
from lti_app.services.visible_attempts import find_names
from lti_app.views.admin import course_editor
from lti_app.views.admin.course_fields import FieldInvalid, title
from lti_app.views.admin.course_pages import get_course, get_editable, page_context, viewer
from lti_app.views.admin.course_problems import describe
from lti_app.views.course_refusals import say

bp = Blueprint("admin_courses", __name__, url_prefix="/admin/courses")

PAGE_SIZE = 50
STATES = (
    ("draft", _l("drafts")),
    ("published", _l("published")),
    ("archived", _l("archived")),
)


@bp.get("/")
@requires(Permission.CREATE_CONTENT)
def index() -> ResponseReturnValue:
    """Courses that the visitor may see, the last changed first."""
    search = request.args.get("q", "")[:200]
    state = request.args.get("state", "")
    page = max(request.args.get("page", 1, int), 1)
    with transaction(current_user.tenant_id) as session:
        rows = visible_courses.list_visible(
            session, viewer(), search=search, state=state, page=page, size=PAGE_SIZE + 1
        )
    return render_template(
        "admin/courses/index.html",
        courses=rows[:PAGE_SIZE],
        has_more=len(rows) > PAGE_SIZE,
        page=page,
        search=search,
        state=state,
        states=STATES,
        is_filtered=bool(search or state or page > 1),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.CREATE_CONTENT)
def new() -> ResponseReturnValue:
    """A title makes a draft; its author goes on in the editor."""
    problem = None
    if request.method == "POST":
        try:
            course_id = _create(title(request.form), request.form.get("summary", "").strip())
        except (FieldInvalid, CourseInvalid) as refused:
            problem = {"name": getattr(refused, "name", "title"), "message": say(refused)}
        else:
            return redirect(url_for("admin_courses.editor", course_id=course_id), 303)
    page = render_template("admin/courses/new.html", entered=request.form, problem=problem)
    return page, 422 if problem else 200


def _create(name: str, summary: str) -> UUID:
    document = {"title": name, "summary": summary[:500], "modules": []}
    with transaction(current_user.tenant_id) as session:
        return courses.create_course(
            session,
            title=name,
            created_by=current_user.id,
            now=datetime.now(UTC),
            document=document,
        ).id


@bp.get("/<uuid:course_id>/")
@bp.get("/<uuid:course_id>/content/<uuid:chosen_id>")
@requires(Permission.CREATE_CONTENT)
def editor(course_id: UUID, chosen_id: UUID | None = None) -> ResponseReturnValue:
    """The outline, and beside it the module or unit that is chosen."""
    return course_editor.page(course_id, chosen_id)


@bp.get("/<uuid:course_id>/publish")
@requires(Permission.CREATE_CONTENT)
def publishing(course_id: UUID) -> ResponseReturnValue:
    """What is missing, what happens to learners, and the versions there were."""
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        draft = read_course(course.draft)
        problems = [describe(one, draft) for one in courses.problems_of(course)]
        versions = courses.list_versions(session, course_id)
        people = [one.published_by for one in versions if one.published_by]
        return render_template(
            "admin/courses/publish.html",
            **page_context(session, course),
            blocking=[one for one in problems if one.is_error],
            advice=[one for one in problems if not one.is_error],
            versions=versions,
            people=find_names(session, people),
            counts=visible_courses.count_by_version(session, course_id),
            learners_in_progress=visible_courses.count_under_way(session, course_id),
            has_changes=not versions or visible_courses.has_changes(session, course),
        )


@bp.post("/<uuid:course_id>/publish")
@requires(Permission.EDIT_OWN_CONTENT)
def publish(course_id: UUID) -> ResponseReturnValue:
    """Freeze the draft as a version that learners get."""
    target = redirect(url_for("admin_courses.publishing", course_id=course_id), 303)
    seen = request.form.get("revision", None, int)
    try:
        with transaction(current_user.tenant_id) as session:
            course = get_editable(session, course_id)
            if seen != course.draft_revision:
                flash(_("The draft has changed since this page was opened; look again."), "warning")
                return target
            made = courses.publish(
                session,
                course_id,
                published_by=current_user.id,
                now=datetime.now(UTC),
                note=request.form.get("note", "")[:1000],
                move_everybody=request.form.get("learners") == "move",
            )
            now = datetime.now(UTC)
            course_notices.tell_published(session, made.version, by=current_user.id, now=now)
            number = made.version.number
    except CourseInvalid:
        return target  # the page says what is missing
    flash(_("Version %(number)s is published.", number=number), "success")
    return target


@bp.post("/<uuid:course_id>/versions/<int:number>/restore")
@requires(Permission.EDIT_OWN_CONTENT)
def restore(course_id: UUID, number: int) -> ResponseReturnValue:
    """An old version becomes the draft; learners keep what they have until it is published."""
    try:
        with transaction(current_user.tenant_id) as session:
            get_editable(session, course_id)
            drafts.restore_version(
                session,
                course_id,
                number,
                revision=request.form.get("revision", 0, int),
                changed_by=current_user.id,
                now=datetime.now(UTC),
            )
    except DraftConflict:
        flash(_("The draft has changed since this page was opened; look again."), "warning")
    except CourseInvalid as refused:
        flash(say(refused), "danger")
    else:
        flash(_("Version %(number)s is the draft now; publish it.", number=number), "success")
    return redirect(url_for("admin_courses.publishing", course_id=course_id), 303)


@bp.post("/<uuid:course_id>/archive")
@requires(Permission.EDIT_OWN_CONTENT)
def archive(course_id: UUID) -> ResponseReturnValue:
    """Out of the catalogue and closed for new learners, or back."""
    archived = request.form.get("archived") == "yes"
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        if archived:
            courses.archive(session, course_id, now=datetime.now(UTC))
        else:
            courses.restore(session, course_id)
    text = _("It is archived; who learns there may finish.") if archived else _("It is back.")
    flash(text, "success")
    return redirect(url_for("admin_courses.settings", course_id=course_id), 303)


@bp.post("/<uuid:course_id>/duplicate")
@requires(Permission.CREATE_CONTENT)
def duplicate(course_id: UUID) -> ResponseReturnValue:
    """A new draft with the same content, without learners."""
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        name = _("%(title)s (copy)", title=visible_courses.title_of(course))[:200]
        copy_id = course_copies.duplicate_course(
            session, course, title=name, created_by=current_user.id, now=datetime.now(UTC)
        ).id
    flash(_("This is the copy. Give it a title of its own."), "success")
    return redirect(url_for("admin_courses.settings", course_id=copy_id), 303)
