"""What can be done with appointments. Each command runs inside the transaction that its edge opened."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments import figures, queries
from services.appointments.domain.appointment import Appointment, Deed, Holder, State, new_hold
from services.appointments.domain.errors import (
    AppointmentOver,
    DayClosed,
    HoldOver,
    InThePast,
    SlotTaken,
    TooFar,
    TooSoon,
    UnknownLocation,
)
from services.appointments.domain.fitting import best_fits
from services.appointments.domain.place import Slot, slot_at
from services.appointments.domain.reference import new_reference, read_reference
from services.appointments.domain.ticks import local_day, locate
from services.appointments.domain.visit import Visit
from services.appointments.links import Links
from services.appointments.queries import Agenda
from services.appointments.storage import appointments, capacity, catalogue
from services.contracts import appointments as contracts
from services.messaging.errors import Malformed
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_REFERENCE_BYTES = 5
_MARGIN = timedelta(days=2)


# --- holds ------------------------------------------------------------------------------------------------------


def hold_slot(
    work: Work, *, location_id: str, products: Sequence[Mapping[str, Any]], starts_at: datetime, channel: str
) -> dict[str, Any]:
    """Keep a time for ten minutes, at the counter where it leaves the least waste.

    Every five-minute start is taken at which a suitable counter is open and free, not only those on offer.

    Raises: UnknownLocation, UnknownProduct, NotOfferedHere, VisitTooLong, InThePast, TooSoon, TooFar, DayClosed,
    SlotTaken (with the nearest alternatives), Malformed (not on a five-minute mark).
    """
    agenda = queries.agenda_for(work, location_id=location_id, products=products)
    slot = slot_for(work, agenda, starts_at)
    hold_id = work.new_id()
    line_id = _take_any(work, slot, agenda.visit.needs, shuffled_by=str(hold_id))
    if line_id is None:
        raise _taken(work, agenda, slot)
    hold = new_hold(
        agenda.visit,
        slot,
        hold_id=hold_id,
        calendar_uid=work.new_id(),
        line_id=line_id,
        channel=channel,
        at=work.now,
    )
    try:
        appointments.add(work, hold)
    except appointments.SecondLock:
        raise _stopped_by_second_lock(line_id) from None
    log.info("slot_held", appointment_id=hold.id, location=location_id, line=line_id)
    return queries.hold_reply(hold, work.now)


def extend_hold(work: Work, links: Links, *, hold_id: UUID, secret: str) -> dict[str, Any]:
    """Make a hold ten minutes longer, once.

    Raises: HoldUnknown, HoldOver, HoldNotExtendable.
    """
    hold = queries.opened_hold(appointments.lock_by_id(work, hold_id), links, secret)
    longer = hold.longer(at=work.now)
    appointments.change(work, hold, longer, Deed.EXTEND)
    log.info("hold_extended", appointment_id=hold.id)
    return queries.hold_reply(longer, work.now)


def release_hold(work: Work, links: Links, *, hold_id: UUID, secret: str) -> dict[str, Any]:
    """Give a held time back at once. A hold that is over stays over; an appointment is not touched.

    Raises: HoldUnknown, AppointmentOver (the hold has become an appointment: cancel that).
    """
    hold = queries.opened_hold(appointments.lock_by_id(work, hold_id), links, secret)
    if hold.state in (State.EXPIRED, State.RELEASED):
        return {}
    released = hold.released()
    capacity.give_back(work, hold.line_id, on=hold.slot.on, owned=hold.slot.mask)
    appointments.change(work, hold, released, Deed.RELEASE)
    log.info("hold_released", appointment_id=hold.id)
    return {}


def confirm_hold(work: Work, links: Links, *, hold_id: UUID, secret: str, **told: Any) -> dict[str, Any]:
    """Turn a hold into an appointment; `told` is name, email, phone, language and time_zone of who comes.

    Too late is not too late while the time is still free: it is taken once more. Confirming what is firm already
    answers the same appointment.

    Raises: HoldUnknown, HoldOver, AppointmentOver (it was cancelled).
    """
    hold = queries.opened_hold(appointments.lock_by_id(work, hold_id), links, secret)
    if hold.state is State.BOOKED:
        return queries.appointment_reply(hold, work.now)
    if hold.state is State.CANCELLED:
        raise AppointmentOver
    line_id = _line_for_confirming(work, hold)
    holder = Holder(
        name=told["name"].strip(),
        email=told["email"].strip(),
        phone=(told.get("phone") or "").strip() or None,
        language=told["language"],
        time_zone=told["time_zone"],
    )
    booked = hold.confirmed(at=work.now, reference=_free_reference(work), holder=holder, line_id=line_id)
    try:
        appointments.change(work, hold, booked, Deed.CONFIRM)
    except appointments.SecondLock:
        raise _stopped_by_second_lock(line_id) from None
    work.publish(contracts.AppointmentBooked, about=booked.id, version=booked.version, **_told(booked))
    log.info("hold_confirmed", appointment_id=booked.id, location=booked.slot.location_id, line=line_id)
    return queries.appointment_reply(booked, work.now)


def _line_for_confirming(work: Work, hold: Appointment) -> str:
    """Return the counter of a hold, taking its time anew when the hold's ticks were given back already.

    Raises: HoldOver.
    """
    if hold.state is State.RELEASED or hold.slot.starts_at <= work.now:
        raise HoldOver
    if hold.state is State.HELD:
        return hold.line_id  # late or not: until the sweeper has given them back, its ticks are its own
    needs = catalogue.skills_for(work, [part.product_id for part in hold.wanted])
    line_id = _take_any(work, hold.slot, needs, shuffled_by=str(hold.id))
    if line_id is None:
        raise HoldOver
    return line_id


# --- appointments -------------------------------------------------------------------------------------------------


def move_appointment(
    work: Work,
    links: Links,
    *,
    reference: str,
    secret: str,
    starts_at: datetime,
    location_id: str | None = None,
    expected_version: int | None = None,
) -> dict[str, Any]:
    """Give an appointment another time, and perhaps another location, or leave it exactly as it was.

    Reference, secret, calendar entry and length stay. Moving to where it is already changes nothing.

    Raises: AppointmentUnknown, AppointmentOver, VersionConflict, UnknownLocation, NotOfferedHere, InThePast, TooSoon,
    TooFar, DayClosed, SlotTaken, Malformed.
    """
    known = appointments.lock_by_reference(work, queries.reference_read(reference))
    before = queries.opened_appointment(known, links, secret, work.now)
    before.check_changeable(at=work.now, expected_version=expected_version)
    target = location_id or before.slot.location_id
    if starts_at == before.slot.starts_at and target == before.slot.location_id:
        return queries.appointment_reply(before, work.now)
    agenda = _agenda_for_move(work, before, target)
    slot = slot_for(work, agenda, starts_at)
    line_id = _take_for_move(work, before, slot, agenda.visit.needs)
    if line_id is None:
        raise _taken(work, agenda, slot)
    moved = before.moved(slot=slot, line_id=line_id)
    try:
        appointments.change(work, before, moved, Deed.MOVE)
    except appointments.SecondLock:
        raise _stopped_by_second_lock(line_id) from None
    came_from = {"from_starts_at": before.slot.starts_at, "from_location_id": before.slot.location_id}
    work.publish(contracts.AppointmentMoved, about=moved.id, version=moved.version, **_told(moved), **came_from)
    log.info("appointment_moved", appointment_id=moved.id, location=target, line=line_id)
    return queries.appointment_reply(moved, work.now)


def cancel_appointment(
    work: Work, links: Links, *, reference: str, secret: str, expected_version: int | None = None
) -> dict[str, Any]:
    """Call an appointment off and give its time back. Twice is the same as once.

    Raises: AppointmentUnknown, AppointmentOver (it has begun or passed), VersionConflict.
    """
    known = appointments.lock_by_reference(work, queries.reference_read(reference))
    before = queries.opened_appointment(known, links, secret, work.now)
    if before.state is State.CANCELLED:
        return queries.appointment_reply(before, work.now)
    before.check_changeable(at=work.now, expected_version=expected_version)
    cancelled = before.cancelled(at=work.now, by="resident")
    capacity.give_back(work, before.line_id, on=before.slot.on, owned=before.slot.mask)
    appointments.change(work, before, cancelled, Deed.CANCEL)
    work.publish(
        contracts.AppointmentCancelled,
        about=cancelled.id,
        version=cancelled.version,
        cancelled_by="resident",
        **_told(cancelled),
    )
    log.info("appointment_cancelled", appointment_id=cancelled.id)
    return queries.appointment_reply(cancelled, work.now)


def send_link(work: Work, *, reference: str, email: str) -> dict[str, Any]:
    """Ask for the secret link to be mailed, when e-mail and reference belong together; never tell whether they do."""
    read = read_reference(reference)
    found = appointments.lock_by_reference(work, read) if read else None
    if (
        found is None
        or found.holder is None
        or found.holder.email.casefold() != email.strip().casefold()
        or not found.changeable(work.now)
    ):
        return {}
    asked = found.link_requested()
    appointments.change(work, found, asked, Deed.REQUEST_LINK)
    work.publish(contracts.LinkRequested, about=asked.id, version=asked.version, appointment_id=asked.id)
    log.info("link_requested", appointment_id=asked.id)
    return {}


# --- the agenda ---------------------------------------------------------------------------------------------------


def slot_for(work: Work, agenda: Agenda, starts_at: datetime) -> Slot:
    """Return the slot of a visit that begins at an instant, when the rules allow it.

    Raises: InThePast, TooFar, TooSoon, DayClosed, Malformed (not on a five-minute mark).
    """
    if starts_at <= work.now:
        raise InThePast
    # Asked first: an instant in the year 9999 has no local time in every zone.
    if starts_at > work.now + timedelta(days=agenda.visit.horizon_days) + _MARGIN:
        raise TooFar(last_on=agenda.last_on)
    try:
        on, tick = locate(agenda.zone, starts_at)
    except ValueError:
        raise Malformed({"starts_at": ["Must lie on a five-minute mark."]}) from None
    if on > agenda.last_on:
        raise TooFar(last_on=agenda.last_on)
    if starts_at < agenda.earliest_at:
        raise TooSoon(earliest_at=agenda.earliest_at)
    slot = slot_at(agenda.zone, location_id=agenda.location_id, on=on, start_tick=tick, size=agenda.visit.size)
    if (
        slot is None
        or not capacity.open_ticks(
            work, location_id=agenda.location_id, needs=agenda.visit.needs, on=on, wanted=slot.mask
        )[1]
    ):
        raise DayClosed
    return slot


def _take_any(work: Work, slot: Slot, needs: frozenset[str], *, shuffled_by: str) -> str | None:
    """Take a slot at the counter where it fits best, or return None when nobody has it free."""
    room = capacity.counters_with_room(
        work, location_id=slot.location_id, needs=needs, on=slot.on, wanted=slot.mask, order_by=shuffled_by
    )
    in_order = best_fits(room, slot.first_tick, slot.ticks)
    return capacity.take_first(work, in_order, on=slot.on, wanted=slot.mask)


def _take_for_move(work: Work, before: Appointment, slot: Slot, needs: frozenset[str]) -> str | None:
    """Take the new slot and give the old one back, or do neither and return None.

    The visit's own ticks count as free, so that it may move by less than its own length.
    """
    days = capacity.lock_for_move(
        work,
        from_line_id=before.line_id,
        from_on=before.slot.on,
        location_id=slot.location_id,
        needs=needs,
        on=slot.on,
    )
    room = {}
    for day in days:
        own = (day.line_id, day.on) == (before.line_id, before.slot.on)
        if (day.on, day.location_id) == (slot.on, slot.location_id) and needs <= day.skills:
            room[day.line_id] = (day.free | (before.slot.mask if own else 0)) & day.open
    in_order = best_fits(room, slot.first_tick, slot.ticks)
    if not in_order:
        return None
    capacity.give_back(work, before.line_id, on=before.slot.on, owned=before.slot.mask)
    if not capacity.take(work, in_order[0], on=slot.on, wanted=slot.mask):
        raise RuntimeError("a locked counter changed")
    return in_order[0]


def _agenda_for_move(work: Work, before: Appointment, location_id: str) -> Agenda:
    """Return the agenda in which a booked visit looks for another time: its length is that of its booking.

    Raises: UnknownLocation, NotOfferedHere.
    """
    place = catalogue.location_by_id(work, location_id)
    if place is None:
        raise UnknownLocation(location_id=location_id)
    zone = ZoneInfo(place.time_zone)
    today = local_day(zone, work.now)
    product_ids = {part.product_id for part in before.wanted}
    rules = catalogue.rules_by_id(work, product_ids)
    visit = Visit(
        wanted=before.wanted,
        needs=catalogue.skills_for(work, product_ids),
        size=before.slot.size,
        lead=timedelta(minutes=max(rule.lead_minutes for rule in rules)),
        horizon_days=min(rule.horizon_days for rule in rules),
    )
    queries.check_offered(work, location_id, visit.needs)
    return Agenda(
        location_id=location_id,
        zone=zone,
        visit=visit,
        today=today,
        earliest_at=work.now + visit.lead,
        last_on=today + timedelta(days=visit.horizon_days),
    )


def _taken(work: Work, agenda: Agenda, slot: Slot) -> SlotTaken:
    figures.slots_lost_to_others.inc()
    return SlotTaken(alternatives=queries.nearest_starts(work, agenda, slot.starts_at))


def _stopped_by_second_lock(line_id: str) -> SlotTaken:
    """Report that only the constraint stopped a double booking: bits and visits disagree, a person must look."""
    figures.second_lock_refusals.inc()
    log.error("capacity_drift", line=line_id)
    return SlotTaken(alternatives=[])


def _free_reference(work: Work) -> str:
    while True:
        reference = new_reference(work.token(_REFERENCE_BYTES))
        if appointments.reference_is_free(work, reference):
            return reference


def _told(appointment: Appointment) -> dict[str, Any]:
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
