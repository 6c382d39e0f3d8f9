"""Moving and cancelling a firm appointment, and sending its link again."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from services.appointments import queries
from services.appointments.commands.freeing import keep_back
from services.appointments.commands.journeys import check_other_visit
from services.appointments.commands.places import check_quotas, facts_of, slot_for, stopped_by_second_lock, taken
from services.appointments.commands.wishes import end_wish, end_wish_if_early_enough
from services.appointments.domain.appointment import Appointment, Deed, State
from services.appointments.domain.collection import Part
from services.appointments.domain.companions import LineKind, Lines, choose_beside
from services.appointments.domain.errors import SlotTaken, UnknownLocation
from services.appointments.domain.fitting import best_fits
from services.appointments.domain.place import Slot, merged, owned_by
from services.appointments.domain.reference import read_reference, shown
from services.appointments.domain.ticks import local_day
from services.appointments.domain.visit import Visit
from services.appointments.domain.waiting_list import WishEnd
from services.appointments.links import Links
from services.appointments.queries import Agenda
from services.appointments.storage import appointments, capacity, catalogue
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()


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
    TooFar, ToBeDrawn, DayClosed, SlotTaken, Malformed; CollectionTooEarly, CollectionTooLate (it no longer fits the
    other visit).
    """
    known, other = appointments.lock_with_other_visit(work, queries.reference_read(reference))
    before = queries.opened_appointment(known, links, secret, work.now)
    before.check_changeable(at=work.now, expected_version=expected_version)
    target = location_id or before.slot.location_id
    if starts_at == before.slot.starts_at and target == before.slot.location_id:
        return queries.appointment_reply(before, work.now)
    agenda = agenda_for_move(work, before, target)
    slot = slot_for(work, agenda, starts_at)
    if (slot.location_id, slot.on) != (before.slot.location_id, before.slot.on):
        check_quotas(work, agenda, slot)
    if other is not None:
        check_other_visit(work, before, slot, other)
    end_wish_if_early_enough(work, before, starts_at)
    lines = take_for_move(work, before, slot, agenda)
    if lines is None:
        raise taken(work, agenda, slot)
    moved = relocated(work, before, slot, lines, quota_ids=agenda.visit.quota_ids)
    return queries.appointment_reply(moved, work.now)


def cancel_appointment(
    work: Work, links: Links, *, reference: str, secret: str, expected_version: int | None = None
) -> dict[str, Any]:
    """Call an appointment off and give its time back. Twice is the same as once.

    Without its request there is nothing to collect: that visit goes with it. Collecting alone may be called off.

    Raises: AppointmentUnknown, AppointmentOver (it has begun or passed), VersionConflict.
    """
    known, other = appointments.lock_with_other_visit(work, queries.reference_read(reference))
    before = queries.opened_appointment(known, links, secret, work.now)
    if before.state is State.CANCELLED:
        return queries.appointment_reply(before, work.now)
    before.check_changeable(at=work.now, expected_version=expected_version)
    cancelled, goes_too = call_off(work, before, other, by="resident")
    reply = queries.appointment_reply(cancelled, work.now)
    return reply | ({"also_cancelled": shown(goes_too.reference or "")} if goes_too else {})


def call_off(
    work: Work, visit: Appointment, other: Appointment | None, *, by: str, because: str | None = None
) -> tuple[Appointment, Appointment | None]:
    """Return a locked visit called off, and the visit to collect that went with it; their places come free.

    `other` is the other visit of a pair; `because` tells why the municipality does it with the first.
    """
    goes_too = other if other and visit.part is Part.REQUEST and other.changeable(work.now) else None
    in_order = sorted(filter(None, (visit, goes_too)), key=lambda one: (one.slot.on, one.line_id))
    why = {visit.id: because, **({goes_too.id: because and "with-request"} if goes_too else {})}
    for one in in_order:
        end_wish(work, one, WishEnd.CANCELLED)
    capacity.give_back(work, merged(own for one in in_order for own in one.owned))
    off = {one.id: _call_off(work, one, by=by, because=why[one.id]) for one in in_order}
    return off[visit.id], goes_too


