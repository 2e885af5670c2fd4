"""The grade ledger: who, what, when it was sent, what the platform said; send again."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from database.session import transaction
from lti_app.core.ags import REASONS
from lti_app.core.permissions import Permission, Role
from lti_app.refusals import say
from lti_app.security.guards import requires
from lti_app.services import grades, outcomes, reconciliation, visible_grades

bp = Blueprint("admin_grades", __name__, url_prefix="/admin/grades")

PAGE_SIZE = 50


@bp.get("/")
@requires(Permission.VIEW_OWN_ANALYTICS)
def index() -> ResponseReturnValue:
    """Newest first; filtered by the state of the newest sending."""
    state = request.args.get("state")
    state = state if state in visible_grades.STATES else None
    page = max(request.args.get("page", 1, int), 1)
    with transaction(current_user.tenant_id) as session:
        entries = visible_grades.list_visible(
            session,
            user_id=current_user.id,
            role=Role(current_user.role),
            state=state,
            limit=PAGE_SIZE + 1,
            offset=(page - 1) * PAGE_SIZE,
        )
    return render_template(
        "admin/grades.html",
        entries=entries[:PAGE_SIZE],
        has_more=len(entries) > PAGE_SIZE,
        page=page,
        state=state,
        reasons=REASONS,
    )


@bp.get("/<uuid:grade_id>")
@requires(Permission.VIEW_OWN_ANALYTICS)
def grade(grade_id: UUID) -> ResponseReturnValue:
    """One grade: every value it had, every sending, every answer."""
    with transaction(current_user.tenant_id) as session:
        ledger = visible_grades.get_visible_ledger(
            session, grade_id, user_id=current_user.id, role=Role(current_user.role)
        )
    return render_template("admin/grade.html", ledger=ledger, reasons=REASONS)


@bp.post("/<uuid:grade_id>/send")
@requires(Permission.MANAGE_GRADES)
def send(grade_id: UUID) -> ResponseReturnValue:
    """Send the grade as it is now once more."""
    target = redirect(url_for("admin_grades.grade", grade_id=grade_id), 303)
    try:
        with transaction(current_user.tenant_id) as session:
            row = grades.send_again(
                session,
                grade_id,
                requested_by=current_user.id,
                now=datetime.now(UTC),
                is_overwriting=request.form.get("over") == "yes",
            )
            outcomes.enqueue_passback(session, row)
    except grades.NotSendable as error:
        flash(say(error), "danger")
        return target
    flash(_("The grade is on its way; reload in a moment to see the answer."), "success")
    return target


@bp.post("/<uuid:grade_id>/keep")
@requires(Permission.MANAGE_GRADES)
def keep(grade_id: UUID) -> ResponseReturnValue:
    """Let the grade given at the platform stand."""
    try:
        with transaction(current_user.tenant_id) as session:
            reconciliation.keep_theirs(session, grade_id)
        flash(_("The platform's grade stands; ours is kept here and not sent."), "success")
    except grades.NotSendable as error:
        flash(say(error), "danger")
    return redirect(url_for("admin_grades.grade", grade_id=grade_id), 303)
