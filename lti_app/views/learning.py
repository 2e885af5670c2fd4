"""My learning: where I was, what is due, what I began, what I finished and earned."""

from datetime import UTC, datetime

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services.learner_home import CourseEntry, build_home
from lti_app.services.quiz_shelf import QuizEntry
from lti_app.views import course_texts
from lti_app.views.certificates import picture_of

bp = Blueprint("learning", __name__)


@bp.get("/learning")
@requires(Permission.TAKE_CONTENT)
def index() -> ResponseReturnValue:
    """What was used last large, of courses, packages and quizzes; what is due; then the rest."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        home = build_home(session, current_user.id, now)
    return render_template(
        "portal/learning.html",
        home=home,
        open_entries=home.open_entries,
        finished_entries=home.finished_entries,
        texts=course_texts,
        is_course=lambda entry: isinstance(entry, CourseEntry),
        is_quiz=lambda entry: isinstance(entry, QuizEntry),
        earned=[(row, row.state(now), picture_of(row)) for row in home.certificates[:3]],
    )
