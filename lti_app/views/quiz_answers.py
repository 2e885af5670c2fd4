"""What a quiz's page sends while it is taken: numbered entries, answered when they are kept."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import jsonify, request, send_from_directory
from flask.typing import ResponseReturnValue

import scorm_runtime
from content.core.quiz.journal import EntriesInvalid, read_entries
from content.services.quiz_journal import record_entries
from database.session import transaction
from lti_app.security.guards import public
from lti_app.views.quiz_address import admit, read_address
from lti_app.views.quizzes import bp, get_own

MOST_BYTES = 2_000_000
_BRIDGE_FILES = Path(*scorm_runtime.__path__) / "static" / "bridge"


@bp.get("/disk.js")
@public("a script, the same for everybody")
def disk() -> ResponseReturnValue:
    """The second place of the player's journal, which is the quizzes' too."""
    return send_from_directory(_BRIDGE_FILES, "disk.js", max_age=3600)


@bp.post("/at/<token>/attempts/<uuid:attempt_id>/entries")
@public("the signed token in the path opens one quiz for one learner, who is signed in or framed")
def entries(token: str, attempt_id: UUID) -> ResponseReturnValue:
    """{writer, entries: [[n, kind, slot, value, ms ago]]} → {acknowledged, refused, seconds_left,
    is_over}. Sent as text/plain, so that keep-alive needs no question before it."""
    page, now = read_address(token), datetime.now(UTC)
    try:
        if (request.content_length or 0) > MOST_BYTES:
            raise EntriesInvalid("too much at once")
        body: Any = request.get_json(force=True, silent=True)
        writer = body.get("writer") if isinstance(body, dict) else None
        if isinstance(writer, bool) or not isinstance(writer, int):
            raise EntriesInvalid("writer is a whole number")
        sent = read_entries(body.get("entries"))
    except EntriesInvalid as wrong:
        return jsonify(error={"code": "bad_request", "message": str(wrong)}), 400
    with transaction(page.tenant_id) as session:
        admit(session, page)
        get_own(session, page, attempt_id)
        done = record_entries(session, attempt_id, writer, sent, now)
    left = None if done.due_at is None else max(0.0, (done.due_at - now).total_seconds())
    return jsonify(
        acknowledged=done.acknowledged,
        refused=[list(one) for one in done.refused],
        seconds_left=left,
        is_over=done.is_over,
    )
