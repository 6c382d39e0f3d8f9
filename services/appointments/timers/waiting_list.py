"""The waiting list at work: gives out what came free, ends what is over, looks for what nobody was told of.

Every step is a transaction of its own and may be repeated: timers are rows, never memory. One process at a time gives
out places, so that the order of the list holds in the whole town.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments.commands.freeing import let_go
from services.appointments.commands.offers import Step, candidates, offer_next
from services.appointments.commands.wishes import end_open_offer, end_wish
from services.appointments.domain.appointment import KeptFor
from services.appointments.domain.ticks import local_day
from services.appointments.domain.waiting_list import Candidate, OfferState, WishEnd
from services.appointments.storage import appointments, capacity, catalogue, search
from services.appointments.storage import waiting_list as storage
from services.messaging.database import Transactions
from services.messaging.work import Reading, Work

DEBOUNCE = timedelta(seconds=60)
"""How long places of one day are collected before people are asked for them."""
BATCH = 100
MOST_LOOKS = 100
"""At one day in one run; the next run goes on."""


def work_the_list(transactions: Transactions, *, debounce: timedelta = DEBOUNCE) -> bool:
    """End what is over and ask people for what came free; return whether there is probably more to do at once."""
    ended = expire_offers(transactions)
    with transactions.work() as work:
        let_go = end_kept(work)
    give_out(transactions, debounce=debounce)
    return max(ended, let_go) >= BATCH


def give_out(transactions: Transactions, *, debounce: timedelta = DEBOUNCE) -> int:
    """Ask people for all places that came free, day by day; return how many offers were made."""
    made = 0
    with transactions.reading() as reading:
        days = storage.days_to_look_at(reading, debounce)
    for location_id, on in days:
        for _ in range(MOST_LOOKS):
            with transactions.work() as work:
                step = offer_next(work, location_id=location_id, on=on)
            made += step is Step.OFFERED
            if step is Step.LATER:
                return made
            if step is Step.DONE:
                break
    return made


def expire_offers(transactions: Transactions, *, most: int = BATCH) -> int:
    """End offers that nobody answered in time, or whose counter has closed; return how many there were."""
    with transactions.reading() as reading:
        over = storage.offers_over(reading, most)
        closed = storage.offers_outside_openings(reading, most)
    for appointment_id in over:
        _end_offer(transactions, appointment_id, OfferState.EXPIRED)
    for appointment_id in closed:
        _end_offer(transactions, appointment_id, OfferState.REVOKED)
    return len(over) + len(closed)


def end_kept(work: Work, *, most: int = BATCH) -> int:
    """Let go of places whose time on the list or whose delay is over; return how many there were."""
    due = appointments.lock_expired_holds(work, most, kept_for=[KeptFor.LIST, KeptFor.DELAY])
    let_go(work, sorted(due, key=lambda hold: (hold.slot.on, hold.line_id)))
    return len(due)


def sweep(transactions: Transactions) -> int:
    """End wishes that nothing can fulfil any more, and look for free places that nobody was told of.

    Returns how many days the list will look at: places also come free when openings change.
    """
    with transactions.reading() as reading:
        past = storage.visits_of_wishes_past(reading, BATCH)
    for appointment_id in past:
        with transactions.work() as work:
            visit = appointments.lock_by_id(work, appointment_id)
            if visit is not None:
                end_wish(work, visit, WishEnd.PASSED)
    with transactions.work() as work:
        days = _days_with_room(work)
        for location_id, on in sorted(days):
            storage.note_freed(work, location_id=location_id, on=on, at_once=True)
    return len(days)


def _end_offer(transactions: Transactions, appointment_id: UUID, how: OfferState) -> None:
    with transactions.work() as work:
        appointments.lock_by_id(work, appointment_id)
        wish = storage.lock_wish_of(work, appointment_id)
        if wish is None:
            return
        offer = storage.lock_open_offer(work, wish.id)
        if offer is not None and (how is OfferState.REVOKED or offer.expires_at <= work.now):
            end_open_offer(work, wish, how)


def _days_with_room(reading: Reading) -> set[tuple[str, date]]:
    """Return the days on which something free for everybody fits a wish whose owner may be asked now."""
    waiting = [wish for wish in storage.active_wishes(reading) if wish.may_be_asked(reading.now)]
    rooms: dict[tuple[object, ...], tuple[ZoneInfo, Sequence[tuple[date, int]]]] = {}
    found = set()
    for candidate, _ in candidates(reading, waiting):
        for location_id in candidate.wish.location_ids:
            key = (location_id, candidate.needs, candidate.size.owned_ticks, candidate.companions)
            if key not in rooms:
                rooms[key] = _room(reading, candidate, location_id)
            zone, days = rooms[key]
            found |= {
                (location_id, on)
                for on, starts in days
                if candidate.first_of(starts, location_id=location_id, on=on, zone=zone) is not None
            }
    return found


def _room(reading: Reading, candidate: Candidate, location_id: str) -> tuple[ZoneInfo, Sequence[tuple[date, int]]]:
    zone = ZoneInfo(catalogue.edition(reading).time_zone_of(location_id))
    between = {"first_on": local_day(zone, reading.now), "last_on": candidate.last_on}
    days = capacity.possible_starts(
        reading, location_id=location_id, needs=candidate.needs, ticks=candidate.size.owned_ticks, **between
    )
    if candidate.companions:
        beside = search.starts_beside_by_day(
            reading, location_id=location_id, companions=candidate.companions, **between
        )
        days = [(on, starts & beside.get(on, 0)) for on, starts in days]
    return zone, days
