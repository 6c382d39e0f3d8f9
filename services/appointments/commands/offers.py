"""Giving a place that came free to the first on the waiting list who would take it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.appointments import figures, queries
from services.appointments.commands.freeing import let_go, run_slot
from services.appointments.domain.appointment import Appointment, Deed, KeptFor, kept_place
from services.appointments.domain.companions import Line, LineKind, Lines, choose_beside
from services.appointments.domain.contact_hours import contact_after
from services.appointments.domain.fitting import rooms
from services.appointments.domain.place import Slot, owned_by
from services.appointments.domain.policy import together
from services.appointments.domain.ticks import local_day, mask, to_text
from services.appointments.domain.waiting_list import MOST_OFFERS_A_MINUTE, Candidate, Offer, Run, Wish, answer_by
from services.appointments.storage import appointments, capacity, catalogue
from services.appointments.storage import waiting_list as storage
from services.appointments.storage.capacity import LineDay
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

_ONE_MINUTE = timedelta(minutes=1)


class Step(StrEnum):
    """What came of one look at a day."""

    OFFERED = "offered"
    AGAIN = "again"
    """Something changed at this very moment: look once more."""
    DONE = "done"
    LATER = "later"
    """Somebody else gives out places, or enough were offered this minute."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody could come: ticks kept for the list (`hold`), or free for everybody.

    `beside` are the lines that may be had besides the counter: what is free, and what this very place has.
    """

    line_id: str
    run: Run
    hold: Appointment | None
    beside: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Day:
    """A day at a location, as the list looks at it once."""

    location_id: str
    on: date
    zone: ZoneInfo
    places: Sequence[Place]


def offer_next(work: Work, *, location_id: str, on: date) -> Step:
    """Offer a place of a day to the first on the list who would take one.

    When nobody would, what is kept for the list goes to everybody, and the day has been looked at.
    """
    if not storage.lock_list(work) or storage.offers_since(work, work.now - _ONE_MINUTE) >= MOST_OFFERS_A_MINUTE:
        return Step.LATER
    notes = storage.notes_of(work, location_id, on)
    day = _look_at(work, location_id, on)
    passed: list[Candidate] = []
    for candidate, visit in candidates(work, storage.in_order(work, location_id=location_id, on=on)):
        found = _best_place(day, candidate)
        if found is None:
            passed.append(candidate)
        elif _unchanged(work, candidate.wish, visit) and _offered(work, day, candidate, visit, found, passed):
            return Step.OFFERED
        else:
            return Step.AGAIN
    let_go(work, [place.hold for place in day.places if place.hold is not None])
    storage.forget_notes(work, notes)
    return Step.DONE


def candidates(reading: Reading, wishes: Sequence[Wish]) -> list[tuple[Candidate, Appointment]]:
    """Return wishes in their order with what their visits need, and the visits; none whose list was closed."""
    visits = appointments.by_ids(reading, [wish.appointment_id for wish in wishes])
    by_products: dict[frozenset[str], Bounds | None] = {}
    found = []
    for wish in wishes:
        visit = visits[wish.appointment_id]
        wanted = frozenset(part.product_id for part in visit.wanted)
        if wanted not in by_products:
            zone = ZoneInfo(catalogue.edition(reading).time_zone_of(visit.slot.location_id))
            by_products[wanted] = _bounds(reading, wanted, zone)
        bounds = by_products[wanted]
        if bounds is None or not visit.changeable(reading.now):
            continue
        size = visit.slot.size
        candidate = Candidate(
            wish=wish,
            needs=bounds.needs,
            size=size,
            not_before=max(bounds.not_before, reading.now + wish.notice),
            last_on=bounds.last_on,
            companions=catalogue.edition(reading).companions_for(visit.wanted, size) if bounds.besides else (),
            undrawn=bounds.undrawn,
        )
        found.append((candidate, visit))
    return found


@dataclass(frozen=True, slots=True)
class Bounds:
    """What products need, and between when they can be offered to somebody on the list."""

    needs: frozenset[str]
    not_before: datetime
    last_on: date
    besides: bool
    """Something is needed besides a counter."""
    undrawn: frozenset[date]


def _bounds(reading: Reading, product_ids: frozenset[str], zone: ZoneInfo) -> Bounds | None:
    products = catalogue.edition(reading).rules_by_id(product_ids)
    rules = together(product.policy for product in products).waiting_list
    if rules is None:
        return None
    lead = timedelta(minutes=max(product.lead_minutes for product in products))
    today = local_day(zone, reading.now)
    last_on = today + timedelta(days=min(product.horizon_days for product in products))
    return Bounds(
        needs=frozenset().union(*(product.needs for product in products)),
        not_before=max(reading.now + lead, contact_after(reading.now, rules.min_lead, zone)),
        last_on=last_on,
        besides=any(product.also for product in products),
        undrawn=frozenset(queries.awaiting_draw(reading, product_ids, today, last_on)),
    )


def _look_at(work: Work, location_id: str, on: date) -> Day:
    kept = appointments.lock_kept_for_list(work, location_id=location_id, on=on)
    lines = [line for line in capacity.days_of(work, on, on).values() if line.location_id == location_id]
    counters = [line for line in lines if line.kind is LineKind.DESK]
    others = [line for line in lines if line.kind is not LineKind.DESK]
    places = [
        Place(line.line_id, Run(hold.slot.mask & line.open, line.skills), hold, _beside(others, hold))
        for hold in kept
        for line in counters
        if line.line_id == hold.line_id
    ]
    free = _beside(others, None)
    places += [Place(line.line_id, Run(line.free, line.skills), None, free) for line in counters if line.free]
    return Day(location_id, on, ZoneInfo(catalogue.edition(work).time_zone_of(location_id)), places)


def _beside(others: Iterable[LineDay], hold: Appointment | None) -> list[Line]:
    own = {} if hold is None else {kept.line_id: kept.bits for kept in hold.owned}
    return [line.line((line.free | own.get(line.line_id, 0)) & line.open) for line in others]


def _best_place(day: Day, candidate: Candidate) -> tuple[Place, Slot] | None:
    """Return a slot that suits: kept for the list before free for all, then the earliest, then the tightest fit."""
    found = []
    for place in day.places:
        slot = _fitting(day, candidate, place, place.run)
        if slot is not None:
            waste = sum(rooms(place.run.bits, slot.first_tick, slot.ticks))
            found.append(((place.hold is None, slot.starts_at, waste, place.line_id), place, slot))
    return None if not found else min(found, key=lambda one: one[0])[1:]


def _fitting(day: Day, candidate: Candidate, place: Place, run: Run) -> Slot | None:
    return candidate.fitting(run, beside=place.beside, location_id=day.location_id, on=day.on, zone=day.zone)


def _unchanged(work: Work, wish: Wish, visit: Appointment) -> bool:
    """Lock visit and wish; return whether both are what they were when the list was read."""
    return appointments.lock_by_id(work, visit.id) == visit and storage.lock_wish_of(work, visit.id) == wish


def _offered(
    work: Work,
    day: Day,
    candidate: Candidate,
    visit: Appointment,
    found: tuple[Place, Slot],
    passed: Sequence[Candidate],
) -> bool:
    """Offer a place; return False when somebody else took it a moment ago."""
    place, slot = found
    expires_at = answer_by(at=work.now, starts_at=slot.starts_at, zone=day.zone)
    claims = choose_beside(candidate.companions, place.beside, slot.first_tick)
    if claims is None:
        raise RuntimeError("a slot that fits has nothing beside it")
    hold = _hold_for(work, day, Lines(place.line_id, claims), place.hold, slot, visit, expires_at)
    if hold is None:
        return False
    run = Run(slot.mask, place.run.skills)
    offer = Offer(
        id=work.new_id(),
        wish_id=candidate.wish.id,
        appointment_id=visit.id,
        hold_id=hold.id,
        slot=slot,
        made_at=work.now,
        expires_at=expires_at,
        passed=sum(_fitting(day, one, place, run) is not None for one in passed),
    )
    storage.add_offer(work, offer)
    storage.change_wish(work, candidate.wish.asked(work.now))
    _tell(work, offer, visit)
    return True


def _hold_for(
    work: Work, day: Day, lines: Lines, kept: Appointment | None, slot: Slot, visit: Appointment, until: datetime
) -> Appointment | None:
    """Return the hold of an offer, on exactly the ticks of its slot; what is left of a kept run stays on the list.

    What a kept place has besides its counter and the offer does not need goes to everybody.
    """
    if kept is None:
        if not capacity.take_all(work, owned_by(slot, lines)):
            return None
        hold = kept_place(
            visit, slot, lines=lines, hold_id=work.new_id(), kept_for=KeptFor.OFFER, until=until, at=work.now
        )
        appointments.add(work, hold)
        return hold
    left = [own for own in kept.owned if own.line_id != kept.line_id]
    wanted = [own for own in owned_by(slot, lines) if own.line_id != kept.line_id]
    if left != wanted and not capacity.exchange(work, left, wanted):
        return None
    hold = kept.kept(KeptFor.OFFER, until=until, slot=slot, claims=lines.claims)
    appointments.change(work, kept, hold, Deed.KEEP)
    for bits in _pieces(kept.slot.mask & ~slot.mask):
        rest = run_slot(day.zone, like=slot, bits=bits)
        appointments.add(work, replace(kept, id=work.new_id(), slot=rest, claims=()))
    return hold


def _pieces(bits: int) -> list[int]:
    """Return the runs of which bits consist."""
    return [mask(found.start(), len(found.group())) for found in re.finditer("1+", to_text(bits))]


def _tell(work: Work, offer: Offer, visit: Appointment) -> None:
    work.publish(
        contracts.OfferMade,
        about=offer.id,
        version=1,
        offer_id=offer.id,
        wish_id=offer.wish_id,
        appointment_id=visit.id,
        appointment_version=visit.version,
        sequence=visit.sequence,
        location_id=offer.slot.location_id,
        products=appointments.products_of(visit.wanted),
        starts_at=offer.slot.starts_at,
        ends_at=offer.slot.ends_at,
        from_starts_at=visit.slot.starts_at,
        from_location_id=visit.slot.location_id,
        expires_at=offer.expires_at,
    )
    figures.offers_made.inc()
    if offer.passed:
        figures.ranks_passed.inc(offer.passed)
        log.error("waiting_list_rank_passed", offer_id=offer.id, passed_count=offer.passed)
    log.info("offer_made", appointment_id=visit.id, offer_id=offer.id, expires_at=offer.expires_at)
