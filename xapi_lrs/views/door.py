"""Who knocks, and may he do this: from the Authorization header to a session of the store.

    caller = identify_caller()                before a body is read
    with visit(caller, slug) as guest:        the request's transaction: checked again, in it
        guest.check_statement(body)           before anything is stored or given out

The check in the transaction is the one that counts, so a revoked key opens nothing from the moment
on that the revocation is committed. What was good here before is let up to it without asking the
database; it costs one round trip then, with the credential, its store and the tenant.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import g, request
from sqlalchemy.orm import Session

from xapi_lrs.core import bounds
from xapi_lrs.core.actor import identify
from xapi_lrs.core.bounds import Bounds
from xapi_lrs.core.credential import Proof, authority_of, parse_authorization
from xapi_lrs.core.errors import LrsError, NotAllowed, NotAuthenticated
from xapi_lrs.core.permit import Kind, Permit
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.scopes import NEEDS, READ_ALL, READ_OWN, scopes_giving
from xapi_lrs.models.store import Store
from xapi_lrs.services.credentials import USE_IS_NOTED_EVERY, note_use
from xapi_lrs.services.entrance import Entry, admit, find_entry
from xapi_lrs.views import gate
from xapi_lrs.views.cors import note_bounds
from xapi_lrs.views.host import host

COUNTED = "xapi_lrs.counted"
"""In the environ of a request that was counted already (views/statement_door.py)."""

_MOST_KNOWN = 20_000
_known: dict[bytes, Entry] = {}
"""SHA-256 of an Authorization header that was good in this process, and what it led to."""
_noted: dict[UUID, datetime] = {}
"""Credential to when its use was last written down by this process."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What the Authorization header claims; checked in this process before, or just now."""

    proof: Proof
    mark: bytes
    """SHA-256 of the header."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A checked caller inside a transaction."""

    session: Session
    store: Store
    """Not attached to the session."""
    credential: Permit
    now: datetime

    @property
    def authority(self) -> dict[str, Any]:
        return authority_of(self.credential.name, self.credential.account, host().app_url)

    @property
    def bounds(self) -> Bounds:
        """Whose records, and which, the credential is bound to (core/bounds.py)."""
        return self.credential.bounds

    def may(self, act: str) -> bool:
        return act in self.credential.acts

    @property
    def readable_authority(self) -> str | None:
        """The identity whose statements may be read; none: everybody's. Raises NotAllowed."""
        if self.may(READ_ALL):
            return None
        self.require(READ_OWN)
        return identify(self.authority)

    def require(self, act: str) -> None:
        if not self.may(act):
            scopes = ", ".join(self.credential.scopes)
            wanted = " or ".join(scopes_giving(act))
            raise NotAllowed(
                f"this credential may not {act}: that needs the scope {wanted}; "
                f"its scopes are: {scopes}"
            )

    def check_statement(self, body: JsonObject) -> None:
        """Before one statement is stored. Raises NotAllowed with the exact reason."""
        bounds.check_statement(self.bounds, body)

    def check_state(self, activity_id: str, agent: JsonObject, registration: UUID | None) -> None:
        """Before State documents of this address are read, listed, written or deleted."""
        bounds.check_state(self.bounds, activity_id, agent, registration)

    def check_agent_profile(self, agent: JsonObject) -> None:
        """Before Agent Profile documents, and before GET agents. Raises NotAllowed."""
        bounds.check_agent_profile(self.bounds, agent)

    def check_activity_profile(self, activity_id: str) -> None:
        """Before Activity Profile documents, and before GET activities. Raises NotAllowed."""
        bounds.check_activity_profile(self.bounds, activity_id)

    def narrow(self, query: StatementQuery) -> StatementQuery:
        """The part of a statement query that this credential may read. Raises NotAllowed."""
        authority = self.readable_authority
        return replace(bounds.narrow(self.bounds, query), authority=authority)

    def may_see(self, statement: JsonObject) -> bool:
        """Whether a statement found by its id may be given out; if not, answer 404."""
        return bounds.may_see(self.bounds, statement)


