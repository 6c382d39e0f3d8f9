"""The tables of the civil registry, as the code expects them; the migrations make them.

What the law wants kept for ever (deeds, mentions, their steps) and what must be provable (history) can only be added
to: a trigger refuses every UPDATE, DELETE and TRUNCATE, also to the service's own role.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    FetchedValue,
    ForeignKey,
    Identity,
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
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSTZRANGE, UUID, ExcludeConstraint

from services.messaging.tables import messaging_tables

metadata = MetaData()
messaging_tables(metadata)

APPEND_ONLY = (
    "record_history",
    "deed",
    "deed_step",
    "later_mention",
    "extract_block",
    "document",
    "document_event",
    "access_log",
)
"""Tables that a trigger protects."""


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _id(name: str = "id") -> Column[Any]:
    return Column(name, UUID(as_uuid=True), nullable=False)


def _to(name: str, target: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, UUID(as_uuid=True), ForeignKey(target), nullable=nullable)


record = Table(
    "record",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("flags", ARRAY(Text), nullable=False),
    Column("queue", Text, nullable=True),
    Column("version", Integer, nullable=False),
    Column("facts", Integer, nullable=False),
    Column("source", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("extra", JSONB, nullable=False),
    Column("question", JSONB, nullable=True),
    Column("assignee", Text, nullable=True),
    Column("acted_by", Text, nullable=True),
    _to("parent_id", "record.id", nullable=True),
    Column("deed_id", UUID(as_uuid=True), nullable=True),
    Column("due_on", Date, nullable=True),
    _instant("started_at"),
    _instant("facts_since"),
    _instant("submitted_at", nullable=True),
    _instant("ended_at", nullable=True),
    Column("destroy_on", Date, nullable=True),
    CheckConstraint("kind IN ('birth', 'death', 'funeral-permit', 'marriage')", name="record_kind"),
    CheckConstraint("source IN ('online', 'counter', 'partner')", name="record_source"),
    CheckConstraint("version >= 1 AND facts >= 0", name="record_counts"),
    UniqueConstraint("receipt", name="record_receipt"),
    Index("record_owner", "owner", "started_at"),
    Index("record_queue", "queue", "due_on", "submitted_at", postgresql_where=text("queue IS NOT NULL")),
    Index("record_parent", "parent_id", postgresql_where=text("parent_id IS NOT NULL")),
    Index("record_destroy", "destroy_on", postgresql_where=text("destroy_on IS NOT NULL")),
    Index("record_submitted", "submitted_at", postgresql_where=text("submitted_at IS NOT NULL")),
)

party = Table(
    "party",
    metadata,
    _to("record_id", "record.id"),
    Column("role", Text, nullable=False),
    Column("bsn", LargeBinary, nullable=False),
    Column("bsn_digest", LargeBinary, nullable=False),
    PrimaryKeyConstraint("record_id", "role"),
    Index("party_digest", "bsn_digest"),
)

record_history = Table(
    "record_history",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _to("record_id", "record.id"),
    Column("version", Integer, nullable=False),
    _instant("at"),
    Column("command", Text, nullable=False),
    Column("from_status", Text, nullable=True),
    Column("to_status", Text, nullable=False),
    Column("by_role", Text, nullable=False),
    Column("staff_id", Text, nullable=True),
    Column("note", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    UniqueConstraint("record_id", "version", name="record_history_version"),
)

evidence = Table(
    "evidence",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    _to("record_id", "record.id"),
    Column("kind", Text, nullable=False),
    Column("file_id", Text, nullable=False),
    Column("file_name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    _instant("added_at"),
    Column("added_by", Text, nullable=False),
    Column("original_on", Date, nullable=True),
    Column("scan", Text, nullable=False, server_default=text("'not-scanned'")),
    CheckConstraint("scan IN ('clean', 'not-scanned')", name="evidence_scan"),
    UniqueConstraint("record_id", "kind", "file_id", name="evidence_once"),
)

brp_check = Table(
    "brp_check",
    metadata,
    _to("record_id", "record.id"),
    _instant("asked_at"),
    _instant("not_before"),
    Column("attempts", SmallInteger, nullable=False, server_default=text("0")),
    _instant("done_at", nullable=True),
    Column("persons", LargeBinary, nullable=True),
    Column("findings", JSONB, nullable=False, server_default=text("'[]'")),
    PrimaryKeyConstraint("record_id"),
    Index("brp_check_due", "not_before", postgresql_where=text("done_at IS NULL OR done_at < asked_at")),
)

timer = Table(
    "timer",
    metadata,
    _to("record_id", "record.id"),
    Column("command", Text, nullable=False),
    _instant("due_at"),
    PrimaryKeyConstraint("record_id", "command"),
    Index("timer_due", "due_at"),
)

birth_notice = Table(
    "birth_notice",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("provider", Text, nullable=False),
    Column("mother_digest", LargeBinary, nullable=False),
    Column("mother_bsn", LargeBinary, nullable=False),
    Column("content", JSONB, nullable=False),
    _instant("received_at"),
    _to("record_id", "record.id", nullable=True),
    Index("birth_notice_mother", "mother_digest"),
    Index("birth_notice_provider", "provider", "received_at"),
)

ceremony = Table(
    "ceremony",
    metadata,
    _to("record_id", "record.id"),
    Column("room_id", Text, nullable=False),
    Column("officer_id", Text, nullable=False),
    Column("during", TSTZRANGE, nullable=False),
    _instant("held_until", nullable=True),
    PrimaryKeyConstraint("record_id"),
    CheckConstraint("NOT isempty(during)", name="ceremony_lasts"),
    ExcludeConstraint(("room_id", "="), ("during", "&&"), name="ceremony_room_free", using="gist"),
    ExcludeConstraint(("officer_id", "="), ("during", "&&"), name="ceremony_officer_free", using="gist"),
)

# --- the registers: rows are only added

register_part = Table(
    "register_part",
    metadata,
    Column("register", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("last_number", SmallInteger, nullable=False),
    _instant("closed_at", nullable=True),
    Column("closed_by", Text, nullable=True),
    PrimaryKeyConstraint("register", "part", "year"),
    CheckConstraint("register IN ('birth', 'death', 'marriage', 'partnership')", name="register_part_register"),
    CheckConstraint("part ~ '^[0-9A-Z]$'", name="register_part_part"),
    CheckConstraint("last_number BETWEEN 0 AND 9999", name="register_part_numbers"),
)

deed = Table(
    "deed",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    _to("record_id", "record.id"),
    Column("register", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("year", SmallInteger, nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("fact_letter", Text, nullable=False),
    Column("content", JSONB, nullable=False),
    Column("text", Text, nullable=False),
    Column("text_sha256", LargeBinary, nullable=False),
    _instant("drawn_at"),
    Column("drawn_by", Text, nullable=False),
    UniqueConstraint("register", "part", "year", "number", name="deed_number"),
    UniqueConstraint("record_id", name="deed_one_per_record"),
    CheckConstraint("number BETWEEN 1 AND 9999", name="deed_number_range"),
)

deed_step = Table(
    "deed_step",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _to("deed_id", "deed.id"),
    Column("step", Text, nullable=False),
    _instant("at"),
    Column("by", Text, nullable=False),
    Column("note", Text, nullable=False),
    CheckConstraint("step IN ('printed', 'signed', 'registered')", name="deed_step_known"),
    Index("deed_step_once", "deed_id", "step", unique=True, postgresql_where=text("step <> 'printed'")),
)

later_mention = Table(
    "later_mention",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    _to("deed_id", "deed.id"),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("changes", JSONB, nullable=False),
    Column("source_reference", Text, nullable=False),
    _instant("added_at"),
    Column("added_by", Text, nullable=False),
    UniqueConstraint("deed_id", "source_reference", name="later_mention_once"),
)

extract_block = Table(
    "extract_block",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _to("deed_id", "deed.id"),
    Column("blocked", SmallInteger, nullable=False),
    Column("reason", Text, nullable=False),
    _instant("at"),
    Column("by", Text, nullable=False),
    Index("extract_block_deed", "deed_id"),
)

# --- papers that were given out: rows are only added

document = Table(
    "document",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("kind", Text, nullable=False),
    Column("number", Text, nullable=False),
    _to("record_id", "record.id", nullable=True),
    _to("deed_id", "deed.id", nullable=True),
    Column("code_hash", LargeBinary, nullable=True),
    Column("file_id", Text, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("language", Text, nullable=False),
    _instant("issued_at"),
    Column("issued_by", Text, nullable=False),
    UniqueConstraint("code_hash", name="document_code"),
    CheckConstraint(
        "kind IN ('receipt', 'extract', 'multilingual-extract', 'full-copy', 'burial-permit', 'deed')",
        name="document_kind",
    ),
    CheckConstraint("num_nonnulls(record_id, deed_id) >= 1", name="document_is_of_something"),
    CheckConstraint("(kind = 'deed') = (code_hash IS NULL)", name="document_has_a_code"),
    CheckConstraint("octet_length(code_hash) = 32 AND octet_length(sha256) = 32", name="document_hashes"),
    CheckConstraint("file_id ~ '^[0-9a-f]{64}$'", name="document_file"),
    Index("document_record", "record_id", "issued_at"),
    Index("document_deed", "deed_id", "issued_at"),
    Index("document_file_id", "file_id"),
)

document_event = Table(
    "document_event",
    metadata,
    _to("document_id", "document.id"),
    Column("number", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    _to("replaced_by", "document.id", nullable=True),
    _instant("at"),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("document_id", "number"),
    CheckConstraint("state IN ('withdrawn', 'replaced')", name="document_event_state"),
    CheckConstraint("(state = 'replaced') = (replaced_by IS NOT NULL)", name="document_event_successor"),
)

# --- figures: written once, at the event, so that deletion never changes what was published

figure = Table(
    "figure",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    _id("record_id"),
    Column("kind", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("eligible", SmallInteger, nullable=False),
    Column("late", SmallInteger, nullable=False),
    Column("asked", SmallInteger, nullable=False),
    Column("on", Date, nullable=False),
    Column("seconds", BigInteger, nullable=True),
    Column("working_minutes", Integer, nullable=True),
    UniqueConstraint("record_id", name="figure_once"),
    Index("figure_on", "on"),
)

access_log = Table(
    "access_log",
    metadata,
    # id and hash come from a trigger: gap-free, and sealed with the row before
    Column("id", BigInteger, FetchedValue(), primary_key=True, autoincrement=False),
    _instant("at"),
    Column("actor_kind", Text, nullable=False),
    Column("actor_id", Text, nullable=True),
    Column("actor_digest", LargeBinary, nullable=True),
    Column("action", Text, nullable=False),
    Column("object", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("processing_activity", Text, nullable=False),
    Column("record_id", UUID(as_uuid=True), nullable=True),
    Column("person_digest", LargeBinary, nullable=True),
    Column("result", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("trace_id", UUID(as_uuid=True), nullable=False),
    Column("hash", LargeBinary, FetchedValue(), nullable=False),
    CheckConstraint("(actor_id IS NULL) <> (actor_digest IS NULL)", name="access_log_actor"),
    CheckConstraint("result IN ('granted', 'refused')", name="access_log_result"),
    Index("access_log_person", "person_digest", "at", postgresql_where=text("person_digest IS NOT NULL")),
    Index("access_log_actor_id", "actor_id", "at", postgresql_where=text("actor_id IS NOT NULL")),
    Index("access_log_record", "record_id", "at", postgresql_where=text("record_id IS NOT NULL")),
)

access_log_head = Table(
    "access_log_head",
    metadata,
    Column("one", Boolean, primary_key=True, server_default=text("true")),
    Column("last_id", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("one", name="access_log_head_one"),
)
"""One row: where the chain of looks ends."""
