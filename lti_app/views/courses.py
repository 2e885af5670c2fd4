"""The page of a course: what it is, what is in it, how to take part; and where invitations lead."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.core.course import Course as CourseDocument
from content.core.errors import CourseMissing, NotAllowed
from content.core.markdown import render_markdown
from content.core.progress import CourseStanding
from content.models.certificate import Certificate
from content.models.course import Course
from content.models.enrolment import Enrolment
from content.services import (
    certificates,
    course_files,
    course_settings,
    courses,
    enrolments,
    invitations,
    repeats,
    standings,
)
from database.session import transaction
from lti_app.core.permissions import Permission, Role, may_edit
from lti_app.models.user import User
from lti_app.security.guards import requires
from lti_app.services import enrolling, users
from lti_app.views import course_texts
from lti_app.views.course_refusals import say
from lti_app.views.course_storage import send_course_file

bp = Blueprint("courses", __name__, url_prefix="/courses")


@dataclass(frozen=True)
class CoursePage:
    """What the page shows."""

    course: Course
    read: CourseDocument
    description: str
    """HTML."""
    instructors: list[User]
    prerequisites: list[Course]
    missing: list[Course]
    """Of the prerequisites, those that the visitor has not completed."""
    enrolment: Enrolment | None
    standing: CourseStanding | None
    earlier: list[Enrolment]
    """The times before that the visitor took it."""
    certificate: Certificate | None
    """Of the enrolment."""


@bp.get("/<key>")
@requires(Permission.TAKE_CONTENT)
def course(key: str) -> ResponseReturnValue:
    """The page. Its address is the activity's IRI in xAPI."""
    with transaction(current_user.tenant_id) as session:
        page = _build_page(session, _find(session, key))
        return _render(page)


@bp.post("/<key>/enrol")
@requires(Permission.TAKE_CONTENT)
def enrol(key: str) -> ResponseReturnValue:
    """Take part, or ask to."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        found = _find(session, key)
        try:
            enrolled = enrolments.enrol_by_oneself(session, found.id, current_user.id, now=now)
        except NotAllowed as refused:
            flash(_say(refused), "warning")
            return redirect(url_for("courses.course", key=key), 303)
        enrolling.welcome(session, enrolled, now)
        return _go_in(enrolled.enrolment, key)


@bp.post("/<key>/leave")
@requires(Permission.TAKE_CONTENT)
def leave(key: str) -> ResponseReturnValue:
    """Take part no more; what was done is kept."""
    with transaction(current_user.tenant_id) as session:
        found = _find(session, key)
        enrolment = enrolments.find_enrolment(session, found.id, current_user.id)
        if enrolment is None:
            abort(404)
        enrolments.drop(session, enrolment.id, now=datetime.now(UTC))
    flash(_("You have left the course. What you did is kept: enrol again to go on."), "info")
    return redirect(url_for("courses.course", key=key), 303)


@bp.post("/<key>/again")
@requires(Permission.TAKE_CONTENT)
def take_again(key: str) -> ResponseReturnValue:
    """Begin a course anew that was completed; what was done before is kept."""
    now = datetime.now(UTC)
    try:
        with transaction(current_user.tenant_id) as session:
            found = _find(session, key)
            enrolment = enrolments.find_enrolment(session, found.id, current_user.id)
            if enrolment is None:
                abort(404)
            begun = repeats.take_again(session, enrolment.id, now=now)
    except NotAllowed as refused:
        flash(_say(refused), "warning")
        return redirect(url_for("courses.course", key=key), 303)
    return redirect(url_for("course_units.course", place=begun.id), 303)


@bp.get("/<key>/files/<uuid:file_id>")
@requires(Permission.TAKE_CONTENT)
def file(key: str, file_id: UUID) -> ResponseReturnValue:
    """A file that the course's own page shows; what is in units is for those who take part."""
    with transaction(current_user.tenant_id) as session:
        found = _find(session, key)
        row = course_files.get_file(session, found.id, file_id)
        read = _read(found)
        if file_id != read.picture and str(file_id) not in read.description:
            _check_takes_part(session, found)
    return send_course_file(row)


@bp.get("/invitations/<token>")
@requires(Permission.TAKE_CONTENT)
def invitation(token: str) -> ResponseReturnValue:
    """Where an invitation leads: what it is for, and a button."""
    with transaction(current_user.tenant_id) as session:
        found = invitations.find_invitation(session, token)
        if found is None:
            abort(404)
        invited = courses.get_course(session, found.course_id)
        fault = invitations.find_fault(found, datetime.now(UTC))
        return render_template(
            "courses/invitation.html",
            course=invited,
            token=token,
            fault=_FAULTS[fault]() if fault else "",
        )


