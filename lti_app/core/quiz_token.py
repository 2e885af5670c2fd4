"""Signed addresses of a quiz's pages: one learner, one quiz, one place; no cookie is needed.

Signed like the player's token (scorm_runtime.core.signing), for a purpose of its own.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from lti_app.core.lti.page_token import PageTokenExpired, PageTokenInvalid
from scorm_runtime.core.signing import SignatureWrong, sign, verify

_PURPOSE = b"lectern quiz token 1"


@dataclass(frozen=True)
class QuizToken:
    """One learner's permission to take one quiz in one place."""

    tenant_id: UUID
    user_id: UUID
    quiz_id: UUID
    context_key: str
    """"portal", "link:<id>", "unit:<enrolment id>:<unit id>", or "preview"."""
    launch_ref: str
    expires_at: datetime

    @property
    def is_framed(self) -> bool:
        """In a platform's frame: no portal around it, no session asked for."""
        return self.launch_ref != "portal"


def sign_quiz_token(secret: str, token: QuizToken) -> str:
    """URL-safe text of `token`."""
    ids = (token.tenant_id, token.user_id, token.quiz_id)
    values = (*(one.hex for one in ids), token.context_key, token.launch_ref)
    return sign(secret, _PURPOSE, (*values, int(token.expires_at.timestamp())))


def read_quiz_token(secret: str, text: str, now: datetime) -> QuizToken:
    """What `text` permits; raises PageTokenInvalid or PageTokenExpired."""
    try:
        tenant, user, quiz, context_key, launch_ref, expires = verify(secret, _PURPOSE, text)
    except SignatureWrong as wrong:
        raise PageTokenInvalid(str(wrong)) from None
    until = datetime.fromtimestamp(expires, UTC)
    token = QuizToken(UUID(tenant), UUID(user), UUID(quiz), context_key, launch_ref, until)
    if now >= until:
        raise PageTokenExpired("the address is no longer valid: open the quiz again")
    return token
