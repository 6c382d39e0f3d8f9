"""Holding and confirming, each as one statement: key, ticks, visit, history and event in one round trip.

What is written is the same as on the thorough way (`capacity`, `appointments`, `idempotency`, `outbox`); a test runs
both side by side. Nothing is written when nothing is found: the claim on the key comes after the choice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection

from services.appointments.domain.appointment import Appointment, Holder
from services.appointments.domain.person import Limits
from services.appointments.domain.ticks import FULL, to_text
from services.appointments.storage import people
from services.appointments.storage.appointments import products_of
from services.messaging import idempotency, outbox
from services.messaging.envelope import Envelope
from services.messaging.prepared import Prepared, execute

_HISTORY = """
    INSERT INTO appointment_history (appointment_id, at, deed, state, version, sequence, location_id, line_id,
                                     starts_at, ends_at, correlation_id)
    SELECT id, :now, :deed, state, version, sequence, location_id, line_id, starts_at, ends_at, :claim_correlation
    FROM {source}
"""

ROOM = """
    SELECT :first - octet_length(rtrim(substring(free, 1, :first)::text::bytea, '1')) AS before,
           coalesce(nullif(position(B'0' IN substring(free, :behind)), 0), 290 - :behind) - 1 AS behind
    OFFSET 0
"""
"""How many free ticks touch a run before and behind it (`fitting.rooms`); `:behind` is the place after it, from 1.

