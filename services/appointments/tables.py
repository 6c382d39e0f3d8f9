"""The tables of appointments, as the code expects them; the migrations make them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Dialect,
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
from sqlalchemy.types import UserDefinedType

from services.appointments.domain.ticks import TICKS, from_text, to_text
from services.appointments.draw_tables import draw_tables
from services.messaging.tables import messaging_tables

OCCUPYING_STATES = ("held", "booked")
_OCCUPIES = "state IN ('held', 'booked')"


class Bits(UserDefinedType[int]):
    """The ticks of a day: `bit(288)` in the database, a whole number in Python (leftmost bit = tick 0)."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the type's name in SQL."""
        return f"BIT({TICKS})"

    def bind_processor(self, dialect: Dialect) -> Callable[[int | None], str | None]:
        """Return what turns a number into the database's notation."""
        return lambda bits: None if bits is None else to_text(bits)

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], int | None]:
        """Return what turns the database's notation into a number."""
        return lambda written: None if written is None else from_text(written)


metadata = MetaData()
messaging_tables(metadata)


def _instant(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


def _json(name: str) -> Column[Any]:
    return Column(name, JSONB, nullable=False)


location = Table(
    "location",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("street", Text, nullable=False),
    Column("postal_code", Text, nullable=False),
    Column("city", Text, nullable=False),
    Column("time_zone", Text, nullable=False),
    Column("phone", Text, nullable=False),
    _json("directions"),
    _json("hours"),
    Column("max_visit_minutes", Integer, nullable=False),
    Column("offered", Boolean, nullable=False),
)

product = Table(
    "product",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    _json("names"),
    _json("summary"),
    _json("bring"),
    Column("needs", ARRAY(Text), nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("extra_minutes_per_person", Integer, nullable=False),
    Column("max_persons", Integer, nullable=False),
    Column("setup_minutes", Integer, nullable=False),
    Column("wrap_minutes", Integer, nullable=False),
    Column("lead_minutes", Integer, nullable=False),
    Column("horizon_days", Integer, nullable=False),
    _json("shared_minutes"),
    _json("fees"),
    Column("channels", ARRAY(Text), nullable=False),
    Column("audience", Text, nullable=False),
    Column("valid_from", Date, nullable=True),
    Column("valid_until", Date, nullable=True),
    Column("offered", Boolean, nullable=False),
    Column("policy", JSONB, nullable=False, server_default=text("'{}'")),
    Column("also", JSONB, nullable=False, server_default=text("'[]'")),
)

line = Table(
    "line",
    metadata,
    Column("id", Text, primary_key=True),
    Column("location_id", Text, ForeignKey("location.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    _json("shifts"),
    Column("offered", Boolean, nullable=False),
)

calendar = Table(
    "calendar",
    metadata,
    Column("id", SmallInteger, primary_key=True),
    _json("rules"),
    Column("edition", UUID(as_uuid=True), nullable=False, server_default=text("gen_random_uuid()")),
    CheckConstraint("id = 1", name="calendar_one_row"),
)

line_day = Table(
    "line_day",
    metadata,
    Column("line_id", Text, ForeignKey("line.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("location_id", Text, ForeignKey("location.id"), nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    Column("open", Bits, nullable=False),
    Column("free", Bits, nullable=False),
    Column("kind", Text, nullable=False, server_default="desk"),
    PrimaryKeyConstraint("line_id", "on"),
    CheckConstraint("(free & ~open) = CAST(0 AS bit(288))", name="line_day_free_inside_open"),
    Index("line_day_search", "location_id", "on"),
    # Room on each page for the next version of a row: changing `free` touches no index.
    postgresql_with={"fillfactor": "70"},
)

quota = Table(
    "quota",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("location_id", Text, ForeignKey("location.id"), nullable=False),
    _json("rules"),
    Column("offered", Boolean, nullable=False),
)

quota_day = Table(
    "quota_day",
    metadata,
    Column("location_id", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("quota_id", Text, nullable=False),
    Column("limit_ticks", Integer, nullable=False),
    Column("used_ticks", Integer, nullable=False),
    _instant("released_at", nullable=True),
    PrimaryKeyConstraint("location_id", "on", "quota_id"),
    postgresql_with={"fillfactor": "70"},
)

shown_start = Table(
    "shown_start",
    metadata,
    Column("location_id", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("needs", Text, nullable=False),
    Column("ticks", SmallInteger, nullable=False),
    Column("shortest", SmallInteger, nullable=False),
    Column("fresh", Bits, nullable=False),
    Column("older", Bits, nullable=False),
    _instant("fresh_since"),
    PrimaryKeyConstraint("location_id", "on", "needs", "ticks", "shortest"),
    # What was shown a moment ago is manners, not fact: a crash may forget it.
    prefixes=["UNLOGGED"],
)

appointment = Table(
    "appointment",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("reference", Text, nullable=True),
    Column("state", Text, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("first_tick", SmallInteger, nullable=False),
    Column("ticks", SmallInteger, nullable=False),
    _instant("starts_at"),
    _instant("ends_at"),
    Column("owned", TSTZRANGE, nullable=False),
    _json("products"),
    Column("minutes", Integer, nullable=False),
    Column("rule_version", SmallInteger, nullable=False),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=True),
    Column("email", Text, nullable=True),
    Column("phone", Text, nullable=True),
    Column("language", Text, nullable=True),
    Column("time_zone", Text, nullable=True),
    # No longer written (the calendar entry's UID is the id); goes once no older code runs.
    Column("calendar_uid", UUID(as_uuid=True), nullable=True),
    Column("version", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("link_version", Integer, nullable=False),
    _instant("expires_at"),
    Column("extended", Boolean, nullable=False),
    _instant("created_at"),
    _instant("booked_at", nullable=True),
    _instant("cancelled_at", nullable=True),
    Column("cancelled_by", Text, nullable=True),
    Column("kept_for", Text, nullable=False, server_default="visitor"),
    _instant("placed_at"),
    Column("quota_ids", ARRAY(Text), nullable=False, server_default="{}"),
    Column("journey_id", UUID(as_uuid=True), nullable=True),
    Column("journey_part", Text, nullable=True),
    Column("claims", JSONB, nullable=False, server_default=text("'[]'")),
    Column("birth_on", Date, nullable=True),
    Column("email_key", LargeBinary, nullable=True),
    Column("phone_key", LargeBinary, nullable=True),
    Column("person_key", LargeBinary, nullable=True),
    CheckConstraint("(birth_on IS NULL) = (person_key IS NULL)", name="appointment_person"),
    CheckConstraint(
        "num_nulls(journey_id, journey_part) <> 1 AND journey_part IN ('request', 'collection')",
        name="appointment_journey",
    ),
    UniqueConstraint("journey_id", "journey_part", name="appointment_one_visit_per_part"),
    CheckConstraint("kept_for IN ('visitor', 'list', 'offer', 'delay', 'draw')", name="appointment_kept_for"),
    UniqueConstraint("reference", name="appointment_reference"),
    CheckConstraint("state IN ('held', 'booked', 'cancelled', 'expired', 'released')", name="appointment_state"),
    CheckConstraint("first_tick >= 0 AND ticks >= 1 AND first_tick + ticks <= 288", name="appointment_inside_day"),
    CheckConstraint("NOT isempty(owned)", name="appointment_owned_not_empty"),
    CheckConstraint(
        "lower_inc(owned) AND NOT upper_inc(owned) AND NOT lower_inf(owned) AND NOT upper_inf(owned)",
        name="appointment_owned_bounded",
    ),
    CheckConstraint("upper(owned) - lower(owned) = ticks * INTERVAL '5 minutes'", name="appointment_owned_is_ticks"),
    CheckConstraint("owned @> tstzrange(starts_at, ends_at) AND starts_at < ends_at", name="appointment_visible"),
    CheckConstraint(
        "state IN ('held', 'expired', 'released')"
        " OR num_nulls(reference, name, email, language, time_zone, booked_at) = 0",
        name="appointment_holder_known",
    ),
    # The second, independent lock. It is reached only after the counter's row in line_day is locked. The time comes
    # first: it tells most visits apart, and comparing names is dear.
    ExcludeConstraint(
        ("owned", "&&"), ("line_id", "="), name="appointment_one_per_counter", where=text(_OCCUPIES), using="gist"
    ),
    Index("appointment_held", "expires_at", postgresql_where=text("state = 'held'")),
    Index("appointment_day", "location_id", "on"),
    *(
        Index(name, key, "starts_at", postgresql_where=text(f"state = 'booked' AND {key} IS NOT NULL"))
        for name, key in (
            ("appointment_email", "email_key"),
            ("appointment_phone", "phone_key"),
            ("appointment_of_person", "person_key"),
        )
    ),
    postgresql_with={"fillfactor": "80"},
)

# What live visits own besides their counters: the second lock over it, written by a trigger from `appointment.claims`.
companion_claim = Table(
    "companion_claim",
    metadata,
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id", ondelete="CASCADE"), nullable=False),
    Column("number", SmallInteger, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("first_tick", SmallInteger, nullable=False),
    Column("ticks", SmallInteger, nullable=False),
    Column("owned", TSTZRANGE, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    PrimaryKeyConstraint("appointment_id", "number"),
    CheckConstraint("first_tick >= 0 AND ticks >= 1 AND first_tick + ticks <= 288", name="companion_claim_inside_day"),
    CheckConstraint("NOT isempty(owned)", name="companion_claim_owned_not_empty"),
    CheckConstraint(
        "lower_inc(owned) AND NOT upper_inc(owned) AND NOT lower_inf(owned) AND NOT upper_inf(owned)",
        name="companion_claim_owned_bounded",
    ),
    CheckConstraint(
        "upper(owned) - lower(owned) = ticks * INTERVAL '5 minutes'", name="companion_claim_owned_is_ticks"
    ),
    ExcludeConstraint(("line_id", "="), ("owned", "&&"), name="companion_claim_one_per_line", using="gist"),
    Index("companion_claim_day", "on", "line_id"),
)

exempt = Table(
    "exempt",
    metadata,
    Column("id", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("note", Text, nullable=False),
    Column("valid_until", Date, nullable=True),
    Column("offered", Boolean, nullable=False),
)

# What staff did with a visit for a reason. It may hold what a person was called before: gone with the contact data.
staff_act = Table(
    "staff_act",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    _instant("at"),
    Column("deed", Text, nullable=False),
    Column("staff_id", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("name_before", Text, nullable=True),
    Column("birth_on_before", Date, nullable=True),
    Column("correlation_id", Text, nullable=False),
    CheckConstraint("deed IN ('exceed-limit', 'correct-person')", name="staff_act_deed"),
    Index("staff_act_appointment", "appointment_id"),
)

mail_code = Table(
    "mail_code",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("email", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    _instant("expires_at"),
    Index("mail_code_email", text("lower(email)")),
)

appointment_history = Table(
    "appointment_history",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    _instant("at"),
    Column("deed", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    _instant("starts_at"),
    _instant("ends_at"),
    Column("correlation_id", Text, nullable=False),
    Index("appointment_history_appointment", "appointment_id"),
    Index("appointment_history_counted", "at", postgresql_where=text("deed IN ('confirm', 'cancel')")),
)

# --- figures: written once, so that later deletions never change what was published

figure_run = Table(
    "figure_run",
    metadata,
    Column("on", Date, nullable=False),
    Column("kind", Text, nullable=False),
    _instant("at"),
    PrimaryKeyConstraint("on", "kind"),
    CheckConstraint("kind IN ('day', 'sample')", name="figure_run_kind"),
)

figure_day = Table(
    "figure_day",
    metadata,
    Column("on", Date, nullable=False),
    Column("location_id", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("figure", Text, nullable=False),
    Column("bucket", Text, nullable=False),
    Column("value", BigInteger, nullable=True),
    PrimaryKeyConstraint("on", "location_id", "product_id", "figure", "bucket"),
)

# It outlives the appointment, and holds no person who visited: no foreign key.
visit_outcome = Table(
    "visit_outcome",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("appointment_id", UUID(as_uuid=True), nullable=False),
    _instant("at"),
    Column("outcome", Text, nullable=False),
    Column("replaces", Text, nullable=True),
    Column("staff_id", Text, nullable=False),
    CheckConstraint("outcome IN ('done', 'no_show', 'left')", name="visit_outcome_known"),
    Index("visit_outcome_at", "at"),
    Index("visit_outcome_appointment", "appointment_id"),
)

# --- relief: more counter time for a product whose wait passes its norm

relief_proposal = Table(
    "relief_proposal",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("product_id", Text, ForeignKey("product.id"), nullable=False),
    Column("location_id", Text, ForeignKey("location.id"), nullable=False),
    Column("line_id", Text, ForeignKey("line.id"), nullable=False),
    Column("on", Date, nullable=False),
    Column("week_on", Date, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("skills", ARRAY(Text), nullable=False),
    _json("reason"),
    Column("state", Text, nullable=False),
    _instant("proposed_at"),
    Column("decided_by", Text, nullable=True),
    _instant("decided_at", nullable=True),
    CheckConstraint("state IN ('proposed', 'applied', 'declined', 'expired')", name="relief_proposal_state"),
    UniqueConstraint("product_id", "line_id", "on", name="relief_proposal_once"),
    Index("relief_proposal_day", "on"),
)

relief_history = Table(
    "relief_history",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("proposal_id", UUID(as_uuid=True), ForeignKey("relief_proposal.id"), nullable=False),
    _instant("at"),
    Column("state", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("correlation_id", Text, nullable=False),
    Index("relief_history_proposal", "proposal_id"),
)

wish = Table(
    "wish",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    Column("location_ids", ARRAY(Text), nullable=False),
    Column("earliest_on", Date, nullable=False),
    _instant("latest_at"),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("parts_of_day", ARRAY(Text), nullable=False),
    Column("notice_minutes", Integer, nullable=False),
    Column("wished_on", Date, nullable=False),
    Column("rank", Text, nullable=False),
    Column("urgency", SmallInteger, nullable=False),
    _instant("created_at"),
    Column("state", Text, nullable=False),
    Column("offers_made", SmallInteger, nullable=False),
    Column("ignored", SmallInteger, nullable=False),
    _instant("last_offer_at", nullable=True),
    _instant("ended_at", nullable=True),
    Column("ended_because", Text, nullable=True),
    CheckConstraint("state IN ('active', 'paused', 'ended')", name="wish_state"),
    CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL AND ended_because IS NOT NULL)", name="wish_end"),
    Index("wish_one_per_visit", "appointment_id", unique=True, postgresql_where=text("state <> 'ended'")),
    Index("wish_order", text("urgency DESC"), "wished_on", "rank", "id", postgresql_where=text("state = 'active'")),
)

_OPEN_OFFER = text("state = 'open'")

offer = Table(
    "offer",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("wish_id", UUID(as_uuid=True), ForeignKey("wish.id"), nullable=False),
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    Column("hold_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    Column("location_id", Text, nullable=False),
    Column("on", Date, nullable=False),
    Column("first_tick", SmallInteger, nullable=False),
    Column("ticks", SmallInteger, nullable=False),
    _instant("starts_at"),
    _instant("ends_at"),
    _instant("owned_from"),
    _instant("owned_until"),
    _instant("made_at"),
    _instant("expires_at"),
    Column("passed", SmallInteger, nullable=False),
    Column("state", Text, nullable=False),
    _instant("ended_at", nullable=True),
    CheckConstraint("state IN ('open', 'accepted', 'declined', 'expired', 'revoked')", name="offer_state"),
    CheckConstraint("(state = 'open') = (ended_at IS NULL)", name="offer_end"),
    Index("offer_one_per_wish", "wish_id", unique=True, postgresql_where=_OPEN_OFFER),
    Index("offer_one_per_place", "hold_id", unique=True, postgresql_where=_OPEN_OFFER),
    Index("offer_due", "expires_at", postgresql_where=_OPEN_OFFER),
    Index("offer_made", "made_at"),
    Index("offer_wish", "wish_id"),
)

freed_place = Table(
    "freed_place",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("location_id", Text, nullable=False),
    Column("on", Date, nullable=False),
    _instant("freed_at"),
    Column("at_once", Boolean, nullable=False),
)

opening_change = Table(
    "opening_change",
    metadata,
    Column("id", UUID(as_uuid=True), primary_key=True),
    Column("number", BigInteger, Identity(always=True), nullable=False),
    _instant("at"),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("location_id", Text, ForeignKey("location.id"), nullable=False),
    Column("line_id", Text, ForeignKey("line.id"), nullable=True),
    Column("first_on", Date, nullable=False),
    Column("last_on", Date, nullable=False),
    Column("from_tick", SmallInteger, nullable=False),
    Column("until_tick", SmallInteger, nullable=False),
    _instant("withdrawn_at", nullable=True),
    Column("withdrawn_by", Text, nullable=True),
    Column("correlation_id", Text, nullable=False),
    CheckConstraint("first_on <= last_on", name="opening_change_days"),
    CheckConstraint("0 <= from_tick AND from_tick < until_tick AND until_tick <= 288", name="opening_change_ticks"),
    Index("opening_change_last", "last_on", postgresql_where=text("withdrawn_at IS NULL")),
)

affected_visit = Table(
    "affected_visit",
    metadata,
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    Column("change_id", UUID(as_uuid=True), ForeignKey("opening_change.id"), nullable=False),
    Column("state", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
    _instant("at"),
    Column("alternative_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=True),
    _instant("deadline_at", nullable=True),
    Column("note", Text, nullable=True),
    _instant("settled_at", nullable=True),
    PrimaryKeyConstraint("appointment_id", "change_id", "at"),
    Index("affected_visit_open", "appointment_id", unique=True, postgresql_where=text("settled_at IS NULL")),
)

# Deaths that the civil registry told of. Who died is asked and never stored.
departure = Table(
    "departure",
    metadata,
    Column("record_id", UUID(as_uuid=True), primary_key=True),
    Column("state", Text, nullable=False),
    _instant("heard_at"),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    _instant("next_attempt_at"),
    _instant("settled_at", nullable=True),
    Column("correlation_id", Text, nullable=False),
    CheckConstraint("state IN ('waiting', 'followed', 'unknown', 'annulled')", name="departure_state"),
    CheckConstraint("(settled_at IS NULL) = (state = 'waiting')", name="departure_settled"),
    Index("departure_due", "next_attempt_at", postgresql_where=text("state = 'waiting'")),
)

# Visits of who died: surely, or for staff to judge (`verdict` is NULL until they have).
departed_visit = Table(
    "departed_visit",
    metadata,
    Column("record_id", UUID(as_uuid=True), ForeignKey("departure.record_id"), nullable=False),
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    Column("ground", Text, nullable=False),
    _instant("found_at"),
    Column("verdict", Text, nullable=True),
    _instant("settled_at", nullable=True),
    Column("staff_id", Text, nullable=True),
    Column("reason", Text, nullable=True),
    PrimaryKeyConstraint("record_id", "appointment_id"),
    CheckConstraint("ground IN ('same', 'name', 'birth-and-surname', 'party')", name="departed_visit_ground"),
    CheckConstraint("verdict IN ('same', 'other', 'annulled')", name="departed_visit_verdict"),
    CheckConstraint("(settled_at IS NULL) = (verdict IS NULL)", name="departed_visit_settled"),
    Index("departed_visit_open", "appointment_id", postgresql_where=text("verdict IS NULL")),
)

reconfirmation = Table(
    "reconfirmation",
    metadata,
    Column("appointment_id", UUID(as_uuid=True), ForeignKey("appointment.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("step", Text, nullable=False),
    _instant("asked_at"),
    _instant("remind_at"),
    _instant("answer_by"),
    _instant("reminded_at", nullable=True),
    _instant("seen_at", nullable=True),
    _instant("settled_at", nullable=True),
    Column("spared", Text, nullable=True),
    PrimaryKeyConstraint("appointment_id", "sequence"),
    Index("reconfirmation_open", "appointment_id", unique=True, postgresql_where=text("settled_at IS NULL")),
)

draw_batch, draw_request, draw_entry = draw_tables(metadata)
