"""Play on the portal: opens the attempt and sends the browser to the player."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, redirect
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import learning
from lti_app.views.player_address import build_player_address
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services.attempts import open_attempt, start_again

bp = Blueprint("play", __name__)


@bp.post("/play/<uuid:package_id>")
@requires(Permission.TAKE_CONTENT)
def play(package_id: UUID) -> ResponseReturnValue:
    """Resume or begin the visitor's attempt; 303 to the player on the content origin."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        _get_entry(session, package_id)
        attempt = open_attempt(
            session,
            package_id=package_id,
            user_id=current_user.id,
            context_key=learning.PORTAL,
            now=now,
        )
    return _go(attempt, now)


@bp.post("/play/<uuid:package_id>/again")
@requires(Permission.TAKE_CONTENT)
def again(package_id: UUID) -> ResponseReturnValue:
    """Begin another attempt after a finished one, where the package allows it."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        entry = _get_entry(session, package_id)
        if entry.attempt is None:
            abort(404)
        attempt = start_again(session, entry.attempt, now=now)
    return _go(attempt, now)


def _get_entry(session: Session, package_id: UUID) -> learning.Entry:
    """What the visitor may play; 404 for everything else, NothingToPlay where it cannot be."""
    is_editor = current_user.may(Permission.EDIT_OWN_CONTENT)
    entry = learning.find_entry_by_id(session, current_user.id, package_id)
    if entry is None or not learning.may_play(entry, is_editor=is_editor):
        abort(404)
    learning.check_playable(entry)
    return entry


def _go(attempt: Attempt, now: datetime) -> ResponseReturnValue:
    address = build_player_address(
        current_user.tenant_id,
        attempt.id,
        current_user.id,
        launch_ref=learning.PORTAL,
        now=now,
    )
    return redirect(address, 303)
