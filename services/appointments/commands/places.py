"""What holding and moving share: finding a slot in the agenda, taking it, and telling of it."""

from datetime import datetime, timedelta
from typing import Any

from services.appointments import figures, queries
from services.appointments.commands.together import take_together
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.companions import Companion, Lines
from services.appointments.domain.errors import DayClosed, InThePast, SlotTaken, TooFar, TooSoon
from services.appointments.domain.fitting import best_fits
from services.appointments.domain.place import Slot, slot_at
from services.appointments.domain.ticks import locate
from services.appointments.queries import Agenda
from services.appointments.repacking import take_after_repacking
from services.appointments.storage import appointments, capacity, quotas
from services.messaging.errors import Malformed
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_MARGIN = timedelta(days=2)


def slot_for(work: Work, agenda: Agenda, starts_at: datetime) -> Slot:
    """Return the slot of a visit that begins at an instant, when the rules allow it.

    Raises: InThePast, TooFar, TooSoon, ToBeDrawn, DayClosed, Malformed (not on a five-minute mark).
    """
    slot = slot_within(agenda, starts_at, work.now)
    if slot is None or not queries.is_open_for(work, agenda, slot):
        raise DayClosed
    return slot


def slot_within(agenda: Agenda, starts_at: datetime, now: datetime) -> Slot | None:
    """Return the slot of a visit that begins at an instant within the bounds of its agenda; whether a counter is open
    then is not known yet. None when the visit does not fit inside the day.

    Raises: InThePast, TooFar, TooSoon, ToBeDrawn, Malformed (not on a five-minute mark).
    """
    if starts_at <= now:
        raise InThePast
    # Asked first: an instant in the year 9999 has no local time in every zone.
    if starts_at > now + timedelta(days=agenda.visit.horizon_days) + _MARGIN:
        raise TooFar(last_on=agenda.last_on)
    try:
        on, tick = locate(agenda.zone, starts_at)
    except ValueError:
        raise Malformed({"starts_at": ["Must lie on a five-minute mark."]}) from None
    if on > agenda.last_on:
        raise TooFar(last_on=agenda.last_on)
    if starts_at < agenda.earliest_at:
        raise TooSoon(earliest_at=agenda.earliest_at)
    agenda.check_drawn(on)
    return slot_at(agenda.zone, location_id=agenda.location_id, on=on, start_tick=tick, size=agenda.visit.size)


def check_quotas(work: Work, agenda: Agenda, slot: Slot) -> None:
    """Do nothing when every quota that the visit is held to has room on that day.

    Asked before anything is taken, so that alternatives can be found; who is overtaken after it meets the trigger.

    Raises: SlotTaken.
    """
    if quotas.full_days(
        work,
        location_id=slot.location_id,
        quota_ids=agenda.visit.quota_ids,
        ticks=slot.ticks,
        first_on=slot.on,
        last_on=slot.on,
    ):
        raise taken(work, agenda, slot)


def take_any(
    work: Work,
    slot: Slot,
    needs: frozenset[str],
    companions: tuple[Companion, ...],
    *,
    shuffled_by: str,
    shortest: int = 1,
) -> Lines | None:
    """Take a slot at the counter where it fits best, with all that is needed besides, or return None.

    If need be others are moved between counters. A gap of less than `shortest` ticks is lost.
    """
    if companions:
        return take_together(work, slot, needs, companions, shuffled_by=shuffled_by, shortest=shortest)
    room = capacity.counters_with_room(
        work, location_id=slot.location_id, needs=needs, on=slot.on, wanted=slot.mask, order_by=shuffled_by
    )
    in_order = best_fits(room, slot.first_tick, slot.ticks, shortest=shortest)
    line_id = capacity.take_first(work, in_order, on=slot.on, wanted=slot.mask)
    return take_after_repacking(work, slot, needs) if line_id is None else Lines(line_id)


def take_for(work: Work, agenda: Agenda, slot: Slot, *, shuffled_by: str) -> Lines | None:
    """Take a slot for the visit of an agenda, or return None."""
    visit = agenda.visit
    return take_any(work, slot, visit.needs, visit.companions, shuffled_by=shuffled_by, shortest=agenda.shortest)


def taken(work: Work, agenda: Agenda, slot: Slot) -> SlotTaken:
    figures.slots_lost_to_others.inc()
    return SlotTaken(alternatives=queries.nearest_starts(work, agenda, slot.starts_at))


def stopped_by_second_lock(line_id: str) -> SlotTaken:
    """Report that only the constraint stopped a double booking: bits and visits disagree, a person must look."""
    figures.second_lock_refusals.inc()
    log.error("capacity_drift", line=line_id)
    return SlotTaken(alternatives=[])


def facts_of(appointment: Appointment) -> dict[str, Any]:
    """Return what events say of an appointment: ids and times, nothing about its holder."""
    return {
        "appointment_id": appointment.id,
        "sequence": appointment.sequence,
        "location_id": appointment.slot.location_id,
        "products": appointments.products_of(appointment.wanted),
        "starts_at": appointment.slot.starts_at,
        "ends_at": appointment.slot.ends_at,
        "channel": appointment.channel,
    }
