"""The roster of a course: who is in it, who has not begun, who has finished."""

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import grade_services, platform_jobs, rosters

bp = Blueprint("admin_rosters", __name__, url_prefix="/admin/rosters")
PAGE_SIZE = 100
STANDINGS = ("none", "begun", "finished")


@bp.get("/<uuid:context_id>")
@requires(Permission.MANAGE_GRADES)
def roster(context_id: UUID) -> ResponseReturnValue:
    """Learners of a course, with where they stand in one of its activities."""
    standing = request.args.get("standing")
    standing = standing if standing in STANDINGS else None
    page = max(request.args.get("page", 1, int), 1)
    with transaction(current_user.tenant_id) as session:
        context = rosters.get_context(session, context_id)
        registration = rosters.get_registration(session, context)
        links = rosters.list_links(session, context_id)
        chosen = request.args.get("link", "")
        link = next((one for one in links if str(one.id) == chosen), links[0] if links else None)
        link_id = link.id if link else None
        entries = rosters.list_entries(
            session,
            context,
            link_id,
            standing=standing,
            limit=PAGE_SIZE + 1,
            offset=(page - 1) * PAGE_SIZE,
        )
        counts = rosters.count_standings(session, context, link_id)
        newest = platform_jobs.find_newest(
            session, "roster", registration.id, context_id=context_id
        )
        people = rosters.count_members(session, context_id)
    return render_template(
        "admin/roster.html",
        context=context,
        registration=registration,
        links=links,
        link=link,
        entries=entries[:PAGE_SIZE],
        has_more=len(entries) > PAGE_SIZE,
        page=page,
        standing=standing,
        counts=counts,
        people=people,
        newest=newest,
    )


@bp.post("/<uuid:context_id>/read")
@requires(Permission.MANAGE_GRADES)
def read(context_id: UUID) -> ResponseReturnValue:
    """Read the roster now."""
    with transaction(current_user.tenant_id) as session:
        context = rosters.get_context(session, context_id)
        if context.memberships_url is None:
            abort(409, _("The platform has not told us where this roster is."))
        registration = rosters.get_registration(session, context)
        row = platform_jobs.schedule(
            session, "roster", registration.id, context_id=context_id, created_by=current_user.id
        )
        ask = partial(queue.enqueue_once, queue.RUN_PLATFORM_JOB, row.tenant_id, row.id)
        on_commit(session, ask)
        job_id = row.id
    return redirect(url_for("admin_platform_grades.job", job_id=job_id), 303)


@bp.post("/<uuid:context_id>/schedule")
@requires(Permission.MANAGE_GRADES)
def change_schedule(context_id: UUID) -> ResponseReturnValue:
    """Switch on or off that the roster is read by itself."""
    is_on = request.form.get("scheduled") == "yes"
    with transaction(current_user.tenant_id) as session:
        context = rosters.get_context(session, context_id)
        context.roster_is_scheduled = is_on
        grade_services.ensure_service(session, rosters.get_registration(session, context).id)
    flash(
        _("The roster is read by itself from now on.") if is_on else _("It is read by button now."),
        "success",
    )
    return redirect(url_for("admin_rosters.roster", context_id=context_id), 303)
