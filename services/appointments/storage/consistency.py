"""Where the free ticks of lines, their openings and the visits say different things."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.appointments.domain.ticks import from_text
from services.messaging.work import Reading


@dataclass(frozen=True, slots=True)
class Drift:
    """Where the bits of a counter's day and its visits say different things. Both are bits."""

    line_id: str
    on: date
    lost: int
    """Taken, but nobody is there: capacity that nobody can book."""
    doubled: int
    """Free, but somebody is there: only the second lock stops a double booking."""


@dataclass(frozen=True, slots=True)
class Stray:
    """A visit that lies outside the opening of its counter."""

    appointment_id: UUID
    line_id: str
    on: date


OWNED_BITS = "((~CAST(0 AS bit(288))) << (288 - ticks)) >> first_tick"


def drift(reading: Reading, since: date = date.min) -> list[Drift]:
    """Return every counter's day from one on whose free differs from open less the visits, in one look."""
    rows = reading.connection.execute(
        text(
            f"""
            WITH owned AS (
                SELECT line_id, "on", bit_or({OWNED_BITS}) AS bits FROM appointment
                WHERE state IN ('held', 'booked') AND "on" >= :since AND location_id IN (SELECT id FROM location)
                GROUP BY line_id, "on"
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
    """Return the live visits from a day on whose counter is not open during all of their ticks.

    Places that are kept for the waiting list are no visits: they go back, and nobody needs another time.
    """
    rows = reading.connection.execute(
        text(
            f"""
            SELECT appointment.id, line_id, "on" FROM appointment LEFT JOIN line_day USING (line_id, "on")
            WHERE state IN ('held', 'booked') AND kept_for = 'visitor' AND "on" >= :since
              AND (line_day.open IS NULL OR ({OWNED_BITS}) & ~line_day.open <> CAST(0 AS bit(288)))
            ORDER BY "on", starts_at, appointment.id
            """
        ),
        {"since": since},
    )
    return [Stray(row.id, row.line_id, row.on) for row in rows]
