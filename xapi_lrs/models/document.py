"""Documents: what content keeps at an activity, a person, or both.

Like the statements: no surrogate key, no foreign keys, the key led by the store. Everything of a
place (core/document.py) lies side by side, so one document is a probe and a list is one range.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import CURRENT_TENANT, Base


class Document(Base):
    __tablename__ = "xapi_document"
    __table_args__ = (
        Index(
            "ix_xapi_document_agent",
            *("store_id", "agent_key", "place_key", "document_key"),
            postgresql_where=text("agent_key IS NOT NULL"),
        ),
    )

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The store; every key and index starts with it."""
    place_key: Mapped[UUID] = mapped_column(primary_key=True)
    """core/document.py Place.key: resource, activity, agent and registration."""
    document_key: Mapped[UUID] = mapped_column(primary_key=True)
    """core/document.py document_key() of `document_id`."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    agent_key: Mapped[UUID | None]
    """core/references.py agent_key() of the agent; none: an activity profile."""
    registration: Mapped[UUID | None]
    """Of a state; none: it is not part of its place."""
    updated: Mapped[datetime]
    """When it was stored or changed; never goes back."""
    resource: Mapped[str] = mapped_column(Text)
    """state, agent profile or activity profile."""
    document_id: Mapped[str] = mapped_column(Text)
    """stateId or profileId."""
    activity_iri: Mapped[str | None] = mapped_column(Text)
    """activityId; for lists and reports, not for finding."""
    agent: Mapped[str | None] = mapped_column(Text)
    """The agent as the request that made it wrote it, JSON; gives a person his names."""
    etag: Mapped[str] = mapped_column(Text)
    """Hexadecimal SHA-1 of `content`."""
    content_type: Mapped[str] = mapped_column(Text)
    """The header of the request, word for word."""
    content: Mapped[bytes] = mapped_column(LargeBinary)
    """Octet for octet."""
