"""What people do to attempts, and what reports count: changes by hand, answers to interactions."""

from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class AttemptChange(Model):
    """Somebody changed an attempt by hand; append-only, the application's role may not alter it."""

    __tablename__ = "attempt_change"
    __table_args__ = (
        UniqueConstraint("attempt_id", "number"),
        CheckConstraint("kind IN ('corrected', 'completed', 'lifted', 'reset')", name="kind"),
        CheckConstraint("reason <> ''", name="reason"),
    )

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    """The attempt."""
    number: Mapped[int]
    """1, 2, 3 … within the attempt; its negative names the outcome, beside commits' numbers."""
    kind: Mapped[str]
    """"corrected": values were set; "completed": marked complete; "lifted": what the content
    reports counts again; "reset": set aside, the learner starts over."""
    reason: Mapped[str]
    """In the words of who did it."""
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """{"completion", "success", "score" (scaled or null)}: the result that counted."""
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """The same after it; for "reset" {"attempt": id of the new one, "number": its number}."""
    made_by: Mapped[UUID | None] = mapped_column(ForeignKey("app_user.id", ondelete="SET NULL"))
    """Who; None once the person is deleted."""


class AttemptInteraction(Model):
    """One recorded answer of an attempt, as reported last (`core.outcome.Interaction`); the same is
    in `attempt_sco.cmi`, here it can be counted over all attempts of a package."""

    __tablename__ = "attempt_interaction"
    __table_args__ = (UniqueConstraint("attempt_id", "item", "position"),)

    attempt_id: Mapped[UUID] = mapped_column(ForeignKey("attempt.id", ondelete="CASCADE"))
    """The attempt."""
    item: Mapped[str]
    """The SCO's identifier in the manifest."""
    position: Mapped[int]
    """n of cmi.interactions.n."""
    name: Mapped[str]
    """cmi.interactions.n.id, shortened (`core.storable`, as the next four)."""
    kind: Mapped[str] = mapped_column(default="", server_default="")
    """Its type: choice, numeric …"""
    text: Mapped[str] = mapped_column(default="", server_default="")
    """SCORM 2004's description, shortened."""
    response: Mapped[str] = mapped_column(default="", server_default="")
    """What the learner answered, shortened."""
    pattern: Mapped[str] = mapped_column(default="", server_default="")
    """The first correct response, shortened."""
    result: Mapped[str] = mapped_column(default="", server_default="")
    """correct, wrong, unanticipated, neutral, a number, or ""."""
    latency_seconds: Mapped[float | None]
    """How long the learner took."""