Bits and bytes, each looked at once (OFFSET 0): as text in UTF-8 this took more time than all the rest of a hold.
"""

_HOLD = Prepared(
    "hold_slot",
    f"""
    WITH chosen AS MATERIALIZED (
        SELECT line_id FROM line_day CROSS JOIN LATERAL ({ROOM}) AS room
        WHERE location_id = :location_id AND "on" = :on AND skills @> :needs AND (free & :wanted) = :wanted
          AND kind = 'desk'
          AND EXISTS (SELECT FROM calendar WHERE edition = :edition)
        ORDER BY (before > 0 AND before < :shortest) OR (behind > 0 AND behind < :shortest), before + behind, random()
        LIMIT 1
        FOR UPDATE OF line_day SKIP LOCKED
    ), claimed AS (
        {idempotency.CLAIM.format(source="chosen")}
    ), taken AS (
        UPDATE line_day SET free = free & :others
        FROM chosen, claimed
        WHERE line_day.line_id = chosen.line_id AND "on" = :on
          AND (free & :wanted) = :wanted
        RETURNING line_day.line_id
    ), kept AS (
        INSERT INTO appointment (id, state, location_id, line_id, "on", first_tick, ticks, starts_at, ends_at, owned,
                                 products, minutes, rule_version, channel, version, sequence, link_version, expires_at,
                                 extended, created_at, placed_at, kept_for, quota_ids)
        SELECT :id, 'held', :location_id, line_id, :on, :first, :ticks, :starts_at, :ends_at,
               tstzrange(:owned_from, :owned_until, '[)'), :products, :minutes, :rule_version, :channel,
               0, 0, :link_version, :expires_at, false, :now, :now, 'visitor', :quota_ids
        FROM taken
        RETURNING id, state, version, sequence, location_id, line_id, starts_at, ends_at
    ), remembered AS (
        {_HISTORY.format(source="kept")}
    )
    SELECT line_id FROM kept
    """,
    idempotency.CLAIM_TYPES
    | {
        "deed": "text",
        "id": "uuid",
        "edition": "uuid",
        "needs": "text[]",
        "location_id": "text",
        "on": "date",
        "first": "integer",
        "behind": "integer",
        "shortest": "integer",
        "ticks": "integer",
        "wanted": "bit(288)",
        "others": "bit(288)",
        "starts_at": "timestamptz",
        "ends_at": "timestamptz",
        "owned_from": "timestamptz",
        "owned_until": "timestamptz",
        "products": "jsonb",
        "minutes": "integer",
        "rule_version": "integer",
        "channel": "text",
        "link_version": "integer",
        "expires_at": "timestamptz",
        "quota_ids": "text[]",
    },
)

_HELD = Prepared(
    "held",
    """
    SELECT found.id, location_id, products, starts_at, ends_at, channel, link_version
    FROM unnest(:ids) AS wanted (id)
    CROSS JOIN LATERAL (
        SELECT * FROM appointment WHERE id = wanted.id
        OFFSET 0  -- each by its key alone, so that no plan looks through all holds of the moment
    ) AS found
    WHERE state = 'held' AND kept_for = 'visitor'
    """,
    {"ids": "uuid[]"},
)

_CONFIRM = Prepared(
    "confirm_hold",
    f"""
    WITH found AS MATERIALIZED (  -- by its key alone, so that no plan looks through all holds of the moment
        SELECT * FROM appointment WHERE id = :id FOR UPDATE
    ), hold AS MATERIALIZED (
        SELECT id FROM found
        WHERE state = 'held' AND kept_for = 'visitor' AND starts_at > :now AND version = 0 AND sequence = 0
          AND EXISTS (SELECT FROM calendar WHERE edition = :edition)
    ), locked AS MATERIALIZED (
        SELECT id, {people.LOCK} FROM hold
    ), allowed AS MATERIALIZED (
        SELECT id FROM locked WHERE {people.MAY_HAVE_VISIT}
    ), claimed AS (
        {idempotency.CLAIM.format(source="allowed")}
    ), booked AS (
        UPDATE appointment
        SET state = 'booked', reference = :reference, name = :name, email = :email, phone = :phone,
            language = :language, time_zone = :time_zone, version = 1, booked_at = :now,
            birth_on = :birth_on, email_key = :email_key, phone_key = :phone_key, person_key = :person_key
        FROM claimed
        WHERE id = :id
        RETURNING id, state, version, sequence, location_id, line_id, starts_at, ends_at
    ), remembered AS (
        {_HISTORY.format(source="booked")}
    ), told AS (
        {outbox.TELL.format(source="booked")}
    )
    SELECT line_id FROM booked
    """,
    idempotency.CLAIM_TYPES
    | outbox.TELL_TYPES
    | people.COUNTING_TYPES
    | {
        "deed": "text",
        "id": "uuid",
        "edition": "uuid",
        "birth_on": "date",
        "reference": "text",
        "name": "text",
        "email": "text",
        "phone": "text",
        "language": "text",
        "time_zone": "text",
    },
)


@dataclass(frozen=True, slots=True)
class Held:
    """What confirming must know of a hold."""

    location_id: str
    products: list[dict[str, Any]]
    starts_at: datetime
    ends_at: datetime
    channel: str
    link_version: int


def hold(
    wanted: Appointment,
    *,
    needs: frozenset[str],
    shortest: int,
    edition: UUID,
    claim: dict[str, Any],
) -> tuple[Prepared, dict[str, Any]]:
    """Return the statement that keeps a time at the counter where it fits best, with its values.

    It writes nothing when no counter has the ticks or all that do are being changed, when the catalogue is of another
    edition, or when the key is known.
    """
    slot = wanted.slot
    values = claim | {
        "deed": "hold",
        "id": str(wanted.id),
        "edition": str(edition),
        "needs": list(needs),
        "location_id": slot.location_id,
        "on": slot.on,
        "first": slot.first_tick,
        "shortest": shortest,
        "behind": slot.first_tick + slot.ticks + 1,
        "ticks": slot.ticks,
        "wanted": to_text(slot.mask),
        "others": to_text(FULL & ~slot.mask),
        "starts_at": slot.starts_at,
        "ends_at": slot.ends_at,
        "owned_from": slot.owned_from,
        "owned_until": slot.owned_until,
        "products": orjson.dumps(products_of(wanted.wanted)).decode(),
        "minutes": wanted.minutes,
        "rule_version": wanted.rule_version,
        "channel": wanted.channel,
        "link_version": wanted.link_version,
        "expires_at": wanted.expires_at,
        "quota_ids": list(wanted.quota_ids),
    }
    return _HOLD, values


def held(connection: Connection, hold_ids: Iterable[UUID]) -> dict[UUID, Held]:
    """Return, of these holds, those that may be confirmed, swept or not."""
    rows = execute(connection, [(_HELD, {"ids": f"{{{','.join(map(str, hold_ids))}}}"})])
    return {UUID(str(row[0])): Held(*row[1:]) for row in rows}


def confirm(
    hold_id: UUID,
    reference: str,
    holder: Holder,
    *,
    event: Envelope,
    claim: dict[str, Any],
    limits: Limits,
    edition: UUID,
) -> tuple[Prepared, dict[str, Any]]:
    """Return the statement that makes a hold firm, with its values.

    It writes nothing when the hold is no longer held, when its holder has enough visits, when the catalogue is of
    another edition, or when the key is known.
    """
    values = (
        claim
        | outbox.telling(event)
        | people.counting(holder, limits)
        | {
            "deed": "confirm",
            "id": str(hold_id),
            "edition": str(edition),
            "birth_on": holder.birth_on,
            "reference": reference,
            "name": holder.name,
            "email": holder.email,
            "phone": holder.phone,
            "language": holder.language,
            "time_zone": holder.time_zone,
        }
    )
    return _CONFIRM, values
