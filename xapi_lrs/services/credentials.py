"""Credentials: make, check, revoke, list."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from database.routing import record_route
from xapi_lrs.core.credential import (
    RandomBytes,
    hash_secret,
    make_key,
    make_secret,
    secret_matches,
)
from xapi_lrs.core.errors import InvalidRequest, NotAuthenticated, NotFound
from xapi_lrs.core.scopes import DEFAULT_SCOPES, unknown_scopes
from xapi_lrs.models.credential import Credential
from xapi_lrs.models.store import Store

ROUTE = "lrs_key"
"""Kind of tenant_route that leads from a credential's key to its tenant."""


def create_credential(
    session: Session,
    store: Store,
    *,
    name: str,
    scopes: Collection[str] = DEFAULT_SCOPES,
    now: datetime,
    random: RandomBytes,
    expires_at: datetime | None = None,
) -> tuple[Credential, str]:
    """A new credential of `store` and its secret, which can never be shown again.

    `random(n)` gives n random bytes (secrets.token_bytes). Raises InvalidRequest on an unknown
    scope or an expiry that is over.
    """
    unknown = unknown_scopes(scopes)
    if unknown or not scopes:
        raise InvalidRequest(f"unknown scopes: {', '.join(unknown) or 'none given'}")
    if expires_at is not None and expires_at <= now:
        raise InvalidRequest("expires_at is over already")
    secret = make_secret(random)
    credential = Credential(
        store=store,
        name=name,
        key=make_key(random),
        secret_hash=hash_secret(secret),
        scopes=sorted(scopes),
        expires_at=expires_at,
        created_at=now,
    )
    session.add(credential)
    session.flush()
    record_route(session, ROUTE, credential.key, store.tenant_id)
    return credential, secret


def authenticate(session: Session, key: str, secret: str, *, now: datetime) -> Credential:
    """The credential with its store. Raises NotAuthenticated, in the same words whatever is wrong.

    The session is one of the tenant that the key leads to.
    """
    credential = session.scalar(select(Credential).where(Credential.key == key))
    if credential is None or not secret_matches(secret, credential.secret_hash):
        raise NotAuthenticated("unknown key or wrong secret")
    if credential.revoked_at is not None:
        raise NotAuthenticated("this credential was revoked")
    if credential.expires_at is not None and credential.expires_at <= now:
        raise NotAuthenticated("this credential has expired")
    return credential


def revoke_credential(session: Session, credential_id: UUID, *, now: datetime) -> Credential:
    """From now on nobody comes in with it; what it stored stays. Raises NotFound."""
    credential = session.get(Credential, credential_id)
    if credential is None:
        raise NotFound("no such credential")
    credential.revoked_at = credential.revoked_at or now
    session.flush()
    return credential


def list_credentials(session: Session, store: Store) -> list[Credential]:
    """Oldest first, revoked ones included."""
    found = select(Credential).where(Credential.store_id == store.id).order_by(Credential.id)
    return list(session.scalars(found))
