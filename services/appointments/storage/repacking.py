"""A location's day as a whole: all its lines, who is where, and giving visits another counter or another room."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

from services.appointments.domain.appointment import Deed
from services.appointments.domain.colouring import Desk, Seat, SeatId
from services.appointments.domain.companions import LineKind
from services.appointments.domain.ticks import mask, to_text
from services.appointments.storage.capacity import LineDay, line_day
from services.messaging.work import Reading, Work

_LINES = """
    SELECT line_id, "on", location_id, kind, skills, open, free FROM line_day
    WHERE location_id = :location_id AND "on" = :on AND kind = ANY(:kinds) ORDER BY line_id COLLATE "C"
"""
_VISITS = """
    SELECT appointment.id, 0 AS part, line_id, first_tick, ticks, starts_at, CAST(NULL AS text[]) AS skills,
           ARRAY(SELECT part->>'product_id' FROM jsonb_array_elements(products) AS part) AS product_ids
    FROM appointment WHERE state IN ('held', 'booked') AND "on" = :on AND line_id = ANY(:line_ids)
    UNION ALL
    SELECT appointment.id, number, claim.line_id, claim.first_tick, claim.ticks, starts_at, claim.skills, NULL
    FROM companion_claim AS claim JOIN appointment ON appointment.id = appointment_id
    WHERE claim."on" = :on AND claim.line_id = ANY(:line_ids)
"""


@dataclass(frozen=True, slots=True)
class Sitting:
    """Lines of one location's day by kind, and the visits that may still change theirs.

    What has begun, or is being changed by somebody else at this moment, is part of the lines: it closes them.
    """

    desks: Mapping[LineKind, Sequence[Desk]]
    seats: Mapping[LineKind, Sequence[Seat]]


def might_help(reading: Reading, *, location_id: str, on: date, kind: LineKind, seats: Iterable[Seat]) -> bool:
    """Say whether at every tick that newcomers want at least one line of a kind, whichever it is, is free."""
    wanted = 0
    for seat in seats:
        wanted |= seat.mask
    found = reading.connection.execute(
        text(
            """
            SELECT (bit_or(free) & CAST(:wanted AS bit(288))) = CAST(:wanted AS bit(288))
            FROM line_day WHERE location_id = :location_id AND "on" = :on AND kind = :kind
            """
        ),
        {"location_id": location_id, "on": on, "kind": kind, "wanted": to_text(wanted)},
    ).scalar_one_or_none()
    return bool(found)


def look(reading: Reading, *, location_id: str, on: date, kinds: Iterable[LineKind]) -> Sitting:
    """Return a location's day as it is at this moment; nothing is locked."""
    asked = {"location_id": location_id, "on": on, "kinds": list(kinds)}
    lines = [line_day(row) for row in reading.connection.execute(text(_LINES), asked)]
    return sitting(reading, lines, on=on, at=reading.now)


def lock_at_hand(work: Work, *, location_id: str, on: date, kinds: Iterable[LineKind]) -> Sitting:
    """Lock the lines and visits of a location's day that nobody else is changing, and return them.

    It waits for nobody, so that it can never be part of a deadlock, whatever is locked already: a line that is being
    changed at this moment does not take part.
    """
    asked = {"location_id": location_id, "on": on, "kinds": list(kinds)}
    lines = [line_day(row) for row in work.connection.execute(text(f"{_LINES} FOR UPDATE SKIP LOCKED"), asked)]
    return sitting(work, lines, on=on, at=work.now, movable=_lock_visits(work, lines, on))


def lock_seats(work: Work, lines: Sequence[LineDay], *, on: date) -> Sitting:
    """Lock the visits on lines of a day that the caller has locked, passing by those that others are changing."""
    return sitting(work, lines, on=on, at=work.now, movable=_lock_visits(work, lines, on))


