"""Grades and rosters of one platform: figures, settings, tests, and work that takes longer."""

from functools import partial
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.ags import REASONS
from lti_app.core.grade_alerts import LIMITS
from lti_app.core.permissions import Permission
from lti_app.core.platforms.families import get_family
from lti_app.models.grade_service import GradeService
from lti_app.refusals import say
from lti_app.security.guards import requires
from lti_app.services import (
    grade_alerts,
    grade_services,
    grade_states,
    platform_jobs,
    registrations,
    rosters,
    sendings,
)
from lti_app.views.admin import platform_texts as texts
from lti_app.views.charts import Bars, bar_chart

bp = Blueprint("admin_platform_grades", __name__, url_prefix="/admin/platforms")
KINDS = ("test", "results", "resend")
"""What can be asked for on this page; rosters have their own."""


@bp.get("/<uuid:registration_id>/grades")
@requires(Permission.MANAGE_PLATFORMS)
def index(registration_id: UUID) -> ResponseReturnValue:
    """Where the platform's grades stand, and what can be done about it."""
    with transaction(current_user.tenant_id) as session:
        registration = registrations.get_registration(session, registration_id)
        service = grade_services.find_service(session, registration_id) or _usual(registration_id)
        counts = grade_states.count_states(session, registration_id)
        jobs = platform_jobs.list_jobs(session, registration_id)
        total = sendings.count_grades(session, registration_id)
        contexts = rosters.list_contexts(session, registration_id)
    bars = [Bars(str(texts.GRADE_STATES[state]), (count,)) for state, count in counts.items()]
    return render_template(
        "admin/platform_grades.html",
        registration=registration,
        family=get_family(registration.platform),
        service=service,
        counts=counts,
        chart=bar_chart(bars, _("Grades by the state of their newest sending")),
        jobs=jobs,
        total=total,
        contexts=contexts,
        limits=LIMITS,
        texts=texts,
    )


@bp.post("/<uuid:registration_id>/grades/settings")
@requires(Permission.MANAGE_PLATFORMS)
def change_settings(registration_id: UUID) -> ResponseReturnValue:
    """Who has the last word, when columns are made, and how often we look."""
    target = redirect(url_for("admin_platform_grades.index", registration_id=registration_id), 303)
    hours = [request.form.get(name, type=int) for name in ("results_hours", "roster_hours")]
    try:
        if None in hours:
            raise grade_services.SettingsInvalid(_("Enter the hours as whole numbers."))
        with transaction(current_user.tenant_id) as session:
            registrations.get_registration(session, registration_id)
            grade_services.change_settings(
                session,
                registration_id,
                overwrites=request.form.get("overwrites") == "yes",
                line_items=request.form.get("line_items", ""),
                results_hours=int(hours[0] or 0),
                roster_hours=int(hours[1] or 0),
            )
            percent = request.form.get("alert_percent", type=int)
            grade_alerts.choose_limit(session, registration_id, -1 if percent is None else percent)
    except (grade_services.SettingsInvalid, grade_alerts.LimitInvalid) as error:
        flash(say(error), "danger")
        return target
    flash(_("The settings are saved."), "success")
    return target


@bp.post("/<uuid:registration_id>/jobs")
@requires(Permission.MANAGE_PLATFORMS)
def start(registration_id: UUID) -> ResponseReturnValue:
    """Test the connection, compare results, or send all grades again."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        abort(400, _("Choose what to do."))
    with transaction(current_user.tenant_id) as session:
        registrations.get_registration(session, registration_id)
        row = platform_jobs.schedule(session, kind, registration_id, created_by=current_user.id)
        ask = partial(queue.enqueue_once, queue.RUN_PLATFORM_JOB, row.tenant_id, row.id)
        on_commit(session, ask)
        job_id = row.id
    return redirect(url_for("admin_platform_grades.job", job_id=job_id), 303)


@bp.get("/jobs/<uuid:job_id>")
@requires(Permission.MANAGE_GRADES)
def job(job_id: UUID) -> ResponseReturnValue:
    """How far it is, and what came of it; a script asks this page again while it runs."""
    with transaction(current_user.tenant_id) as session:
        row = platform_jobs.get_job(session, job_id)
        registration = registrations.get_registration(session, row.registration_id)
        unread = row.report.get("unread", {})
        links = {str(one.id): one for one in rosters.list_named_links(session, list(unread))}
    running = row.state in ("waiting", "running")
    page = render_template(
        "admin/platform_job.html",
        job=row,
        registration=registration,
        running=running,
        links=links,
        reasons=REASONS,
        texts=texts,
    )
    headers = {"Refresh": "5"} if running and "X-Part" not in request.headers else {}
    return page, 200, headers


def _usual(registration_id: UUID) -> GradeService:
    """What holds while nobody has chosen anything; not kept."""
    return GradeService(
        registration_id=registration_id,
        overwrites=False,
        line_items="usual",
        results_hours=24,
        roster_hours=24,
        alert_percent=grade_alerts.USUAL_LIMIT,
    )
