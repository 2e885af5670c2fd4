"""Signed addresses of our own pages inside a platform's frame, where no cookie is wanted.

Signed like the player's token (scorm_runtime.core.signing), for a purpose of its own. It opens the
grades of one resource link.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from scorm_runtime.core.signing import SignatureWrong, sign, verify

_PURPOSE = b"lectern link grades token 1"


class PageTokenInvalid(ValueError):
    """Not an address we made."""

    status_hint = 404


class PageTokenExpired(ValueError):
    """Made by us, and over."""

    status_hint = 401


@dataclass(frozen=True)
class LinkGradesToken:
    """One teacher's permission to see and re-send the grades of one resource link."""

    tenant_id: UUID
    resource_link_id: UUID
    user_id: UUID
    expires_at: datetime


def sign_page_token(secret: str, token: LinkGradesToken) -> str:
    """URL-safe text of `token`."""
    values = (
        token.tenant_id.hex,
        token.resource_link_id.hex,
        token.user_id.hex,
        int(token.expires_at.timestamp()),
    )
    return sign(secret, _PURPOSE, values)


def read_page_token(secret: str, text: str, now: datetime) -> LinkGradesToken:
    """What `text` permits; raises PageTokenInvalid or PageTokenExpired."""
    try:
        tenant, link, user, expires = verify(secret, _PURPOSE, text)
    except SignatureWrong as wrong:
        raise PageTokenInvalid(str(wrong)) from None
    token = LinkGradesToken(
        tenant_id=UUID(tenant),
        resource_link_id=UUID(link),
        user_id=UUID(user),
        expires_at=datetime.fromtimestamp(expires, UTC),
    )
    if now >= token.expires_at:
        raise PageTokenExpired("the address is no longer valid: open the activity again")
    return token