def _call_off(work: Work, before: Appointment, *, by: str, because: str | None) -> Appointment:
    cancelled = before.cancelled(at=work.now, by=by)
    appointments.change(work, before, cancelled, Deed.CANCEL)
    keep_back(work, before, ticks=before.slot.mask)
    work.publish(
        contracts.AppointmentCancelled,
        about=cancelled.id,
        version=cancelled.version,
        cancelled_by=by,
        because=because,
        **facts_of(cancelled),
    )
    log.info("appointment_cancelled", appointment_id=cancelled.id)
    return cancelled


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


def relocated(
    work: Work, before: Appointment, slot: Slot, lines: Lines, *, quota_ids: tuple[str, ...] | None = None
) -> Appointment:
    """Return a visit at its new place, whose ticks are taken and whose old ones have been given back, and tell of it.

    Raises: SlotTaken (only the constraint stopped a double booking, or somebody else got the last of a quota).
    """
    moved = before.moved(slot=slot, lines=lines, at=work.now, quota_ids=quota_ids)
    try:
        appointments.change(work, before, moved, Deed.MOVE)
    except appointments.SecondLock:
        raise stopped_by_second_lock(lines.line_id) from None
    except appointments.QuotaUsedUp:
        raise SlotTaken(alternatives=[]) from None
    same_day = (before.line_id, before.slot.on) == (lines.line_id, slot.on)
    keep_back(work, before, ticks=before.slot.mask & ~slot.mask if same_day else before.slot.mask)
    came_from = {"from_starts_at": before.slot.starts_at, "from_location_id": before.slot.location_id}
    work.publish(contracts.AppointmentMoved, about=moved.id, version=moved.version, **facts_of(moved), **came_from)
    log.info("appointment_moved", appointment_id=moved.id, location=slot.location_id, line=lines.line_id)
    return moved


def take_for_move(work: Work, before: Appointment, slot: Slot, agenda: Agenda) -> Lines | None:
    """Take the new slot and give the old one back, or do neither and return None.

    The visit's own ticks count as free, so that it may move by less than its own length.
    """
    visit = agenda.visit
    days = capacity.lock_for_visit(
        work,
        location_id=slot.location_id,
        on=slot.on,
        needs=visit.needs,
        companions=visit.companions,
        leaving=before.owned,
    )
    own = {(left.line_id, left.on): left.bits for left in before.owned}
    here = [
        day.line((day.free | own.get((day.line_id, day.on), 0)) & day.open)
        for day in days
        if (day.on, day.location_id) == (slot.on, slot.location_id)
    ]
    counters = {line.line_id: line.bits for line in here if line.kind is LineKind.DESK and visit.needs <= line.skills}
    in_order = best_fits(counters, slot.first_tick, slot.ticks)
    claims = choose_beside(visit.companions, here, slot.first_tick)
    if not in_order or claims is None:
        return None
    lines = Lines(in_order[0], claims)
    capacity.give_back(work, before.owned)
    if not capacity.take_all(work, owned_by(slot, lines)):
        raise RuntimeError("a locked line changed")
    return lines


def agenda_for_move(work: Reading, before: Appointment, location_id: str) -> Agenda:
    """Return the agenda in which a booked visit looks for another time: its length is that of its booking.

    Raises: UnknownLocation, NotOfferedHere.
    """
    edition = catalogue.edition(work)
    place = edition.location_by_id(location_id)
    if place is None:
        raise UnknownLocation(location_id=location_id)
    zone = ZoneInfo(place.time_zone)
    today = local_day(zone, work.now)
    product_ids = {part.product_id for part in before.wanted}
    rules = edition.rules_by_id(product_ids)
    needs = edition.skills_for(product_ids)
    visit = Visit(
        wanted=before.wanted,
        needs=needs,
        size=before.slot.size,
        lead=timedelta(minutes=max(rule.lead_minutes for rule in rules)),
        horizon_days=min(rule.horizon_days for rule in rules),
        quota_ids=edition.quotas_on(location_id=location_id, products=product_ids, channel=before.channel, needs=needs),
        companions=edition.companions_for(before.wanted, before.slot.size),
    )
    queries.check_offered(edition, location_id, visit)
    agenda = Agenda(
        location_id=location_id,
        zone=zone,
        visit=visit,
        today=today,
        earliest_at=work.now + visit.lead,
        last_on=today + timedelta(days=visit.horizon_days),
        shortest=queries.shortest_run(edition, location_id, visit.needs, today),
    )
    return queries.with_draws(work, agenda)
