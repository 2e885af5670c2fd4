"""Attempts: found by trace id or name, one of them with its explanation, its call log, a replay."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.permissions import Permission, Role
from lti_app.security.guards import requires
from lti_app.services import visible_attempts
from lti_app.services.visible_attempts import Entry, Viewer
from lti_app.views.explaining import tell
from scorm_runtime.core.call_log import KINDS, LineFilter
from scorm_runtime.core.correction import read_correction
from scorm_runtime.core.run import NavDocument
from scorm_runtime.core.sequencing.requests import MEANINGS
from scorm_runtime.services import call_log, corrections, replays
from scorm_runtime.services.explanations import explain_attempt
from scorm_runtime.services.held import get_version
from scorm_runtime.services.runs import load_run

bp = Blueprint("admin_attempts", __name__, url_prefix="/admin/attempts")

PAGE_SIZE = 50
WHYS = {
    "first_item": _l("This is the first part."),
    "last_item": _l("This is the last part."),
    "nothing_in_front": _l("Nothing is open."),
    "heading": _l("A heading, with nothing to open itself."),
}
"""Reasons of SCORM 1.2's steps (`core/attempt_run.py`); those of sequencing are MEANINGS."""


@bp.get("/")
@requires(Permission.VIEW_OWN_ANALYTICS)
def index() -> ResponseReturnValue:
    """The newest attempts, or those that the search finds."""
    search = request.args.get("q", "")[:200]
    before = request.args.get("before", None, UUID)
    with transaction(current_user.tenant_id) as session:
        entries = visible_attempts.list_visible(
            session, viewer(), search=search, before=before, limit=PAGE_SIZE + 1
        )
        keys = [entry.attempt.context_key for entry in entries]
        places = visible_attempts.find_places(session, keys)
    return render_template(
        "admin/attempts/index.html",
        entries=entries[:PAGE_SIZE],
        has_more=len(entries) > PAGE_SIZE,
        places=places,
        search=search,
    )


@bp.get("/<uuid:attempt_id>")
@requires(Permission.VIEW_OWN_ANALYTICS)
def attempt(attempt_id: UUID) -> ResponseReturnValue:
    """One attempt: where it stands and why, its parts, what is valid now, changes by hand."""
    return show_attempt(attempt_id)


@bp.get("/<uuid:attempt_id>/log")
@requires(Permission.VIEW_OWN_ANALYTICS)
def log(attempt_id: UUID) -> ResponseReturnValue:
    """A page of the call log."""
    wanted = LineFilter(
        kind=request.args.get("kind", "") if request.args.get("kind") in KINDS else "",
        element=request.args.get("element", "").strip()[:200],
        errors=request.args.get("errors") == "yes",
        item=request.args.get("item", "")[:1000],
    )
    with transaction(current_user.tenant_id) as session:
        entry = get_entry(session, attempt_id)
        cursor = request.args.get("cursor", "")
        page = call_log.read_page(session, attempt_id, wanted, cursor=cursor)
        run = load_run(session, entry.attempt, now=datetime.now(UTC), locks=False)
    asked = {"kind": wanted.kind, "element": wanted.element, "item": wanted.item}
    asked["errors"] = "yes" if wanted.errors else ""
    return render_template(
        "admin/attempts/log.html",
        entry=entry,
        page=page,
        wanted=wanted,
        asked={name: value for name, value in asked.items() if value},
        items=run.contents.playable,
        meanings=MEANINGS,
    )


@bp.get("/<uuid:attempt_id>/log.json")
@requires(Permission.VIEW_OWN_ANALYTICS)
def download_log(attempt_id: UUID) -> ResponseReturnValue:
    """All of the call log as JSON, sent while it is read."""
    tenant_id = current_user.tenant_id
    with transaction(tenant_id) as session:
        found = get_entry(session, attempt_id).attempt
    head = {"attempt": str(found.id), "number": found.number, "mode": found.mode}
    body = stream_with_context(_write_log(tenant_id, attempt_id, head))
    name = f"call-log-{found.id.hex[-12:]}.json"
    response = Response(body, mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@bp.get("/<uuid:attempt_id>/replay")
@requires(Permission.VIEW_OWN_ANALYTICS)
def replay(attempt_id: UUID) -> ResponseReturnValue:
    """The log played on a fresh attempt in a sandbox: what differs, what was valid at a point."""
    until = request.args.get("until", "")
    with transaction(current_user.tenant_id) as session:
        entry = get_entry(session, attempt_id)
        found = replays.replay_attempt(session, entry.attempt, until=until, now=datetime.now(UTC))
        run = load_run(session, entry.attempt, now=datetime.now(UTC), locks=False)
    return render_template(
        "admin/attempts/replay.html",
        entry=entry,
        replayed=found,
        until=until,
        titles=_titles(run.contents.items),
        controls=describe_nav(found.nav),
    )


def show_attempt(attempt_id: UUID, form: object = None) -> str:
    """The attempt's page; `form` with what was refused."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        entry = get_entry(session, attempt_id)
        run = load_run(session, entry.attempt, now=now, locks=False)
        changes = corrections.list_changes(session, attempt_id)
        explanation = explain_attempt(session, entry.attempt, now=now)
        makers = [change.made_by for change in changes if change.made_by is not None]
        people = visible_attempts.find_names(session, makers)
        places = visible_attempts.find_places(session, [entry.attempt.context_key])
        version = get_version(session, entry.attempt)
        size = call_log.count_entries(session, attempt_id)
    return render_template(
        "admin/attempts/attempt.html",
        entry=entry,
        version=version,
        place=places.get(entry.attempt.context_key),
        why=tell(explanation),
        items=run.contents.items,
        scos=run.scos,
        titles=_titles(run.contents.items),
        controls=describe_nav(run.nav()),
        changes=changes,
        people=people,
        correction=read_correction(entry.attempt.correction),
        size=size,
        form=form,
    )


def viewer() -> Viewer:
    return Viewer(current_user.id, Role(current_user.role))


def get_entry(session: Session, attempt_id: UUID) -> Entry:
    """The attempt that the visitor may see, or AttemptMissing."""
    return visible_attempts.get_visible_attempt(session, attempt_id, viewer())


def describe_nav(nav: NavDocument) -> list[tuple[str, str, str, str]]:
    """(request, state, code, reason in words) of each control and of each item that can be chosen;
    what is hidden, too."""
    why = nav.get("why", {})
    states = {name: state for name, state in nav.items() if isinstance(state, str)}
    states |= {f"choice {name}": state for name, state in nav.get("choice", {}).items()}
    found = []
    for name, state in states.items():
        code = why.get(name.removeprefix("choice "), "") if state != "enabled" else ""
        meaning = str(WHYS.get(code) or MEANINGS.get(code, ""))
        found.append((name, state, code, meaning))
    return found


def _titles(items: object) -> dict[str, str]:
    return {item.identifier: item.title for item in items}  # type: ignore[attr-defined]


def _write_log(tenant_id: UUID, attempt_id: UUID, head: dict[str, object]) -> Iterator[str]:
    yield json.dumps(head)[:-1] + ', "batches": ['
    with transaction(tenant_id) as session:
        for number, batch in enumerate(call_log.list_batches(session, attempt_id)):
            yield (",\n" if number else "\n") + json.dumps(batch.to_json())
    yield "\n]}\n"
