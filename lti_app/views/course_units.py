"""The player of units: contents, one unit at a time, where to go on.

One set of addresses for portal and frames (content_address.py). A unit that is not open says why
and counts nothing. What a page reports of itself (time, video) is acknowledged with what it led
to; the browser keeps it until then (static/lesson.js).
"""

from datetime import UTC, datetime
from secrets import token_hex
from typing import Any
from uuid import UUID

from flask import (
    Blueprint,
    abort,
    current_app,
    jsonify,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from content.core.course import Unit
from content.core.errors import NotAllowed
from content.core.markdown import render_markdown
from content.core.progress import CourseStanding, UnitStanding
from content.models.enrolment import Enrolment
from content.services import course_files, progress, repeats, standings, submissions
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import public
from lti_app.services import content_outcomes
from lti_app.views import course_texts, unit_doors
from lti_app.views.content_address import Place, admit, build_course_path, read_place
from lti_app.views.course_refusals import say
from lti_app.views.course_storage import send_course_file

bp = Blueprint("course_units", __name__, url_prefix="/learn/<place>")
_GUARD = "an enrolment's own person, signed in, or the signed token of a platform's frame"
MAX_REPORT = 64 * 1024


@bp.get("/")
@public(_GUARD)
def course(place: str) -> ResponseReturnValue:
    """Where the learner goes on: straight into the next unit, or to what was achieved."""
    here = read_place(place)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        standing = standings.find_standing(session, enrolment, now=datetime.now(UTC))
        target = _find_target(enrolment, standing)
        if target is None or standing.completion == "completed":
            return _render("courses/finished.html", session, here, enrolment, standing, None)
    return redirect(url_for("course_units.unit", place=place, unit_id=target), 303)


@bp.post("/again")
@public(_GUARD)
def take_again(place: str) -> ResponseReturnValue:
    """Begin the course anew that was completed, in a platform's frame too; the grade there stays
    until the new round is completed, which then counts."""
    here, now = read_place(place, changes=True), datetime.now(UTC)
    try:
        with transaction(here.tenant_id) as session:
            enrolment = admit(session, here)
            begun = repeats.take_again(session, enrolment.id, now=now)
            path = build_course_path(here.tenant_id, begun, launch_ref=here.launch_ref, now=now)
    except NotAllowed as refused:
        abort(409, say(refused))
    return redirect(path, 303)


@bp.get("/units/<uuid:unit_id>")
@public(_GUARD)
def unit(place: str, unit_id: UUID) -> ResponseReturnValue:
    """One unit."""
    here, now = read_place(place), datetime.now(UTC)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        standing = standings.find_standing(session, enrolment, now=now)
        shown = _find(standing, unit_id)
        visit = ""
        if shown.is_open and enrolment.is_active:
            visit = _view(session, enrolment, shown.unit, now)
            standing = standings.find_standing(session, enrolment, now=now)
        return _render("courses/unit.html", session, here, enrolment, standing, unit_id, visit)


@bp.post("/units/<uuid:unit_id>/visits")
@public(_GUARD)
def report(place: str, unit_id: UUID) -> ResponseReturnValue:
    """What a page says of itself; the answer is the acknowledgement and what it led to."""
    if (request.content_length or 0) > MAX_REPORT:
        abort(413)
    here, now = read_place(place, changes=True), datetime.now(UTC)
    told = _read_report(request.get_json(force=True, silent=True))
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        moved = progress.record_visit(session, enrolment.id, unit_id, now, **told)
        content_outcomes.record_content_outcomes(session, moved, now, app_url())
        standing = standings.find_standing(session, enrolment, now=now)
        shown = _find(standing, unit_id)
        return jsonify(
            complete=shown.is_complete,
            seconds=round(shown.facts.seconds),
            watched=round(100 * shown.facts.watched),
            why=[course_texts.tell(one) for one in shown.why],
            done=standing.done,
            wanted=standing.wanted,
            percent=round(100 * standing.fraction),
            finished=standing.completion == "completed",
        )


@bp.get("/units/<uuid:unit_id>/go")
@public(_GUARD)
def go(place: str, unit_id: UUID) -> ResponseReturnValue:
    """Follow the link of a link unit; following it is what completes it."""
    here, now = read_place(place), datetime.now(UTC)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        shown = _find(standings.find_standing(session, enrolment, now=now), unit_id)
        if shown.unit.kind != "link" or not shown.is_open:
            abort(404)
        if "prefetch" not in request.headers.get("Sec-Purpose", ""):
            moved = progress.record_view(session, enrolment.id, unit_id, now)
            content_outcomes.record_content_outcomes(session, moved, now, app_url())
    return redirect(shown.unit.url, 303)


@bp.post("/units/<uuid:unit_id>/open")
@public(_GUARD)
def open_source(place: str, unit_id: UUID) -> ResponseReturnValue:
    """Begin or go on with the package or quiz of a unit."""
    here, now = read_place(place, changes=True), datetime.now(UTC)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        shown = _find(standings.find_standing(session, enrolment, now=now), unit_id)
        if not shown.is_open or not enrolment.is_active:
            abort(409, _("This unit is not open yet."))
        return redirect(unit_doors.open_unit(session, here, enrolment, shown.unit, now), 303)


@bp.get("/files/<uuid:file_id>")
@public(_GUARD)
def file(place: str, file_id: UUID) -> ResponseReturnValue:
    """A file of the course that one learns."""
    here = read_place(place)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        row = course_files.get_file(session, enrolment.course_id, file_id)
    return send_course_file(row)


def app_url() -> str:
    """The origin of activity ids."""
    return str(current_app.config["LECTERN"].app_url)


def _view(session: Session, enrolment: Enrolment, shown: Unit, now: datetime) -> str:
    """Lessons and assignments are viewed here; links when followed, others at their source. The
    name of the visit, under which the page may report; "" where it has nothing to report."""
    if shown.kind not in ("lesson", "assignment"):
        return ""
    visit = token_hex(12)
    moved = progress.record_view(session, enrolment.id, shown.id, now, visit=visit)
    content_outcomes.record_content_outcomes(session, moved, now, app_url())
    return visit


def _find(standing: CourseStanding, unit_id: UUID) -> UnitStanding:
    found = standing.find(unit_id)
    if found is None:
        abort(404)
    return found


def _find_target(enrolment: Enrolment, standing: CourseStanding) -> UUID | None:
    """Where they were, unless that is done; else what comes next; else the first."""
    last = standing.find(enrolment.last_unit_id) if enrolment.last_unit_id else None
    if last is not None and not last.is_complete:
        return last.unit.id
    target = standing.next_unit or (standing.units[0] if standing.units else None)
    return target.unit.id if target else None


def _render(
    template: str,
    session: Session,
    here: Place,
    enrolment: Enrolment,
    standing: CourseStanding,
    unit_id: UUID | None,
    visit: str = "",
) -> str:
    def address(file_id: UUID) -> str:
        return url_for("course_units.file", place=here.name, file_id=file_id)

    read = standings.read_enrolled(enrolment)
    shown = standing.find(unit_id) if unit_id else None
    before, after = read.neighbours(unit_id) if unit_id else (None, None)
    values: dict[str, Any] = {}
    if shown is not None:
        values["body"] = render_markdown(shown.unit.body, address)
        values["files"] = course_files.find_files(session, enrolment.course_id, read.files())
        values["row"] = standings.find_unit_progress(session, enrolment.id, shown.unit.id)
        values["why"] = [course_texts.tell(one) for one in shown.why]
        if shown.unit.kind == "assignment":
            values["handed_in"] = submissions.list_submissions(session, enrolment.id, shown.unit.id)
    return render_template(
        template,
        place=here,
        layout="frame.html" if here.is_framed else "base.html",
        enrolment=enrolment,
        course=enrolment.course,
        read=read,
        standing=standing,
        shown=shown,
        before=before,
        after=after,
        visit=visit,
        now=datetime.now(UTC),
        address=address,
        texts=course_texts,
        tell=course_texts.tell,
        P=Permission,
        **values,
    )


def _read_report(body: Any) -> dict[str, Any]:
    """The report's values; 400 for what is none."""
    if not isinstance(body, dict) or not isinstance(body.get("visit"), str):
        abort(400, _("This is no report of a page."))
    ranges = body.get("watched") or []
    pairs = isinstance(ranges, list) and all(
        isinstance(one, list) and len(one) == 2 and all(_is_number(end) for end in one)
        for one in ranges
    )
    numbers = [body.get(name) for name in ("seconds", "video_seconds", "position")]
    if not pairs or not all(one is None or _is_number(one) for one in numbers):
        abort(400, _("This is no report of a page."))
    return {
        "visit": body["visit"][:64],
        "seconds": float(numbers[0] or 0),
        "watched": ranges[:500],
        "video_seconds": numbers[1],
        "position": numbers[2],
    }


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
