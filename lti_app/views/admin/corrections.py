"""Changes of an attempt by hand, each with a reason: correct, mark complete, lift, start over."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from flask import current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.orm import Session

from database.session import transaction
from lti_app.core.permissions import Permission
from lti_app.security.guards import requires
from lti_app.services import content_outcomes, outcomes
from lti_app.views.admin.attempts import bp, get_entry, show_attempt
from scorm_runtime.core.correction import Correction, CorrectionInvalid
from scorm_runtime.core.outcome import Outcome
from scorm_runtime.services import corrections
from scorm_runtime.services.corrections import By


@dataclass(frozen=True)
class Form:
    """What was entered and refused."""

    action: str
    values: dict[str, str]
    errors: dict[str, str] = field(default_factory=dict)


@bp.post("/<uuid:attempt_id>/correct")
@requires(Permission.MANAGE_GRADES)
def correct(attempt_id: UUID) -> ResponseReturnValue:
    """Values of the teacher's above those of the content."""

    def change(session: Session, by: By) -> Outcome:
        return corrections.correct_attempt(session, attempt_id, _read_correction(), by)

    return _do(attempt_id, "correct", change, _("The correction stands."))


@bp.post("/<uuid:attempt_id>/complete")
@requires(Permission.MANAGE_GRADES)
def complete(attempt_id: UUID) -> ResponseReturnValue:
    """Mark it complete."""

    def change(session: Session, by: By) -> Outcome:
        return corrections.complete_attempt(session, attempt_id, by)

    return _do(attempt_id, "complete", change, _("The attempt is complete now."))


@bp.post("/<uuid:attempt_id>/lift")
@requires(Permission.MANAGE_GRADES)
def lift(attempt_id: UUID) -> ResponseReturnValue:
    """What the content reports counts again."""

    def change(session: Session, by: By) -> Outcome:
        return corrections.lift_correction(session, attempt_id, by)

    return _do(attempt_id, "lift", change, _("What the content reports counts again."))


@bp.post("/<uuid:attempt_id>/reset")
@requires(Permission.MANAGE_GRADES)
def reset(attempt_id: UUID) -> ResponseReturnValue:
    """The learner starts over; this attempt is kept and counts no more."""
    target = attempt_id

    def change(session: Session, by: By) -> None:
        nonlocal target
        target = corrections.reset_attempt(session, attempt_id, by).id

    answer = _do(attempt_id, "reset", change, _("A new attempt waits for the learner: this one."))
    if target == attempt_id:
        return answer
    return redirect(url_for("admin_attempts.attempt", attempt_id=target), 303)


def _do(
    attempt_id: UUID, action: str, change: Callable[[Session, By], Outcome | None], done: str
) -> ResponseReturnValue:
    """One change in one transaction, and the outcome's way through the funnel."""
    now = datetime.now(UTC)
    by = By(current_user.id, request.form.get("reason", ""), now)
    app_url = current_app.config["LECTERN"].app_url
    try:
        with transaction(current_user.tenant_id) as session:
            get_entry(session, attempt_id)
            outcome = change(session, by)
            if outcome is not None:
                outcomes.record_outcome(session, outcome, now=now, app_url=app_url)
                content_outcomes.record_attempt(
                    session, outcome, now=now, app_url=app_url, is_decided=True
                )
    except CorrectionInvalid as refused:
        form = Form(action, request.form.to_dict(), {refused.field: _(str(refused))})
        return show_attempt(attempt_id, form), 422
    flash(done, "success")
    return redirect(url_for("admin_attempts.attempt", attempt_id=attempt_id), 303)


def _read_correction() -> Correction:
    """What the form says; an empty field leaves its part as it is."""
    typed = request.form.get("score", "").strip().replace(",", ".")
    try:
        score = float(typed) / 100 if typed else None
    except ValueError:
        raise CorrectionInvalid("score", "The score is a number from 0 to 100.") from None
    return Correction(
        completion=request.form.get("completion") or None,  # type: ignore[arg-type]  # validated
        success=request.form.get("success") or None,  # type: ignore[arg-type]  # by the service
        score=score,
    )