def _lock_visits(work: Work, lines: Iterable[LineDay], on: date) -> set[UUID]:
    # Whoever changes a visit locks it first and its lines after; so here, the other way round, nobody may wait.
    counters = [line.line_id for line in lines if line.kind is LineKind.DESK]
    others = [line.line_id for line in lines if line.kind is not LineKind.DESK]
    served = text(
        "SELECT id FROM appointment WHERE state IN ('held', 'booked') AND \"on\" = :on AND line_id = ANY(:line_ids)"
        " FOR UPDATE SKIP LOCKED"
    )
    beside = text(
        "SELECT id FROM appointment WHERE state IN ('held', 'booked') AND id IN ("
        '    SELECT appointment_id FROM companion_claim WHERE "on" = :on AND line_id = ANY(:line_ids))'
        " FOR UPDATE SKIP LOCKED"
    )
    return {
        row.id
        for statement, line_ids in ((served, counters), (beside, others))
        if line_ids
        for row in work.connection.execute(statement, {"on": on, "line_ids": line_ids})
    }


def sitting(
    reading: Reading, lines: Sequence[LineDay], *, on: date, at: datetime, movable: Collection[UUID] | None = None
) -> Sitting:
    """Return lines and visits of a day; `movable` limits the visits that may change their line."""
    needs = _needs_by_product(reading)
    kinds = {line.line_id: line.kind for line in lines}
    rows = reading.connection.execute(text(_VISITS), {"on": on, "line_ids": list(kinds)}).all()
    seats: dict[LineKind, list[Seat]] = {kind: [] for kind in LineKind}
    fixed = dict[str, int]()
    for row in sorted(rows, key=lambda row: (row.first_tick, str(row.id), row.part)):
        if row.starts_at > at and (movable is None or row.id in movable):
            skills = frozenset(row.skills or ()).union(
                *(needs.get(product_id, ()) for product_id in row.product_ids or ())
            )
            seat = Seat(row.id, row.first_tick, row.ticks, skills, row.line_id, row.part)
            seats[kinds[row.line_id]].append(seat)
        else:
            fixed[row.line_id] = fixed.get(row.line_id, 0) | mask(row.first_tick, row.ticks)
    desks: dict[LineKind, list[Desk]] = {kind: [] for kind in LineKind}
    for line in lines:
        desks[line.kind].append(Desk(line.line_id, line.open & ~fixed.get(line.line_id, 0), line.skills))
    return Sitting(desks, seats)


def reassign(work: Work, found: Sitting, moves: Mapping[SeatId, str], *, on: date) -> None:
    """Give visits other lines at their own times. The caller has locked the visits and all lines concerned.

    The second lock allows no two visits at one line even for the length of a statement: all that move stand alone for
    a moment, each at a counter of its own that nobody has, and with nothing besides. They stay live, so that no quota
    is asked again. Residents see nothing of it: no fact is told.
    """
    if not moves:
        return
    ids = list({visit_id for visit_id, _ in moves})
    rows = work.connection.execute(
        text("SELECT id, line_id, claims FROM appointment WHERE id = ANY(:ids) ORDER BY id"), {"ids": ids}
    ).all()
    work.connection.execute(
        text("UPDATE appointment SET line_id = CAST(id AS text), claims = '[]' WHERE id = ANY(:ids)"), {"ids": ids}
    )
    work.connection.execute(
        text("UPDATE appointment SET line_id = :line_id, claims = :claims WHERE id = :id").bindparams(
            bindparam("claims", type_=JSONB)
        ),
        [
            {
                "id": row.id,
                "line_id": moves.get((row.id, 0), row.line_id),
                "claims": [
                    {**claim, "line_id": moves.get((row.id, part), claim["line_id"])}
                    for part, claim in enumerate(row.claims, start=1)
                ],
            }
            for row in rows
        ],
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


def _put_ticks(work: Work, found: Sitting, moves: Mapping[SeatId, str], *, on: date) -> None:
    """Give the moved visits' ticks back where they were, as far as it is open, and take them where they are now."""
    left, taken = dict[str, int](), dict[str, int]()
    for seat in (seat for seats in found.seats.values() for seat in seats):
        if seat.id in moves and seat.line_id is not None:
            left[seat.line_id] = left.get(seat.line_id, 0) | seat.mask
            taken[moves[seat.id]] = taken.get(moves[seat.id], 0) | seat.mask
    changed: list[dict[str, Any]] = [
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
