"""The tables that messaging keeps in each service's own database, beside the service's facts.

They live there because they must commit with the effect: inbox row + effect + outbox row, or idempotency key +
effect + reply, are one transaction.
"""

from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID


@dataclass(frozen=True, slots=True)
class MessagingTables:
    """Outbox and log of what was published; inbox, versions seen and events parked; answers given; setbacks; acts."""

    outbox: Table
    event_log: Table
    inbox: Table
    seen_version: Table
    parked: Table
    idempotency: Table
    setback: Table
    operator_act: Table


def _event_columns() -> list[Column[object]]:
    return [
        Column("event_id", UUID(as_uuid=True), nullable=False),
        Column("aggregate_id", UUID(as_uuid=True), nullable=False),
        Column("version", Integer, nullable=False),
        Column("type", Text, nullable=False),
        Column("correlation_id", Text, nullable=False),
        Column("body", LargeBinary, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False),
    ]


def messaging_tables(metadata: MetaData) -> MessagingTables:
    """Add messaging's tables to a service's metadata and return them."""
    return MessagingTables(
        outbox=Table(
            "outbox",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            *_event_columns(),
            Column("attempts", Integer, nullable=False, server_default=text("0")),
            # A small table that turns over fast: vacuum it early (nameko_pitfalls section 5).
            postgresql_with={"autovacuum_vacuum_scale_factor": "0.01", "autovacuum_vacuum_threshold": "1000"},
        ),
        event_log=Table(
            "event_log",
            metadata,
            *_event_columns(),
            Column("published_at", DateTime(timezone=True), nullable=False),
            PrimaryKeyConstraint("event_id"),
            Index("event_log_correlation", "correlation_id"),
            Index("event_log_published", "published_at"),
        ),
        inbox=Table(
            "inbox",
            metadata,
            Column("consumer", Text, nullable=False),
            Column("event_id", UUID(as_uuid=True), nullable=False),
            Column("type", Text, nullable=False),
            Column("correlation_id", Text, nullable=False),
            Column("received_at", DateTime(timezone=True), nullable=False),
            PrimaryKeyConstraint("consumer", "event_id"),
            Index("inbox_correlation", "correlation_id"),
            Index("inbox_received", "received_at"),
        ),
        seen_version=Table(
            "seen_version",
            metadata,
            Column("consumer", Text, nullable=False),
            Column("aggregate_id", UUID(as_uuid=True), nullable=False),
            Column("version", Integer, nullable=False),
            PrimaryKeyConstraint("consumer", "aggregate_id"),
        ),
        parked=Table(
            "parked",
            metadata,
            Column("consumer", Text, nullable=False),
            Column("aggregate_id", UUID(as_uuid=True), nullable=False),
            Column("version", Integer, nullable=False),
            Column("body", LargeBinary, nullable=False),
            Column("parked_at", DateTime(timezone=True), nullable=False),
            Column("attempts", Integer, nullable=False, server_default=text("0")),
            PrimaryKeyConstraint("consumer", "aggregate_id", "version"),
        ),
        idempotency=Table(
            "idempotency",
            metadata,
            Column("operation", Text, nullable=False),
            Column("key", Text, nullable=False),
            Column("request_hash", LargeBinary, nullable=False),
            Column("reply", JSONB, nullable=True),
            Column("correlation_id", Text, nullable=False),
            Column("created_at", DateTime(timezone=True), nullable=False),
            PrimaryKeyConstraint("operation", "key"),
            Index("idempotency_created", "created_at"),
            Index("idempotency_correlation", "correlation_id"),
        ),
        setback=Table(
            "setback",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("consumer", Text, nullable=False),
            Column("event_id", UUID(as_uuid=True), nullable=False),
            Column("aggregate_id", UUID(as_uuid=True), nullable=False),
            Column("type", Text, nullable=False),
            Column("correlation_id", Text, nullable=False),
            Column("attempt", Integer, nullable=False),
            Column("outcome", Text, nullable=False),
            Column("reason", Text, nullable=False),
            Column("at", DateTime(timezone=True), nullable=False),
            Index("setback_correlation", "correlation_id"),
            Index("setback_aggregate", "aggregate_id"),
        ),
        operator_act=Table(
            "operator_act",
            metadata,
            Column("id", BigInteger, Identity(always=True), primary_key=True),
            Column("queue", Text, nullable=False),
            Column("message_id", Text, nullable=False),
            Column("act", Text, nullable=False),
            Column("operator", Text, nullable=False),
            Column("why", Text, nullable=False),
            Column("at", DateTime(timezone=True), nullable=False),
        ),
    )


tables = messaging_tables(MetaData())
"""The same tables for messaging's own statements: names and columns do not differ between services."""
