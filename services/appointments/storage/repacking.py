"""A location's day as a whole: all its counters, who sits where, and giving visits another counter."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from services.appointments.domain.appointment import Deed
from services.appointments.domain.colouring import Desk, Seat
from services.appointments.domain.ticks import from_text, mask, to_text
from services.appointments.storage.capacity import LineDay
from services.messaging.work import Reading, Work

_LINES = 'SELECT line_id, "on", location_id, skills, open, free FROM line_day'
_VISITS = """
    SELECT appointment.id, line_id, first_tick, ticks, starts_at,
           ARRAY(SELECT part->>'product_id' FROM jsonb_array_elements(products) AS part) AS product_ids
    FROM appointment WHERE state IN ('held', 'booked') AND "on" = :on AND line_id = ANY(:line_ids)
"""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Counters of one location's day, and the visits that may still change theirs.

    What has begun, or is being changed by somebody else at this moment, is part of the counters: it closes them.
    """

    lines: Mapping[str, LineDay]
    desks: tuple[Desk, ...]
    seats: tuple[Seat, ...]


def might_help(reading: Reading, *, location_id: str, on: date, wanted: int) -> bool:
    """Say whether at every wanted tick at least one counter of the location, whichever it is, is free."""
    found = reading.connection.execute(
        text(
            """
            SELECT (bit_or(free) & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
            FROM line_day WHERE location_id = :location_id AND "on" = :on
            """
        ),
        {"location_id": location_id, "on": on, "wanted": to_text(wanted)},
    ).scalar_one_or_none()
    return bool(found)


def look(reading: Reading, *, location_id: str, on: date) -> Sitting:
    """Return a location's day as it is at this moment; nothing is locked."""
    rows = reading.connection.execute(
        text(f'{_LINES} WHERE location_id = :location_id AND "on" = :on ORDER BY line_id COLLATE "C"'),
        {"location_id": location_id, "on": on},
    )
    lines = [_line_day(row) for row in rows]
    return sitting(reading, lines, on=on, at=reading.now)


def lock_at_hand(work: Work, *, location_id: str, on: date) -> Sitting:
    """Lock the counters and visits of a location's day that nobody else is changing, and return them.

    It waits for nobody, so that it can never be part of a deadlock, whatever is locked already: a counter that is
    being changed at this moment does not take part.
    """
    rows = work.connection.execute(
        text(
            f'{_LINES} WHERE location_id = :location_id AND "on" = :on ORDER BY line_id COLLATE "C"'
            " FOR UPDATE SKIP LOCKED"
        ),
        {"location_id": location_id, "on": on},
    )
    lines = [_line_day(row) for row in rows]
    return sitting(work, lines, on=on, at=work.now, movable=_lock_visits(work, lines, on))


def lock_seats(work: Work, lines: Sequence[LineDay], *, on: date) -> Sitting:
    """Lock the visits on counters of a day that the caller has locked, passing by those that others are changing."""
    return sitting(work, lines, on=on, at=work.now, movable=_lock_visits(work, lines, on))


def _lock_visits(work: Work, lines: Iterable[LineDay], on: date) -> set[UUID]:
    # Whoever changes a visit locks it first and its counter after; so here, the other way round, nobody may wait.
    rows = work.connection.execute(
        text(
            "SELECT id FROM appointment WHERE state IN ('held', 'booked') AND \"on\" = :on AND line_id = ANY(:line_ids)"
            " FOR UPDATE SKIP LOCKED"
        ),
        {"on": on, "line_ids": [line.line_id for line in lines]},
    )
    return {row.id for row in rows}


