"""Assignments of a course: what waits for a grade, one after the other; names hidden on request."""

from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.course import Unit
from content.core.errors import CourseInvalid, CourseMissing
from content.models.enrolment import Submission
from content.services import standings, submissions
from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import content_outcomes, course_notices, teaching
from lti_app.services.users import get_user
from lti_app.services.visible_attempts import find_names
from lti_app.views.admin.course_fields import FieldInvalid, number
from lti_app.views.admin.course_media import render_text
from lti_app.views.admin.course_pages import get_course, page_context
from lti_app.views.course_refusals import say
from lti_app.views.course_storage import send_submission

bp = Blueprint(
    "admin_course_grading", __name__, url_prefix="/admin/courses/<uuid:course_id>/grading"
)


@bp.get("/")
@requires(Permission.MANAGE_GRADES)
def index(course_id: UUID) -> ResponseReturnValue:
    """What waits, the oldest first; and what was graded last."""
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        waiting = submissions.list_waiting(session, course_id=course_id, size=200)
        graded = teaching.list_graded(session, course_id, limit=20)
        people = [one.enrolment.user_id for one in (*waiting, *graded)]
        return render_template(
            "admin/courses/grading.html",
            **page_context(session, course),
            waiting=waiting,
            graded=graded,
            names=find_names(session, people),
            titles=_titles(waiting + graded),
            anonymous=_is_anonymous(),
        )


@bp.get("/<uuid:submission_id>")
@requires(Permission.MANAGE_GRADES)
def submission(course_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """One piece of work, with the task, and the form for its grade."""
    return _page(course_id, submission_id)


@bp.post("/<uuid:submission_id>")
@requires(Permission.MANAGE_GRADES)
def grade(course_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """Points and a comment, or back to be done again; then on to the next."""
    now = datetime.now(UTC)
    comment = request.form.get("comment", "")
    try:
        with transaction(current_user.tenant_id) as session:
            get_course(session, course_id)
            _get_submission(session, course_id, submission_id)
            if request.form.get("do") == "return":
                found = submissions.give_back(
                    session, submission_id, comment=comment, graded_by=current_user.id, now=now
                )
            else:
                points = number(request.form, "points")
                if points is None:
                    raise FieldInvalid("points", _("Enter the points."))
                found = submissions.grade(
                    session,
                    submission_id,
                    points=points,
                    comment=comment,
                    graded_by=current_user.id,
                    now=now,
                )
            content_outcomes.record_content_outcomes(
                session, found, now, current_app.config["LECTERN"].app_url
            )
            marked = submissions.get_submission(session, submission_id)
            course_notices.tell_graded(session, marked, now)
            next_one = teaching.find_next_waiting(session, course_id, submission_id)
    except FieldInvalid as refused:
        return _page(course_id, submission_id, refused), 422
    except CourseInvalid as refused:
        return _page(course_id, submission_id, FieldInvalid(refused.place, say(refused))), 422
    flash(_("It is saved; the learner has it now."), "success")
    anonymous = "yes" if _is_anonymous() else None
    if next_one is None:
        target = url_for("admin_course_grading.index", course_id=course_id, anonymous=anonymous)
    else:
        target = url_for(
            "admin_course_grading.submission",
            course_id=course_id,
            submission_id=next_one,
            anonymous=anonymous,
        )
    return redirect(target, 303)


@bp.get("/<uuid:submission_id>/file")
@requires(Permission.MANAGE_GRADES)
def file(course_id: UUID, submission_id: UUID) -> ResponseReturnValue:
    """The file that was handed in, to be saved."""
    with transaction(current_user.tenant_id) as session:
        get_course(session, course_id)
        found = _get_submission(session, course_id, submission_id)
        if not found.file_key:
            abort(404)
    return send_submission(found.file_key, found.file_name)


def _page(course_id: UUID, submission_id: UUID, problem: FieldInvalid | None = None) -> str:
    with transaction(current_user.tenant_id) as session:
        course = get_course(session, course_id)
        found = _get_submission(session, course_id, submission_id)
        unit = _unit_of(found)
        if unit is None or unit.assignment is None:
            raise CourseMissing("There is no such assignment.")
        points = unit.assignment.points
        given = "" if found.score_scaled is None else f"{found.score_scaled * points:g}"
        return render_template(
            "admin/courses/submission.html",
            **page_context(session, course),
            found=found,
            unit=unit,
            task=render_text(unit.body, course_id),
            user=get_user(session, found.enrolment.user_id),
            earlier=[
                one
                for one in submissions.list_submissions(session, found.enrolment_id, unit.id)
                if one.id != found.id
            ],
            entered=request.form if problem else {"points": given, "comment": found.comment},
            problem=problem,
            left=submissions.count_waiting(session, course_id=course_id),
            anonymous=_is_anonymous(),
        )


def _get_submission(session: Session, course_id: UUID, submission_id: UUID) -> Submission:
    found = submissions.get_submission(session, submission_id)
    if found.enrolment.course_id != course_id:
        abort(404)
    return found


def _unit_of(found: Submission) -> Unit | None:
    return standings.read_enrolled(found.enrolment).find_unit(found.unit_id)


def _titles(found: list[Submission]) -> dict[UUID, str]:
    units = {one.id: _unit_of(one) for one in found}
    return {key: unit.title if unit else "" for key, unit in units.items()}


def _is_anonymous() -> bool:
    return request.values.get("anonymous") == "yes"
