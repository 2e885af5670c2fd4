"""From a unit to its source and back: the player of a package, the pages of a quiz."""

from datetime import datetime
from uuid import UUID

from flask import abort, current_app, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from content.core.course import Unit
from content.models.enrolment import Enrolment
from lti_app.services.content_outcomes import read_unit_context
from lti_app.views.content_address import Place, name_place
from lti_app.views.player_address import build_player_address
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
    from lti_app.views.quiz_address import build_quiz_address

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


def origin() -> str:
    """Of the application, where these pages are."""
    return str(current_app.config["LECTERN"].app_url)
