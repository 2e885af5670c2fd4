"""What a store knows of an activity: the merged definition of all statements that brought one."""

from uuid import UUID

from sqlalchemy import Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import CURRENT_TENANT, Base


class Activity(Base):
    """A row exists once a statement brought a definition; without a foreign key, as `statement`."""

    __tablename__ = "xapi_activity"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    activity_key: Mapped[UUID] = mapped_column(primary_key=True)
    """core/references.py activity_key() of the IRI."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    iri: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text)
    """Compact JSON; core/definitions.py merges."""
