"""The tables of the CRM, as the code expects them; the migrations make them.

No address and no phone number stands here in clear: `identifier.digest` is a keyed digest.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, UUID

from services.messaging.tables import messaging_tables

metadata = MetaData()
messaging_tables(metadata)


def _id(name: str, *more: Any, nullable: bool = False, primary_key: bool = False) -> Column[Any]:
    return Column(name, UUID(as_uuid=True), *more, nullable=nullable, primary_key=primary_key)


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


customer = Table("customer", metadata, _id("id", primary_key=True), _instant("created_at"))

identifier = Table(
    "identifier",
    metadata,
    Column("kind", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    _id("customer_id", ForeignKey("customer.id")),
    _instant("first_seen_at"),
    PrimaryKeyConstraint("kind", "digest"),
    CheckConstraint("kind IN ('email', 'phone')", name="identifier_kind"),
    CheckConstraint("octet_length(digest) = 32", name="identifier_digest_length"),
    Index("identifier_customer", "customer_id"),
)

possible_duplicate = Table(
    "possible_duplicate",
    metadata,
    _id("customer_a", ForeignKey("customer.id")),
    _id("customer_b", ForeignKey("customer.id")),
    _instant("seen_at"),
    PrimaryKeyConstraint("customer_a", "customer_b"),
    CheckConstraint("customer_a < customer_b", name="possible_duplicate_once"),
)

# Whose an appointment or a record of the civil registry is.
contact = Table(
    "contact",
    metadata,
    _id("about_id", primary_key=True),
    Column("about", Text, nullable=False, server_default=text("'appointment'")),
    _id("customer_id", ForeignKey("customer.id"), nullable=True),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    _instant("next_attempt_at"),
    Column("receipt", Text, nullable=True),
    CheckConstraint("about IN ('appointment', 'record')", name="contact_about"),
    CheckConstraint("state IN ('waiting', 'linked', 'unknown')", name="contact_state"),
    CheckConstraint("(state = 'linked') = (customer_id IS NOT NULL)", name="contact_linked"),
    Index("contact_due", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
    Index("contact_customer", "customer_id"),
)

entry = Table(
    "entry",
    metadata,
    _id("event_id", primary_key=True),
    _id("appointment_id", nullable=True),
    _id("record_id", nullable=True),
    _id("about_id", Computed("COALESCE(appointment_id, record_id)", persisted=True)),
    _instant("occurred_at"),
    Column("kind", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("product_ids", ARRAY(Text), nullable=False),
    Column("location_id", Text, nullable=True),
    _instant("starts_at", nullable=True),
    CheckConstraint("num_nonnulls(appointment_id, record_id) = 1", name="entry_about_one"),
    Index("entry_about", "about_id", "occurred_at"),
)

# An appointment was bound to somebody who has died, as a death record says. Whether its customer counts as deceased
# follows from this, and is stored nowhere: facts come in any order, and a court may strike the deed out.
holder_death = Table(
    "holder_death",
    metadata,
    _id("appointment_id"),
    _id("record_id"),
    Column("alone", Boolean, nullable=False),
    _instant("told_at"),
    PrimaryKeyConstraint("appointment_id", "record_id"),
    Index("holder_death_record", "record_id"),
)

annulled_death = Table("annulled_death", metadata, _id("record_id", primary_key=True), _instant("annulled_at"))

appointment_state = Table(
    "appointment_state",
    metadata,
    _id("appointment_id", primary_key=True),
    Column("version", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("product_ids", ARRAY(Text), nullable=False),
    Column("location_id", Text, nullable=False),
    _instant("starts_at"),
)
