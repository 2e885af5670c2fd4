"""Signed addresses of pages in a platform's frame: the picker, a review, a mentor's page.

Such a page has no cookie; whoever has its address may do on it what its person may, until it is
over. It names one page and one thing; what is switched off meanwhile is asked for at each request.
Signed like the player's token (scorm_runtime.core.signing), for a purpose of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lti_app.core.lti.page_token import PageTokenExpired, PageTokenInvalid
from scorm_runtime.core.signing import SignatureWrong, sign, verify

_PURPOSE = b"lectern frame page token 1"


@dataclass(frozen=True)
class FrameToken:
    """One person's permission for one page about one thing."""

    page: str
    """"picker", "content", "review" or "mentor"; one page's token opens no other."""
    tenant_id: UUID
    user_id: UUID
    subject_id: UUID
    """picker: the deep_link row; content: the resource link; review: the resource link."""
    launch_id: UUID
    expires_at: datetime


def sign_frame_token(secret: str, token: FrameToken) -> str:
    """URL-safe text of `token`."""
    values = (
        token.page,
        token.tenant_id.hex,
        token.user_id.hex,
        token.subject_id.hex,
        token.launch_id.hex,
        int(token.expires_at.timestamp()),
    )
    return sign(secret, _PURPOSE, values)


def read_frame_token(secret: str, text: str, page: str, now: datetime) -> FrameToken:
    """What `text` permits on `page`; raises PageTokenInvalid or PageTokenExpired."""
    try:
        named, tenant, user, subject, launch, expires = verify(secret, _PURPOSE, text)
    except SignatureWrong as wrong:
        raise PageTokenInvalid(str(wrong)) from None
    if named != page:
        raise PageTokenInvalid("the address of another page")
    token = FrameToken(
        page=named,
        tenant_id=UUID(tenant),
        user_id=UUID(user),
        subject_id=UUID(subject),
        launch_id=UUID(launch),
        expires_at=datetime.fromtimestamp(expires, UTC),
    )
    if now >= token.expires_at:
        raise PageTokenExpired("the address is no longer valid: open the activity again")
    return token
