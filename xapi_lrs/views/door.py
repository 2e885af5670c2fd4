"""Who knocks, and may he do this: from the Authorization header to a session of the store."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import request
from sqlalchemy.orm import Session

from xapi_lrs.core import bounds
from xapi_lrs.core.actor import identify
from xapi_lrs.core.bounds import Bounds
from xapi_lrs.core.credential import authority_of, parse_basic
from xapi_lrs.core.errors import NotAllowed, NotAuthenticated
from xapi_lrs.core.problems import JsonObject
from xapi_lrs.core.query import StatementQuery
from xapi_lrs.core.scopes import allows
from xapi_lrs.models.credential import Credential
from xapi_lrs.models.store import Store
from xapi_lrs.services.credentials import ROUTE, authenticate
from xapi_lrs.views.host import host

_CACHED_ROUTES = 10_000
_routes: dict[str, UUID] = {}
"""Key to tenant. A key never moves to another tenant, and the secret is checked there each time."""


@dataclass(frozen=True, slots=True)
class Caller:
    """What the Authorization header claims; the secret is not yet checked."""

    key: str
    secret: str
    tenant_id: UUID


@dataclass(frozen=True, slots=True)
class Visit:
    """A checked caller inside a transaction."""

    session: Session
    store: Store
    credential: Credential
    now: datetime

    @property
    def authority(self) -> dict[str, Any]:
        return authority_of(self.credential.name, self.credential.key, host().app_url)

    def may(self, act: str) -> bool:
        return allows(self.credential.scopes, act)

    @property
    def readable_authority(self) -> str | None:
        """The identity whose statements may be read; none: everybody's. Raises NotAllowed."""
        if self.may("read statements"):
            return None
        self.require("read own statements")
        return identify(self.authority)

    def require(self, act: str) -> None:
        if not self.may(act):
            scopes = ", ".join(self.credential.scopes)
            raise NotAllowed(f"this credential may not {act}; its scopes are: {scopes}")

    @property
    def bounds(self) -> Bounds:
        """Whose records, and which, the credential is bound to (core/bounds.py)."""
        return Bounds()

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
    """Refuses unknown keys before a body is read. Raises NotAuthenticated. XP-19"""
    key, secret = parse_basic(request.headers.get("Authorization"))
    tenant_id = _routes.get(key)
    if tenant_id is None:
        with host().transaction(None) as session:
            tenant_id = host().find_tenant(session, ROUTE, key)
        if tenant_id is None:
            raise NotAuthenticated("unknown key or wrong secret")
        if len(_routes) >= _CACHED_ROUTES:
            _routes.clear()
        _routes[key] = tenant_id
    return Caller(key, secret, tenant_id)


@contextmanager
def visit(caller: Caller, slug: str) -> Iterator[Visit]:
    """A transaction of the caller's tenant once the secret is checked and the store is his.

    The clock is read after the transaction began: services/consistency.py counts on it.
    """
    with host().transaction(caller.tenant_id) as session:
        now = host().now()
        credential = authenticate(session, caller.key, caller.secret, now=now)
        store = credential.store
        if store.slug != slug or not store.is_active:
            raise NotAllowed("this credential does not open the store of this address")
        yield Visit(session, store, credential, now)
