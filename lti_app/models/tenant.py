"""An organisation: everything else belongs to one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Base, uuid7


class Tenant(Base):
    __tablename__ = "tenant"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    name: Mapped[str]
    """Shown to people."""
    slug: Mapped[str] = mapped_column(unique=True)
    """Short name for commands and addresses: a-z, 0-9 and hyphens."""
    domain: Mapped[str | None] = mapped_column(unique=True)
    """Host name that leads to this tenant's portal; none: reached through the default tenant."""
    settings: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    """Choices of the tenant's administrators."""
    reminded_at: Mapped[datetime | None]
    """When people were last told what is due: once a day."""
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Off: nobody signs in and no launch is accepted."""
