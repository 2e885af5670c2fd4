"""What a quiz's page sends while it is taken: numbered entries, answered when they are kept; or,
from a browser without JavaScript, all its fields as a form."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import jsonify, redirect, render_template, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue

import scorm_runtime
from content.core.quiz.journal import EntriesInvalid, read_entries
from content.core.quiz.plain_form import read_form
from content.services import quizzes
from content.services.quiz_attempts import is_attempt_over
from content.services.quiz_journal import record_entries, record_form
from database.session import transaction
from lti_app.security.guards import public
from lti_app.views.quiz_address import admit, read_address
from lti_app.views.quiz_papers import build_paper
from lti_app.views.quizzes import bp, get_layout, get_own

MOST_BYTES = 2_000_000
MOST_FORM_BYTES = 10_000_000
"""Every answer of a paper, in the wordy way forms write other letters than Latin ones."""
_GUARD = "the signed token in the path opens one quiz for one learner, who is signed in or framed"
_BRIDGE_FILES = Path(*scorm_runtime.__path__) / "static" / "bridge"


@bp.get("/disk.js")
@public("a script, the same for everybody")
def disk() -> ResponseReturnValue:
    """The second place of the player's journal, which is the quizzes' too."""
    return send_from_directory(_BRIDGE_FILES, "disk.js", max_age=3600)


@bp.post("/at/<token>/attempts/<uuid:attempt_id>/entries")
@public(_GUARD)
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


@bp.post("/at/<token>/attempts/<uuid:attempt_id>/answers")
@public(_GUARD)
def plain_answers(token: str, attempt_id: UUID) -> ResponseReturnValue:
    """Keep what stands in the page's fields; then back to it, or on to handing in."""
    page, now = read_address(token), datetime.now(UTC)
    request.max_form_memory_size = MOST_FORM_BYTES
    fields = dict(request.form.lists())
    with transaction(page.tenant_id) as session:
        admit(session, page)
        row = get_own(session, page, attempt_id)
        said = read_form(build_paper(session, row), fields)
        done = record_form(session, attempt_id, said.changes, now, flags=said.flags)
    is_whole = not (done.refused or said.reordered or done.is_over)
    if request.form.get("then") == "hand_in" and is_whole:
        return redirect(url_for("quizzes.confirm", token=token, attempt_id=attempt_id), 303)
    refused = ",".join(str(slot) for slot, _why in done.refused)
    back = url_for(
        "quizzes.attempt",
        token=token,
        attempt_id=attempt_id,
        saved=None if done.is_over else 1,
        refused=refused or None,
        reordered=",".join(map(str, said.reordered)) or None,
    )
    return redirect(back, 303)


@bp.get("/at/<token>/attempts/<uuid:attempt_id>/hand-in")
@public(_GUARD)
def confirm(token: str, attempt_id: UUID) -> ResponseReturnValue:
    """Once more before it is handed in: what has no answer. Reached without JavaScript."""
    page, now = read_address(token), datetime.now(UTC)
    with transaction(page.tenant_id) as session:
        admit(session, page)
        row = get_own(session, page, attempt_id)
        if is_attempt_over(session, row, now):
            return redirect(url_for("quizzes.attempt", token=token, attempt_id=attempt_id), 303)
        version = quizzes.get_version(session, row.quiz_version_id)
        given = {int(slot) for slot, one in row.answers.items() if one.get("value") is not None}
        slots = [line[0] for line in row.paper]
        flagged = [slot for slot in slots if row.flags.get(str(slot), {}).get("value")]
    return render_template(
        "quizzes/hand_in.html",
        layout=get_layout(page),
        token=token,
        page=page,
        attempt=row,
        version=version,
        missing=[slot for slot in slots if slot not in given],
        flagged=flagged,
    )
