"""The tables of notifications, as the code expects them; the migrations make them. No personal data stands in them."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, UUID

from services.messaging.tables import messaging_tables

metadata = MetaData()
messaging_tables(metadata)

_OPEN = text("state IN ('scheduled', 'sending')")


def _id(name: str, *more: Any, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    return Column(name, UUID(as_uuid=True), *more, nullable=nullable, primary_key=primary_key)


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


message = Table(
    "message",
    metadata,
    _id("id", primary_key=True),
    Column("dedupe_key", Text, nullable=False),
    _id("appointment_id"),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False, server_default=text("'email'")),
    Column("state", Text, nullable=False),
    _instant("not_before"),
    _instant("expires_at", nullable=True),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    _instant("next_attempt_at"),
    _instant("lease_until", nullable=True),
    _id("lease_token", nullable=True),
    _instant("handed_over_at", nullable=True),
    Column("facts", JSONB, nullable=True),
    _id("event_id"),
    Column("correlation_id", Text, nullable=False),
    Column("template_version", Text, nullable=True),
    Column("language", Text, nullable=True),
    Column("message_header_id", Text, nullable=True),
    Column("content_hash", LargeBinary, nullable=True),
    Column("last_error", Text, nullable=True),
    _instant("created_at"),
    _instant("sent_at", nullable=True),
    _id("draw_id", nullable=True),
    UniqueConstraint("dedupe_key", name="message_once"),
    CheckConstraint(
        "kind IN ('booked', 'moved', 'cancelled', 'reminder', 'link', 'offer', 'code', 'affected', 'kept',"
        " 'reconfirm', 'reconfirm-again', 'draw-entered', 'draw-lost')",
        name="message_kind",
    ),
    CheckConstraint("channel IN ('email')", name="message_channel"),
    CheckConstraint("state IN ('scheduled', 'sending', 'sent', 'failed', 'withdrawn')", name="message_state"),
    CheckConstraint("(state = 'sending') = (lease_token IS NOT NULL)", name="message_leased_while_sending"),
    CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name="message_sent_has_time"),
    Index("message_due", "next_attempt_at", postgresql_where=text("state = 'scheduled'")),
    Index("message_leased", "lease_until", postgresql_where=text("state = 'sending'")),
    Index("message_open", "appointment_id", "version", postgresql_where=_OPEN),
    Index("message_appointment", "appointment_id", "created_at"),
)

message_history = Table(
    "message_history",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _id("message_id", ForeignKey("message.id")),
    _instant("at"),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("message_history_message", "message_id"),
)

appointment_seen = Table(
    "appointment_seen",
    metadata,
    _id("appointment_id", primary_key=True),
    Column("version", Integer, nullable=False),
    Column("state", Text, nullable=False),
    _instant("starts_at"),
    CheckConstraint("state IN ('booked', 'cancelled')", name="appointment_seen_state"),
)
