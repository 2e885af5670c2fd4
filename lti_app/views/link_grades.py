"""The teacher's page of one resource link: who, what, when sent, what the platform said.

It stands in the platform's frame, in place of the player, and has no session: the signed token in
the path opens exactly one link's grades and knows who looks, and the browser must be the one that
this teacher launched in (lti_cookies.py). Either alone opens nothing: the address stands on the
player's page, where content can read it; and a stranger who forges a form does not know it.
"""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.ags import REASONS
from lti_app.core.lti.page_token import (
    LinkGradesToken,
    PageTokenExpired,
    PageTokenInvalid,
    read_page_token,
)
from lti_app.core.lti.roles import LaunchRole
from lti_app.models.grade import Grade
from lti_app.security.guards import public
from lti_app.security.headers import allow_framing
from lti_app.services import (
    admission,
    grade_ledger,
    grade_states,
    grades,
    link_copies,
    outcomes,
    platform_access,
    platform_jobs,
    reconciliation,
    registrations,
    resource_links,
    users,
)
from lti_app.views.admin.platform_texts import GRADE_STATES
from lti_app.views.charts import Bars, bar_chart
from lti_app.views.explaining import tell
from lti_app.views.lti_cookies import is_teachers_browser
from lti_app.views.player_host import describe_passback
from scorm_runtime.core.explain import Explanation
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.explanations import explain_attempt

bp = Blueprint("link_grades", __name__, url_prefix="/lti/links")


@bp.get("/<token>/grades")
@public("the signed token in the path opens one link's grades, in the teacher's browser")
def index(token: str) -> ResponseReturnValue:
    """The page."""
    page = read_page(token)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        allow_framing(registrations.list_origins(session))
        link = resource_links.get_resource_link(session, page.resource_link_id)
        context = resource_links.find_context(session, link)
        source = link_copies.find_source(session, link)
        ledgers = grade_ledger.list_link_ledgers(session, link.id)
        registration_id = platform_access.find_registration_id(session, link.deployment_id)
        counts = grade_states.count_states(session, registration_id, link.id)
    bars = [Bars(str(GRADE_STATES[state]), (count,)) for state, count in counts.items()]
    return render_template(
        "lti/link_grades.html",
        counts=counts,
        state_labels=GRADE_STATES,
        chart=bar_chart(bars, _("Grades by the state of their newest sending")),
        token=token,
        link=link,
        context=context,
        source=source,
        ledgers=ledgers,
        describe=describe_passback,
        reasons=REASONS,
        notice=request.args.get("notice", ""),
    )


@bp.get("/<token>/grades/<uuid:grade_id>/why")
@public("the signed token in the path opens one link's grades, in the teacher's browser")
def why(token: str, grade_id: UUID) -> ResponseReturnValue:
    """Why the attempt that the grade comes from is not complete, or not passed."""
    page = read_page(token)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        allow_framing(registrations.list_origins(session))
        grade = _get_grade(session, page, grade_id)
        attempt = session.get(Attempt, grade.attempt_id)
        learner = users.get_user(session, grade.user_id)
        found = explain_attempt(session, attempt, now=datetime.now(UTC)) if attempt else None
    return render_template(
        "lti/link_why.html",
        token=token,
        grade=grade,
        attempt=attempt,
        learner=learner,
        why=tell(found or Explanation()),
    )


@bp.post("/<token>/grades/send")
@public("the signed token in the path opens one link's grades, in the teacher's browser")
def send_all(token: str) -> ResponseReturnValue:
    """Send all grades of the link again."""
    page = read_page(token)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        link = resource_links.get_resource_link(session, page.resource_link_id)
        row = platform_jobs.schedule(
            session,
            "resend",
            platform_access.find_registration_id(session, link.deployment_id),
            link_id=link.id,
            created_by=page.user_id,
        )
        ask = partial(queue.enqueue_once, queue.RUN_PLATFORM_JOB, row.tenant_id, row.id)
        on_commit(session, ask)
    return redirect(url_for("link_grades.index", token=token, notice="all"), 303)


@bp.post("/<token>/grades/<uuid:grade_id>/keep")
@public("the signed token in the path opens one link's grades, in the teacher's browser")
def keep(token: str, grade_id: UUID) -> ResponseReturnValue:
    """Let the grade given at the platform stand."""
    page = read_page(token)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        _get_grade(session, page, grade_id)
        try:
            reconciliation.keep_theirs(session, grade_id)
            notice = "kept"
        except grades.NotSendable:
            notice = "nothing"
    return redirect(url_for("link_grades.index", token=token, notice=notice), 303)


@bp.post("/<token>/grades/<uuid:grade_id>/send")
@public("the signed token in the path opens one link's grades, in the teacher's browser")
def send(token: str, grade_id: UUID) -> ResponseReturnValue:
    """Send a grade again."""
    page = read_page(token)
    with transaction(page.tenant_id) as session:
        check_teacher(session, page)
        _get_grade(session, page, grade_id)
        try:
            row = grades.send_again(
                session,
                grade_id,
                requested_by=page.user_id,
                now=datetime.now(UTC),
                is_overwriting=request.form.get("over") == "yes",
            )
            outcomes.enqueue_passback(session, row)
            notice = "sent"
        except grades.NotSendable:
            notice = "nothing"
    return redirect(url_for("link_grades.index", token=token, notice=notice), 303)


def _get_grade(session: Session, page: LinkGradesToken, grade_id: UUID) -> Grade:
    """A grade of the page's link, or 404."""
    grade = grades.get_grade(session, grade_id)
    if grade.resource_link_id != page.resource_link_id:
        abort(404)
    return grade


def read_page(token: str) -> LinkGradesToken:
    """What the address opens; 404 for a forged one, 401 for one that is over."""
    try:
        page = read_page_token(current_app.config["SECRET_KEY"], token, datetime.now(UTC))
    except PageTokenInvalid:
        abort(404)
    except PageTokenExpired:
        abort(401, _("This page is over: open the activity in your course again."))
    return page


def check_teacher(session: Session, page: LinkGradesToken) -> None:
    """Still a teacher of this link: the role of the last launch counts, not that of the token."""
    member = resource_links.find_member(session, page.resource_link_id, page.user_id)
    if member is None or not LaunchRole(member.role).is_teacher:
        abort(404)
    is_let_in = admission.may_see_link(session, page.user_id, page.resource_link_id)
    if not is_let_in or not is_teachers_browser(page.tenant_id, page.user_id):
        abort(401, _("This page is over: open the activity in your course again."))
