"""The catalogue: courses, packages and quizzes; and the page of each package."""

from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import learning
from lti_app.services.catalogue import PAGE, Wanted, browse
from lti_app.views import course_texts
from lti_app.views.explaining import ToldExplanation, tell
from lti_app.views.quiz_text import block
from lti_app.views.shell import language
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.explanations import explain_attempt

bp = Blueprint("catalogue", __name__)


@bp.get("/catalogue")
@requires(Permission.TAKE_CONTENT)
def index() -> ResponseReturnValue:
    """All that is published, or what the search finds in it."""
    wanted = Wanted(
        search=request.args.get("q", "").replace("\0", " ").strip()[:200],
        **{
            name: request.args.get(name, "").replace("\0", "")[:80]
            for name in ("kind", "category", "tag", "language", "difficulty")
        },
    )
    page = max(1, min(request.args.get("page", 1, int), 10_000))
    with transaction(current_user.tenant_id) as session:
        shelf = browse(
            session, current_user.id, wanted, language=language(), now=datetime.now(UTC), page=page
        )
        return render_template(
            "portal/catalogue.html",
            shelf=shelf,
            wanted=wanted,
            texts=course_texts,
            quiz_text=block,
            size=PAGE,
        )


@bp.get("/packages/<key>")
@requires(Permission.TAKE_CONTENT)
def package(key: str) -> ResponseReturnValue:
    """One package: what it is, where I stand, Play. Its address is the activity's IRI in xAPI."""
    with transaction(current_user.tenant_id) as session:
        entry = learning.find_entry(session, current_user.id, key)
        if entry is None or not learning.may_play(entry, is_editor=_is_editor()):
            abort(404)
        attempts = learning.list_attempts(session, current_user.id, entry.package.id)
        why = _explain(session, entry.attempt)
    return render_template("portal/package.html", entry=entry, attempts=attempts, why=why)


def _explain(session: Session, attempt: Attempt | None) -> ToldExplanation | None:
    """What is missing in an attempt that was opened; None where there is nothing to say."""
    if attempt is None or attempt.launched_at is None:
        return None
    return tell(explain_attempt(session, attempt, now=datetime.now(UTC)))


def _is_editor() -> bool:
    return bool(current_user.may(Permission.EDIT_OWN_CONTENT))
