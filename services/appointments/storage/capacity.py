"""The ticks of lines: searching, taking and giving back. Visits are served at lines that are desks: the counters.

Rows of `line_day` are always waited for in the order (on, line_id), compared byte by byte, so that two transactions
never wait for each other. A row is only taken by a guarded UPDATE in READ COMMITTED: after a wait it looks again.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from services.appointments.domain.companions import Companion, Line, LineKind
from services.appointments.domain.place import Owned
from services.appointments.domain.ticks import FULL, doublings, from_text, mask, to_text
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class LineDay:
    """One line on one day."""

    line_id: str
    on: date
    location_id: str
    kind: LineKind
    skills: frozenset[str]
    open: int
    free: int

    def line(self, bits: int) -> Line:
        """Return the line with some ticks that may be taken."""
        return Line(self.line_id, self.kind, self.skills, bits)


_LINES = 'SELECT line_id, "on", location_id, kind, skills, open, free FROM line_day'


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
    run = (
        "SELECT \"on\", free AS run FROM line_day WHERE location_id = :location_id AND kind = 'desk'"
        ' AND skills @> CAST(:needs AS text[]) AND "on" BETWEEN :first_on AND :last_on'
    )
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
            WHERE location_id = :location_id AND "on" = :on AND kind = 'desk' AND skills @> CAST(:needs AS text[])
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
            WHERE location_id = :location_id AND "on" = :on AND kind = 'desk' AND skills @> CAST(:needs AS text[])
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


def companion_lines(
    reading: Reading, *, location_id: str, companions: Iterable[Companion], first_on: date, last_on: date
) -> dict[date, list[LineDay]]:
    """Return by day the lines of a location of the kinds that are needed besides a counter, free or not."""
    rows = reading.connection.execute(
        text(
            f'{_LINES} WHERE location_id = :location_id AND "on" BETWEEN :first_on AND :last_on AND kind = ANY(:kinds)'
            ' ORDER BY "on", line_id COLLATE "C"'
        ),
        {
            "location_id": location_id,
            "first_on": first_on,
            "last_on": last_on,
            "kinds": sorted({need.kind for need in companions}),
        },
    )
    days: dict[date, list[LineDay]] = {}
    for row in rows:
        days.setdefault(row.on, []).append(line_day(row))
    return days


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
    """Take the wanted ticks of a line, waiting for its row; return whether all of them were free."""
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


def take_all(work: Work, wanted: Iterable[Owned]) -> bool:
    """Take ticks of several lines, waiting for them in the order in which everybody waits, or take none of them.

    Lines that turn out to be taken are not kept waiting by this work: all is as if nothing had been tried.
    """
    attempt = work.connection.begin_nested()
    if all(take(work, own.line_id, on=own.on, wanted=own.bits) for own in sorted(wanted)):
        attempt.commit()
        return True
    attempt.rollback()
    return False


def are_open(reading: Reading, wanted: Iterable[Owned]) -> bool:
    """Say whether lines are open during all of these ticks, whoever owns them."""
    return all(
        reading.connection.execute(
            text(
                """
                SELECT (open & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
                FROM line_day WHERE line_id = :line_id AND "on" = :on
                """
            ),
            {"line_id": own.line_id, "on": own.on, "wanted": to_text(own.bits)},
        ).scalar_one_or_none()
        for own in wanted
    )


def give_back(work: Work, owned: Iterable[Owned]) -> None:
    """Make ticks free again, as far as their lines are open, in the order in which everybody waits for lines."""
    for own in sorted(owned):
        work.connection.execute(
            text(
                """
                UPDATE line_day SET free = (free | CAST(:owned AS bit(288))) & open
                WHERE line_id = :line_id AND "on" = :on
                """
            ),
            {"line_id": own.line_id, "on": own.on, "owned": to_text(own.bits)},
        )


def exchange(work: Work, left: Collection[Owned], wanted: Collection[Owned]) -> bool:
    """Give ticks back and take others, or change nothing and return False when these are gone."""
    attempt = work.connection.begin_nested()
    lock_lines(work, [*left, *wanted])
    give_back(work, left)
    if take_all(work, wanted):
        attempt.commit()
        return True
    attempt.rollback()
    return False


def lock_lines(work: Work, owned: Iterable[Owned]) -> None:
    """Lock lines' days that will be changed one after the other, in the order in which everybody waits."""
    for own in sorted(owned):
        work.connection.execute(
            text('SELECT 1 FROM line_day WHERE line_id = :line_id AND "on" = :on FOR UPDATE'),
            {"line_id": own.line_id, "on": own.on},
        )


def lock_for_visit(
    work: Work,
    *,
    location_id: str,
    on: date,
    needs: Collection[str],
    companions: Iterable[Companion] = (),
    leaving: Collection[Owned] = (),
) -> list[LineDay]:
    """Lock all lines of a day that a visit could go to, and those that it leaves, as everybody waits for them."""
    rows = work.connection.execute(
        text(
            f"""
            {_LINES}
            WHERE (line_id = ANY(:leaving) AND "on" = :leaving_on)
               OR (location_id = :location_id AND "on" = :on
                   AND (kind = 'desk' AND skills @> CAST(:needs AS text[]) OR kind = ANY(CAST(:kinds AS text[]))))
            ORDER BY "on", line_id COLLATE "C"
            FOR UPDATE
            """
        ),
        {
            "leaving": [own.line_id for own in leaving],
            "leaving_on": next((own.on for own in leaving), on),
            "location_id": location_id,
            "needs": list(needs),
            "kinds": sorted({need.kind for need in companions}),
            "on": on,
        },
    )
    return [line_day(row) for row in rows]


def lock_agenda(work: Work) -> None:
    """Wait until nobody else changes openings: two who lay out one new day would overwrite each other's rows."""
    work.connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('openings'))"))


