"""The ticks of counters: searching, taking and giving back.

Rows of `line_day` are always waited for in the order (on, line_id), compared byte by byte, so that two transactions
never wait for each other. A row is only taken by a guarded UPDATE in READ COMMITTED: after a wait it looks again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from services.appointments.domain.ticks import FULL, doublings, from_text, mask, to_text
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class LineDay:
    """One counter on one day."""

    line_id: str
    on: date
    location_id: str
    skills: frozenset[str]
    open: int
    free: int


def possible_starts(
    reading: Reading,
    *,
    location_id: str,
    needs: Collection[str],
    ticks: int,
    first_on: date,
    last_on: date,
) -> list[tuple[date, int]]:
    """Return for each day with room the ticks at which a run of free ticks begins on any suitable counter."""
    run = 'SELECT "on", free AS run FROM line_day WHERE location_id = :location_id AND skills @> CAST(:needs AS text[])'
    run += ' AND "on" BETWEEN :first_on AND :last_on'
    for shift in doublings(ticks):
        # OFFSET 0 keeps the planner from unfolding the steps into one long expression.
        run = f'SELECT "on", run & (run << {shift}) AS run FROM ({run} OFFSET 0) AS step'
    statement = f'SELECT "on", bit_or(run) FROM ({run}) AS runs GROUP BY "on" ORDER BY "on"'
    rows = reading.connection.execute(
        text(statement),
        {"location_id": location_id, "needs": list(needs), "first_on": first_on, "last_on": last_on},
    )
    return [(on, starts) for on, written in rows if (starts := from_text(written))]


def open_ticks(
    reading: Reading, *, location_id: str, needs: Collection[str], on: date, wanted: int
) -> tuple[bool, bool]:
    """Return whether any suitable counter is open on a day at all, and whether one is during the wanted ticks."""
    row = reading.connection.execute(
        text(
            """
            SELECT coalesce(bool_or(open <> CAST(0 AS bit(288))), false),
                   coalesce(bool_or((open & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))), false)
            FROM line_day
            WHERE location_id = :location_id AND "on" = :on AND skills @> CAST(:needs AS text[])
            """
        ),
        {"location_id": location_id, "needs": list(needs), "on": on, "wanted": to_text(wanted)},
    ).one()
    return bool(row[0]), bool(row[1])


def counters_with_room(
    reading: Reading, *, location_id: str, needs: Collection[str], on: date, wanted: int, order_by: str
) -> dict[str, int]:
    """Return the free ticks of each suitable counter that has the wanted ones, in an order that `order_by` shuffles.

    Nothing is locked: by the time of taking, somebody may have been faster.
    """
    rows = reading.connection.execute(
        text(
            """
            SELECT line_id, free FROM line_day
            WHERE location_id = :location_id AND "on" = :on AND skills @> CAST(:needs AS text[])
              AND (free & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
            ORDER BY md5(line_id || :order_by)
            """
        ),
        {
            "location_id": location_id,
            "needs": list(needs),
            "on": on,
            "wanted": to_text(wanted),
            "order_by": order_by,
        },
    )
    return {line_id: from_text(free) for line_id, free in rows}


_TAKE = """
    WITH chosen AS MATERIALIZED (
        SELECT line_id FROM line_day
        WHERE line_id = ANY(:line_ids) AND "on" = :on AND (free & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
        ORDER BY {order}
        LIMIT 1
        FOR UPDATE {waiting}
    )
    UPDATE line_day SET free = free & CAST(:others AS bit(288))
    FROM chosen
    WHERE line_day.line_id = chosen.line_id AND "on" = :on
      AND (free & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
    RETURNING line_day.line_id
"""
_TAKE_AT_ONCE = text(_TAKE.format(order="array_position(:line_ids, line_id)", waiting="SKIP LOCKED"))
_LOCK_IN_TURN = text(
    """
    SELECT line_id FROM line_day
    WHERE line_id = ANY(:line_ids) AND "on" = :on AND (free & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
    ORDER BY line_id COLLATE "C"
    FOR UPDATE
    """
)


def take_first(work: Work, line_ids: Sequence[str], *, on: date, wanted: int) -> str | None:
    """Take the wanted ticks of the first of these counters that has them, and return which; None when none has.

    First without waiting, in the order given; when all that fit are being changed by others at this moment, by
    waiting for them, in the order in which everybody waits.
    """
    if not line_ids:
        return None
    found = {"line_ids": list(line_ids), "on": on, "wanted": to_text(wanted), "others": to_text(FULL & ~wanted)}
    # Rows that turn out to be taken once they are locked stay locked, in no order: whoever holds them must not wait.
    attempt = work.connection.begin_nested()
    taken = work.connection.execute(_TAKE_AT_ONCE, found).scalar_one_or_none()
    if taken is None:
        attempt.rollback()
    else:
        attempt.commit()
    if taken is None and work.connection.execute(_LOCK_IN_TURN, found).first():
        taken = work.connection.execute(_TAKE_AT_ONCE, found).scalar_one_or_none()
    return None if taken is None else str(taken)


def take(work: Work, line_id: str, *, on: date, wanted: int) -> bool:
    """Take the wanted ticks of a counter, waiting for its row; return whether all of them were free."""
    updated = work.connection.execute(
        text(
            """
            UPDATE line_day SET free = free & CAST(:others AS bit(288))
            WHERE line_id = :line_id AND "on" = :on
              AND (free & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
            """
        ),
        {"line_id": line_id, "on": on, "wanted": to_text(wanted), "others": to_text(FULL & ~wanted)},
    )
    return updated.rowcount == 1


def is_open(reading: Reading, line_id: str, *, on: date, wanted: int) -> bool:
    """Say whether a counter is open during all of the wanted ticks, whoever owns them."""
    opened = reading.connection.execute(
        text('SELECT open FROM line_day WHERE line_id = :line_id AND "on" = :on'), {"line_id": line_id, "on": on}
    ).scalar_one_or_none()
    return opened is not None and from_text(opened) & wanted == wanted


def give_back(work: Work, line_id: str, *, on: date, owned: int) -> None:
    """Make a visit's ticks free again, as far as the counter is open."""
    work.connection.execute(
        text(
            """
            UPDATE line_day SET free = (free | CAST(:owned AS bit(288))) & open
            WHERE line_id = :line_id AND "on" = :on
            """
        ),
        {"line_id": line_id, "on": on, "owned": to_text(owned)},
    )


def lock_for_move(
    work: Work, *, from_line_id: str, from_on: date, location_id: str, needs: Collection[str], on: date
) -> list[LineDay]:
    """Lock the counter's day that a visit leaves and all that it could go to, in the order in which everybody waits."""
    rows = work.connection.execute(
        text(
            """
            SELECT line_id, "on", location_id, skills, open, free FROM line_day
            WHERE (line_id = :from_line_id AND "on" = :from_on)
               OR (location_id = :location_id AND "on" = :on AND skills @> CAST(:needs AS text[]))
            ORDER BY "on", line_id COLLATE "C"
            FOR UPDATE
            """
        ),
        {
            "from_line_id": from_line_id,
            "from_on": from_on,
            "location_id": location_id,
            "needs": list(needs),
            "on": on,
        },
    )
    return [_line_day(row) for row in rows]


def lock_agenda(work: Work) -> None:
    """Wait until nobody else changes openings: two who lay out one new day would overwrite each other's rows."""
    work.connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('openings'))"))


def lock_day(work: Work, on: date) -> dict[str, LineDay]:
    """Lock all counters of a day, in the order in which everybody waits."""
    rows = work.connection.execute(
        text(
            'SELECT line_id, "on", location_id, skills, open, free FROM line_day WHERE "on" = :on'
            ' ORDER BY line_id COLLATE "C" FOR UPDATE'
        ),
        {"on": on},
    )
    return {row.line_id: _line_day(row) for row in rows}


def days_of(reading: Reading, first_on: date, last_on: date) -> dict[tuple[str, date], LineDay]:
    """Return all counters' days between two days, both included, without locking them."""
    rows = reading.connection.execute(
        text(
            'SELECT line_id, "on", location_id, skills, open, free FROM line_day'
            ' WHERE "on" BETWEEN :first_on AND :last_on'
        ),
        {"first_on": first_on, "last_on": last_on},
    )
    return {(row.line_id, row.on): _line_day(row) for row in rows}


def occupied_ticks(reading: Reading, on: date) -> dict[str, int]:
    """Return the ticks that live visits and holds own on each counter of a day."""
    rows = reading.connection.execute(
        text("SELECT line_id, first_tick, ticks FROM appointment WHERE \"on\" = :on AND state IN ('held', 'booked')"),
        {"on": on},
    )
    occupied: dict[str, int] = {}
    for row in rows:
        occupied[row.line_id] = occupied.get(row.line_id, 0) | mask(row.first_tick, row.ticks)
    return occupied


def put_days(work: Work, days: Iterable[LineDay]) -> None:
    """Store counters' days, new or changed; the caller has locked those that exist."""
    rows = [
        {
            "line_id": day.line_id,
            "on": day.on,
            "location_id": day.location_id,
            "skills": sorted(day.skills),
            "open": to_text(day.open),
            "free": to_text(day.free),
        }
        for day in days
    ]
    if rows:
        work.connection.execute(
            text(
                """
                INSERT INTO line_day (line_id, "on", location_id, skills, open, free)
                VALUES (:line_id, :on, :location_id, :skills, CAST(:open AS bit(288)), CAST(:free AS bit(288)))
                ON CONFLICT (line_id, "on") DO UPDATE
                SET location_id = excluded.location_id, skills = excluded.skills,
                    open = excluded.open, free = excluded.free
                """
            ),
            rows,
        )


def _line_day(row: Row[Any]) -> LineDay:
    return LineDay(
        row.line_id, row.on, row.location_id, frozenset(row.skills), from_text(row.open), from_text(row.free)
    )
