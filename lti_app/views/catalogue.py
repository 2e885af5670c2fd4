"""The catalogue: published packages, and the page of each."""

from datetime import UTC, datetime

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import learning
from lti_app.views.explaining import ToldExplanation, tell
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.explanations import explain_attempt

bp = Blueprint("catalogue", __name__)


@bp.get("/catalogue")
@requires(Permission.TAKE_CONTENT)
def index() -> ResponseReturnValue:
    """All that is published, or what the search finds in it."""
    search = request.args.get("q", "")[:200]
    with transaction(current_user.tenant_id) as session:
        entries = learning.list_catalogue(session, current_user.id, search=search)
    return render_template("portal/catalogue.html", entries=entries, search=search)


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
