"""How much of each day's quotas is used. A trigger counts whatever becomes of a visit; nothing else writes `used`."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text

from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class QuotaDay:
    """What a quota allows on one day, in ticks; from `released_at` on it allows everything."""

    location_id: str
    on: date
    quota_id: str
    limit_ticks: int
    released_at: datetime | None


@dataclass(frozen=True, slots=True)
class Miscount:
    """A quota whose count differs from its visits."""

    location_id: str
    on: date
    quota_id: str
    counted: int
    owned: int


def full_days(
    reading: Reading, *, location_id: str, quota_ids: Collection[str], ticks: int, first_on: date, last_on: date
) -> set[date]:
    """Return the days on which one of these quotas has no more room for a visit of this length."""
    if not quota_ids:
        return set()
    rows = reading.connection.execute(
        text(
            """
            SELECT DISTINCT "on" FROM quota_day
            WHERE location_id = :location_id AND "on" BETWEEN :first_on AND :last_on AND quota_id = ANY(:quota_ids)
              AND used_ticks + :ticks > limit_ticks AND (released_at IS NULL OR released_at > :now)
            """
        ),
        {
            "location_id": location_id,
            "first_on": first_on,
            "last_on": last_on,
            "quota_ids": list(quota_ids),
            "ticks": ticks,
            "now": reading.now,
        },
    )
    return {row.on for row in rows}


def put_days(work: Work, days: Iterable[QuotaDay]) -> None:
    """Store what quotas allow; what is used stays, also where it is more than is allowed now."""
    rows: list[dict[str, Any]] = [
        {
            "location_id": day.location_id,
            "on": day.on,
            "quota_id": day.quota_id,
            "limit_ticks": day.limit_ticks,
            "released_at": day.released_at,
        }
        for day in days
    ]
    if rows:
        work.connection.execute(
            text(
                f"""
                INSERT INTO quota_day (location_id, "on", quota_id, limit_ticks, released_at, used_ticks)
                VALUES (:location_id, :on, :quota_id, :limit_ticks, :released_at, ({_OWNED}))
                ON CONFLICT (location_id, "on", quota_id) DO UPDATE
                SET limit_ticks = excluded.limit_ticks, released_at = excluded.released_at
                WHERE (quota_day.limit_ticks, quota_day.released_at)
                      IS DISTINCT FROM (excluded.limit_ticks, excluded.released_at)
                """
            ),
            rows,
        )


_OWNED = """
    SELECT coalesce(sum(ticks), 0) FROM appointment
    WHERE location_id = :location_id AND "on" = :on AND state IN ('held', 'booked') AND :quota_id = ANY(quota_ids)
"""


def drop_days(work: Work, *, since: date, quota_ids: Collection[str]) -> None:
    """Forget the coming days of quotas other than these: they are no longer in force."""
    work.connection.execute(
        text('DELETE FROM quota_day WHERE "on" >= :since AND NOT quota_id = ANY(:quota_ids)'),
        {"since": since, "quota_ids": list(quota_ids)},
    )


def miscounts(reading: Reading, since: date = date.min) -> list[Miscount]:
    """Return every day, from one on, on which a quota's count differs from its live visits; there must be none."""
    rows = reading.connection.execute(
        text(
            """
            WITH owned AS (
                SELECT location_id, "on", quota_id, sum(ticks) AS ticks
                FROM appointment CROSS JOIN LATERAL unnest(quota_ids) AS quota_id
                WHERE state IN ('held', 'booked') AND "on" >= :since GROUP BY location_id, "on", quota_id
            )
            SELECT location_id, "on", quota_id, used_ticks AS counted, coalesce(owned.ticks, 0) AS owned
            FROM quota_day LEFT JOIN owned USING (location_id, "on", quota_id)
            WHERE used_ticks <> coalesce(owned.ticks, 0) AND "on" >= :since
            ORDER BY "on", location_id, quota_id
            """
        ),
        {"since": since},
    )
    return [Miscount(*tuple(row)) for row in rows]
