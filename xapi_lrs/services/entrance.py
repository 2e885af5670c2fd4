"""From what a request carries to the credential and its store: one round trip, no ORM.

The function lrs_enter (migration 0009) finds the tenant of a key, lets the transaction belong to
it, and gives the credential with its store. So revocation, rotation, a closed store and a
tenant that was switched off work at once in every process: nothing is kept but how an answer of
the database reads.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import identify
from xapi_lrs.core.bounds import Bounds
from xapi_lrs.core.credential import Basic, Proof, secret_matches
from xapi_lrs.core.errors import NotAllowed, NotAuthenticated
from xapi_lrs.core.permit import Kind, Permit
from xapi_lrs.core.scopes import acts_of
from xapi_lrs.core.tokens import SignedToken, TokenInvalid, is_over, is_signed
from xapi_lrs.models.store import Store

T = TypeVar("T")

_ENTER = "SELECT lrs_enter(%(key)s)"
_KEPT_ANSWERS = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """What a key leads to; nobody is let in yet."""

    permit: Permit
    store_slug: str
    store_name: str
    secret_hash: bytes
    previous_hash: bytes | None
    previous_until: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None
    store_is_active: bool
    tenant_is_active: bool
    answer: str
    """What the database said, word for word: as long as it says the same, all this is true."""

    def store(self) -> Store:
        """For its id, slug and name; not attached to any session."""
        permit = self.permit
        return Store(
            id=permit.store_id,
            tenant_id=permit.tenant_id,
            slug=self.store_slug,
            name=self.store_name,
        )


def find_entry(session: Session, key: str) -> Entry | None:
    """The credential of that key. From here on the transaction belongs to its tenant, if there is
    one: check the proof, or roll back."""
    answer = session.connection().exec_driver_sql(_ENTER, {"key": key}).scalar_one()
    return None if answer is None else _read(answer)


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


@lru_cache(maxsize=_KEPT_ANSWERS)
def _read(answer: str) -> Entry:
    """What the database just said: reading the same answer again gives the same entry."""
    said = orjson.loads(answer)
    credential, store = said["credential"], said["store"]
    return Entry(
        permit=_permit(credential),
        store_slug=store["slug"],
        store_name=store["name"],
        secret_hash=_octets(credential["secret_hash"]),
        previous_hash=_optional(_octets, credential["previous_hash"]),
        previous_until=_optional(datetime.fromisoformat, credential["previous_until"]),
        expires_at=_optional(datetime.fromisoformat, credential["expires_at"]),
        revoked_at=_optional(datetime.fromisoformat, credential["revoked_at"]),
        store_is_active=store["is_active"],
        tenant_is_active=said["tenant_is_active"],
        answer=answer,
    )


def _permit(row: dict[str, Any]) -> Permit:
    return Permit(
        id=UUID(row["id"]),
        tenant_id=UUID(row["tenant_id"]),
        store_id=UUID(row["store_id"]),
        name=row["name"],
        key=row["key"],
        kind=Kind(row["kind"]),
        scopes=tuple(row["scopes"]),
        acts=acts_of(row["scopes"]),
        bounds=Bounds(
            actor=_optional(identify, row["actor"]),
            registration=_optional(UUID, row["registration"]),
            activity=row["activity"],
            activity_prefix=row["activity_prefix"],
            origins=tuple(row["origins"]),
        ),
        requests_per_second=row["requests_per_second"],
        last_used_at=_optional(datetime.fromisoformat, row["last_used_at"]),
    )


def _octets(text: str) -> bytes:
    """PostgreSQL writes bytea as \\x and hexadecimal digits."""
    return bytes.fromhex(text.removeprefix("\\x"))


def _optional(read: Callable[[Any], T | None], value: Any) -> T | None:
    return None if value is None else read(value)
