"""One launch, shown to somebody's support by a link: why it was refused, and no personal data."""

from datetime import UTC, datetime

from flask import Blueprint, make_response, render_template
from flask.typing import ResponseReturnValue

from database.session import transaction
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.redaction import redact_for_strangers
from lti_app.core.lti.state import read_tenant
from lti_app.security.guards import public
from lti_app.services import launch_shares, registrations
from lti_app.services.launches import LaunchNotFound
from lti_app.views.admin.hints import hint

bp = Blueprint("launch_reports", __name__, url_prefix="/lti/reports")


@bp.get("/<token>")
@public("the secret in the path shows one launch, for seven days, until it is taken back")
def report(token: str) -> ResponseReturnValue:
    """What support needs: times, codes, clocks, the claims without people."""
    try:
        tenant_id = read_tenant(token)
    except Refusal:
        raise LaunchNotFound("There is no such report.") from None
    with transaction(tenant_id) as session:
        share, launch = launch_shares.open_share(session, token, datetime.now(UTC))
        registration = (
            registrations.get_registration(session, launch.registration_id)
            if launch.registration_id
            else None
        )
    page = make_response(
        render_template(
            "lti/report.html",
            launch=launch,
            expires_at=share.expires_at,
            registration=registration,
            claims=redact_for_strangers(launch.claims),
            hint=hint(launch.reason),
        )
    )
    page.headers["X-Robots-Tag"] = "noindex"
    page.headers["Referrer-Policy"] = "no-referrer"
    return page
