"""Where a launch comes from: the platform's course, its link to us, and who has used the link."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class Context(Model):
    __tablename__ = "context"
    __table_args__ = (UniqueConstraint("deployment_id", "context_id"),)

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    context_id: Mapped[str]
    """The platform's id of the course."""
    label: Mapped[str] = mapped_column(default="")
    title: Mapped[str] = mapped_column(default="")
    types: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    memberships_url: Mapped[str | None]
    """Where the platform tells who is in the course (NRPS), from the last launch that said so."""
    roster_is_scheduled: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Read again by itself, as often as the platform's settings say."""
    roster_read_at: Mapped[datetime | None]
    """When the whole roster was last read to its end."""
    roster_differences_url: Mapped[str | None]
    """What the platform offered for "only what changed since" (LTI-NRPS-6)."""


class ResourceLink(Model):
    __tablename__ = "resource_link"
    __table_args__ = (UniqueConstraint("deployment_id", "resource_link_id"),)

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id", ondelete="CASCADE"))
    context_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("context.id", ondelete="CASCADE"), index=True
    )
    """None: the platform sent no context (LTI-G09)."""
    resource_link_id: Mapped[str]
    """The platform's id; a course copy makes a new one (PAIN-07)."""
    title: Mapped[str] = mapped_column(default="")
    package_key: Mapped[str | None]
    """What it opens: what the last launch asked for (`sc_item`), else what was chosen here."""
    item_version: Mapped[int | None]
    """The number of the version that it names (`sc_version`); None: the current one."""
    points: Mapped[float | None]
    """Points that a line item made for it gets; None: the item's own maximum."""
    chosen_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who chose the content on our side, because the platform's link names none."""
    chosen_at: Mapped[datetime | None]
    """When that was."""
    copied_from_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("resource_link.id", ondelete="SET NULL"), index=True
    )
    """The link of another course whose settings it began with; its attempts were not."""
    ags_scopes: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Scopes the platform granted for grades."""
    line_items_url: Mapped[str | None]
    line_item_url: Mapped[str | None]
    """Where grades of this link go. Kept when a launch leaves it out while grades stay on:
    Moodle does so once a second line item is bound to the link (moodle.md 3)."""
    score_maximum: Mapped[float | None]
    """The line item's own maximum as last read; none: not known, 100 is used."""
    score_maximum_read_at: Mapped[datetime | None]
    line_item_origin: Mapped[str] = mapped_column(default="", server_default="")
    """Where `line_item_url` comes from: "claim", "found", "created"; empty: there is none."""
    line_item_due_at: Mapped[datetime | None]
    """When a line item is to be looked for, or made; none: nothing to look for."""
    line_item_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    line_item_problem: Mapped[str] = mapped_column(default="", server_default="")
    """Why there is none (lti_app.core.ags.REASONS), or what has changed about it."""
    line_item_label: Mapped[str] = mapped_column(default="", server_default="")
    """What we called it last; empty: we never named it."""
    line_item_maximum: Mapped[float | None]
    """The maximum that we gave it last."""
    service_problem: Mapped[str] = mapped_column(default="", server_default="")
    """Which address of the launch we do not use, and why (services/service_urls.py)."""


class LinkMember(Model):
    __tablename__ = "link_member"
    __table_args__ = (UniqueConstraint("resource_link_id", "user_id"),)

    resource_link_id: Mapped[UUID] = mapped_column(
        ForeignKey("resource_link.id", ondelete="CASCADE")
    )
    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    subject: Mapped[str]
    """The platform's `sub`: the userId of a score."""
    role: Mapped[str]
    """Membership role of the last launch (lti_app.core.lti.roles.LaunchRole)."""
    is_test_user: Mapped[bool] = mapped_column(default=False, server_default="false")
    last_launched_at: Mapped[datetime]