@bp.post("/invitations/<token>")
@requires(Permission.TAKE_CONTENT)
def accept(token: str) -> ResponseReturnValue:
    """Follow an invitation."""
    now = datetime.now(UTC)
    with transaction(current_user.tenant_id) as session:
        try:
            enrolled = invitations.follow(session, token, current_user.id, now=now)
        except NotAllowed as refused:
            flash(_say(refused), "warning")
            return redirect(url_for("courses.invitation", token=token), 303)
        enrolling.welcome(session, enrolled, now)
        return _go_in(enrolled.enrolment, enrolled.enrolment.course.key)


def may_manage(session: Session, course: Course) -> bool:
    """Whether the visitor may change this course."""
    own = courses.is_own(session, course, current_user.id)
    return may_edit(Role(current_user.role), is_own=own)


def _find(session: Session, key: str) -> Course:
    """Published ones, those that the visitor takes part in, and drafts for who may change them."""
    found = courses.find_course_by_key(session, key)
    if found is None:
        raise CourseMissing("There is no such course.")
    if found.state == "published":
        return found
    enrolment = enrolments.find_best_enrolment(session, found.id, current_user.id)
    if enrolment is None and not may_manage(session, found):
        raise CourseMissing("There is no such course.")
    return found


def _read(course: Course) -> CourseDocument:
    if course.current_version is None:
        return courses.read_draft(course)
    return standings.read_version(course.current_version)


def _build_page(session: Session, course: Course) -> CoursePage:
    enrolment = enrolments.find_best_enrolment(session, course.id, current_user.id)
    if enrolment is not None and enrolment.status == "dropped":
        enrolment = None
    read = standings.read_enrolled(enrolment) if enrolment else _read(course)
    now = datetime.now(UTC)
    people = [
        users.find_user(session, one)
        for one in course_settings.list_instructor_ids(session, course.id)
    ]
    return CoursePage(
        course=course,
        read=read,
        description=render_markdown(
            read.description,
            lambda one: url_for("courses.file", key=course.key, file_id=one),
        ),
        instructors=[one for one in people if one is not None],
        prerequisites=course_settings.list_prerequisites(session, course.id),
        missing=enrolments.list_missing_prerequisites(session, course.id, current_user.id),
        enrolment=enrolment,
        standing=standings.find_standing(session, enrolment, now=now) if enrolment else None,
        earlier=repeats.list_times(session, enrolment)[1:] if enrolment else [],
        certificate=certificates.find_current(session, enrolment.id) if enrolment else None,
    )


def _render(page: CoursePage) -> str:
    why = [course_texts.tell(one) for one in page.standing.why] if page.standing else []
    return render_template(
        "courses/course.html",
        page=page,
        course=page.course,
        why=why,
        now=datetime.now(UTC),
        texts=course_texts,
        may_manage=current_user.may(Permission.CREATE_CONTENT),
    )


def _check_takes_part(session: Session, course: Course) -> None:
    enrolment = enrolments.find_best_enrolment(session, course.id, current_user.id)
    if (enrolment is None or not enrolment.is_active) and not may_manage(session, course):
        abort(404)


def _go_in(enrolment: Enrolment, key: str) -> ResponseReturnValue:
    if enrolment.status == "requested":
        flash(_("Your request is on its way. You will hear when somebody has let you in."), "info")
        return redirect(url_for("courses.course", key=key), 303)
    return redirect(url_for("course_units.course", place=enrolment.id), 303)


def _say(refused: NotAllowed) -> str:
    return str(_REFUSALS.get(refused.reason, lambda: say(refused))())


_REFUSALS = {
    "closed": lambda: _("Nobody can enrol in this course without an invitation."),
    "prerequisites": lambda: _("First complete the courses that come before this one."),
    "not_completed": lambda: _("You can take this course again when you have completed it."),
    "archived": lambda: _("This course is archived: nobody begins it any more."),
    "revoked": lambda: _("This invitation was withdrawn."),
    "expired": lambda: _("This invitation has expired."),
    "used_up": lambda: _("This invitation was used as often as it may be."),
}
_FAULTS = {name: _REFUSALS[name] for name in ("revoked", "expired", "used_up")}
