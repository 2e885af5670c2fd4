"""Play on the portal: opens the attempt and sends the browser to the player."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import learning
from lti_app.views.player_address import build_player_address
from scorm_runtime.services.attempts import open_attempt

bp = Blueprint("play", __name__)


@bp.post("/play/<uuid:package_id>")
@requires(Permission.TAKE_CONTENT)
def play(package_id: UUID) -> ResponseReturnValue:
    """Resume or begin the visitor's attempt; 303 to the player on the content origin."""
    now = datetime.now(UTC)
    is_editor = current_user.may(Permission.EDIT_OWN_CONTENT)
    with transaction(current_user.tenant_id) as session:
        entry = learning.find_entry_by_id(session, current_user.id, package_id)
        if entry is None or not learning.may_play(entry, is_editor=is_editor):
            abort(404)
        learning.check_playable(entry)
        attempt = open_attempt(
            session,
            package_id=package_id,
            user_id=current_user.id,
            context_key=learning.PORTAL,
            now=now,
        )
    address = build_player_address(
        current_user.tenant_id,
        attempt.id,
        current_user.id,
        launch_ref=learning.PORTAL,
        now=now,
    )
    return redirect(address, 303)
