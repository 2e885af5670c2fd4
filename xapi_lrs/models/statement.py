"""Statements, whom and what they mention, and who vouched for them.

Built for many rows: no surrogate key, no foreign keys (a check per row, and every writer would lock
the same store row), every index led by the store and ended by `sequence`, the number that order,
since, until and paging compare (core/ids.py). Rows are only ever added: what is voided follows
from the voiding statement's `target_id`, so no row changes when its voider arrives, in either
order and from two writers at once.

What nearly every statement has one of (verb, actor, activity, authority) is a column with an index;
what it may have many of is a row of `statement_reference`.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Sequence, SmallInteger, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from database.base import CURRENT_TENANT, Base
from xapi_lrs.core.ids import TIES

STATEMENT_NUMBER = Sequence(
    "statement_number", minvalue=0, maxvalue=TIES - 1, start=0, cycle=True, metadata=Base.metadata
)
"""Breaks ties within a millisecond: the low bits of `Statement.sequence`."""


class Statement(Base):
    __tablename__ = "statement"
    __table_args__ = (
        UniqueConstraint("store_id", "statement_id"),
        Index("ix_statement_verb", "store_id", "verb_key", "sequence"),
        # The verb rides along, so that "this agent and that verb" is decided within the index.
        Index("ix_statement_actor", "store_id", "actor_key", "sequence", "verb_key"),
        Index(
            "ix_statement_activity",
            *("store_id", "activity_key", "sequence", "verb_key"),
            postgresql_where=text("activity_key IS NOT NULL"),
        ),
        Index("ix_statement_authority", "store_id", "authority_key", "sequence"),
        Index(
            "ix_statement_registration",
            *("store_id", "registration", "sequence"),
            postgresql_where=text("registration IS NOT NULL"),
        ),
        Index(
            "ix_statement_target",
            *("store_id", "target_id"),
            postgresql_where=text("target_id IS NOT NULL"),
        ),
    )

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    """The store; every key and index starts with it."""
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Place in the order of storing: milliseconds of `stored`, then STATEMENT_NUMBER."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    statement_id: Mapped[UUID]
    """Its id, given by the sender or by us; unique in the store."""
    stored: Mapped[datetime]
    """When it arrived, in whole milliseconds."""
    timestamp: Mapped[datetime]
    """When it happened, as the sender says; `stored` where he does not."""
    verb_key: Mapped[UUID]
    """core/references.py verb_key() of the verb's IRI."""
    registration: Mapped[UUID | None]
    """context.registration."""
    target_id: Mapped[UUID | None]
    """The id in the object when that is a StatementRef."""
    authority_key: Mapped[UUID]
    """Who vouched for it: StatementAuthority.key."""
    actor_key: Mapped[UUID | None]
    """agent_key() of the actor; none for an anonymous group."""
    activity_key: Mapped[UUID | None]
    """activity_key() of the object when that is an Activity."""
    verb_iri: Mapped[str] = mapped_column(Text)
    """For lists and reports, not for finding."""
    activity_iri: Mapped[str | None] = mapped_column(Text)
    """The object's id when that is an Activity; for lists and reports."""
    version: Mapped[str] = mapped_column(Text)
    """Of the request that brought it: 1.0.3 or 2.0.0."""
    body: Mapped[str] = mapped_column(Text)
    """The statement as it was sent, character by character."""


class StatementReference(Base):
    """One more thing that a statement is found by, beside its own columns.

    A statement that refers to another one is found by whatever finds that one (1.0.3 Communication
    2.1.3, "Filter Conditions for StatementRefs"): it has a row for each key of every statement of
    its chain, `source` saying which. services/statement_chains.py writes them.
    """

    __tablename__ = "statement_reference"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    """agent_key(), activity_key() or verb_key() of core/references.py, or a registration."""
    role: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    """core/references.py Role: what the key is to the source."""
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Of the statement that is found."""
    source: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    """Sequence of the statement that mentions the key: the same one, or one it refers to."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""


class StatementAuthority(Base):
    """An authority as statements give it back; a handful per store, so kept once."""

    __tablename__ = "statement_authority"

    store_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    """key_of("authority", body)."""
    tenant_id: Mapped[UUID] = mapped_column(server_default=text(CURRENT_TENANT))
    """For row-level security."""
    agent_key: Mapped[UUID | None]
    """Its identity, for "read mine" and related_agents."""
    body: Mapped[str] = mapped_column(Text)
    """The authority as compact JSON."""
