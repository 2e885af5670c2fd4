"""My learning: where I was, what I began, what I finished."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import learning

bp = Blueprint("learning", __name__)


@bp.get("/learning")
@requires(Permission.TAKE_CONTENT)
def index() -> ResponseReturnValue:
    """The last unfinished package large, then the others, then what is finished."""
    with transaction(current_user.tenant_id) as session:
        entries = learning.list_begun(session, current_user.id)
    return render_template(
        "portal/learning.html",
        open_entries=[entry for entry in entries if not entry.is_finished],
        finished_entries=[entry for entry in entries if entry.is_finished],
    )
