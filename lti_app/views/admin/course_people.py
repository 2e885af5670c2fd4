"""People of a course: who learns, how far they are; let in, enrol, invite, take out."""

import secrets
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from content.core.errors import CourseInvalid, NotAllowed
from content.models.enrolment import Enrolment
from content.services import enrolments, groups, invitations, personal_dates
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import course_people, enrolling
from lti_app.services.course_people import PeopleFilter
from lti_app.services.visible_attempts import find_places
from lti_app.views.admin.course_pages import get_course, get_editable, page_context
from lti_app.views.course_refusals import say

bp = Blueprint("admin_course_people", __name__, url_prefix="/admin/courses/<uuid:course_id>/people")

PAGE_SIZE = 50
MOST_IN_GROUP = 10_000
STATUSES = (
    ("requested", _l("asking to come in")),
    ("enrolled", _l("not begun")),
    ("in_progress", _l("in progress")),
    ("completed", _l("completed")),
    ("dropped", _l("left")),
)


@bp.get("/")
@requires(Permission.VIEW_OWN_ANALYTICS)
def index(course_id: UUID) -> ResponseReturnValue:
    """Everybody in the course, with a filter."""
    page = max(request.args.get("page", 1, int), 1)
    wanted = _read_filter(course_id, request.args)
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        people = course_people.list_people(session, wanted, page=page, size=PAGE_SIZE)
        return render_template(
            "admin/courses/people.html",
            **page_context(session, course),
            people=people,
            places=find_places(session, [one.enrolment.context_key for one in people]),
            counts=enrolments.count_by_status(session, course_id),
            count=course_people.count_people(session, wanted),
            groups=groups.list_groups(session),
            statuses=STATUSES,
            wanted=wanted,
            page=page,
            size=PAGE_SIZE,
        )


@bp.post("/enrol")
@requires(Permission.EDIT_OWN_CONTENT)
def enrol(course_id: UUID) -> ResponseReturnValue:
    """Enrol people by their addresses, or a whole group."""
    try:
        with transaction(current_user.tenant_id) as session:
            course = get_editable(session, course_id)
            found, unknown = course_people.find_by_addresses(
                session, request.form.get("emails", "")
            )
            ids = [user.id for user in found]
            if group_id := request.form.get("group", None, UUID):
                ids += groups.list_member_ids(session, group_id)
            made = enrolling.enrol_people(
                session, course, ids, source="instructor", by=current_user.id, now=_now()
            )
    except NotAllowed as refused:
        flash(say(refused), "danger")
        return _back(course_id)
    if made:
        told = ngettext("One person is enrolled.", "%(num)s people are enrolled.", len(made))
        flash(told, "success")
    if len(made) < len(ids):
        already = len(set(ids)) - len(made)
        if already:
            flash(ngettext("One was in already.", "%(num)s were in already.", already), "info")
    if unknown:
        flash(_("Nobody has the address %(addresses)s.", addresses=", ".join(unknown)), "warning")
    if not ids and not unknown:
        flash(_("Enter at least one address, or choose a group."), "warning")
    return _back(course_id)


