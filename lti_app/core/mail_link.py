"""The link in a mail with which its reader wants no more of the kind (RFC 8058)."""

from dataclasses import dataclass
from uuid import UUID

from itsdangerous import BadSignature, URLSafeSerializer

_SALT = "lectern.mail-off"


@dataclass(frozen=True)
class MailOff:
    """Whose mails of which kind are to end."""

    tenant_id: UUID
    user_id: UUID
    kind: str


def sign_mail_off(secret_key: str, off: MailOff) -> str:
    """As text for an address; it does not expire, since mails are kept for years."""
    return str(_serializer(secret_key).dumps([off.tenant_id.hex, off.user_id.hex, off.kind]))


def read_mail_off(secret_key: str, token: str) -> MailOff | None:
    """None for anything that we did not sign."""
    try:
        tenant_id, user_id, kind = _serializer(secret_key).loads(token)
        return MailOff(UUID(tenant_id), UUID(user_id), str(kind))
    except (BadSignature, ValueError, TypeError):
        return None


def _serializer(secret_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret_key, salt=_SALT)