def sitting(
    reading: Reading, lines: Sequence[LineDay], *, on: date, at: datetime, movable: Collection[UUID] | None = None
) -> Sitting:
    """Return counters and visits of a day; `movable` limits the visits that may change their counter."""
    needs = _needs_by_product(reading)
    rows = reading.connection.execute(text(_VISITS), {"on": on, "line_ids": [line.line_id for line in lines]}).all()
    seats, fixed = [], dict[str, int]()
    for row in sorted(rows, key=lambda row: (row.first_tick, str(row.id))):
        if row.starts_at > at and (movable is None or row.id in movable):
            skills = frozenset().union(*(needs.get(product_id, frozenset()) for product_id in row.product_ids))
            seats.append(Seat(row.id, row.first_tick, row.ticks, skills, row.line_id))
        else:
            fixed[row.line_id] = fixed.get(row.line_id, 0) | mask(row.first_tick, row.ticks)
    desks = tuple(Desk(line.line_id, line.open & ~fixed.get(line.line_id, 0), line.skills) for line in lines)
    return Sitting({line.line_id: line for line in lines}, desks, tuple(seats))


def reassign(work: Work, found: Sitting, moves: Mapping[UUID, str], *, on: date) -> None:
    """Give visits other counters at their own times. The caller has locked the visits and all counters concerned.

    The second lock allows no two visits at one counter even for the length of a statement: all that move stand alone
    for a moment, each at a counter of its own that nobody has. They stay live, so that no quota is asked again.
    Residents see nothing of it: no fact is told.
    """
    if not moves:
        return
    ids = list(moves)
    work.connection.execute(
        text("UPDATE appointment SET line_id = CAST(id AS text) WHERE id = ANY(:ids)"), {"ids": ids}
    )
    work.connection.execute(
        text(
            """
            UPDATE appointment SET line_id = new.line_id
            FROM unnest(CAST(:ids AS uuid[]), CAST(:line_ids AS text[])) AS new (id, line_id)
            WHERE appointment.id = new.id
            """
        ),
        {"ids": ids, "line_ids": list(moves.values())},
    )
    _put_ticks(work, found, moves, on=on)
    _remember(work, ids)


def _remember(work: Work, ids: Sequence[UUID]) -> None:
    work.connection.execute(
        text(
            """
            INSERT INTO appointment_history (appointment_id, at, deed, state, version, sequence, location_id, line_id,
                                             starts_at, ends_at, correlation_id)
            SELECT id, :at, :deed, state, version, sequence, location_id, line_id, starts_at, ends_at, :correlation_id
            FROM appointment WHERE id = ANY(:ids)
            """
        ),
        {"ids": list(ids), "at": work.now, "deed": Deed.REASSIGN, "correlation_id": work.correlation_id},
    )


def _put_ticks(work: Work, found: Sitting, moves: Mapping[UUID, str], *, on: date) -> None:
    """Give the moved visits' ticks back where they were, as far as it is open, and take them where they are now."""
    left, taken = dict[str, int](), dict[str, int]()
    for seat in found.seats:
        if seat.visit_id in moves and seat.line_id is not None:
            left[seat.line_id] = left.get(seat.line_id, 0) | seat.mask
            taken[moves[seat.visit_id]] = taken.get(moves[seat.visit_id], 0) | seat.mask
    changed = [
        {"line_id": line_id, "on": on, "left": to_text(left.get(line_id, 0)), "taken": to_text(taken.get(line_id, 0))}
        for line_id in sorted({*left, *taken})
    ]
    work.connection.execute(
        text(
            """
            UPDATE line_day SET free = (free | CAST(:left AS bit(288))) & open & ~CAST(:taken AS bit(288))
            WHERE line_id = :line_id AND "on" = :on
            """
        ),
        changed,
    )


def _needs_by_product(reading: Reading) -> dict[str, frozenset[str]]:
    rows = reading.connection.execute(text("SELECT id, needs FROM product"))
    return {row.id: frozenset(row.needs) for row in rows}


def _line_day(row: Row[Any]) -> LineDay:
    return LineDay(
        row.line_id, row.on, row.location_id, frozenset(row.skills), from_text(row.open), from_text(row.free)
    )
