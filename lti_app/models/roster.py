"""Who is in a course of a platform, as the platform says (NRPS)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class RosterMember(Model):
    __tablename__ = "roster_member"
    __table_args__ = (UniqueConstraint("context_id", "subject"),)

    context_id: Mapped[UUID] = mapped_column(ForeignKey("context.id", ondelete="CASCADE"))
    subject: Mapped[str]
    """The platform's `user_id`: the same as `sub` of a launch."""
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("app_user.id", ondelete="SET NULL"), index=True
    )
    """Who it is here; none: has never opened anything."""
    name: Mapped[str] = mapped_column(default="", server_default="")
    """Empty where the platform keeps names to itself."""
    sort_name: Mapped[str] = mapped_column(default="", server_default="")
    email: Mapped[str] = mapped_column(default="", server_default="")
    roles: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """As sent, short or as URIs."""
    role: Mapped[str]
    """The strongest one (lti_app.core.lti.roles.LaunchRole)."""
    is_test_user: Mapped[bool] = mapped_column(default=False, server_default="false")
    status: Mapped[str] = mapped_column(default="Active", server_default="Active")
    """Active, Inactive, or Deleted: no longer in the list."""
    read_by: Mapped[UUID]
    """The job that last saw this person; the others of a finished reading have left."""
    seen_at: Mapped[datetime]
