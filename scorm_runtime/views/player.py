"""The player on the content origin: its page, and the three calls of the bridge.

No cookies: the signed token in the path is the permission, so relative addresses of old packages
work and blocked third-party cookies do not matter (DESIGN decision 4).
"""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request
from flask.typing import ResponseReturnValue

from scorm_runtime.core.journal import (
    JournalInvalid,
    parse_after,
    parse_commit,
    parse_journal,
    parse_journals,
)
from scorm_runtime.core.tokens import PlayerToken, name_trace, read_token, renew, sign_token
from scorm_runtime.models.attempt import Attempt
from scorm_runtime.services import attempts, commits, openings
from scorm_runtime.services.explanations import explain_attempt
from scorm_runtime.services.held import get_played
from scorm_runtime.views import errors, files, runtime_files
from scorm_runtime.views.admission import admit
from scorm_runtime.views.headers import protect_page
from scorm_runtime.views.host import Chip, Host
from scorm_runtime.views.texts import page_language, player_texts
from scorm_runtime.views.wiring import wiring

LARGEST_BODY = 15 * 1024 * 1024
"""Bytes of one commit or journal; the bridge splits far below, but one value of the largest
suspend_data that a package may allow must fit."""

blueprint = Blueprint("player", __name__, template_folder="../templates")
files.register(blueprint)
runtime_files.register(blueprint)
errors.register(blueprint)


@blueprint.get("/p/<token>/")
def page(token: str) -> ResponseReturnValue:
    """The player page: the same for everybody but for the title and the ways out; no run-time
    data is in it, so no cache can bring old data back (PAIN-10)."""
    host = wiring().host
    permit = read_token(host.secret_key, token, datetime.now(UTC))
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit)
        played = get_played(session, attempt)
        ancestors = host.frame_ancestors(session)
        body = render_template(
            "player.html" if played.is_playable else "not_playable.html",
            title=played.title,
            standard=played.standard,
            edition=played.edition,
            attempt_id=attempt.id,
            writer="" if _is_review(permit, attempt) else attempt.writer,
            trace=name_trace(permit),
            exit_url=host.exit_url(session, permit),
            grades_url=host.grades_url(session, permit),
            platform_window=host.platform_window(session, permit),
            texts=player_texts(),
            language=page_language(),
        )
    return protect_page(Response(body), host, ancestors)


@blueprint.get("/p/<token>")
def page_without_slash(token: str) -> ResponseReturnValue:
    """Relative addresses need the slash."""
    return redirect(f"{request.path}/", 308)


@blueprint.post("/p/<token>/open")
def open_window(token: str) -> ResponseReturnValue:
    """Make this window the writer; journals left behind come along and are delivered first."""
    host, now = wiring().host, datetime.now(UTC)
    permit = read_token(host.secret_key, token, now)
    body = _read_json()
    journals = parse_journals(body)
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit, locks=True)
        learner = host.learner(session, attempt.user_id)
        visit = openings.Visit(
            learner_id=str(learner.id),
            learner_name=learner.name,
            launch_ref=permit.launch_ref,
            start=body.get("start") is not False,
            item=str(body.get("item") or ""),
            after=parse_after(body),
        )
        if _is_review(permit, attempt):
            opening = openings.open_for_review(session, attempt, visit, now=now)
        else:
            opening = openings.open_player(session, attempt.id, journals, visit, now=now)
        if opening.outcome:
            host.on_outcome(session, opening.outcome)
        chip = host.status_chip(session, permit)
    if opening.overtaken:
        return errors.answer_error("fenced", 409, opening.answer)
    return _answer({**opening.answer, **_extras(host, permit, chip, now)})


