"""Wishing an earlier visit, giving the wish up, and answering an offer."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments import queries
from services.appointments.commands.places import slot_for
from services.appointments.commands.visits import agenda_for_move, relocated, take_for_move
from services.appointments.commands.wishes import close_offer, end_open_offer, end_wish, take_place
from services.appointments.domain.appointment import Appointment
from services.appointments.domain.errors import OfferOver, WishImpossible, WishUnknown
from services.appointments.domain.ticks import instant_of, local_day
from services.appointments.domain.waiting_list import Offer, OfferState, Wish, WishEnd, latest_start
from services.appointments.links import Links
from services.appointments.lots import Lots
from services.appointments.storage import appointments, capacity, catalogue
from services.appointments.storage import waiting_list as storage
from services.messaging.errors import Refusal
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()


def join_waiting_list(
    work: Work, links: Links, lots: Lots, *, reference: str, secret: str, **wished: Any
) -> dict[str, Any]:
    """Put an appointment on the waiting list, or change what is wished; the appointment stays as it is.

    `wished` is location_ids, earliest_on, weekdays, parts_of_day and notice_minutes. A wish that is changed keeps its
    place, and a paused one goes on. An offer that waits for its answer stays while it is still as wished.

    Raises: AppointmentUnknown, AppointmentOver, NoWaitingList, UnknownLocation, NotOfferedHere, WishImpossible.
    """
    visit = _opened(work, links, reference, secret)
    visit.check_changeable(at=work.now, expected_version=None)
    for location_id in wished["location_ids"]:
        agenda_for_move(work, visit, location_id)
    known = storage.lock_wish_of(work, visit.id)
    wish = _wish(work, lots, visit, known, wished)
    if known is None:
        storage.add_wish(work, wish)
    else:
        _change(work, known.changed(wish))
    log.info("wish_joined", appointment_id=visit.id)
    return queries.waiting_list_reply(work, visit)


def _change(work: Work, wish: Wish) -> None:
    storage.change_wish(work, wish)
    offer = storage.lock_open_offer(work, wish.id)
    if offer is not None and not wish.wants(offer.slot):
        end_open_offer(work, wish, OfferState.REVOKED)


def _wish(work: Work, lots: Lots, visit: Appointment, known: Wish | None, wished: Mapping[str, Any]) -> Wish:
    """Return a wish for an earlier visit.

    Raises: NoWaitingList, WishImpossible.
    """
    zone = ZoneInfo(catalogue.edition(work).time_zone_of(visit.slot.location_id))
    today = local_day(zone, work.now)
    wished_on = today if known is None else known.wished_on
    wish = Wish(
        id=work.new_id() if known is None else known.id,
        appointment_id=visit.id,
        location_ids=frozenset(wished["location_ids"]),
        earliest_on=max(wished["earliest_on"] or today, today),
        latest_at=latest_start(visit.slot.starts_at, wished_at=work.now, rules=queries.list_rules(work, visit)),
        weekdays=frozenset(wished["weekdays"]),
        parts_of_day=frozenset(wished["parts_of_day"]),
        notice=timedelta(minutes=wished["notice_minutes"]),
        wished_on=wished_on,
        rank=lots.rank(visit.id, wished_on),
        created_at=work.now,
    )
    if max(instant_of(zone, wish.earliest_on, 0), work.now + wish.notice) > wish.latest_at:
        raise WishImpossible(latest_at=wish.latest_at)
    return wish


def leave_waiting_list(work: Work, links: Links, *, reference: str, secret: str) -> dict[str, Any]:
    """Take an appointment off the waiting list; twice is the same as once.

    Raises: AppointmentUnknown.
    """
    visit = _opened(work, links, reference, secret)
    end_wish(work, visit, WishEnd.LEFT)
    return {}


def answer_offer(
    work: Work, links: Links, *, reference: str, secret: str, offer_id: UUID, answer: str
) -> dict[str, Any]:
    """Move an appointment to the offered time, or leave it where it is and ask the next one on the list.

    Saying the same twice, or on two devices at once, is the same as once. Too late is not too late while the time is
    still free for everybody: it is taken as any move would take it.

    Raises: AppointmentUnknown, AppointmentOver, WishUnknown (no such offer was made for it), OfferOver.
    """
    visit = _opened(work, links, reference, secret)
    wish = storage.lock_wish_of(work, visit.id)
    offer = storage.lock_offer(work, offer_id)
    if offer is None or offer.appointment_id != visit.id:
        raise WishUnknown
    if answer == "decline":
        if wish is not None and offer.state is OfferState.OPEN:
            end_open_offer(work, wish, OfferState.DECLINED)
        elif offer.state is OfferState.ACCEPTED:
            raise OfferOver
        return queries.appointment_reply(visit, work.now)
    if offer.state is OfferState.ACCEPTED:
        return queries.appointment_reply(visit, work.now)
    visit.check_changeable(at=work.now, expected_version=None)
    if wish is not None and offer.state is OfferState.OPEN:
        moved = _accepted(work, visit, wish, offer)
    elif wish is not None and offer.state is OfferState.EXPIRED:
        moved = _taken_late(work, visit, offer)
    else:
        raise OfferOver
    return queries.appointment_reply(moved, work.now)


def _opened(work: Work, links: Links, reference: str, secret: str) -> Appointment:
    known = appointments.lock_by_reference(work, queries.reference_read(reference))
    return queries.opened_appointment(known, links, secret, work.now)


def _accepted(work: Work, visit: Appointment, wish: Wish, offer: Offer) -> Appointment:
    """Return the visit at the offered place: its ticks pass from the hold to the visit without being free in between.

    Raises: OfferOver (the counter has closed, or the time has come).
    """
    hold = take_place(work, offer)
    if offer.slot.starts_at <= work.now or not capacity.are_open(work, hold.owned):
        raise OfferOver
    close_offer(work, offer, OfferState.ACCEPTED)
    storage.change_wish(work, wish.answered(OfferState.ACCEPTED).ended(WishEnd.FULFILLED, work.now))
    capacity.give_back(work, visit.owned)
    return relocated(work, visit, offer.slot, hold.lines)


def _taken_late(work: Work, visit: Appointment, offer: Offer) -> Appointment:
    """Return the visit at a place that was offered too long ago but is still free for everybody.

    Raises: OfferOver.
    """
    if offer.slot.starts_at >= visit.slot.starts_at:
        raise OfferOver
    end_wish(work, visit, WishEnd.FULFILLED)
    try:
        agenda = agenda_for_move(work, visit, offer.slot.location_id)
        slot = slot_for(work, agenda, offer.slot.starts_at)
        lines = take_for_move(work, visit, slot, agenda)
    except Refusal:
        raise OfferOver from None
    if lines is None:
        raise OfferOver
    return relocated(work, visit, slot, lines)
