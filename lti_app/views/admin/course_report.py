"""The report of a course: learners × units, one learner with the reasons, all of it as CSV."""

import csv
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from content.core.course import Course as CourseDocument
from content.services import enrolments, groups, repeats, standings, submissions
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.core.table_cells import safe_cell
from lti_app.security.guards import requires
from lti_app.services import course_people, course_reports
from lti_app.services.course_people import PeopleFilter
from lti_app.services.course_reports import ReportRow
from lti_app.services.users import get_user
from lti_app.services.visible_attempts import find_places
from lti_app.views import course_texts
from lti_app.views.admin.course_pages import get_course, page_context
from lti_app.views.charts import Bars, bar_chart

bp = Blueprint("admin_course_report", __name__, url_prefix="/admin/courses/<uuid:course_id>/report")

PAGE_SIZE = 50
MOST_COLUMNS = 40
"""Of the matrix on the page; the CSV has all."""


@bp.get("/")
@requires(Permission.VIEW_OWN_ANALYTICS)
def report(course_id: UUID) -> ResponseReturnValue:
    """Figures, how far each unit is, and a page of the matrix."""
    page = max(request.args.get("page", 1, int), 1)
    wanted = _read_filter(course_id)
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        columns = course_reports.read_columns(course)
        rows = course_reports.read_rows(session, wanted, now=_now(), page=page, size=PAGE_SIZE)
        units = list(columns.units())
        return render_template(
            "admin/courses/report.html",
            **page_context(session, course),
            columns=columns,
            units=units[:MOST_COLUMNS],
            hidden_columns=max(0, len(units) - MOST_COLUMNS),
            rows=rows,
            summary=course_reports.summarize(session, course_id),
            count=course_people.count_people(session, wanted),
            chart=_chart(columns, rows),
            done=course_reports.count_done(rows, [unit.id for unit in units]),
            groups=groups.list_groups(session),
            tell=tell,
            wanted=wanted,
            page=page,
            size=PAGE_SIZE,
        )


@bp.get("/people/<uuid:enrolment_id>")
@requires(Permission.VIEW_OWN_ANALYTICS)
def person(course_id: UUID, enrolment_id: UUID) -> ResponseReturnValue:
    """One learner: each unit, and why what is not complete is not."""
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        enrolment = enrolments.get_enrolment(session, enrolment_id)
        if enrolment.course_id != course_id:
            abort(404)
        standing = standings.find_standing(session, enrolment, now=_now())
        handed_in = {
            one.unit.id: found[-1]
            for one in standing.units
            if one.unit.kind == "assignment"
            and (found := submissions.list_submissions(session, enrolment_id, one.unit.id))
        }
        return render_template(
            "admin/courses/person.html",
            **page_context(session, course),
            enrolment=enrolment,
            user=get_user(session, enrolment.user_id),
            place=find_places(session, [enrolment.context_key]).get(enrolment.context_key, ""),
            version=enrolment.version,
            standing=standing,
            why=[tell(one) for one in standing.why],
            times=repeats.list_times(session, enrolment),
            handed_in=handed_in,
            tell=tell,
        )


@bp.get("/table.csv")
@requires(Permission.VIEW_OWN_ANALYTICS)
def download(course_id: UUID) -> ResponseReturnValue:
    """One line per learner, with each unit's status, score and time, sent while it is read."""
    tenant_id = current_user.tenant_id
    with transaction(tenant_id) as session:
        key = get_course(session, course_id).key
    body = stream_with_context(_write_table(tenant_id, course_id, _read_filter(course_id)))
    response = Response(body, mimetype="text/csv")
    name = f"{key}-{_now():%Y-%m-%d}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


tell = course_texts.tell
"""A reason as a sentence; what learners read."""


def _read_filter(course_id: UUID) -> PeopleFilter:
    return PeopleFilter(
        course_id,
        search=request.args.get("q", "")[:200],
        status=request.args.get("status", ""),
        group_id=request.args.get("group", None, UUID),
    )


def _chart(columns: CourseDocument, rows: Sequence[ReportRow]) -> str:
    """How many of the page have completed each unit, in the order of the course."""
    units = list(columns.units())[:20]
    done = course_reports.count_done(rows, [unit.id for unit in units])
    bars = [Bars(str(at), (done[unit.id],)) for at, unit in enumerate(units, start=1)]
    return bar_chart(bars, _("Learners who have completed each unit")) if bars and rows else ""


def _write_table(tenant_id: UUID, course_id: UUID, wanted: PeopleFilter) -> Iterator[str]:
    with transaction(tenant_id) as session:
        columns = course_reports.read_columns(get_course(session, course_id))
        units = list(columns.units())
        head = [
            "person",
            "email",
            "time",
            "status",
            "completion",
            "success",
            "score_percent",
            "seconds",
        ]
        head += ["done", "wanted", "enrolled_at", "last_active_at", "completed_at"]
        parts = ("status", "score_percent", "seconds")
        head += [f"{unit.title} {part}" for unit in units for part in parts]
        yield "\ufeff" + _line(head)
        for row in course_reports.stream_rows(session, wanted, now=_now()):
            yield _line(_cells(row, [unit.id for unit in units]))


def _cells(row: ReportRow, unit_ids: Sequence[UUID]) -> list[object]:
    enrolment, user, standing = row.person.enrolment, row.person.user, row.standing
    cells: list[object] = [
        user.display_name,
        user.email or "",
        enrolment.number,
        enrolment.status,
        standing.completion,
        standing.success,
        _percent(standing.score_scaled),
        round(standing.seconds),
        *(standing.done, standing.wanted),
        *(enrolment.enrolled_at, enrolment.last_active_at, enrolment.completed_at),
    ]
    for unit_id in unit_ids:
        one = standing.find(unit_id)
        if one is None:
            cells += ["", "", ""]
            continue
        status = "completed" if one.is_complete else "begun" if one.is_begun else "not begun"
        cells += [status, _percent(one.facts.score_scaled), round(one.facts.seconds)]
    return cells


def _percent(score: float | None) -> float | None:
    return None if score is None else round(100 * score, 2)


def _line(cells: Sequence[object]) -> str:
    out = StringIO()
    csv.writer(out).writerow([safe_cell(cell) for cell in cells])
    return out.getvalue()


def _now() -> datetime:
    return datetime.now(UTC)
