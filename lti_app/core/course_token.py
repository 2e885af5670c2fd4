"""Signed addresses of a course's pages in a platform's frame: one learner's one enrolment.

Signed like the player's token (scorm_runtime.core.signing), for a purpose of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lti_app.core.lti.page_token import PageTokenExpired, PageTokenInvalid
from scorm_runtime.core.signing import SignatureWrong, sign, verify

_PURPOSE = b"lectern course token 1"


@dataclass(frozen=True)
class CourseToken:
    """One learner's permission to learn in one enrolment."""

    tenant_id: UUID
    user_id: UUID
    enrolment_id: UUID
    launch_ref: str
    """The launch's id."""
    expires_at: datetime


def sign_course_token(secret: str, token: CourseToken) -> str:
    """URL-safe text of `token`."""
    values = (
        token.tenant_id.hex,
        token.user_id.hex,
        token.enrolment_id.hex,
        token.launch_ref,
        int(token.expires_at.timestamp()),
    )
    return sign(secret, _PURPOSE, values)


def read_course_token(secret: str, text: str, now: datetime) -> CourseToken:
    """What `text` permits; raises PageTokenInvalid or PageTokenExpired."""
    try:
        tenant, user, enrolment, launch_ref, expires = verify(secret, _PURPOSE, text)
    except SignatureWrong as wrong:
        raise PageTokenInvalid(str(wrong)) from None
    until = datetime.fromtimestamp(expires, UTC)
    token = CourseToken(UUID(tenant), UUID(user), UUID(enrolment), launch_ref, until)
    if now >= until:
        raise PageTokenExpired("the address is no longer valid: open the activity again")
    return token
