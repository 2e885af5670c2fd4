"""A link with a line in its log, for the tests that look at every page."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode
from uuid import UUID

from sqlalchemy.orm import Session

from lti_app.core.lti.registration_reasons import RegistrationProblem
from lti_app.core.lti.state import build_state
from lti_app.services import dynamic_registration as links
from lti_app.services.dynamic_registration import Circumstances, NewInvitation


def furnish_links(session: Session, tenant: UUID, admin: UUID) -> dict[str, str]:
    """Addresses of the pages about it, by what they are about."""
    token = build_state(tenant, tenant.bytes * 2)
    invitation = links.create_invitation(
        session,
        NewInvitation("Canvas of the school", "canvas"),
        token=token,
        created_by=admin,
        now=datetime.now(UTC),
        lifetime=timedelta(days=7),
    )
    problem = RegistrationProblem(
        "registration_refused", "no detail", said="missing_domain " * 20, status=400
    )
    circumstances = Circumstances("trace", "https://lms.test/configuration", "https://lms.test")
    links.log_failure(session, invitation.id, problem, circumstances, releases=False)
    query = urlencode({"openid_configuration": "https://lms.test/configuration"})
    return {
        "registration link": f"/admin/platforms/connect/links/{invitation.id}",
        "register": f"/lti/register/{token}?{query}",
        "registration refused": f"/lti/register/{token}?openid_configuration=nonsense",
    }