def identify_caller() -> Caller:
    """Lets nobody further whose credential is not good, or who asks too often.

    Raises NotAuthenticated, NotAllowed (switched off), TooManyRequests. XP-19
    """
    header = request.headers.get("Authorization")
    proof = parse_authorization(header)
    caller = Caller(proof, mark_of(header or ""))
    entry = _known.get(caller.mark)
    if entry is None:
        gate.check_failures()
        with host().transaction(None) as session:
            permit, _ = _enter(session, caller, host().now())
    else:
        permit = entry.permit
        _note_permit(permit)
    if not request.environ.get(COUNTED):
        gate.check_rate(host(), permit)
    return caller


def find_known(mark: bytes) -> Entry | None:
    """What a header of this mark led to when it was good here last; to be admitted again."""
    return _known.get(mark)


@contextmanager
def visit(caller: Caller, slug: str) -> Iterator[Visit]:
    """A transaction of the caller's tenant once the credential is checked, the store is his, and
    what the method does with the resource is in his scopes (core/scopes.py NEEDS).

    The clock is read after the transaction began: services/consistency.py counts on it.
    """
    with host().transaction(None) as session:
        permit, store = _enter(session, caller, None)
        now = host().now()
        if store.slug != slug:
            raise NotAllowed("this credential does not open the store of this address")
        guest = Visit(session, store, permit, now)
        bounds.check_origin(permit.bounds, request.headers.get("Origin"))
        act = _needed_act()
        if act is not None:
            guest.require(act)
        yield guest
    _note_use(permit, now)


def find_suspect() -> Permit | None:
    """For the log of refusals: the credential that the request names, whether it is good or not."""
    known: Permit | None = g.get("xapi_permit")
    if known is not None:
        return known
    try:
        proof = parse_authorization(request.headers.get("Authorization"))
    except LrsError:
        return None
    with host().transaction(None) as session:
        entry = find_entry(session, proof.key)
    return None if entry is None else entry.permit


def _enter(session: Session, caller: Caller, now: datetime | None) -> tuple[Permit, Store]:
    """One round trip; the transaction is the tenant's from here on."""
    entry = find_entry(session, caller.proof.key)
    if entry is not None:
        _note_permit(entry.permit)
    try:
        permit = admit(
            entry, caller.proof, now=now or host().now(), server_secret=host().server_secret
        )
    except LrsError as refused:
        _known.pop(caller.mark, None)
        if isinstance(refused, NotAuthenticated):
            gate.note_failure()
        raise
    assert entry is not None  # noqa: S101  admit refuses that
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[caller.mark] = entry
    return permit, entry.store()


def _note_permit(permit: Permit) -> None:
    """For the answer's headers and the log of refusals."""
    g.xapi_permit = permit
    note_bounds(permit.bounds)


def _needed_act() -> str | None:
    resource = (request.view_args or {}).get("resource", "")
    method = "GET" if request.method == "HEAD" else request.method
    return NEEDS.get(resource, {}).get(method)


def _note_use(permit: Permit, now: datetime) -> None:
    """After the request's own transaction, so that no two requests wait for each other."""
    if not is_use_due(permit, now):
        return
    if len(_noted) >= _MOST_KNOWN:
        _noted.clear()
    _noted[permit.id] = now
    with host().transaction(permit.tenant_id) as session:
        note_use(session, permit.id, now)


def is_use_due(permit: Permit, now: datetime) -> bool:
    """Whether the next request has to write down that the key is used."""
    last = _noted.get(permit.id) or permit.last_used_at
    return permit.kind is Kind.KEY and not (last and now - last < USE_IS_NOTED_EVERY)


def mark_of(header: str) -> bytes:
    """Of an Authorization header: it is kept in memory instead of the secret."""
    return hashlib.sha256(header.encode("utf-8", "surrogatepass")).digest()
