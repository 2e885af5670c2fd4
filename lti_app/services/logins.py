"""Logins: begun at /lti/login, found again at /lti/launch, used once."""

from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from database.base import uuid7
from database.prepared import PREPARED
from lti_app.core.lti.launch import Expected
from lti_app.core.lti.login import Initiation
from lti_app.core.lti.reasons import Refusal
from lti_app.core.lti.state import LIFETIME_SECONDS, digest
from lti_app.core.platforms.families import get_family
from lti_app.models.login import LtiLogin
from lti_app.models.registration import Registration
from lti_app.services import registrations
from lti_app.services.registrations import Platform

KEPT = timedelta(days=1)
"""How long a finished login is kept, so that a late replay is named as such."""


@dataclass(frozen=True)
class Begun:
    """A row of lti_login as values; the fields are its columns."""

    id: UUID
    nonce: str
    binding_hash: str
    target_link_uri: str
    login_hint: str
    lti_message_hint: str | None
    lti_deployment_id: str | None
    storage_target: str | None
    is_new_window: bool
    expires_at: datetime
    held_token: str | None = None
    consumed_at: datetime | None = None


@dataclass(frozen=True)
class Login:
    """A login with the registration it is for."""

    row: Begun
    registration: Platform


def start_login(
    session: Session,
    initiation: Initiation,
    *,
    client_id: str,
    state: str,
    nonce: str,
    binding: str,
    now: datetime,
) -> Login:
    """Remember a login under way; `state`, `nonce` and `binding` are fresh secrets.

    Raises Refusal `client_unknown` or `registration_disabled`.
    """
    registration = registrations.find_platform(session, initiation.issuer, client_id)
    if registration is None:
        raise Refusal("client_unknown", f"{client_id[:200]!r}")
    if not registration.is_active:
        raise Refusal("registration_disabled", registration.issuer)
    begun = Begun(
        id=uuid7(),
        nonce=nonce,
        binding_hash=digest(binding),
        target_link_uri=initiation.target_link_uri,
        login_hint=initiation.login_hint,
        lti_message_hint=initiation.lti_message_hint,
        lti_deployment_id=initiation.lti_deployment_id,
        storage_target=initiation.storage_target,
        is_new_window=initiation.is_new_window,
        expires_at=now + timedelta(seconds=LIFETIME_SECONDS),
    )
    found = {"registration_id": registration.id, "state_hash": digest(state)}
    session.connection().execute(_BEGIN, {**vars(begun), **found})
    return Login(begun, registration)


_BEGIN = insert(LtiLogin).execution_options(**PREPARED)
_COLUMNS = tuple(getattr(LtiLogin, one.name) for one in fields(Begun))
_BEGUN = (
    select(*_COLUMNS, *registrations.PLATFORM)
    .join(Registration, Registration.id == LtiLogin.registration_id)
    .where(LtiLogin.state_hash == bindparam("state_hash"))
    .execution_options(**PREPARED)
)


def get_login(session: Session, state: str) -> Login:
    """The login of `state`; raises Refusal `state_unknown`."""
    known = {"state_hash": digest(state)}
    found = session.connection().execute(_BEGUN, known).one_or_none()
    if found is None:
        raise Refusal("state_unknown", "no login with this state")
    return Login(Begun(*found[: len(_COLUMNS)]), Platform(*found[len(_COLUMNS) :]))


def build_expected(login: Login, leeway_seconds: int, *, supplies_links: bool = False) -> Expected:
    """What the token must say; `leeway_seconds` where the registration has none of its own,
    `supplies_links` for products that may leave the resource link out."""
    registration, row = login.registration, login.row
    own_leeway = registration.leeway_seconds
    return Expected(
        issuer=registration.issuer,
        client_id=registration.client_id,
        nonce=row.nonce,
        target_link_uri=row.target_link_uri,
        binding_hash=row.binding_hash,
        expires_at=row.expires_at,
        is_consumed=row.consumed_at is not None,
        is_active=registration.is_active,
        leeway_seconds=leeway_seconds if own_leeway is None else own_leeway,
        supplies_link=supplies_links and get_family(registration.platform).may_lack_link,
    )


def name_others(session: Session, login: Login, expected: Expected) -> Expected:
    """… and what it would say for another registration of the tenant, to tell one fault from
    another."""
    own = login.registration
    others = session.execute(
        select(Registration.issuer, Registration.client_id).where(Registration.id != own.id)
    ).all()
    return replace(
        expected,
        other_issuers=frozenset(issuer for issuer, _ in others),
        other_clients=frozenset(client for issuer, client in others if issuer == own.issuer),
    )


def explain_nonce(session: Session, nonce: str, now: datetime) -> Refusal:
    """Why a nonce that is not this login's is refused (LTI-A13 to A15)."""
    row = session.scalar(select(LtiLogin).where(LtiLogin.nonce == nonce))
    if row is None:
        return Refusal("nonce_unknown", "we never issued this nonce")
    if row.consumed_at is not None:
        return Refusal("nonce_replayed", "used in an earlier launch")
    if now >= row.expires_at:
        return Refusal("nonce_expired", "of a login that is over")
    return Refusal("state_mismatch", "the nonce belongs to another login")


_CONSUME = (
    update(LtiLogin)
    .where(LtiLogin.id == bindparam("login"), LtiLogin.consumed_at.is_(None))
    .values(consumed_at=bindparam("now"), held_token=None)
    .execution_options(**PREPARED)
)


def consume_login(session: Session, login_id: UUID, now: datetime) -> None:
    """Use the login up; exactly one transaction can (LTI-A13), others get `nonce_replayed`.

    The row lock of the UPDATE makes a parallel launch wait for the first one's commit.
    """
    result = session.connection().execute(_CONSUME, {"login": login_id, "now": now})
    if result.rowcount != 1:
        raise Refusal("nonce_replayed", "used by a launch at the same time")


def may_use_storage(login: Login) -> bool:
    """Whether the platform says, or its product is known, to keep data for tools (PAIN-01)."""
    asks = get_family(login.registration.platform).asks_for_storage
    return login.row.storage_target is not None or asks


def hold_token(session: Session, login_id: UUID, text: str) -> None:
    """Keep a verified id_token until its browser has shown what platform storage holds."""
    _set_held(session, login_id, text)


def take_held_token(session: Session, login: Login) -> str | None:
    """The token that waits, once: who proves wrongly does not get a second try."""
    held = login.row.held_token
    if held is not None:
        _set_held(session, login.row.id, None)
    return held


def _set_held(session: Session, login_id: UUID, text: str | None) -> None:
    session.execute(
        update(LtiLogin)
        .where(LtiLogin.id == login_id, LtiLogin.consumed_at.is_(None))
        .values(held_token=text)
        .execution_options(synchronize_session=False)
    )


def delete_old_logins(session: Session, now: datetime) -> int:
    """Forget logins that are long over; returns how many."""
    result = session.execute(
        delete(LtiLogin)
        .where(LtiLogin.expires_at < now - KEPT)
        .execution_options(synchronize_session=False)
    )
    return cast(CursorResult[Any], result).rowcount
