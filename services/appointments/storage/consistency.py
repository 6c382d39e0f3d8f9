"""Where the free ticks of lines, their openings, the visits and the second lock say different things."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.appointments.domain.ticks import from_text
from services.messaging.work import Reading


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the bits of a line's day and its visits say different things. Both are bits."""

    line_id: str
    on: date
    lost: int
    """Taken, but nobody is there: capacity that nobody can book."""
    doubled: int
    """Free, but somebody is there: only the second lock stops a double booking."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A visit that lies outside the opening of its counter, or of something that it needs besides."""

    appointment_id: UUID
    line_id: str
    on: date


CLAIM = 'appointment_id, number, location_id, line_id, "on", first_tick, ticks, owned, skills'
"""The columns of what a visit has besides its counter: in the table that locks it, and in the view of what is right."""


def owned_bits(table: str) -> str:
    """Return the SQL of the ticks that a row of a table owns."""
    return f"(((~CAST(0 AS bit(288))) << (288 - {table}.ticks)) >> {table}.first_tick)"


def outside(table: str) -> str:
    """Return the SQL that says whether a row of a table lies outside the opening of its line, joined as `line_day`."""
    return f"(line_day.open IS NULL OR ({owned_bits(table)} & ~line_day.open) <> CAST(0 AS bit(288)))"


def drift(reading: Reading, since: date = date.min) -> list[Drift]:
    """Return every line's day from one on whose free differs from open less the visits, in one look."""
    rows = reading.connection.execute(
        text(
            f"""
            WITH run AS (
                SELECT line_id, "on", first_tick, ticks FROM appointment
                WHERE state IN ('held', 'booked') AND "on" >= :since AND location_id IN (SELECT id FROM location)
                UNION ALL SELECT line_id, "on", first_tick, ticks FROM companion_claim WHERE "on" >= :since
            ), owned AS (
                SELECT line_id, "on", bit_or({owned_bits("run")}) AS bits FROM run GROUP BY line_id, "on"
            ), agenda AS (
                SELECT line_id, "on", open, free FROM line_day WHERE "on" >= :since
            ), day AS (
                SELECT line_id, "on",
                       coalesce(agenda.open, CAST(0 AS bit(288))) AS open,
                       coalesce(agenda.free, CAST(0 AS bit(288))) AS free,
                       coalesce(owned.bits, CAST(0 AS bit(288))) AS occupied
                FROM agenda FULL JOIN owned USING (line_id, "on")
            )
            SELECT line_id, "on", open & ~occupied & ~free AS lost, free & occupied AS doubled FROM day
            WHERE free <> (open & ~occupied)
            ORDER BY "on", line_id
            """
        ),
        {"since": since},
    )
    return [Drift(row.line_id, row.on, from_text(row.lost), from_text(row.doubled)) for row in rows]


def visits_outside_openings(reading: Reading, since: date) -> list[Stray]:
    """Return the live visits from a day on of which some line is not open while they need it, each once.

    Places that are kept for the waiting list are no visits: they go back, and nobody needs another time.
    """
    rows = reading.connection.execute(
        text(
            f"""
            SELECT DISTINCT ON ("on", starts_at, id) id, line_id, "on" FROM (
                SELECT visit.id, 0 AS number, visit.line_id, visit."on", starts_at
                FROM appointment AS visit LEFT JOIN line_day USING (line_id, "on")
                WHERE state IN ('held', 'booked') AND kept_for = 'visitor' AND visit."on" >= :since
                  AND {outside("visit")}
                UNION ALL
                SELECT appointment.id, number, claim.line_id, claim."on", starts_at
                FROM companion_claim AS claim JOIN appointment ON appointment.id = appointment_id
                LEFT JOIN line_day ON line_day.line_id = claim.line_id AND line_day."on" = claim."on"
                WHERE kept_for = 'visitor' AND claim."on" >= :since AND {outside("claim")}
            ) AS stray ORDER BY "on", starts_at, id, number
            """
        ),
        {"since": since},
    )
    return [Stray(row.id, row.line_id, row.on) for row in rows]


def claims_out_of_step(reading: Reading, since: date = date.min) -> list[UUID]:
    """Return the visits from a day on for which the second lock holds other lines than they have besides their counter.

    A trigger keeps the two in step; only who goes around it can part them.
    """
    right = f'SELECT {CLAIM} FROM live_claim WHERE "on" >= :since AND location_id IN (SELECT id FROM location)'
    held = f'SELECT {CLAIM} FROM companion_claim WHERE "on" >= :since'
    rows = reading.connection.execute(
        text(
            f"""
            SELECT DISTINCT appointment_id FROM (
                ({right} EXCEPT {held}) UNION ALL ({held} EXCEPT {right})
            ) AS differing ORDER BY appointment_id
            """
        ),
        {"since": since},
    )
    return [row.appointment_id for row in rows]
