"""Pages in a platform's frame that work without cookies: their address carries a signed token.

Content never sees such an address (unlike that of a link's grades, views/link_grades.py), and what
is on the page posts to the same address, so a stranger's form cannot: it does not know it.
"""

from datetime import UTC, datetime, timedelta
from typing import NoReturn
from uuid import UUID

from flask import abort, current_app, g, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from lti_app.core.lti.frame_token import FrameToken, read_frame_token, sign_frame_token
from lti_app.core.lti.page_token import PageTokenExpired, PageTokenInvalid
from lti_app.security.headers import allow_framing
from lti_app.services import launches, registrations
from lti_app.services.launches import Accepted
from lti_app.views.platform_window import describe_window
from lti_app.views.speaking import speak_to

LIFETIME = timedelta(hours=2)


def build_frame_address(
    endpoint: str, page: str, accepted: Accepted, subject_id: UUID, tenant_id: UUID, now: datetime
) -> str:
    """The address of a page for the person of a launch."""
    token = FrameToken(
        page=page,
        tenant_id=tenant_id,
        user_id=accepted.user_id,
        subject_id=subject_id,
        launch_id=accepted.launch_id,
        expires_at=(now + LIFETIME).replace(microsecond=0),
    )
    text = sign_frame_token(current_app.config["SECRET_KEY"], token)
    return url_for(endpoint, token=text)


def read_frame_page(page: str, token: str) -> FrameToken:
    """What the address permits; ends the request with 404 or 401 where it permits nothing."""
    try:
        return read_frame_token(current_app.config["SECRET_KEY"], token, page, datetime.now(UTC))
    except PageTokenInvalid:
        abort(404)
    except PageTokenExpired:
        refuse_over()


def refuse_over() -> NoReturn:
    """The address was right, and opens nothing any more."""
    abort(401, _("This page is over: open it in your course again."))


def show_in_frame(session: Session, page: FrameToken) -> None:
    """Let the tenant's platforms frame the answer, in the language that the launch asked for."""
    allow_framing(registrations.list_origins(session))
    launch = launches.find_by_reference(session, str(page.launch_id))
    speak_to(session, page.user_id, launch)
    g.platform_window = describe_window(session, launch)