def lock_day(work: Work, on: date) -> dict[str, LineDay]:
    """Lock all lines of a day, in the order in which everybody waits."""
    rows = work.connection.execute(
        text(f'{_LINES} WHERE "on" = :on ORDER BY line_id COLLATE "C" FOR UPDATE'), {"on": on}
    )
    return {row.line_id: line_day(row) for row in rows}


def days_of(reading: Reading, first_on: date, last_on: date) -> dict[tuple[str, date], LineDay]:
    """Return all lines' days between two days, both included, without locking them."""
    rows = reading.connection.execute(
        text(f'{_LINES} WHERE "on" BETWEEN :first_on AND :last_on'), {"first_on": first_on, "last_on": last_on}
    )
    return {(row.line_id, row.on): line_day(row) for row in rows}


def occupied_ticks(reading: Reading, on: date) -> dict[str, int]:
    """Return the ticks that live visits and holds own on each line of a day."""
    rows = reading.connection.execute(
        text(
            """
            SELECT line_id, first_tick, ticks FROM appointment WHERE "on" = :on AND state IN ('held', 'booked')
            UNION ALL SELECT line_id, first_tick, ticks FROM companion_claim WHERE "on" = :on
            """
        ),
        {"on": on},
    )
    occupied: dict[str, int] = {}
    for row in rows:
        occupied[row.line_id] = occupied.get(row.line_id, 0) | mask(row.first_tick, row.ticks)
    return occupied


def put_days(work: Work, days: Iterable[LineDay]) -> None:
    """Store lines' days, new or changed; the caller has locked those that exist."""
    rows = [
        {
            "line_id": day.line_id,
            "on": day.on,
            "location_id": day.location_id,
            "kind": day.kind,
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
                INSERT INTO line_day (line_id, "on", location_id, kind, skills, open, free)
                VALUES (:line_id, :on, :location_id, :kind, :skills, CAST(:open AS bit(288)), CAST(:free AS bit(288)))
                ON CONFLICT (line_id, "on") DO UPDATE
                SET location_id = excluded.location_id, kind = excluded.kind, skills = excluded.skills,
                    open = excluded.open, free = excluded.free
                """
            ),
            rows,
        )


def line_day(row: Row[Any]) -> LineDay:
    """Return a row of `line_day`."""
    return LineDay(
        row.line_id,
        row.on,
        row.location_id,
        LineKind(row.kind),
        frozenset(row.skills),
        from_text(row.open),
        from_text(row.free),
    )
