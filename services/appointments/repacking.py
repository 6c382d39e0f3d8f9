"""Giving visits of a day other lines, at their own times, so that more of them fit. Residents see nothing of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from uuid import UUID

from services.appointments import figures
from services.appointments.domain.colouring import Seat, SeatId, crowded, seated, settle
from services.appointments.domain.companions import Claim, Companion, LineKind, Lines
from services.appointments.domain.place import Slot, owned_by
from services.appointments.storage import capacity, repacking
from services.appointments.storage.capacity import LineDay
from services.appointments.storage.repacking import Sitting
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_NEWCOMER = UUID(int=0)


def take_after_repacking(
    work: Work, slot: Slot, needs: frozenset[str], companions: Sequence[Companion] = ()
) -> Lines | None:
    """Take a slot that is not free, by moving other visits between counters, and between rooms; None when that fails.

    It is worked out first on a look that locks nothing, because on a full day nearly everybody is refused; only what
    promises success locks the day, once, and is worked out again.
    """
    wanted = _newcomers(slot, needs, companions)
    location_id, on = slot.location_id, slot.on
    if not all(
        repacking.might_help(work, location_id=location_id, on=on, kind=kind, seats=seats)
        for kind, seats in wanted.items()
    ):
        return None
    if _arranged(repacking.look(work, location_id=location_id, on=on, kinds=wanted), wanted) is None:
        return None
    attempt = work.connection.begin_nested()
    found = repacking.lock_at_hand(work, location_id=location_id, on=on, kinds=wanted)
    arranged = _arranged(found, wanted)
    if arranged is not None:
        lines = _lines_of(arranged, companions)
        repacking.reassign(work, found, arranged, on=on)
        if capacity.take_all(work, owned_by(slot, lines)):
            attempt.commit()
            figures.repacks.inc()
            log.info("day_repacked", location=location_id, on=on, moved_count=len(arranged))
            return lines
        # Ticks are lost there: bits and visits disagree.
        log.error("capacity_drift", line=lines.line_id, on=on)
    attempt.rollback()
    return None


def rehouse(work: Work, lines: Sequence[LineDay], *, on: date) -> list[UUID]:
    """Give the visits outside the openings of their lines other ones; return those for which something is missing.

    `lines` are those of one location on one day, locked by the caller, with their new openings.
    """
    found = repacking.lock_seats(work, lines, on=on)
    moves, left = settled(found)
    repacking.reassign(work, found, moves, on=on)
    if moves:
        log.info("day_repacked", location=lines[0].location_id, on=on, moved_count=len(moves))
    return left


def settled(found: Sitting) -> tuple[dict[SeatId, str], list[UUID]]:
    """Return which other lines visits get that lie outside the openings of theirs, and the visits that miss one."""
    moves: dict[SeatId, str] = {}
    left: dict[UUID, None] = {}
    for kind in LineKind:
        of_kind = settle(found.desks[kind], found.seats[kind])
        moves |= of_kind.moves
        left |= dict.fromkeys(seat.visit_id for seat in of_kind.left)
    return moves, list(left)


def _newcomers(slot: Slot, needs: frozenset[str], companions: Iterable[Companion]) -> dict[LineKind, list[Seat]]:
    wanted = {LineKind.DESK: [Seat(_NEWCOMER, slot.first_tick, slot.ticks, needs, None)]}
    for part, need in enumerate(companions, start=1):
        seat = Seat(_NEWCOMER, slot.first_tick + need.offset, need.ticks, need.skills, None, part)
        wanted.setdefault(need.kind, []).append(seat)
    return wanted


def _arranged(found: Sitting, wanted: Mapping[LineKind, Sequence[Seat]]) -> dict[SeatId, str] | None:
    """Return who gets which other line so that all newcomers have theirs; kinds never stand in each other's way."""
    arranged: dict[SeatId, str] = {}
    for kind, newcomers in wanted.items():
        desks, seats = found.desks[kind], found.seats[kind]
        if any(crowded(desks, seats, newcomer) for newcomer in newcomers):
            return None
        of_kind = seated(desks, seats, newcomers)
        if of_kind is None:
            return None
        arranged |= of_kind
    return arranged


def _lines_of(arranged: dict[SeatId, str], companions: Iterable[Companion]) -> Lines:
    """Take the newcomers out of an arrangement, and return their lines."""
    line_id = arranged.pop((_NEWCOMER, 0))
    claims = [Claim(arranged.pop((_NEWCOMER, part)), need) for part, need in enumerate(companions, start=1)]
    return Lines(line_id, tuple(claims))