@bp.post("/<uuid:enrolment_id>/accept")
@requires(Permission.EDIT_OWN_CONTENT)
def accept(course_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """Let somebody in who asked."""
    with transaction(current_user.tenant_id) as session:
        _get_editable_enrolment(session, course_id, enrolment_id)
        is_in = enrolling.accept_request(session, enrolment_id, by=current_user.id, now=_now())
    if is_in:
        flash(_("They are in now, and have been told."), "success")
    return _back(course_id)


@bp.post("/<uuid:enrolment_id>/drop")
@requires(Permission.EDIT_OWN_CONTENT)
def drop(course_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """Take somebody out, or refuse a request; what they did is kept."""
    try:
        with transaction(current_user.tenant_id) as session:
            _get_editable_enrolment(session, course_id, enrolment_id)
            enrolments.drop(session, enrolment_id, now=_now())
    except NotAllowed:
        flash(_("Who has completed the course cannot be taken out."), "danger")
    else:
        flash(_("They are out of the course. What they did is kept."), "success")
    return _back(course_id)


@bp.post("/<uuid:enrolment_id>/again")
@requires(Permission.EDIT_OWN_CONTENT)
def enrol_again(course_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """Let somebody back in who had left; they go on where they were."""
    with transaction(current_user.tenant_id) as session:
        enrolment = _get_editable_enrolment(session, course_id, enrolment_id)
        enrolments.enrol(
            session,
            course_id,
            enrolment.user_id,
            source="instructor",
            now=_now(),
            enrolled_by=current_user.id,
            context_key=enrolment.context_key,
            launch_ref=enrolment.launch_ref,
        )
    flash(_("They are back, and go on where they were."), "success")
    return _back(course_id)


@bp.post("/<uuid:enrolment_id>/dates")
@requires(Permission.EDIT_OWN_CONTENT)
def set_dates(course_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """One person's last day for the whole course, and how many days more they have for units."""
    try:
        due_at, extra_days = _read_dates(request.form)
        with transaction(current_user.tenant_id) as session:
            _get_editable_enrolment(session, course_id, enrolment_id)
            personal_dates.set_dates(session, enrolment_id, due_at=due_at, extra_days=extra_days)
    except ValueError:
        flash(_("Enter a date, and a whole number of days from 0 to 3650."), "danger")
    else:
        flash(_("The dates are saved; they stand in the course as this person sees it."), "success")
    target = url_for("admin_course_report.person", course_id=course_id, enrolment_id=enrolment_id)
    return redirect(target, 303)


def _read_dates(sent: MultiDict[str, str]) -> tuple[datetime | None, int]:
    """(end of the last day, days more); raises ValueError."""
    day, days = sent.get("due_on", "").strip(), sent.get("extra_days", "").strip()
    due_at = datetime.combine(date.fromisoformat(day), time(23, 59), UTC) if day else None
    return due_at, int(days or 0)


@bp.get("/invitations")
@requires(Permission.EDIT_OWN_CONTENT)
def invite(course_id: UUID) -> ResponseReturnValue:
    """Links that let people in, and a form for a new one."""
    with transaction(current_user.tenant_id) as session:
        course = get_editable(session, course_id)
        now = _now()
        found = invitations.list_invitations(session, course_id)
        return render_template(
            "admin/courses/invitations.html",
            **page_context(session, course),
            invitations=[(one, invitations.find_fault(one, now)) for one in found],
            groups=groups.list_groups(session),
            address=lambda token: url_for("courses.invitation", token=token, _external=True),
        )


@bp.post("/invitations")
@requires(Permission.EDIT_OWN_CONTENT)
def make_invitation(course_id: UUID) -> ResponseReturnValue:
    """A new link."""
    days, uses = request.form.get("days", None, int), request.form.get("max_uses", None, int)
    if any(number is not None and number < 1 for number in (days, uses)):
        flash(_("Enter whole numbers from 1 on, or leave the fields empty."), "danger")
        return redirect(url_for("admin_course_people.invite", course_id=course_id), 303)
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        group_id = request.form.get("group", None, UUID)
        invitations.invite(
            session,
            course_id,
            token=secrets.token_urlsafe(32),
            created_by=current_user.id,
            note=request.form.get("note", "")[:200],
            expires_at=_now() + timedelta(days=min(days, 3650)) if days else None,
            max_uses=uses,
            group_id=groups.get_group(session, group_id).id if group_id else None,
        )
    flash(_("The link is made. Copy it and send it to whom it is for."), "success")
    return redirect(url_for("admin_course_people.invite", course_id=course_id), 303)


@bp.post("/invitations/<uuid:invitation_id>/revoke")
@requires(Permission.EDIT_OWN_CONTENT)
def revoke_invitation(course_id: UUID, invitation_id: UUID) -> ResponseReturnValue:
    """The link lets nobody in any more."""
    with transaction(current_user.tenant_id) as session:
        get_editable(session, course_id)
        invitations.revoke(session, course_id, invitation_id, now=_now())
    flash(_("The link lets nobody in any more. Who is in stays."), "success")
    return redirect(url_for("admin_course_people.invite", course_id=course_id), 303)


@bp.post("/groups")
@requires(Permission.EDIT_OWN_CONTENT)
def make_group(course_id: UUID) -> ResponseReturnValue:
    """The people of the filter become a group, or join one that has this name."""
    wanted = _read_filter(course_id, request.form)
    name = request.form.get("name", "")
    try:
        with transaction(current_user.tenant_id) as session:
            get_editable(session, course_id)
            people = course_people.list_people(session, wanted, size=MOST_IN_GROUP)
            group = groups.find_group(session, name) or groups.create_group(
                session, name, created_by=current_user.id
            )
            groups.add_members(session, group.id, [one.user.id for one in people])
            told = ngettext(
                "One person is in “%(name)s” now.",
                "%(num)s people are in “%(name)s” now.",
                len(groups.list_member_ids(session, group.id)),
                name=group.name,
            )
    except CourseInvalid as refused:
        flash(say(refused), "danger")
    else:
        flash(told, "success")
    return _back(course_id)


def _read_filter(course_id: UUID, sent: MultiDict[str, str]) -> PeopleFilter:
    return PeopleFilter(
        course_id,
        search=sent.get("q", "")[:200],
        status=sent.get("status", ""),
        group_id=sent.get("group", None, UUID),
    )


def _get_editable_enrolment(session: Session, course_id: UUID, enrolment_id: UUID) -> Enrolment:
    get_editable(session, course_id)
    enrolment = enrolments.get_enrolment(session, enrolment_id)
    if enrolment.course_id != course_id:
        abort(404)
    return enrolment


def _back(course_id: UUID) -> ResponseReturnValue:
    return redirect(url_for("admin_course_people.index", course_id=course_id), 303)


def _now() -> datetime:
    return datetime.now(UTC)
