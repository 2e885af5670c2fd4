"""Groups of learners under Manage: who is in, in which courses they learn, how far they are."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.errors import CourseInvalid, NotAllowed
from content.models.group import LearnerGroup
from content.services import groups
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import course_people, enrolling, group_reports, visible_courses
from lti_app.views.admin.course_pages import get_editable, viewer

bp = Blueprint("admin_groups", __name__, url_prefix="/admin/groups")

PAGE_SIZE = 50
MOST_COURSES = 500
"""Of which one may be chosen for the group."""


@bp.get("/")
@requires(Permission.EDIT_OWN_CONTENT)
def index() -> ResponseReturnValue:
    """All groups, and a form for a new one."""
    return _list()


@bp.post("/")
@requires(Permission.EDIT_OWN_CONTENT)
def create() -> ResponseReturnValue:
    """A new one, empty."""
    try:
        with transaction(current_user.tenant_id) as session:
            group = groups.create_group(
                session,
                request.form.get("name", ""),
                description=request.form.get("description", "")[:500],
                created_by=current_user.id,
            )
    except CourseInvalid:
        flash(_say_name(), "danger")
        return _list(), 422
    return redirect(url_for("admin_groups.group", group_id=group.id), 303)


@bp.get("/<uuid:group_id>")
@requires(Permission.EDIT_OWN_CONTENT)
def group(group_id: UUID) -> ResponseReturnValue:
    """One group: its members, its courses."""
    page = max(request.args.get("page", 1, int), 1)
    with transaction(current_user.tenant_id) as session:
        found = _get(session, group_id)
        choices = visible_courses.list_visible(
            session, viewer(), state="published", size=MOST_COURSES
        )
        return render_template(
            "admin/courses/group.html",
            group=found,
            members=group_reports.list_members(
                session, group_id, viewer(), page=page, size=PAGE_SIZE
            ),
            count=len(groups.list_member_ids(session, group_id)),
            courses=group_reports.list_courses(session, group_id, viewer()),
            choices=choices,
            page=page,
            size=PAGE_SIZE,
        )


@bp.post("/<uuid:group_id>")
@requires(Permission.EDIT_OWN_CONTENT)
def change(group_id: UUID) -> ResponseReturnValue:
    """Another name or description."""
    try:
        with transaction(current_user.tenant_id) as session:
            found = _get(session, group_id)
            description = request.form.get("description", "")[:500]
            groups.change_group(session, found, request.form.get("name", ""), description)
    except CourseInvalid:
        flash(_say_name(), "danger")
    else:
        flash(_("It is saved."), "success")
    return _back(group_id)


@bp.post("/<uuid:group_id>/members")
@requires(Permission.EDIT_OWN_CONTENT)
def add(group_id: UUID) -> ResponseReturnValue:
    """People by their addresses."""
    with transaction(current_user.tenant_id) as session:
        _get(session, group_id)
        addresses = request.form.get("emails", "")
        people, unknown = course_people.find_by_addresses(session, addresses)
        groups.add_members(session, group_id, [one.id for one in people])
    if people:
        told = ngettext("One person is in.", "%(num)s people are in.", len(people))
        flash(told, "success")
    if unknown:
        flash(_("Nobody has the address %(addresses)s.", addresses=", ".join(unknown)), "warning")
    if not people and not unknown:
        flash(_("Enter at least one address."), "warning")
    return _back(group_id)


@bp.post("/<uuid:group_id>/members/<uuid:user_id>/remove")
@requires(Permission.EDIT_OWN_CONTENT)
def remove(group_id: UUID, user_id: UUID) -> ResponseReturnValue:
    """Somebody leaves the group; their courses stay theirs."""
    with transaction(current_user.tenant_id) as session:
        _get(session, group_id)
        groups.remove_member(session, group_id, user_id)
    flash(_("They are out of the group. Their courses stay theirs."), "success")
    return _back(group_id)


@bp.post("/<uuid:group_id>/enrol")
@requires(Permission.EDIT_OWN_CONTENT)
def enrol(group_id: UUID) -> ResponseReturnValue:
    """Everybody of the group learns in a course."""
    course_id = request.form.get("course", None, UUID)
    if course_id is None:
        flash(_("Choose a course first."), "warning")
        return _back(group_id)
    try:
        with transaction(current_user.tenant_id) as session:
            _get(session, group_id)
            made = enrolling.enrol_people(
                session,
                get_editable(session, course_id),
                groups.list_member_ids(session, group_id),
                source="instructor",
                by=current_user.id,
                now=datetime.now(UTC),
            )
    except NotAllowed:
        flash(_("This course is not published."), "danger")
    else:
        told = ngettext("One person is enrolled.", "%(num)s people are enrolled.", len(made))
        flash(told if made else _("All of them were in already."), "success" if made else "info")
    return _back(group_id)


@bp.post("/<uuid:group_id>/delete")
@requires(Permission.EDIT_OWN_CONTENT)
def delete(group_id: UUID) -> ResponseReturnValue:
    """The group goes; people and their courses stay."""
    with transaction(current_user.tenant_id) as session:
        groups.delete_group(session, _get(session, group_id).id)
    flash(_("The group is deleted. People and their courses stay."), "success")
    return redirect(url_for("admin_groups.index"), 303)


def _list() -> str:
    with transaction(current_user.tenant_id) as session:
        found = group_reports.list_visible(session, viewer())
    return render_template("admin/courses/groups.html", groups=found)


def _get(session: Session, group_id: UUID) -> LearnerGroup:
    return group_reports.get_visible(session, group_id, viewer())


def _back(group_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("admin_groups.group", group_id=group_id), 303)


def _say_name() -> str:
    return _("A group needs a name of at most 120 characters that no other group has.")
