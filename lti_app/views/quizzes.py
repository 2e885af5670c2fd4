"""The learner's pages of a quiz: its rules, the attempt, the results.

The signed token in the path says who takes which quiz where, so that the pages work in a platform's
frame without cookies; on the portal the learner must also be signed in. What a page may say of a
question is built by `content.core.quiz.learner_paper`, and after submission by `results`.
"""

from datetime import UTC, datetime
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.quiz.errors import QuizNotOpen
from content.core.quiz.policy import find_closing, find_time_limit, may_see_results
from content.models.quiz import Quiz
from content.models.quiz_attempt import QuizAttempt
from content.services import quizzes
from content.services.quiz_attempts import (
    PREVIEW,
    Place,
    find_place,
    is_attempt_over,
    open_attempt,
    open_window,
    read_attempt_settings,
)
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.core.quiz_token import QuizToken
from lti_app.security.guards import public, requires
from lti_app.services import quiz_items, quiz_outcomes
from lti_app.views import quiz_papers
from lti_app.views.quiz_address import admit, build_quiz_address, find_way_back, read_address
from lti_app.views.quiz_text import block

bp = Blueprint("quizzes", __name__, url_prefix="/quizzes")
_GUARD = "the signed token in the path opens one quiz for one learner, who is signed in or framed"
KIND = quiz_items.QUIZ
"""Importing the module lets links open quizzes (services/items.py)."""
REFUSALS = {
    "not_published": _l("This quiz is not open."),
    "not_open_yet": _l("This quiz is not open yet."),
    "closed": _l("This quiz is closed."),
    "no_attempts_left": _l("You have used all attempts."),
}


@bp.get("/<key>")
@requires(Permission.TAKE_CONTENT)
def quiz(key: str) -> ResponseReturnValue:
    """A quiz on the portal."""
    with transaction(current_user.tenant_id) as session:
        found = quizzes.find_quiz_by_key(session, key)
    if found is None or found.state != "published":
        abort(404)
    return redirect(_address(found, "portal"), 303)


@bp.get("/<uuid:quiz_id>/preview")
@requires(Permission.CREATE_ASSESSMENTS)
def preview(quiz_id: UUID) -> ResponseReturnValue:
    """A teacher tries out what is published; it counts nowhere."""
    with transaction(current_user.tenant_id) as session:
        found = quizzes.get_quiz(session, quiz_id)
    return redirect(_address(found, PREVIEW), 303)


def _address(found: Quiz, context_key: str) -> str:
    return build_quiz_address(
        current_user.tenant_id,
        current_user.id,
        found.id,
        context_key=context_key,
        launch_ref="portal",
        now=datetime.now(UTC),
    )


