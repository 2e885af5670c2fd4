"""Addresses of a quiz's pages, and who may use them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.models.enrolment import Enrolment
from lti_app.core.lti.page_token import PageTokenExpired, PageTokenInvalid
from lti_app.core.quiz_token import QuizToken, read_quiz_token, sign_quiz_token
from lti_app.security.headers import allow_framing
from lti_app.services import admission, content_outcomes, launches, registrations, resource_links
from lti_app.views.content_address import build_course_path
from lti_app.views.speaking import speak_to

LIFETIME = timedelta(hours=26)
"""Longer than the longest time limit."""


def build_quiz_address(
    tenant_id: UUID,
    user_id: UUID,
    quiz_id: UUID,
    *,
    context_key: str,
    launch_ref: str,
    now: datetime,
) -> str:
    """The path of the start page for one learner in one place."""
    until = (now + LIFETIME).replace(microsecond=0)
    token = QuizToken(tenant_id, user_id, quiz_id, context_key, launch_ref, until)
    text = sign_quiz_token(current_app.config["SECRET_KEY"], token)
    return url_for("quizzes.start", token=text)


def read_address(token: str) -> QuizToken:
    """What the address permits; ends the request with 404 or 401 where it permits nothing.

    Outside a platform's frame the address alone opens nothing: its learner must be signed in.
    """
    try:
        page = read_quiz_token(current_app.config["SECRET_KEY"], token, datetime.now(UTC))
    except PageTokenInvalid:
        abort(404)
    except PageTokenExpired:
        abort(401, _("This page is over: open the quiz again where you found it."))
    if not page.is_framed and (
        not current_user.is_authenticated or current_user.id != page.user_id
    ):
        abort(401, _("Sign in, then open the quiz again."))
    return page


def find_way_back(session: Session, page: QuizToken) -> str:
    """Where a learner who takes the quiz as a unit goes back to; "" for other places."""
    place = content_outcomes.read_unit_context(page.context_key)
    enrolment = session.get(Enrolment, place[0]) if place else None
    if place is None or enrolment is None:
        return ""
    return build_course_path(
        page.tenant_id,
        enrolment,
        launch_ref=page.launch_ref,
        now=datetime.now(UTC),
        unit_id=place[1],
    )


def admit(session: Session, page: QuizToken) -> None:
    """In the language of the person. In a platform's frame: still let in, and framed by the
    tenant's platforms only."""
    speak_to(session, page.user_id, launches.find_by_reference(session, page.launch_ref))
    if not page.is_framed:
        return
    allow_framing(registrations.list_origins(session))
    link_id = resource_links.read_context_key(page.context_key)
    if link_id is not None and not admission.may_see_link(session, page.user_id, link_id):
        abort(401, _("This page is over: open the activity in your course again."))
