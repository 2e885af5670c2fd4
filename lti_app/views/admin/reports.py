"""The report of a package: figures, scores, who stands where, answers; and all of it as CSV."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import islice
from uuid import UUID

from flask import Blueprint, Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.core.table_cells import safe_cell
from lti_app.security.guards import requires
from lti_app.services import visible_attempts
from lti_app.views.admin.attempts import viewer
from lti_app.views.charts import Bars, bar_chart
from scorm_runtime.services import answer_reports, reports
from scorm_runtime.services.packages import list_versions
from scorm_runtime.services.reports import ReportFilter, Row

bp = Blueprint("admin_reports", __name__, url_prefix="/admin/packages/<uuid:package_id>/report")

MOST_COLUMNS = 40
"""Of the matrix on the page; the CSV has all."""
_CHUNK = 200
_FACTS = (
    *("person", "attempt", "place", "state", "completion", "success", "score_percent"),
    *("seconds", "launched_at", "last_active_at", "completed_at", "corrected"),
)


@bp.get("/")
@requires(Permission.VIEW_OWN_ANALYTICS)
def report(package_id: UUID) -> ResponseReturnValue:
    """Figures, the distribution of scores, and a page of the matrix."""
    before = request.args.get("before", None, UUID)
    with transaction(current_user.tenant_id) as session:
        package = visible_attempts.get_visible_package(session, package_id, viewer())
        wanted = _read_filter(package_id)
        scores = reports.count_scores(session, wanted)
        page = reports.read_matrix(session, wanted, before=before)
        columns = reports.list_columns(session, wanted)
        places = reports.list_places(session, package_id)
        return render_template(
            "admin/attempts/report.html",
            package=package,
            wanted=wanted,
            asked=_asked(),
            summary=reports.summarize(session, wanted),
            scores=scores,
            labels=_score_labels(),
            chart=_score_chart(scores),
            page=page,
            is_first=before is None,
            columns=columns[:MOST_COLUMNS],
            hidden_columns=max(0, len(columns) - MOST_COLUMNS),
            names=visible_attempts.find_names(session, [r.attempt.user_id for r in page.rows]),
            places=places,
            place_names=visible_attempts.find_places(session, [key for key, _n in places]),
            versions=list_versions(session, package_id),
        )


@bp.get("/answers")
@requires(Permission.VIEW_OWN_ANALYTICS)
def answers(package_id: UUID) -> ResponseReturnValue:
    """Each interaction with its rate and its answers."""
    offset = max(request.args.get("offset", 0, int), 0)
    with transaction(current_user.tenant_id) as session:
        package = visible_attempts.get_visible_package(session, package_id, viewer())
        wanted = _read_filter(package_id)
        found = answer_reports.list_interactions(session, wanted, offset=offset)
        titles = {item.identifier: item.title for item in reports.list_columns(session, wanted)}
    size = answer_reports.MOST_INTERACTIONS
    return render_template(
        "admin/attempts/answers.html",
        package=package,
        asked=_asked(),
        interactions=found[:size],
        next_offset=offset + size if len(found) > size else None,
        offset=offset,
        size=size,
        titles=titles,
        chart=_rate_chart(found[:size]),
    )


@bp.get("/table.csv")
@requires(Permission.VIEW_OWN_ANALYTICS)
def download(package_id: UUID) -> ResponseReturnValue:
    """One line per attempt, with each part's status and time, sent while it is read."""
    tenant_id = current_user.tenant_id
    with transaction(tenant_id) as session:
        package = visible_attempts.get_visible_package(session, package_id, viewer())
    body = stream_with_context(_write_table(tenant_id, _read_filter(package_id)))
    response = Response(body, mimetype="text/csv")
    name = f"{package.key}-{datetime.now(UTC):%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _read_filter(package_id: UUID) -> ReportFilter:
    """What the form asks for; what cannot be read is left out."""
    until = _read_day("until")
    return ReportFilter(
        package_id,
        version_id=request.args.get("version", None, UUID),
        context_key=request.args.get("place", "")[:200],
        since=_read_day("since"),
        until=until + timedelta(days=1) if until else None,
    )


def _read_day(name: str) -> datetime | None:
    try:
        day = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _asked() -> dict[str, str]:
    names = ("version", "place", "since", "until")
    return {name: value for name in names if (value := request.args.get(name, ""))}


def _score_labels() -> list[str]:
    width = 100 // reports.BUCKETS
    return [f"{n * width}–{(n + 1) * width}" for n in range(reports.BUCKETS)]


def _score_chart(scores: Sequence[int]) -> str:
    bars = [Bars(label, (n,)) for label, n in zip(_score_labels(), scores, strict=True)]
    return bar_chart(bars, _("Attempts by score in percent"))


def _rate_chart(found: Sequence[answer_reports.InteractionReport]) -> str:
    """Correct and wrong answers of the first interactions that are judged."""
    judged = [one for one in found if one.rate is not None][:20]
    bars = [Bars(str(at), (one.correct, one.wrong)) for at, one in enumerate(judged, start=1)]
    return bar_chart(bars, _("Correct and wrong answers by interaction")) if bars else ""


def _write_table(tenant_id: UUID, wanted: ReportFilter) -> Iterator[str]:
    with transaction(tenant_id) as session:
        columns = [item.identifier for item in reports.list_columns(session, wanted)]
        parts = ("status", "seconds")
        head = [*_FACTS, *(f"{name} {part}" for name in columns for part in parts)]
        yield "\ufeff" + _lines([head])
        keys = [key for key, _n in reports.list_places(session, wanted.package_id)]
        places = visible_attempts.find_places(session, keys)
        rows = reports.stream_matrix(session, wanted)
        while chunk := list(islice(rows, _CHUNK)):
            people = visible_attempts.find_names(session, [row.attempt.user_id for row in chunk])
            yield _lines([_cells(row, columns, people, places) for row in chunk])


def _cells(
    row: Row, columns: Sequence[str], people: dict[UUID, str], places: dict[str, str]
) -> list[object]:
    attempt = row.attempt
    score = attempt.score_scaled
    cells: list[object] = [
        people.get(attempt.user_id, ""),
        attempt.number,
        places.get(attempt.context_key, attempt.context_key),
        attempt.state,
        attempt.completion,
        attempt.success,
        None if score is None else round(score * 100, 2),
        round(attempt.total_seconds),
        *(attempt.launched_at, attempt.last_active_at, attempt.completed_at),
        "yes" if attempt.correction else "",
    ]
    for name in columns:
        sco = row.scos.get(name)
        cells += ["", ""] if sco is None else [_status(sco), round(sco.total_seconds)]
    return cells


def _status(sco: object) -> str:
    success = sco.success  # type: ignore[attr-defined]  # AttemptSco
    return success if success != "unknown" else sco.completion  # type: ignore[attr-defined]


def _lines(rows: Sequence[Sequence[object]]) -> str:
    out = StringIO()
    csv.writer(out).writerows([safe_cell(cell) for cell in row] for row in rows)
    return out.getvalue()
