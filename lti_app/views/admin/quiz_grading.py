"""Marking by hand, regrading, item analysis and accommodations under Manage."""

from datetime import UTC, datetime
from functools import partial
from uuid import UUID

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from content.core.quiz.errors import QuizDraftChanged, QuizInvalid
from content.core.quiz.policy import Accommodation
from content.models.quiz_attempt import QuizAttempt
from content.services import quiz_regrades, quizzes
from content.services.quiz_analysis import analyse_quiz
from content.services.quiz_attempts import extend_running, read_paper
from content.services.quiz_marking import list_audit, list_marks, list_waiting, mark_by_hand
from content.services.quiz_regrading import Rehearsal, rehearse
from database.session import on_commit, transaction
from lti_app import queue
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import quiz_outcomes, users
from lti_app.views.admin.quiz_forms import KIND_LABELS
from lti_app.views.admin.quiz_texts import say_refused
from lti_app.views.admin.quizzes import bp, get_editable
from lti_app.views.charts import Bars, bar_chart
from lti_app.views.quiz_text import without_blanks

MOST_SHOWN = 500
"""Attempts that a rehearsal names one by one."""


@bp.get("/grading")
@requires(Permission.MANAGE_GRADES)
def grading() -> ResponseReturnValue:
    """Answers that wait for a person; without names on request."""
    anonymous = request.args.get("anonymous") == "yes"
    with transaction(current_user.tenant_id) as session:
        waiting = list_waiting(session)
        names = users.find_names(session, [attempt.user_id for _mark, attempt, *_ in waiting])
    return render_template(
        "admin/quizzes/grading.html", waiting=waiting, names=names, anonymous=anonymous
    )


@bp.get("/grading/<uuid:attempt_id>/<int:slot>")
@requires(Permission.MANAGE_GRADES)
def mark(attempt_id: UUID, slot: int) -> ResponseReturnValue:
    """One answer with its rubric."""
    return _mark_page(attempt_id, slot)


@bp.post("/grading/<uuid:attempt_id>/<int:slot>")
@requires(Permission.MANAGE_GRADES)
def save_mark(attempt_id: UUID, slot: int) -> ResponseReturnValue:
    """Mark it, tell everybody whom it concerns, and go on with the next one."""
    form, now = request.form, datetime.now(UTC)
    start = "level-"
    levels = {key[len(start) :]: form[key] for key in form if key.startswith(start)}
    try:
        text = form.get("points", "").strip().replace(",", ".")
        with transaction(current_user.tenant_id) as session:
            attempt = mark_by_hand(
                session,
                attempt_id,
                slot,
                points=float(text) if text else None,
                levels=levels,
                comment=form.get("comment", ""),
                made_by=current_user.id,
                reason=form.get("reason", ""),
            )
            app_url = current_app.config["LECTERN"].app_url
            quiz_outcomes.record_marking(session, attempt, now, app_url)
            rest = list_waiting(session, [attempt.quiz_id], limit=1)
    except (QuizInvalid, ValueError) as refused:
        flash(
            say_refused(refused) if isinstance(refused, QuizInvalid) else _("Points are a number."),
            "danger",
        )
        return _mark_page(attempt_id, slot), 422
    flash(_("Marked."), "success")
    anonymous = request.args.get("anonymous")
    if not rest:
        return redirect(url_for("admin_quizzes.grading", anonymous=anonymous), 303)
    row, following = rest[0][:2]
    address = url_for(
        "admin_quizzes.mark", attempt_id=following.id, slot=row.slot, anonymous=anonymous
    )
    return redirect(address, 303)


@bp.get("/<uuid:quiz_id>/regrade")
@requires(Permission.MANAGE_GRADES)
def regrade(quiz_id: UUID) -> ResponseReturnValue:
    """The rehearsal: who would change, and how; or how far a regrade is, which the page follows
    by itself (import.js)."""
    found: Rehearsal | None = None
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        latest = quiz_regrades.find_latest(session, quiz_id)
        runs = latest is not None and latest.state in ("waiting", "running")
        if not runs and row.current_version_id is not None:
            found = rehearse(session, row)
        moved = found.attempts[:MOST_SHOWN] if found else ()
        who = [latest.made_by] if latest and latest.made_by else []
        names = users.find_names(session, [*who, *(attempt.user_id for attempt, *_scores in moved)])
    page = render_template(
        "admin/quizzes/regrade.html",
        quiz=row,
        found=found,
        moved=moved,
        names=names,
        latest=latest,
        runs=runs,
    )
    return page, 200, {"Refresh": "5"} if runs and "X-Part" not in request.headers else {}


