"""Assignments: handing in, and the files that were handed in."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage

from content.core.course import Assignment
from content.core.errors import CourseInvalid, NotAllowed
from content.core.file_types import FileRefused, ending_of
from content.models.enrolment import Enrolment, Submission
from content.services import course_settings, standings, submissions
from database.session import transaction
from lti_app.security.guards import public
from lti_app.services import content_outcomes, notifications, users
from lti_app.views.content_address import Place, admit, read_place
from lti_app.views.course_refusals import say
from lti_app.views.course_storage import receive_submission, send_submission

bp = Blueprint("course_assignments", __name__, url_prefix="/learn/<place>/units/<uuid:unit_id>")
_GUARD = "an enrolment's own person, signed in, or the signed token of a platform's frame"


@bp.post("/submissions")
@public(_GUARD)
def hand_in(place: str, unit_id: UUID) -> ResponseReturnValue:
    """A text, a file, or both."""
    here, now = read_place(place, changes=True), datetime.now(UTC)
    back = redirect(url_for("course_units.unit", place=place, unit_id=unit_id), 303)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        standing = standings.find_standing(session, enrolment, now=now).find(unit_id)
        if standing is None or not standing.is_open or not enrolment.is_active:
            abort(409, _("This unit is not open."))
        assignment = submissions.assignment_of(standing.unit)
        try:
            earlier = submissions.list_submissions(session, enrolment.id, unit_id)
            submissions.check_may_hand_in(assignment, earlier)
            name, size, key = _receive(here, enrolment, assignment)
            done = submissions.hand_in(
                session,
                enrolment.id,
                unit_id,
                text=request.form.get("text", ""),
                file_name=name,
                file_size=size,
                file_key=key,
                now=now,
            )
        except (CourseInvalid, NotAllowed, FileRefused) as refused:
            return _refuse(here, unit_id, refused)
        app_url = current_app.config["LECTERN"].app_url
        content_outcomes.record_content_outcomes(session, done.outcomes, now, app_url)
        _tell_teachers(session, enrolment, done.submission, standing.unit.title, now)
    flash(_("Handed in. You will hear when it is graded."), "success")
    return back


@bp.get("/submissions/<uuid:submission_id>/file")
@public(_GUARD)
def file(place: str, unit_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """One's own file back."""
    here = read_place(place)
    with transaction(here.tenant_id) as session:
        enrolment = admit(session, here)
        found = submissions.get_submission(session, submission_id)
        if (found.enrolment_id, found.unit_id) != (enrolment.id, unit_id) or not found.file_key:
            abort(404)
    return send_submission(found.file_key, found.file_name)


def _receive(here: Place, enrolment: Enrolment, assignment: Assignment) -> tuple[str, int, str]:
    upload: FileStorage | None = request.files.get("file")
    if upload is None or not upload.filename or assignment.accept == "text":
        return "", 0, ""
    allowed = assignment.extensions
    if allowed and ending_of(upload.filename) not in allowed:
        raise FileRefused(
            _("Only files that end in %(endings)s are taken here.", endings=", ".join(allowed))
        )
    max_bytes = int(assignment.max_mb * 2**20)
    return receive_submission(here.tenant_id, enrolment.id, upload, max_bytes=max_bytes)


def _refuse(here: Place, unit_id: UUID, refused: Exception) -> ResponseReturnValue:
    """Back to the page; in a frame, where no cookie keeps the reason, the address says that there
    was one."""
    text = say(refused)
    if not here.is_framed:
        flash(text[:1].upper() + text[1:], "danger")
    said = 1 if here.is_framed else None
    page = url_for("course_units.unit", place=here.name, unit_id=unit_id, refused=said)
    return redirect(page, 303)


def _tell_teachers(
    session: Session, enrolment: Enrolment, submission: Submission, title: str, now: datetime
) -> None:
    learner = users.get_user(session, enrolment.user_id)
    for teacher in course_settings.list_instructor_ids(session, enrolment.course_id):
        notifications.notify(
            session,
            teacher,
            "needs_grading",
            {"title": title, "learner": learner.display_name},
            now,
            path=f"/admin/courses/{enrolment.course_id}/grading",
            once=f"needs_grading:{submission.id}",
        )
