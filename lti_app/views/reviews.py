"""Somebody's work in one link, in the platform's frame: for the teacher who reviews it, and for a
mentor. No cookie: the signed token in the path names the launch and whose work it is."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, redirect, render_template
from flask.typing import ResponseReturnValue

from database.session import transaction
from lti_app.security.guards import public
from lti_app.services import reviews
from lti_app.views.explaining import tell
from lti_app.views.frame_pages import read_frame_page, show_in_frame
from lti_app.views.player_address import build_player_address
from scorm_runtime.core.explain import Explanation
from scorm_runtime.services.explanations import explain_attempt

bp = Blueprint("reviews", __name__, url_prefix="/lti")

_GUARD = "the signed token in the path opens one person's work, for the teacher who launched"


@bp.get("/review/<token>")
@public(_GUARD)
def index(token: str) -> ResponseReturnValue:
    """Attempts, grade, answers, and what is missing."""
    page, now = read_frame_page("review", token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        work = reviews.get_review(session, page.launch_id, page.user_id, page.subject_id)
        show_in_frame(session, page)
        newest = work.attempts[0][0] if work.attempts else None
        return render_template(
            "lti/review.html",
            token=token,
            work=work,
            answers=reviews.list_answers(session, newest) if newest else [],
            why=tell(explain_attempt(session, newest, now=now) if newest else Explanation()),
        )


@bp.get("/review/<token>/attempts/<uuid:attempt_id>")
@public(_GUARD)
def attempt(token: str, attempt_id: UUID) -> ResponseReturnValue:
    """Open an attempt in the player, for looking only."""
    page, now = read_frame_page("review", token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        work = reviews.get_review(session, page.launch_id, page.user_id, page.subject_id)
        if attempt_id not in {attempt.id for attempt, _package in work.attempts}:
            abort(404)
    address = build_player_address(
        page.tenant_id,
        attempt_id,
        page.subject_id,
        launch_ref=str(page.launch_id),
        mode="review",
        now=now,
    )
    return redirect(address, 303)


@bp.get("/mentor/<token>")
@public("the signed token in the path opens one link, for the mentor who launched")
def mentor(token: str) -> ResponseReturnValue:
    """How those stand whom the platform says this person mentors (LTI-R4)."""
    page = read_frame_page("mentor", token)
    with transaction(page.tenant_id) as session:
        works = reviews.list_mentees(session, page.launch_id, page.user_id)
        show_in_frame(session, page)
        return render_template("lti/mentor.html", works=works)
