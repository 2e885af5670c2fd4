"""From what a request carries to the credential and its store: one round trip, no ORM.

The function lrs_enter (migration 0009) finds the tenant of a key, lets the transaction belong to
it, and gives the credential with its store. So revocation, rotation, a closed store and a
tenant that was switched off work at once in every process: nothing here is kept.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Boolean, DateTime, Integer, LargeBinary, String, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.bounds import Bounds
from xapi_lrs.core.credential import Basic, Proof, secret_matches
from xapi_lrs.core.errors import NotAllowed, NotAuthenticated
from xapi_lrs.core.permit import Kind, Permit
from xapi_lrs.core.scopes import acts_of
from xapi_lrs.core.tokens import SignedToken, TokenInvalid, is_over, is_signed
from xapi_lrs.models.store import Store

_ENTER = text(
    """SELECT tenant_is_active, store_slug, store_name, store_is_active, (found).id,
    (found).tenant_id, (found).store_id, (found).kind, (found).name, (found).key,
    (found).secret_hash, (found).previous_hash, (found).previous_until, (found).scopes,
    (found).actor, (found).registration, (found).activity, (found).activity_prefix,
    (found).origins, (found).requests_per_second, (found).expires_at, (found).revoked_at,
    (found).last_used_at FROM lrs_enter(:key)"""
).columns(
    tenant_is_active=Boolean,
    store_slug=String,
    store_name=String,
    store_is_active=Boolean,
    id=Uuid,
    tenant_id=Uuid,
    store_id=Uuid,
    kind=String,
    name=String,
    key=String,
    secret_hash=LargeBinary,
    previous_hash=LargeBinary,
    previous_until=DateTime(timezone=True),
    scopes=JSONB,
    actor=JSONB,
    registration=Uuid,
    activity=String,
    activity_prefix=String,
    origins=JSONB,
    requests_per_second=Integer,
    expires_at=DateTime(timezone=True),
    revoked_at=DateTime(timezone=True),
    last_used_at=DateTime(timezone=True),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a key leads to; nobody is let in yet."""

    permit: Permit
    store: Store
    """Not attached to the session: for its id and slug."""
    secret_hash: bytes
    previous_hash: bytes | None
    previous_until: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    store_is_active: bool
    tenant_is_active: bool


def find_entry(session: Session, key: str) -> Entry | None:
    """The credential of that key. From here on the transaction belongs to its tenant, if there is
    one: check the proof, or roll back."""
    row = session.execute(_ENTER, {"key": key}).one_or_none()
    if row is None:
        return None
    return Entry(
        permit=_permit(row),
        store=Store(
            id=row.store_id, tenant_id=row.tenant_id, slug=row.store_slug, name=row.store_name
        ),
        secret_hash=bytes(row.secret_hash),
        previous_hash=row.previous_hash and bytes(row.previous_hash),
        previous_until=row.previous_until,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        store_is_active=row.store_is_active,
        tenant_is_active=row.tenant_is_active,
    )


def admit(entry: Entry | None, proof: Proof, *, now: datetime, server_secret: str) -> Permit:
    """The permit, with less acts where an access token has narrower scopes.

    Raises NotAuthenticated: for an unknown key and a wrong secret in the same words.
    Raises NotAllowed when the store or its tenant is switched off.
    """
    if isinstance(proof, SignedToken):
        permit = _admit_token(entry, proof, now, server_secret)
    else:
        permit = _admit_basic(entry, proof, now)
    assert entry is not None  # noqa: S101  both have refused that
    if entry.revoked_at is not None:
        raise NotAuthenticated("this credential was revoked")
    if entry.expires_at is not None and entry.expires_at <= now:
        raise NotAuthenticated("this credential has expired")
    if not entry.tenant_is_active:
        raise NotAllowed("the organisation of this credential is switched off")
    if not entry.store_is_active:
        raise NotAllowed("the store of this credential is closed")
    return permit


def _admit_basic(entry: Entry | None, proof: Basic, now: datetime) -> Permit:
    if entry is not None:
        if secret_matches(proof.secret, entry.secret_hash):
            return entry.permit
        still = entry.previous_until is not None and now < entry.previous_until
        if still and entry.previous_hash and secret_matches(proof.secret, entry.previous_hash):
            return entry.permit
    raise NotAuthenticated("unknown key or wrong secret")


def _admit_token(
    entry: Entry | None, proof: SignedToken, now: datetime, server_secret: str
) -> Permit:
    if entry is None or not is_signed(proof, server_secret, entry.secret_hash):
        raise TokenInvalid("the bearer token is not good, or no longer: ask for another")
    if is_over(proof.token, now):
        raise TokenInvalid("the bearer token has expired: ask for another")
    return entry.permit.narrowed(proof.token.scopes)


def _permit(row: Any) -> Permit:
    return Permit(
        id=row.id,
        tenant_id=row.tenant_id,
        store_id=row.store_id,
        name=row.name,
        key=row.key,
        kind=Kind(row.kind),
        scopes=tuple(row.scopes),
        acts=acts_of(row.scopes),
        bounds=_bounds(row),
        requests_per_second=row.requests_per_second,
        last_used_at=row.last_used_at,
    )


_UNBOUND = Bounds()


def _bounds(row: Any) -> Bounds:
    bound: tuple[Any, ...] = (row.actor, row.registration, row.activity, row.activity_prefix)
    if bound == (None, None, None, None) and not row.origins:
        return _UNBOUND
    return Bounds(
        actor=identify(row.actor) if row.actor else None,
        registration=row.registration,
        activity=row.activity,
        activity_prefix=row.activity_prefix,
        origins=tuple(row.origins),
    )
