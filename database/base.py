"""The declarative base: names of constraints, keys, and the tenant that every row belongs to."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, MetaData, Uuid, func, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, registry
from uuid_utils.compat import uuid7

__all__ = ["CURRENT_TENANT", "Base", "Model", "keep", "uuid7"]

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

CURRENT_TENANT = "current_setting('lectern.tenant')::uuid"
"""SQL for the tenant of the running transaction; raises where no tenant was set, so an insert
without one fails instead of landing nowhere."""


class Base(DeclarativeBase):
    """Every table of Lectern; use it directly only for the global tables of `database.rls`."""

    # The types stand on the registry: Flask-SQLAlchemy derives a second base from this one, and
    # SQLAlchemy refuses a base that has both a registry and its own type_annotation_map.
    registry = registry(
        metadata=MetaData(naming_convention=NAMING_CONVENTION),
        type_annotation_map={
            datetime: DateTime(timezone=True),
            UUID: Uuid(as_uuid=True),
            dict[str, Any]: JSONB,
            list[Any]: JSONB,
        },
    )
    metadata = registry.metadata


class Model(Base):
    """A table of one tenant: the key is a UUID version 7 (RFC 9562 5.7), so rows sort by age."""

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7, sort_order=-3)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=-1)

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:
        """The owner; filled by the database from the transaction's tenant, never by code."""
        return mapped_column(
            ForeignKey("tenant.id", ondelete="CASCADE"),
            server_default=text(CURRENT_TENANT),
            index=True,
            sort_order=-2,
        )


def keep(row: Base, **values: object) -> None:
    """Set what differs: a row to which nothing new was said is not written, nor waited for."""
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)
