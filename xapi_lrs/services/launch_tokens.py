"""Launch tokens: a credential for one learner's launch of one activity, and for nothing else.

    token = issue_launch_token(session, store, actor=..., registration=..., ...)
    token.basic            # what the content sends after "Authorization: Basic " (CMI5-TOK-4)

What it is bound to, and what that refuses, is the table of core/bounds.py. It ends by its expiry
or by `revoke_launch_token` (CMI5-TOK-9, CMI5-TOK-10), at once in every process.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from xapi_lrs.core.actor import check_agent
from xapi_lrs.core.credential import (
    RandomBytes,
    hash_secret,
    make_launch_key,
    make_secret,
    write_basic,
)
from xapi_lrs.core.errors import InvalidRequest, NotFound
from xapi_lrs.core.permit import Kind
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.scopes import LAUNCH_SCOPES
from xapi_lrs.models.credential import Credential
from xapi_lrs.models.store import Store
from xapi_lrs.services.credentials import check_grant, check_iri

KEPT_AFTER_EXPIRY = timedelta(days=7)
_SWEPT_AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class LaunchToken:
    id: UUID
    """For revoking; keep it with the launch."""
    key: str
    secret: str
    """Kept nowhere: it can never be shown again."""
    expires_at: datetime

    @property
    def basic(self) -> str:
        """base64 of key:secret."""
        return write_basic(self.key, self.secret)


def issue_launch_token(
    session: Session,
    store: Store,
    *,
    actor: JsonObject,
    registration: UUID,
    expires_at: datetime,
    now: datetime,
    random: RandomBytes,
    activity: str | None = None,
    activity_prefix: str | None = None,
    scopes: Collection[str] = LAUNCH_SCOPES,
    name: str = "Launched content",
) -> LaunchToken:
    """A token for the learner `actor` (an Agent) within `registration`.

    activity: the only activity whose statements, state and profiles it touches; activity_prefix:
    the same for all below an IRI. Neither: any activity. name: of the statements' authority.
    Raises InvalidRequest.
    """
    check_grant(scopes, expires_at, now)
    _check_actor(actor)
    secret = make_secret(random)
    token = Credential(
        store=store,
        kind=Kind.LAUNCH,
        name=name,
        key=make_launch_key(store.tenant_id, random),
        secret_hash=hash_secret(secret),
        scopes=sorted(scopes),
        actor=actor,
        registration=registration,
        activity=check_iri(activity, "activity"),
        activity_prefix=check_iri(activity_prefix, "activity_prefix"),
        expires_at=expires_at,
        created_at=now,
    )
    session.add(token)
    session.flush()
    _sweep(session, store, now)
    return LaunchToken(token.id, token.key, secret, expires_at)


def revoke_launch_token(session: Session, token_id: UUID, *, now: datetime) -> None:
    """It opens nothing from now on; repeating it changes nothing. One that is gone is revoked."""
    session.execute(_change(token_id).where(Credential.revoked_at.is_(None)).values(revoked_at=now))


def extend_launch_token(session: Session, token_id: UUID, expires_at: datetime) -> None:
    """A session that goes on. Raises NotFound when there is no such token, or it was revoked."""
    extended = _change(token_id).where(Credential.revoked_at.is_(None))
    returned = session.execute(extended.values(expires_at=expires_at).returning(Credential.id))
    if returned.one_or_none() is None:
        raise NotFound("no such launch token, or it was revoked")


def _change(token_id: UUID):  # type: ignore[no-untyped-def]  # SQLAlchemy's Update of a Table
    return update(Credential).where(Credential.id == token_id, Credential.kind == Kind.LAUNCH)


def _check_actor(actor: JsonObject) -> None:
    problems = Problems()
    check_agent(actor, "actor", problems)
    if problems:
        raise InvalidRequest("; ".join(map(str, problems)), problems)


def _sweep(session: Session, store: Store, now: datetime) -> None:
    """A few that ended long ago go whenever one comes, so they never pile up."""
    over = (
        select(Credential.id)
        .where(
            Credential.store_id == store.id,
            Credential.kind == Kind.LAUNCH,
            Credential.expires_at < now - KEPT_AFTER_EXPIRY,
        )
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(Credential).where(Credential.id.in_(over)))
