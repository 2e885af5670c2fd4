"""The catalogue: published packages, and the page of each."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import learning

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
    return render_template("portal/package.html", entry=entry, attempts=attempts)


def _is_editor() -> bool:
    return bool(current_user.may(Permission.EDIT_OWN_CONTENT))
