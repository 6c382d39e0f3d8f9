"""What a draw takes of the agenda, all in one transaction: it locks the counters of its days and the quotas there."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from services.appointments.domain.drawing import Limit, Room
from services.appointments.domain.ticks import from_text
from services.messaging.work import Reading, Work

_ROOMS = """
    SELECT location_id, "on", line_id, free FROM line_day
    WHERE location_id = ANY(:location_ids) AND "on" = ANY(:days) AND kind = 'desk'
      AND skills @> CAST(:needs AS text[])
    ORDER BY "on", line_id COLLATE "C"
"""
_LIMITS = """
    SELECT quota_id, location_id, "on", greatest(limit_ticks - used_ticks, 0) AS ticks FROM quota_day
    WHERE location_id = ANY(:location_ids) AND "on" = ANY(:days) AND quota_id = ANY(:quota_ids)
      AND (released_at IS NULL OR released_at > :now)
    ORDER BY "on", location_id, quota_id
"""


@dataclass(frozen=True, slots=True)
class Ground:
    """Where and on which days a draw gives out places, by counters with which skills, and which quotas may bind."""

    location_ids: tuple[str, ...]
    needs: frozenset[str]
    days: tuple[date, ...]
    quota_ids: frozenset[str]


def look_at(reading: Reading, ground: Ground) -> tuple[list[Room], list[Limit]]:
    """Return the free ticks of suitable counters, and how many ticks are left of quotas that are in force."""
    return _found(reading, ground, locking="")


def lock(work: Work, ground: Ground) -> tuple[list[Room], list[Limit]]:
    """Return the same, locked: counters in the order in which everybody waits, then quotas, as the trigger does."""
    return _found(work, ground, locking="FOR UPDATE")


def _found(reading: Reading, ground: Ground, *, locking: str) -> tuple[list[Room], list[Limit]]:
    where = {"location_ids": list(ground.location_ids), "days": list(ground.days)}
    rooms = reading.connection.execute(text(_ROOMS + locking), where | {"needs": list(ground.needs)})
    found = [Room(row.location_id, row.on, row.line_id, from_text(row.free)) for row in rooms]
    limits = reading.connection.execute(
        text(_LIMITS + locking), where | {"quota_ids": list(ground.quota_ids), "now": reading.now}
    )
    return found, [Limit(row.quota_id, row.location_id, row.on, row.ticks) for row in limits]
