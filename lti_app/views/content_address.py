"""Addresses of learners' pages of courses: where somebody learns, on the portal or in a frame.

/learn/<enrolment id>/…   on the portal: the enrolment's person must be signed in
/learn/<signed token>/…   in a platform's frame: no cookie is needed, whoever has it learns
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from content.models.enrolment import Enrolment
from lti_app.core.course_token import CourseToken, read_course_token, sign_course_token
from lti_app.core.lti.page_token import PageTokenExpired, PageTokenInvalid
from lti_app.security.forms import csrf
from lti_app.security.headers import allow_framing
from lti_app.services import admission, launches, registrations, resource_links
from lti_app.views.speaking import speak_to

LIFETIME = timedelta(hours=12)
PORTAL = "portal"


@dataclass(frozen=True)
class Place:
    """Who learns where; what an address permits."""

    name: str
    """As it stands in the address."""
    tenant_id: UUID
    user_id: UUID
    enrolment_id: UUID
    launch_ref: str

    @property
    def is_framed(self) -> bool:
        return self.launch_ref != PORTAL


def build_course_path(
    tenant_id: UUID,
    enrolment: Enrolment,
    *,
    launch_ref: str,
    now: datetime,
    unit_id: UUID | None = None,
) -> str:
    """The path of the course, or of one of its units, for its learner."""
    place = name_place(tenant_id, enrolment, launch_ref=launch_ref, now=now)
    if unit_id is None:
        return url_for("course_units.course", place=place)
    return url_for("course_units.unit", place=place, unit_id=unit_id)


def name_place(tenant_id: UUID, enrolment: Enrolment, *, launch_ref: str, now: datetime) -> str:
    """The part of an address that says where."""
    if launch_ref == PORTAL:
        return str(enrolment.id)
    until = (now + LIFETIME).replace(microsecond=0)
    token = CourseToken(tenant_id, enrolment.user_id, enrolment.id, launch_ref, until)
    return sign_course_token(current_app.config["SECRET_KEY"], token)


def read_place(name: str, *, changes: bool = False) -> Place:
    """What an address permits; ends the request with 404 or 401 where it permits nothing. With
    `changes` a form of the portal must carry its CSRF token; in a frame the address is secret."""
    enrolment_id = _read_uuid(name)
    if enrolment_id is not None:
        if not current_user.is_authenticated:
            abort(401, _("Sign in, then open the course again."))
        if changes:
            csrf.protect()
        return Place(name, current_user.tenant_id, current_user.id, enrolment_id, PORTAL)
    try:
        token = read_course_token(current_app.config["SECRET_KEY"], name, datetime.now(UTC))
    except PageTokenInvalid:
        abort(404)
    except PageTokenExpired:
        abort(401, _("This page is over: open the activity in your course again."))
    return Place(name, token.tenant_id, token.user_id, token.enrolment_id, token.launch_ref)


def admit(session: Session, place: Place) -> Enrolment:
    """The enrolment, for this transaction; 404 where it is another's, 401 where the platform does
    not let its learner in any more. Who has left may still look."""
    enrolment = session.get(Enrolment, place.enrolment_id)
    if enrolment is None or enrolment.user_id != place.user_id:
        abort(404)
    if enrolment.status == "requested":
        abort(403, _("Your request to take part has not been answered yet."))
    if place.is_framed:
        speak_to(session, place.user_id, launches.find_by_reference(session, place.launch_ref))
        allow_framing(registrations.list_origins(session))
        link_id = resource_links.read_context_key(enrolment.context_key)
        if link_id is not None and not admission.may_see_link(session, place.user_id, link_id):
            abort(401, _("This page is over: open the activity in your course again."))
    return enrolment


def _read_uuid(name: str) -> UUID | None:
    try:
        return UUID(name) if len(name) == 36 else None
    except ValueError:
        return None