@blueprint.post("/p/<token>/commits")
def commit(token: str) -> ResponseReturnValue:
    """Apply a commit; 409 when another window has taken over."""
    host, now = wiring().host, datetime.now(UTC)
    permit = read_token(host.secret_key, token, now)
    body = parse_commit(_read_json())
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit, locks=True)
        if _is_review(permit, attempt):
            return errors.answer_error("read_only", 403)
        result = commits.commit(
            session, permit.attempt_id, body, now=now, launch_ref=permit.launch_ref
        )
        if result.outcome:
            host.on_outcome(session, result.outcome)
        chip = None if result.fenced else host.status_chip(session, permit)
    if result.fenced:
        return errors.answer_error("fenced", 409, result.answer)
    return _answer({**result.answer, **_extras(host, permit, chip, now)})


@blueprint.post("/p/<token>/nav")
def nav(token: str) -> ResponseReturnValue:
    """What would be valid once these entries are applied; nothing is stored (request_valid right
    after SetValue)."""
    host, now = wiring().host, datetime.now(UTC)
    permit = read_token(host.secret_key, token, now)
    journal = parse_journal(_read_json())
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit)
        found = commits.preview(session, attempt, journal, now=now)
    return _answer({"nav": found})


@blueprint.get("/p/<token>/missing")
def missing(token: str) -> ResponseReturnValue:
    """Why the attempt is not complete, or not passed, as codes of `core.situations`."""
    host, now = wiring().host, datetime.now(UTC)
    permit = read_token(host.secret_key, token, now)
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit)
        found = explain_attempt(session, attempt, now=now)
    reasons = [asdict(reason) for reason in (*found.completion, *found.success)]
    return _answer({"reasons": reasons, "more": found.more})


@blueprint.post("/p/<token>/again")
def again(token: str) -> ResponseReturnValue:
    """Begin another attempt in this one's place; the answer names the player's new address."""
    host, now = wiring().host, datetime.now(UTC)
    permit = read_token(host.secret_key, token, now)
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit)
        if _is_review(permit, attempt):
            return errors.answer_error("read_only", 403)
        further = attempts.start_again(session, attempt, now=now)
    expires_at = (now + host.token_lifetime).replace(microsecond=0)
    renewed = replace(permit, attempt_id=further.id, expires_at=expires_at)
    return _answer({"address": f"/p/{sign_token(host.secret_key, renewed)}/"})


@blueprint.get("/p/<token>/status")
def status(token: str) -> ResponseReturnValue:
    """The chip, and whether `?writer=` may still write; the heartbeat of an open window."""
    host, now = wiring().host, datetime.now(UTC)
    permit = read_token(host.secret_key, token, now)
    writer = request.args.get("writer", type=int)
    with host.transaction(permit.tenant_id) as session:
        attempt = admit(host, session, permit)
        chip = host.status_chip(session, permit)
        found = {
            "writer": attempt.writer,
            "current": _is_review(permit, attempt) or writer in (None, attempt.writer),
            "acknowledged": attempt.applied_entry,
        }
    return _answer({**found, **_extras(host, permit, chip, now)})


def _is_review(permit: PlayerToken, attempt: Attempt) -> bool:
    return permit.mode == "review" or attempt.mode == "review"


def _read_json() -> dict[str, Any]:
    """The body as a JSON object, whatever its Content-Type: keep-alive requests are text/plain."""
    if (request.content_length or 0) > LARGEST_BODY:
        raise JournalInvalid(f"the body is larger than {LARGEST_BODY} bytes")
    try:
        body = json.loads(request.get_data(cache=False) or b"{}")
    except (ValueError, RecursionError):
        raise JournalInvalid("the body is not JSON") from None
    if not isinstance(body, dict):
        raise JournalInvalid("the body must be an object")
    return body


def _extras(host: Host, permit: PlayerToken, chip: Chip | None, now: datetime) -> dict[str, Any]:
    extras: dict[str, Any] = {
        "chip": None
        if chip is None
        else {"text": chip.text, "tone": chip.tone, "final": chip.final}
    }
    renewed = renew(permit, now, host.token_lifetime)  # PAIN-13
    if renewed is not None:
        extras["token"] = sign_token(host.secret_key, renewed)
    return extras


def _answer(body: dict[str, Any]) -> Response:
    # json of the standard library: values may hold lone surrogates, which orjson refuses
    response = Response(json.dumps(body), mimetype="application/json")
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
