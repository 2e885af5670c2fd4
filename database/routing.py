"""From something a stranger presents (issuer and client, a credential's key) to the tenant.

The table is global because it is read before the tenant is known. It holds no secrets: a key
leads to a tenant, and only inside that tenant is anything verified.
"""

from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from database.base import Base


class RouteTaken(ValueError):
    """The key already leads to another tenant."""


class TenantRoute(Base):
    __tablename__ = "tenant_route"

    kind: Mapped[str] = mapped_column(primary_key=True)
    """What the key is: "lti" or "lrs_key"."""
    key: Mapped[str] = mapped_column(primary_key=True)
    """For "lti" the issuer, a space and the client_id; for "lrs_key" the credential's key."""
    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenant.id", ondelete="CASCADE"), index=True)
    """Where it leads."""


def find_tenant(session: Session, kind: str, key: str) -> UUID | None:
    """The tenant that `key` leads to, or None."""
    return session.scalar(
        select(TenantRoute.tenant_id).where(TenantRoute.kind == kind, TenantRoute.key == key)
    )


def find_keys(session: Session, kind: str, prefix: str) -> list[str]:
    """All keys of `kind` that start with `prefix`, sorted."""
    rows = session.scalars(
        select(TenantRoute.key)
        .where(TenantRoute.kind == kind, TenantRoute.key.startswith(prefix, autoescape=True))
        .order_by(TenantRoute.key)
    )
    return list(rows)


def record_route(session: Session, kind: str, key: str, tenant_id: UUID) -> None:
    """Let `key` lead to `tenant_id`; repeating it changes nothing, another tenant's key raises."""
    session.execute(
        insert(TenantRoute).values(kind=kind, key=key, tenant_id=tenant_id).on_conflict_do_nothing()
    )
    if find_tenant(session, kind, key) != tenant_id:
        raise RouteTaken(f"{kind} {key!r} is already registered for another tenant")
