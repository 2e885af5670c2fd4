"""Categories of the catalogue: one page on which the tree is looked after.

The tree belongs to everybody, so who changes only their own courses does not change it.
"""

from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from content.core.errors import CourseInvalid
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import course_categories
from lti_app.views.admin.courses import bp


@bp.get("/categories")
@requires(Permission.EDIT_ALL_CONTENT)
def categories() -> ResponseReturnValue:
    """The tree, with a form for each category and one for a new one."""
    return _page()


@bp.post("/categories")
@requires(Permission.EDIT_ALL_CONTENT)
def add_category() -> ResponseReturnValue:
    """A new one."""
    try:
        with transaction(current_user.tenant_id) as session:
            course_categories.add(session, request.form.get("name", ""), _parent())
    except CourseInvalid as refused:
        return _page(refused, "new"), 422
    flash(_("The category is there."), "success")
    return _back()


@bp.post("/categories/<uuid:category_id>")
@requires(Permission.EDIT_ALL_CONTENT)
def change_category(category_id: UUID) -> ResponseReturnValue:
    """Another name or place."""
    try:
        with transaction(current_user.tenant_id) as session:
            name = request.form.get("name", "")
            course_categories.change(session, category_id, name, _parent())
    except CourseInvalid as refused:
        return _page(refused, str(category_id)), 422
    flash(_("It is saved."), "success")
    return _back(category_id)


@bp.post("/categories/<uuid:category_id>/step")
@requires(Permission.EDIT_ALL_CONTENT)
def step_category(category_id: UUID) -> ResponseReturnValue:
    """One place up or down."""
    way = 1 if request.form.get("way") == "down" else -1
    with transaction(current_user.tenant_id) as session:
        course_categories.step(session, category_id, way)
    return _back(category_id)


@bp.post("/categories/<uuid:category_id>/delete")
@requires(Permission.EDIT_ALL_CONTENT)
def delete_category(category_id: UUID) -> ResponseReturnValue:
    """Take it away; what is in it goes up."""
    try:
        with transaction(current_user.tenant_id) as session:
            course_categories.delete(session, category_id)
    except CourseInvalid as refused:
        return _page(refused, str(category_id)), 422
    flash(_("The category is gone; what was in it is one level higher."), "success")
    return _back()


def _parent() -> UUID | None:
    given = request.form.get("parent", "")
    try:
        return UUID(given) if given else None
    except ValueError:
        raise CourseInvalid("parent", _("choose a category of the list")) from None


def _back(category_id: UUID | None = None) -> ResponseReturnValue:
    anchor = f"category-{category_id}" if category_id else None
    return redirect(url_for("admin_courses.categories", _anchor=anchor), 303)


def _page(problem: CourseInvalid | None = None, place: str = "") -> str:
    """`place`: the form that has the problem, "new" or a category's id."""
    with transaction(current_user.tenant_id) as session:
        return render_template(
            "admin/courses/categories.html",
            tree=course_categories.read_tree(session),
            choices=course_categories.list_choices(session),
            problem=problem,
            place=place,
            entered=request.form if problem else {},
            longest=course_categories.MAX_NAME,
        )
