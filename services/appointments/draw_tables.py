"""The tables of draws: batches of days that are given out by lot, who asks, and what each one got."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

_LIVE = text("state = 'live'")


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _id(name: str, *more: Any, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    return Column(name, UUID(as_uuid=True), *more, nullable=nullable, primary_key=primary_key)


def draw_tables(metadata: MetaData) -> tuple[Table, Table, Table]:
    """Add to the schema, and return, the tables of batches, of requests, and of requests in batches (entries)."""
    return _batch(metadata), _request(metadata), _entry(metadata)


def _batch(metadata: MetaData) -> Table:
    return Table(
        "draw_batch",
        metadata,
        _id("id", primary_key=True),
        Column("product_id", Text, ForeignKey("product.id"), nullable=False),
        Column("first_on", Date, nullable=False),
        Column("last_on", Date, nullable=False),
        Column("weekdays", ARRAY(SmallInteger), nullable=False),
        _instant("opens_at"),
        _instant("closes_at"),
        _instant("draws_at"),
        Column("most_places", Integer, nullable=True),
        Column("key", LargeBinary, nullable=False),
        Column("commitment", Text, nullable=False),
        Column("state", Text, nullable=False),
        _instant("announced_at"),
        _instant("held_at", nullable=True),
        Column("requests", Integer, nullable=True),
        Column("places_given", Integer, nullable=True),
        Column("document", Text, nullable=True),
        Column("digest", Text, nullable=True),
        UniqueConstraint("product_id", "first_on", name="draw_batch_once"),
        CheckConstraint("state IN ('open', 'drawn', 'settled')", name="draw_batch_state"),
        CheckConstraint("opens_at < closes_at AND closes_at <= draws_at", name="draw_batch_moments"),
        CheckConstraint(
            "CASE WHEN state IN ('drawn', 'settled')"
            " THEN num_nulls(held_at, requests, places_given, document, digest) = 0"
            " ELSE num_nonnulls(held_at, requests, places_given, document, digest) = 0 END",
            name="draw_batch_held",
        ),
        Index("draw_batch_due", "draws_at", postgresql_where=text("state = 'open'")),
        Index("draw_batch_unsettled", "held_at", postgresql_where=text("state = 'drawn'")),
    )


def _request(metadata: MetaData) -> Table:
    return Table(
        "draw_request",
        metadata,
        _id("id", primary_key=True),
        Column("product_id", Text, ForeignKey("product.id"), nullable=False),
        Column("state", Text, nullable=False),
        Column("location_ids", ARRAY(Text), nullable=False),
        Column("weekdays", ARRAY(SmallInteger), nullable=False),
        Column("parts_of_day", ARRAY(Text), nullable=False),
        Column("persons", SmallInteger, nullable=False),
        Column("channel", Text, nullable=False),
        Column("name", Text, nullable=False),
        Column("birth_on", Date, nullable=False),
        Column("email", Text, nullable=False),
        Column("phone", Text, nullable=True),
        Column("language", Text, nullable=False),
        Column("time_zone", Text, nullable=False),
        Column("email_key", LargeBinary, nullable=False),
        Column("phone_key", LargeBinary, nullable=True),
        Column("person_key", LargeBinary, nullable=False),
        Column("version", Integer, nullable=False),
        _instant("created_at"),
        _instant("ended_at", nullable=True),
        CheckConstraint("state IN ('live', 'placed', 'withdrawn', 'ended')", name="draw_request_state"),
        CheckConstraint("(state = 'live') = (ended_at IS NULL)", name="draw_request_end"),
        Index("draw_request_one_per_person", "product_id", "person_key", unique=True, postgresql_where=_LIVE),
        Index("draw_request_one_per_address", "product_id", "email_key", unique=True, postgresql_where=_LIVE),
    )


def _entry(metadata: MetaData) -> Table:
    return Table(
        "draw_entry",
        metadata,
        _id("batch_id", ForeignKey("draw_batch.id")),
        _id("request_id", ForeignKey("draw_request.id")),
        Column("number", Text, nullable=False),
        _instant("entered_at"),
        Column("turn", Integer, nullable=True),
        _id("appointment_id", ForeignKey("appointment.id"), nullable=True),
        _instant("told_at", nullable=True),
        PrimaryKeyConstraint("batch_id", "request_id"),
        UniqueConstraint("batch_id", "number", name="draw_entry_number"),
        UniqueConstraint("appointment_id", name="draw_entry_one_place"),
        CheckConstraint("turn IS NOT NULL OR appointment_id IS NULL", name="draw_entry_drawn"),
        Index("draw_entry_request", "request_id"),
        Index("draw_entry_one_open", "request_id", unique=True, postgresql_where=text("told_at IS NULL")),
        Index("draw_entry_untold", "batch_id", "turn", postgresql_where=text("told_at IS NULL")),
    )