@bp.get("/at/<token>/")
@public(_GUARD)
def start(token: str) -> ResponseReturnValue:
    """Rules, time, attempts so far, and the button to begin or go on."""
    page, now = read_address(token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        admit(session, page)
        found = quizzes.get_quiz(session, page.quiz_id)
        place = find_place(session, found, page.user_id, page.context_key, now)
        way_back = find_way_back(session, page)
        if place.running is not None and is_attempt_over(session, place.running, now):
            _submit(session, place.running.id, now, "time")
            place = find_place(session, found, page.user_id, page.context_key, now)
    return render_template(
        "quizzes/start.html",
        layout=get_layout(page),
        token=token,
        page=page,
        way_back=way_back,
        place=place,
        version=place.version or found,
        description=block((place.version or found).description),
        limit=find_time_limit(place.settings, place.granted),
        closing=find_closing(place.settings, place.granted),
        results=_readable(place, now),
        refusal=REFUSALS[_refusal(place)] if _refusal(place) else "",
    )


@bp.post("/at/<token>/begin")
@public(_GUARD)
def begin(token: str) -> ResponseReturnValue:
    """Begin an attempt, or go on with the running one."""
    page, now = read_address(token), datetime.now(UTC)
    try:
        with transaction(page.tenant_id) as session:
            admit(session, page)
            attempt, is_new = open_attempt(
                session,
                page.quiz_id,
                page.user_id,
                page.context_key,
                now,
                launch_ref=page.launch_ref,
            )
            app_url = current_app.config["LECTERN"].app_url
            quiz_outcomes.record_opening(session, attempt, is_new=is_new, now=now, app_url=app_url)
    except QuizNotOpen as refused:
        flash(str(REFUSALS[refused.reason]), "warning")
        return redirect(url_for("quizzes.start", token=token), 303)
    return redirect(url_for("quizzes.attempt", token=token, attempt_id=attempt.id), 303)


@bp.get("/at/<token>/attempts/<uuid:attempt_id>")
@public(_GUARD)
def attempt(token: str, attempt_id: UUID) -> ResponseReturnValue:
    """The questions while it runs, afterwards what may be said of the answers."""
    page, now = read_address(token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        admit(session, page)
        row = get_own(session, page, attempt_id)
        if is_attempt_over(session, row, now) and row.state == "running":
            row = _submit(session, attempt_id, now, "time")
        if row.state == "submitted":
            return _result(session, token, page, row, now)
        row = open_window(session, attempt_id, now)
        version = quizzes.get_version(session, row.quiz_version_id)
        settings = read_attempt_settings(session, row)
        shown = quiz_papers.build_paper(session, row)
    return render_template(
        "quizzes/attempt.html",
        layout=get_layout(page),
        token=token,
        page=page,
        attempt=row,
        version=version,
        settings=settings,
        questions=shown,
        said={name: _read_slots(name) for name in ("refused", "reordered")},
        seconds_left=None if row.due_at is None else max(0, (row.due_at - now).total_seconds()),
    )


def _read_slots(name: str) -> list[int]:
    """Numbers of questions in the address: what became of a form (`quiz_answers.plain_answers`).
    Not a flash: there is no cookie in a platform's frame."""
    return [int(one) for one in request.args.get(name, "").split(",")[:500] if one.isdecimal()]


@bp.post("/at/<token>/attempts/<uuid:attempt_id>/submit")
@public(_GUARD)
def submit(token: str, attempt_id: UUID) -> ResponseReturnValue:
    """Hand in what was acknowledged."""
    page, now = read_address(token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        admit(session, page)
        get_own(session, page, attempt_id)
        _submit(session, attempt_id, now, "learner")
    return redirect(url_for("quizzes.attempt", token=token, attempt_id=attempt_id), 303)


def get_own(session: Session, page: QuizToken, attempt_id: UUID) -> QuizAttempt:
    """An attempt of the address's learner at its quiz in its place, or 404."""
    row = session.get(QuizAttempt, attempt_id)
    mine = (page.user_id, page.quiz_id, page.context_key)
    if row is None or (row.user_id, row.quiz_id, row.context_key) != mine:
        abort(404)
    return row


def _submit(session: Session, attempt_id: UUID, now: datetime, ended_by: str) -> QuizAttempt:
    app_url = current_app.config["LECTERN"].app_url
    return quiz_outcomes.submit(session, attempt_id, now, app_url, ended_by=ended_by)


def _result(
    session: Session, token: str, page: QuizToken, row: QuizAttempt, now: datetime
) -> ResponseReturnValue:
    settings = read_attempt_settings(session, row)
    found = quizzes.get_quiz(session, row.quiz_id)
    place = find_place(session, found, page.user_id, page.context_key, now)
    allowed = page.context_key == PREVIEW or may_see_results(
        settings, is_submitted=True, now=now, granted=place.granted
    )
    return render_template(
        "quizzes/result.html",
        layout=get_layout(page),
        token=token,
        page=page,
        way_back=find_way_back(session, page),
        attempt=row,
        version=quizzes.get_version(session, row.quiz_version_id),
        settings=settings,
        place=place,
        allowed=allowed,
        closing=find_closing(settings, place.granted),
        results=quiz_papers.build_results(session, row, settings) if allowed else [],
        may_go_on=_refusal(place) == "",
    )


def _readable(place: Place, now: datetime) -> bool:
    """Whether scores stand beside the attempts of the start page."""
    return may_see_results(place.settings, is_submitted=True, now=now, granted=place.granted)


def _refusal(place: Place) -> str:
    if place.running is not None:
        return ""
    if place.version is None or place.quiz.state == "archived":
        return "not_published"
    return place.beginning.refusal or ""


def get_layout(page: QuizToken) -> str:
    """The template around a page: the portal's, or a bare one in a platform's frame."""
    return "frame.html" if page.is_framed else "base.html"
