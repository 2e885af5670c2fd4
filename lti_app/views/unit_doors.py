"""From a launch to native content; from a unit to its source (player, quiz) and back."""

from datetime import datetime
from uuid import UUID

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from content.core.course import Unit
from content.models.enrolment import Enrolment
from database.session import transaction
from lti_app.services.content_outcomes import read_unit_context
from lti_app.services.launches import Accepted
from lti_app.views.content_address import Place, build_course_path, name_place
from lti_app.views.player_address import build_player_address
from lti_app.views.quiz_address import build_quiz_address
from scorm_runtime.services.attempts import open_attempt


def open_unit(
    session: Session, here: Place, enrolment: Enrolment, unit: Unit, now: datetime
) -> str:
    """Begin or go on; where to send the browser."""
    context_key = f"unit:{enrolment.id}:{unit.id}"
    if unit.kind == "package" and unit.package is not None:
        attempt = open_attempt(
            session,
            package_id=unit.package,
            user_id=here.user_id,
            context_key=context_key,
            now=now,
        )
        return build_player_address(
            here.tenant_id, attempt.id, here.user_id, launch_ref=here.launch_ref, now=now
        )
    if unit.kind != "quiz" or unit.quiz is None:
        abort(404, _("There is nothing to open here."))
    return build_quiz_address(
        here.tenant_id,
        here.user_id,
        unit.quiz,
        context_key=context_key,
        launch_ref=here.launch_ref,
        now=now,
    )


def find_way_back(
    session: Session,
    context_key: str,
    *,
    tenant_id: UUID,
    launch_ref: str,
    now: datetime,
) -> str | None:
    """The path of the unit that something belongs to; None where it belongs to none."""
    where = read_unit_context(context_key)
    if where is None:
        return None
    enrolment = session.get(Enrolment, where[0])
    if enrolment is None:
        return None
    place = name_place(tenant_id, enrolment, launch_ref=launch_ref, now=now)
    return url_for("course_units.unit", place=place, unit_id=where[1])


def build_launched_address(accepted: Accepted, tenant_id: UUID, now: datetime) -> str:
    """Where a launch leads that opened native content (services/content_items.py says what)."""
    folder, _slash, rest = (accepted.address_path or "").lstrip("/").partition("/")
    origin, launch_ref = current_app.config["LECTERN"].app_url, str(accepted.launch_id)
    if folder == "quizzes":
        path = build_quiz_address(
            *(tenant_id, accepted.user_id, UUID(rest)),
            context_key=f"link:{accepted.resource_link_id}",
            launch_ref=launch_ref,
            now=now,
        )
        return f"{origin}{path}"
    enrolment_id, _slash, unit_id = rest.partition("/")
    with transaction(tenant_id) as session:
        enrolment = session.get_one(Enrolment, UUID(enrolment_id))
        enrolment.launch_ref = launch_ref
        path = build_course_path(
            tenant_id,
            enrolment,
            launch_ref=launch_ref,
            now=now,
            unit_id=UUID(unit_id) if unit_id else None,
        )
    return f"{origin}{path}"
