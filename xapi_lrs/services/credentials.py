"""Credentials that people make: for a vendor, a tool, a program. Make, list, rotate, revoke.

Those of one learner's launch are in services/launch_tokens.py; how a request gets in with
either is in services/entrance.py.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from database.routing import record_route
from xapi_lrs.core import rx
from xapi_lrs.core.credential import RandomBytes, hash_secret, make_key, make_secret
from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.core.origins import parse_origin
from xapi_lrs.core.permit import Kind
from xapi_lrs.core.scopes import DEFAULT_SCOPES, unknown_scopes
from xapi_lrs.models.credential import Credential
from xapi_lrs.models.store import Store

ROUTE = "lrs_key"
"""Kind of tenant_route that leads from a credential's key to its tenant."""

USE_IS_NOTED_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Restrictions:
    """What a key is bound to (core/bounds.py); all empty: to its store only."""

    registration: UUID | None = None
    activity_prefix: str | None = None
    """An IRI; activities with this id or one that goes on after it."""
    origins: tuple[str, ...] = ()
    """Such as https://content.example: pages that may use it. Programs cannot use it then."""
    requests_per_second: int | None = None
    """None: the server's default; 0: without limit."""


_FREE = Restrictions()


def create_credential(
    session: Session,
    store: Store,
    *,
    name: str,
    scopes: Collection[str] = DEFAULT_SCOPES,
    now: datetime,
    random: RandomBytes,
    expires_at: datetime | None = None,
    restrictions: Restrictions = _FREE,
) -> tuple[Credential, str]:
    """A new credential of `store` and its secret, which can never be shown again.

    `random(n)` gives n random bytes (secrets.token_bytes). Raises InvalidRequest on an unknown
    scope, an expiry that is over, a restriction that nothing could satisfy.
    """
    check_grant(scopes, expires_at, now)
    secret = make_secret(random)
    credential = Credential(
        store=store,
        name=name,
        key=make_key(random),
        secret_hash=hash_secret(secret),
        scopes=sorted(scopes),
        registration=restrictions.registration,
        activity_prefix=check_iri(restrictions.activity_prefix, "activity_prefix"),
        origins=[parse_origin(one) for one in restrictions.origins],
        requests_per_second=_check_rate(restrictions.requests_per_second),
        expires_at=expires_at,
        created_at=now,
    )
    session.add(credential)
    session.flush()
    record_route(session, ROUTE, credential.key, store.tenant_id)
    return credential, secret


def list_credentials(session: Session, store: Store) -> list[Credential]:
    """The keys, oldest first, revoked ones included; launch tokens are not among them."""
    found = (
        select(Credential)
        .where(Credential.store_id == store.id, Credential.kind == Kind.KEY)
        .order_by(Credential.id)
    )
    return list(session.scalars(found))


def get_credential(session: Session, credential_id: UUID) -> Credential:
    """Raises NotFound; a launch token is none here."""
    credential = session.get(Credential, credential_id)
    if credential is None or credential.kind != Kind.KEY:
        raise NotFound("no such credential")
    return credential


def find_credential_by_key(session: Session, key: str) -> Credential | None:
    """By its public half, as people have it in front of them."""
    found = select(Credential).where(Credential.key == key, Credential.kind == Kind.KEY)
    return session.scalar(found)


def rename_credential(session: Session, credential_id: UUID, name: str) -> Credential:
    """What it sends from now on names its authority so. Raises NotFound."""
    credential = get_credential(session, credential_id)
    credential.name = name
    session.flush()
    return credential


def rotate_secret(
    session: Session,
    credential_id: UUID,
    *,
    now: datetime,
    random: RandomBytes,
    overlap: timedelta = timedelta(0),
) -> tuple[Credential, str]:
    """A new secret for the same key; the old one is good for `overlap` longer (at most 30 days).

    Access tokens given for the old secret end at once. Raises NotFound, InvalidRequest.
    """
    credential = get_credential(session, credential_id)
    if credential.revoked_at is not None:
        raise InvalidRequest("this credential was revoked: make a new one")
    if not timedelta(0) <= overlap <= timedelta(days=30):
        raise InvalidRequest("the old secret can stay good for 30 days at most")
    secret = make_secret(random)
    credential.previous_hash = credential.secret_hash if overlap else None
    credential.previous_until = now + overlap if overlap else None
    credential.secret_hash = hash_secret(secret)
    session.flush()
    return credential, secret


def revoke_credential(session: Session, credential_id: UUID, *, now: datetime) -> Credential:
    """From now on nobody comes in with it; what it stored stays. Raises NotFound."""
    credential = get_credential(session, credential_id)
    credential.revoked_at = credential.revoked_at or now
    session.flush()
    return credential


def note_use(session: Session, credential_id: UUID, now: datetime) -> None:
    """Once per USE_IS_NOTED_EVERY; the view asks that before it calls."""
    noted = (
        update(Credential.__table__)  # type: ignore[arg-type]  # a FromClause to its types
        .where(Credential.id == credential_id)
        .values(last_used_at=now)
    )
    session.execute(noted)


def check_grant(scopes: Collection[str], expires_at: datetime | None, now: datetime) -> None:
    """Raises InvalidRequest on an unknown scope, none at all, or an expiry that is over."""
    unknown = unknown_scopes(scopes)
    if unknown or not scopes:
        raise InvalidRequest(f"unknown scopes: {', '.join(unknown) or 'none given'}")
    if expires_at is not None and expires_at <= now:
        raise InvalidRequest("expires_at is over already")


def check_iri(text: str | None, name: str) -> str | None:
    """Raises InvalidRequest when it could not begin an activity's id."""
    if text is not None and not rx.IRI.fullmatch(text):
        raise InvalidRequest(f"{name} must be an IRI with a scheme, not {text[:200]!r}")
    return text


def _check_rate(per_second: int | None) -> int | None:
    if per_second is not None and not 0 <= per_second <= 1_000_000:
        raise InvalidRequest("requests_per_second must be between 0 (no limit) and 1,000,000")
    return per_second
