"""A login under way: what /lti/launch checks an id_token against, once."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model


class LtiLogin(Model):
    __tablename__ = "lti_login"
    __table_args__ = (UniqueConstraint("state_hash"), UniqueConstraint("nonce"))

    registration_id: Mapped[UUID] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    state_hash: Mapped[str]
    """SHA-256 of the `state` that we gave the browser."""
    nonce: Mapped[str]
    """Sent to the platform, must come back in the id_token."""
    binding_hash: Mapped[str]
    """SHA-256 of the secret in this browser's cookie."""
    target_link_uri: Mapped[str] = mapped_column(default="")
    """As sent at login; the token must say the same."""
    login_hint: Mapped[str] = mapped_column(default="")
    lti_message_hint: Mapped[str | None]
    lti_deployment_id: Mapped[str | None]
    """Only a hint; the token decides (LTI-L-13)."""
    storage_target: Mapped[str | None]
    """`lti_storage_target` as sent at login: the frame that keeps data for us; none: not sent."""
    is_new_window: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Begun by our link out of a frame in which nothing could be kept."""
    held_token: Mapped[str | None]
    """An id_token that waits for its browser's proof out of platform storage; else empty."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    consumed_at: Mapped[datetime | None]
    """Set by exactly one accepted launch; never again (LTI-A13, LTI-A20)."""
