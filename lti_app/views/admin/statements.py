"""The statements of a store, for people: sentences, filters, a live tail, the JSON behind them."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

from flask import abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.core.record_filter import read_filter
from lti_app.security.guards import requires
from lti_app.views.admin.stores import bp, endpoint_of, get_store
from xapi_lrs.models.store import Store
from xapi_lrs.services import browsing
from xapi_lrs.services.browsing import Entry

PAGE_SIZE = 50
SYMBOLS = {
    "began": "play-circle",
    "ended": "stop-circle",
    "done": "check-circle",
    "passed": "award",
    "failed": "x-circle",
    "answered": "chat-square-text",
    "scored": "speedometer2",
    "progressed": "bar-chart-steps",
    "seen": "eye",
    "played": "play-btn",
    "paused": "pause-btn",
    "interacted": "hand-index",
    "said": "chat-dots",
    "registered": "person-plus",
    "voided": "slash-circle",
    "other": "circle",
}
"""Kind of thing that happened (xapi_lrs/core/sentence.py) to an icon."""
FACT_LABELS = {
    "score": _l("score"),
    "success": _l("success"),
    "completion": _l("completion"),
    "response": _l("response"),
    "duration": _l("duration"),
}


@bp.get("/<slug>/statements")
@requires(Permission.VIEW_ANALYTICS)
def statements(slug: str) -> ResponseReturnValue:
    """A page of statements, newest first."""
    chosen = read_filter(request.args)
    cursor = request.args.get("cursor", None, int)
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
        newest = browsing.newest_cursor(session, store, datetime.now(UTC))
        query = replace(chosen.query, cursor=cursor, limit=PAGE_SIZE)
        page = (
            browsing.EntryPage((), None)
            if chosen.errors
            else browsing.browse_statements(session, store, query, languages=languages())
        )
    shown = render_template(
        "admin/records/statements.html",
        store=store,
        filter=chosen,
        page=page,
        newest=newest,
        is_first=cursor is None,
        **_telling(store),
    )
    return shown, 422 if chosen.errors else 200


@bp.get("/<slug>/statements/new")
@requires(Permission.VIEW_ANALYTICS)
def arrivals(slug: str) -> ResponseReturnValue:
    """What came after `after`: rows for the top of the list, as HTML in JSON."""
    chosen = read_filter(request.args)
    after = request.args.get("after", 0, int)
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
        query = replace(chosen.query, limit=PAGE_SIZE)
        page = browsing.list_arrivals(
            session, store, query, after=after, now=datetime.now(UTC), languages=languages()
        )
    rows = render_template("admin/records/rows.html", store=store, page=page, **_telling(store))
    return jsonify(cursor=str(page.cursor), count=len(page.entries), rows=rows)


@bp.get("/<slug>/statements/suggestions")
@requires(Permission.VIEW_ANALYTICS)
def suggestions(slug: str) -> ResponseReturnValue:
    """For a field of the filter: what fits what was typed, among the newest statements."""
    field = request.args.get("field", "")
    if field not in ("agent", "verb", "activity", "registration"):
        abort(404)
    typed = request.args.get("typed", "")[:200]
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
        found = browsing.suggest(session, store, field, typed, languages=languages())
    return jsonify([{"value": one.value, "label": one.label} for one in found])


@bp.get("/<slug>/statements/<uuid:statement_id>")
@requires(Permission.VIEW_ANALYTICS)
def statement(slug: str, statement_id: UUID) -> ResponseReturnValue:
    """One statement with everything that it says."""
    with transaction(current_user.tenant_id) as session:
        store = get_store(session, slug)
        entry = browsing.find_entry(session, store, statement_id, languages=languages())
    if entry is None:
        abort(404, _("There is no statement with this id in this store."))
    return render_template(
        "admin/records/statement.html", store=store, entry=entry, **_telling(store)
    )


def languages() -> list[str]:
    """Languages for names in statements: the page's, then the browser's."""
    locale = get_locale()
    own = [str(locale).replace("_", "-")] if locale else []
    return own + [tag for tag, _quality in request.accept_languages][:5]


def _telling(store: Store) -> dict[str, object]:
    """What the templates need to tell an entry."""
    return {
        "symbols": SYMBOLS,
        "fact_labels": FACT_LABELS,
        "pretty": lambda entry: json.dumps(entry.statement, indent=2, ensure_ascii=False),
        "curl": lambda entry: _curl(store, entry),
    }


def _curl(store: Store, entry: Entry) -> str:
    """A command that asks the store for this statement."""
    name = "voidedStatementId" if entry.is_voided else "statementId"
    query = urlencode({name: entry.statement["id"]})
    version = "2.0.0" if entry.stored.version.startswith("2") else "1.0.3"
    return (
        f"curl --user KEY:SECRET --header 'X-Experience-API-Version: {version}' "
        f"'{endpoint_of(store)}statements?{query}'"
    )