@bp.post("/<uuid:quiz_id>/regrade")
@requires(Permission.MANAGE_GRADES)
def do_regrade(quiz_id: UUID) -> ResponseReturnValue:
    """Have done what was rehearsed: a job marks, and sends the grades that change."""
    form, tenant_id = request.form, current_user.tenant_id
    try:
        with transaction(tenant_id) as session:
            row = get_editable(session, quiz_id)
            made = quiz_regrades.schedule(
                session,
                row,
                form.get("fingerprint", ""),
                made_by=current_user.id,
                reason=form.get("reason", ""),
            )
            on_commit(session, partial(queue.enqueue, queue.RUN_REGRADE, tenant_id, made.id))
    except (QuizInvalid, QuizDraftChanged) as refused:
        flash(say_refused(refused), "danger")
    return redirect(url_for("admin_quizzes.regrade", quiz_id=quiz_id), 303)


@bp.get("/<uuid:quiz_id>/analysis")
@requires(Permission.VIEW_OWN_ANALYTICS)
def analysis(quiz_id: UUID) -> ResponseReturnValue:
    """How hard each question is, whether it tells the strong from the weak, what was believed."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        found = analyse_quiz(session, quiz_id)
    labels = [f"{tenth * 10}–{tenth * 10 + (10 if tenth == 9 else 9)}" for tenth in range(10)]
    bars = [Bars(label, (count,)) for label, count in zip(labels, found.scores, strict=True)]
    hard = [
        Bars(str(at), (round(item.figures.difficulty * 100),))
        for at, item in enumerate(found.items, start=1)
    ]
    return render_template(
        "admin/quizzes/analysis.html",
        quiz=row,
        found=found,
        kinds=KIND_LABELS,
        scores=bar_chart(bars, _("Attempts by score")),
        difficulties=bar_chart(hard, _("Share of points by question"), top=100),
    )


@bp.get("/<uuid:quiz_id>/accommodations")
@requires(Permission.MANAGE_GRADES)
def accommodations(quiz_id: UUID) -> ResponseReturnValue:
    """Who is allowed more, and a form for one more."""
    with transaction(current_user.tenant_id) as session:
        row = get_editable(session, quiz_id)
        listed = quizzes.list_accommodations(session, quiz_id)
        names = users.find_names(session, [one.user_id for one in listed])
    return render_template(
        "admin/quizzes/accommodations.html", quiz=row, listed=listed, names=names
    )


@bp.post("/<uuid:quiz_id>/accommodations")
@requires(Permission.MANAGE_GRADES)
def accommodate(quiz_id: UUID) -> ResponseReturnValue:
    """Allow a learner more; a running attempt gets its time at once."""
    form = request.form
    try:
        with transaction(current_user.tenant_id) as session:
            get_editable(session, quiz_id)
            person = users.find_user_by_email(session, form.get("email", "").strip())
            if person is None:
                raise QuizInvalid(_("Nobody here has this e-mail address."))
            closing = form.get("closes_at", "").strip()
            granted = Accommodation(
                int(form.get("extra_time_percent") or 0),
                int(form.get("extra_minutes") or 0),
                int(form.get("extra_attempts") or 0),
                datetime.fromisoformat(f"{closing}:00+00:00") if closing else None,
            )
            quizzes.grant(
                session,
                quiz_id,
                person.id,
                granted,
                reason=form.get("reason", ""),
                made_by=current_user.id,
            )
            extend_running(session, quiz_id, person.id)
    except QuizInvalid as refused:
        flash(say_refused(refused), "danger")
    except ValueError:
        flash(_("Enter whole numbers, and a date as the field offers it."), "danger")
    else:
        flash(_("Saved. It holds at once, also for an attempt that is running."), "success")
    return redirect(url_for("admin_quizzes.accommodations", quiz_id=quiz_id), 303)


def _mark_page(attempt_id: UUID, slot: int) -> str:
    anonymous = request.args.get("anonymous") == "yes"
    with transaction(current_user.tenant_id) as session:
        attempt = session.get(QuizAttempt, attempt_id)
        if attempt is None or attempt.state != "submitted":
            abort(404)
        row = list_marks(session, attempt_id).get(slot)
        asked = read_paper(session, attempt).get(slot)
        if row is None or asked is None:
            abort(404)
        quiz = quizzes.get_quiz(session, attempt.quiz_id)
        names = users.find_names(session, [attempt.user_id])
        audit = [one for one in list_audit(session, attempt_id) if one.slot == slot]
    return render_template(
        "admin/quizzes/mark.html",
        quiz=quiz,
        attempt=attempt,
        mark=row,
        question=asked[0],
        text=without_blanks(asked[0].text),
        answer=attempt.answers.get(str(slot), {}).get("value"),
        name="" if anonymous else names[attempt.user_id],
        anonymous=anonymous,
        audit=audit,
    )
