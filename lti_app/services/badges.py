"""Badges: the keys that sign them, the signing, and what the world may read about them."""

from typing import Any
from uuid import UUID

import jwt
from sqlalchemy import select
from sqlalchemy.orm import Session

from content.core.badge import Award, build_claims, build_credential
from lti_app.models.badge_key import BadgeKey
from lti_app.services.keys import build_public_jwk, generate_private_pem


def ensure_key(session: Session) -> BadgeKey:
    """The key that signs this tenant's badges, made when there is none yet."""
    key = session.scalar(select(BadgeKey).order_by(BadgeKey.id.desc()).limit(1))
    if key is None:
        pem = generate_private_pem()
        jwk = build_public_jwk(pem)
        key = BadgeKey(kid=jwk["kid"], private_pem=pem, public_jwk=jwk)
        session.add(key)
        session.flush()
    return key


def sign(app_url: str, tenant_id: UUID, award: Award, key: BadgeKey) -> str:
    """The credential as a compact JWS (Open Badges 3.0, 8.2.4): RS256, `kid` is the address of
    the key as JWK."""
    claims = build_claims(build_credential(app_url, tenant_id, award))
    headers = {"kid": f"{app_url}/badges/{tenant_id}/keys/{key.kid}"}
    return jwt.encode(claims, key.private_pem, "RS256", headers=headers)


def list_public_keys(session: Session) -> list[dict[str, Any]]:
    """All keys that have ever signed, newest first."""
    rows = session.scalars(select(BadgeKey).order_by(BadgeKey.id.desc()))
    return [row.public_jwk for row in rows]
