"""Keeping a time while somebody fills in a form, and making it firm."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from services.appointments import queries
from services.appointments.commands.people import Exceeding, check_limits, exceeding, holder_from, is_bound
from services.appointments.commands.places import (
    check_quotas,
    facts_of,
    slot_for,
    stopped_by_second_lock,
    take_any,
    take_for,
    taken,
)
from services.appointments.domain.appointment import Appointment, Deed, Holder, State, new_hold
from services.appointments.domain.companions import Lines
from services.appointments.domain.errors import AppointmentOver, HoldOver, SlotTaken
from services.appointments.domain.reference import new_reference
from services.appointments.links import Links
from services.appointments.people import People
from services.appointments.storage import appointments, capacity, catalogue
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_REFERENCE_BYTES = 5


def hold_slot(
    work: Work, *, location_id: str, products: Sequence[Mapping[str, Any]], starts_at: datetime, channel: str
) -> dict[str, Any]:
    """Keep a time for ten minutes, at the counter where it leaves the least waste, with all that is needed besides.

    Every five-minute start is taken at which a suitable counter is open and free, not only those on offer.

    Raises: UnknownLocation, UnknownProduct, NotOfferedHere, VisitTooLong, InThePast, TooSoon, TooFar, ToBeDrawn,
    DayClosed, SlotTaken (with the nearest alternatives), Malformed (not on a five-minute mark).
    """
    agenda = queries.agenda_for(work, location_id=location_id, products=products, channel=channel)
    slot = slot_for(work, agenda, starts_at)
    check_quotas(work, agenda, slot)
    hold_id = work.new_id()
    lines = take_for(work, agenda, slot, shuffled_by=str(hold_id))
    if lines is None:
        raise taken(work, agenda, slot)
    hold = new_hold(agenda.visit, slot, hold_id=hold_id, lines=lines, channel=channel, at=work.now)
    try:
        appointments.add(work, hold)
    except appointments.SecondLock:
        raise stopped_by_second_lock(lines.line_id) from None
    except appointments.QuotaUsedUp:
        raise SlotTaken(alternatives=[]) from None
    log.info("slot_held", appointment_id=hold.id, location=location_id, line=lines.line_id)
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
    end_hold(work, queries.opened_hold(appointments.lock_by_id(work, hold_id), links, secret))
    return {}


def end_hold(work: Work, hold: Appointment) -> None:
    """Give the time of a locked hold back, unless that has been done.

    Raises: AppointmentOver (it has become an appointment).
    """
    if hold.state in (State.EXPIRED, State.RELEASED):
        return
    released = hold.released()
    capacity.give_back(work, hold.owned)
    appointments.change(work, hold, released, Deed.RELEASE)
    log.info("hold_released", appointment_id=hold.id)


def confirm_hold(
    work: Work, links: Links, people: People, *, hold_id: UUID, secret: str, **told: Any
) -> dict[str, Any]:
    """Turn a hold into an appointment; `told` is name, email, phone, language and time_zone of who comes, birth_on when
    a product is bound to a person, and exceed_reason and staff_id when staff book beyond the limits.

    Too late is not too late while the time is still free: it is taken once more. Confirming what is firm already
    answers the same appointment.

    Raises: HoldUnknown, HoldOver, AppointmentOver (it was cancelled), TooManyLive, Malformed.
    """
    hold = queries.opened_hold(appointments.lock_by_id(work, hold_id), links, secret)
    if hold.state is State.BOOKED:
        return queries.appointment_reply(hold, work.now)
    if hold.state is State.CANCELLED:
        raise AppointmentOver
    bound = is_bound(catalogue.edition(work), [part.product_id for part in hold.wanted])
    holder = holder_from(work, people, told, bound=bound)
    booked = make_firm(work, hold, holder, exceeded=exceeding(told, hold.channel))
    return queries.appointment_reply(booked, work.now)


def make_firm(work: Work, hold: Appointment, holder: Holder, *, exceeded: Exceeding | None = None) -> Appointment:
    """Return the appointment that a locked hold has become, and tell of it.

    Raises: HoldOver, TooManyLive.
    """
    check_limits(work, hold, holder, exceeded)  # before any counter: who waits for a person keeps nobody waiting
    lines = _lines_for_confirming(work, hold)
    booked = hold.confirmed(at=work.now, reference=_free_reference(work), holder=holder, lines=lines)
    try:
        appointments.change(work, hold, booked, Deed.CONFIRM)
    except appointments.SecondLock:
        raise stopped_by_second_lock(lines.line_id) from None
    except appointments.QuotaUsedUp:
        raise HoldOver from None  # it was too late, and others have taken its share since
    work.publish(contracts.AppointmentBooked, about=booked.id, version=booked.version, **facts_of(booked))
    log.info("hold_confirmed", appointment_id=booked.id, location=booked.slot.location_id, line=lines.line_id)
    return booked


def _lines_for_confirming(work: Work, hold: Appointment) -> Lines:
    """Return the lines of a hold, taking its time anew when the hold's ticks were given back already.

    Raises: HoldOver.
    """
    if hold.state is State.RELEASED or hold.slot.starts_at <= work.now:
        raise HoldOver
    if hold.state is State.HELD:
        return hold.lines  # late or not: until the sweeper has given them back, its ticks are its own
    needs = catalogue.edition(work).skills_for([part.product_id for part in hold.wanted])
    companions = tuple(claim.need for claim in hold.claims)
    lines = take_any(work, hold.slot, needs, companions, shuffled_by=str(hold.id))
    if lines is None:
        raise HoldOver
    return lines


def _free_reference(work: Work) -> str:
    while True:
        reference = new_reference(work.token(_REFERENCE_BYTES))
        if appointments.reference_is_free(work, reference):
            return reference
