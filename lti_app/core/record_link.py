"""One-time links to exported records: signed for a purpose of their own, good for a day.

That a link opens its file once is kept in the job's row (services/record_jobs.py); this says which
row, and until when.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from scorm_runtime.core.signing import SignatureWrong, sign, verify

_PURPOSE = b"lectern record link 1"


class RecordLinkInvalid(ValueError):
    """Not a link we made, or over."""

    status_hint = 404


@dataclass(frozen=True)
class RecordLink:
    tenant_id: UUID
    job_id: UUID
    number: int
    """Of the job's links; only the newest one opens anything."""
    expires_at: datetime


def sign_link(secret: str, link: RecordLink) -> str:
    """URL-safe text of `link`."""
    values = (link.tenant_id.hex, link.job_id.hex, link.number, int(link.expires_at.timestamp()))
    return sign(secret, _PURPOSE, values)


def read_link(secret: str, text: str, now: datetime) -> RecordLink:
    """The link in `text`. Raises RecordLinkInvalid."""
    try:
        tenant, job, number, expires = verify(secret, _PURPOSE, text)
    except SignatureWrong as error:
        raise RecordLinkInvalid("This is not a link that we made.") from error
    expires_at = datetime.fromtimestamp(expires, UTC)
    if expires_at <= now:
        raise RecordLinkInvalid("This link is over. Ask for a new one.")
    return RecordLink(UUID(tenant), UUID(job), number, expires_at)
