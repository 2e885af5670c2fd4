"""A store: one place where statements come together; a tenant may have several."""

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Store(Model):
    __tablename__ = "lrs_store"
    __table_args__ = (UniqueConstraint("tenant_id", "slug"),)

    slug: Mapped[str]
    """Its place in the endpoint, /xapi/<slug>/; unique within the tenant."""
    name: Mapped[str]
    """Shown to people."""
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    """Off: every request is refused, nothing is deleted."""
