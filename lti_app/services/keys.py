"""Our signing keys: one current RSA key per tenant, published by /lti/jwks.

Rotation (next, current, retired with an overlap) stands on the same rows later; platforms find a
new key by its `kid`, so a key set may always grow.
"""

from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto.jwk import JWK
from pylti1p3.registration import Registration as LibraryRegistration
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_app.models.tool_key import ToolKey


def generate_private_pem() -> str:
    """A new RSA key of 2048 bits as PKCS #8; takes a tenth of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def ensure_current_key(
    session: Session, generate: Callable[[], str] = generate_private_pem
) -> ToolKey:
    """The key that signs for this tenant, made when there is none yet."""
    key = find_current_key(session)
    if key is not None:
        return key
    pem = generate()
    jwk = build_public_jwk(pem)
    try:
        with session.begin_nested():
            key = ToolKey(kid=jwk["kid"], private_pem=pem, public_jwk=jwk, state="current")
            session.add(key)
    except IntegrityError:  # somebody made one at the same moment: theirs is as good
        key = find_current_key(session)
        if key is None:
            raise
    return key


def find_current_key(session: Session) -> ToolKey | None:
    """The key that signs for this tenant."""
    return session.scalar(select(ToolKey).where(ToolKey.state == "current"))


def list_public_keys(session: Session) -> list[dict[str, Any]]:
    """The JWKs of this tenant to publish, newest first."""
    rows = session.scalars(select(ToolKey).order_by(ToolKey.created_at.desc(), ToolKey.id.desc()))
    return [row.public_jwk for row in rows]


def build_public_jwk(private_pem: str) -> dict[str, Any]:
    """The public half as a JWK with RFC 7638 thumbprint as `kid`, `alg` and `use` (moodle.md 5)."""
    public_pem = JWK.from_pem(private_pem.encode()).export_to_pem().decode()
    return dict(LibraryRegistration.get_jwk(public_pem))
