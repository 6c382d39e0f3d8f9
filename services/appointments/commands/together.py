"""Taking several lines for one visit at once: a counter, and a room or a device besides. All of them, or none.

Lines' days are waited for in the order in which everybody waits, counters and rooms in one row.
"""

from collections.abc import Iterable, Sequence

from services.appointments.domain.companions import Companion, LineKind, Lines, choose_beside
from services.appointments.domain.fitting import best_fits
from services.appointments.domain.place import Slot, owned_by
from services.appointments.repacking import take_after_repacking
from services.appointments.storage import capacity
from services.appointments.storage.capacity import LineDay
from services.messaging.work import Work


def take_together(
    work: Work,
    slot: Slot,
    needs: frozenset[str],
    companions: tuple[Companion, ...],
    *,
    shuffled_by: str,
    shortest: int,
) -> Lines | None:
    """Take a slot at a counter and at all lines that are needed besides, or nothing and return None.

    First those that a look chose, as nearly always nobody else wants the same; then any, behind the locks of all.
    """
    room = capacity.counters_with_room(
        work, location_id=slot.location_id, needs=needs, on=slot.on, wanted=slot.mask, order_by=shuffled_by
    )
    beside = capacity.companion_lines(
        work, location_id=slot.location_id, companions=companions, first_on=slot.on, last_on=slot.on
    ).get(slot.on, [])
    seen = _chosen(best_fits(room, slot.first_tick, slot.ticks, shortest=shortest), beside, companions, slot)
    if seen is not None and capacity.take_all(work, owned_by(slot, seen)):
        return seen
    if seen is not None and (found := _behind_locks(work, slot, needs, companions, shortest)) is not None:
        return found
    return take_after_repacking(work, slot, needs, companions)


def _behind_locks(
    work: Work, slot: Slot, needs: frozenset[str], companions: tuple[Companion, ...], shortest: int
) -> Lines | None:
    attempt = work.connection.begin_nested()
    days = capacity.lock_for_visit(work, location_id=slot.location_id, on=slot.on, needs=needs, companions=companions)
    counters = {day.line_id: day.free for day in days if day.kind is LineKind.DESK}
    in_order = best_fits(counters, slot.first_tick, slot.ticks, shortest=shortest)
    lines = _chosen(in_order, days, companions, slot)
    if lines is None or not capacity.take_all(work, owned_by(slot, lines)):
        attempt.rollback()  # nobody need wait for lines that are not taken
        return None
    attempt.commit()
    return lines


def _chosen(
    counters: Sequence[str], days: Iterable[LineDay], companions: Sequence[Companion], slot: Slot
) -> Lines | None:
    """Return the first of these counters and the tightest lines for all that is needed besides; None without either."""
    claims = choose_beside(companions, [day.line(day.free) for day in days], slot.first_tick)
    return None if claims is None or not counters else Lines(counters[0], claims)
