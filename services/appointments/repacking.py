"""Giving visits of a day other counters, at their own times, so that more of them fit. Residents see nothing of it."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from services.appointments import figures
from services.appointments.domain.colouring import Seat, crowded, seated, settle
from services.appointments.domain.place import Slot
from services.appointments.storage import capacity, repacking
from services.appointments.storage.capacity import LineDay
from services.appointments.storage.repacking import Sitting
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_NEWCOMER = UUID(int=0)


def take_after_repacking(work: Work, slot: Slot, needs: frozenset[str]) -> str | None:
    """Take a slot that no counter has free, by moving other visits between counters; None when that cannot be done.

    It is worked out first on a look that locks nothing, because on a full day nearly everybody is refused; only what
    promises success locks the day, once, and is worked out again.
    """
    wanted = Seat(_NEWCOMER, slot.first_tick, slot.ticks, needs, None)
    if not repacking.might_help(work, location_id=slot.location_id, on=slot.on, wanted=slot.mask):
        return None
    if _arranged(repacking.look(work, location_id=slot.location_id, on=slot.on), wanted) is None:
        return None
    found = repacking.lock_at_hand(work, location_id=slot.location_id, on=slot.on)
    arranged = _arranged(found, wanted)
    if arranged is None:
        return None
    line_id = arranged.pop(_NEWCOMER)
    repacking.reassign(work, found, arranged, on=slot.on)
    if not capacity.take(work, line_id, on=slot.on, wanted=slot.mask):
        # Ticks are lost there: bits and visits disagree. The refusal that follows undoes the moves.
        log.error("capacity_drift", line=line_id, on=slot.on)
        return None
    figures.repacks.inc()
    log.info("day_repacked", location=slot.location_id, on=slot.on, moved_count=len(arranged))
    return line_id


def rehouse(work: Work, lines: Sequence[LineDay], *, on: date) -> list[Seat]:
    """Give the visits outside their counters' openings another counter; return those for which there is none.

    `lines` are the counters of one location on one day, locked by the caller, with their new openings.
    """
    found = repacking.lock_seats(work, lines, on=on)
    settled = settle(found.desks, found.seats)
    repacking.reassign(work, found, settled.moves, on=on)
    if settled.moves:
        log.info("day_repacked", location=lines[0].location_id, on=on, moved_count=len(settled.moves))
    return list(settled.left)


def _arranged(found: Sitting, wanted: Seat) -> dict[UUID, str] | None:
    return None if crowded(found.desks, found.seats, wanted) else seated(found.desks, found.seats, wanted)
