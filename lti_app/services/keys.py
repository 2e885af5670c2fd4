"""Our signing keys: one RSA key of a tenant signs, others are published beside it by /lti/jwks.

A rotation in three states, so that no platform meets a key that it has not seen (PAIN-15):

    next: published, signs nothing ──48 h──► current: signs ──► retired: published ──48 h──► gone

A platform that caches our key set for two days has the new key before it is used, and still has
the old one when the last thing that it signed arrives. `rotate` begins, `advance` (a sweep) goes
on; both may be called at any time and twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from jwcrypto.jwk import JWK
from pylti1p3.registration import Registration as LibraryRegistration
from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lti_app.models.tool_key import ToolKey

OVERLAP = timedelta(hours=48)
"""How long a key is published before it signs, and after it has signed."""


@dataclass(frozen=True)
class KeyPlan:
    """One key of the set, and what happens to it next."""

    kid: str
    state: str
    since: datetime
    """In this state."""
    until: datetime | None
    """A next key signs from then on, a retired one is removed then; None for the current one."""


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
    return _find(session, "current") or _make(session, "current", generate)


def find_current_key(session: Session) -> ToolKey | None:
    """The key that signs for this tenant."""
    return _find(session, "current")


def rotate(
    session: Session,
    now: datetime,
    *,
    at_once: bool = False,
    generate: Callable[[], str] = generate_private_pem,
) -> list[KeyPlan]:
    """Begin a rotation, or leave the one under way as it is; answers what will happen when.

    `at_once` is for a key that somebody has stolen: the new one signs now, and platforms that keep
    our old key set refuse it until they read the set again. The old key stays published: what it
    has signed already is on its way.
    """
    ensure_current_key(session, generate)
    key = _find(session, "next") or _make(session, "next", generate)
    if key.signs_from is None:
        key.signs_from = now + OVERLAP
    if at_once:
        key.signs_from = min(key.signs_from, now)
    session.flush()
    advance(session, now)
    return list_keys(session)


def advance(session: Session, now: datetime) -> bool:
    """Do what is due: the next key signs, retired keys go. Whether anything changed."""
    due = session.scalars(
        select(ToolKey)
        .where(ToolKey.state == "next", ToolKey.signs_from <= now)
        .with_for_update(skip_locked=True)
    ).one_or_none()
    if due is not None:
        current = _find(session, "current")
        if current is not None:
            current.state, current.retired_at = "retired", now
            session.flush()  # before there are two current ones
        due.state, due.signs_from = "current", now
        session.flush()
    gone = session.scalars(
        delete(ToolKey)
        .where(ToolKey.state == "retired", ToolKey.retired_at <= now - OVERLAP)
        .returning(ToolKey.kid)
    ).all()
    return due is not None or bool(gone)


def list_keys(session: Session) -> list[KeyPlan]:
    """The keys of this tenant: next, current, then retired ones, the latest first."""
    rows = session.scalars(select(ToolKey).order_by(ToolKey.state, ToolKey.retired_at.desc()))
    return sorted(map(_plan, rows), key=lambda plan: _ORDER.index(plan.state))


_ORDER = ("next", "current", "retired")


def _plan(row: ToolKey) -> KeyPlan:
    since, until = row.created_at, None
    if row.state == "next":
        until = row.signs_from
    elif row.state == "current":
        since = row.signs_from or row.created_at
    elif row.retired_at is not None:
        since, until = row.retired_at, row.retired_at + OVERLAP
    return KeyPlan(row.kid, row.state, since, until)


def _find(session: Session, state: str) -> ToolKey | None:
    return session.scalar(select(ToolKey).where(ToolKey.state == state))


def _make(session: Session, state: str, generate: Callable[[], str]) -> ToolKey:
    pem = generate()
    jwk = build_public_jwk(pem)
    made = ToolKey(kid=jwk["kid"], private_pem=pem, public_jwk=jwk, state=state)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:  # somebody made one at the same moment: theirs is as good
        found = _find(session, state)
        if found is None:
            raise
        return found
    return made


def list_public_keys(session: Session) -> list[dict[str, Any]]:
    """The JWKs of this tenant to publish, newest first; next and retired ones among them."""
    rows = session.scalars(select(ToolKey).order_by(ToolKey.created_at.desc(), ToolKey.id.desc()))
    return [row.public_jwk for row in rows]


def build_public_jwk(private_pem: str) -> dict[str, Any]:
    """The public half as a JWK with RFC 7638 thumbprint as `kid`, `alg` and `use` (moodle.md 5)."""
    public_pem = JWK.from_pem(private_pem.encode()).export_to_pem().decode()
    return dict(LibraryRegistration.get_jwk(public_pem))
