"""How many statements a store took in on a day that is over: counted once, for charts."""

import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import CURRENT_TENANT, Base


class StatementDay(Base):
    __tablename__ = "statement_day"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    day: Mapped[datetime.date] = mapped_column(primary_key=True)
    """UTC."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    statements: Mapped[int]
