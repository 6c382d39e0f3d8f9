"""Making a draw known, holding it, and telling everybody what he got. Each step may be repeated after any crash.

Lots are cast in one transaction: either everybody's turn is stored, with the ticks that the winners got, or nothing
happened and the same key gives the same order again. Telling goes person by person after that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments import figures, queries
from services.appointments.commands.draws import enter
from services.appointments.commands.holds import end_hold, make_firm
from services.appointments.commands.people import Exceeding
from services.appointments.commands.places import stopped_by_second_lock
from services.appointments.domain.appointment import Appointment, KeptFor, State, new_hold
from services.appointments.domain.companions import Lines
from services.appointments.domain.draw_document import Held, write
from services.appointments.domain.draw_rules import ANNOUNCED_AHEAD, Batch, batches_between
from services.appointments.domain.drawing import KEY_BYTES, Outcome, Place, commitment_of, draw
from services.appointments.domain.draws import Draw, DrawRequest, DrawState, Entry, RequestState
from services.appointments.domain.errors import TooManyLive
from services.appointments.domain.place import Owned, slot_at
from services.appointments.domain.ticks import local_day
from services.appointments.domain.visit import Size, Visit, Wanted
from services.appointments.storage import appointments, capacity, catalogue, draw_requests, drawing, draws
from services.appointments.storage.draw_requests import Turn
from services.contracts import appointments as contracts
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_AHEAD = timedelta(days=182)
_AT_ONCE = 100
"""Holds in one statement."""


def announce_next(work: Work) -> bool:
    """Make one more draw known, with the hash of its key, an hour before people may ask; False when there is none.

    One for which it is too late is never made known: its places are for everybody.
    """
    today = local_day(queries.TOWN_ZONE, work.now)
    products = [row.id for row in catalogue.edition(work).offered_products(today)]
    rules = queries.rules_by_product(catalogue.edition(work), products)
    known = {(one.product_id, one.batch.first_on) for one in draws.draws_between(work, rules, today, today + _AHEAD)}
    for product_id, of_product in rules.items():
        for planned in batches_between(of_product, today, today + _AHEAD, queries.TOWN_ZONE):
            batch = planned.begun_at(work.now, queries.TOWN_ZONE)
            due = planned.opens_at - ANNOUNCED_AHEAD <= work.now and (product_id, planned.first_on) not in known
            if due and batch is not None and _announced(work, product_id, batch):
                return True
    return False


def _announced(work: Work, product_id: str, batch: Batch) -> bool:
    key = work.token(KEY_BYTES)
    new = Draw(
        id=work.new_id(),
        product_id=product_id,
        batch=batch,
        key=key,
        commitment=commitment_of(key),
        state=DrawState.OPEN,
    )
    if not draws.add_draw(work, new):
        return False
    log.info("draw_announced", draw_id=new.id, product=product_id, first_on=batch.first_on)
    return True


def hold_next(work: Work) -> Draw | None:
    """Hold the draw that is due first, and return it; None when none is.

    The winners' ticks pass into holds here; nobody can take them meanwhile, and what is left is for everybody at once.
    """
    due = draws.lock_due(work)
    if due is None:
        return None
    _leave_out_helped(work, due)
    taking_part = dict(draw_requests.requests_in(work, due.id))
    ground = queries.ground_of(work, due)
    rooms, limits = drawing.lock(work, ground)
    persons = {request.persons for request in taking_part.values()}
    places = queries.places_of(work, due, ground, rooms=rooms, limits=limits, persons=persons)
    asked = [queries.asked_of(work, due, ground, number, request) for number, request in taking_part.items()]
    outcomes = draw(due.key, asked, places)
    holds = _kept(work, due, taking_part, outcomes, places.sizes)
    turns = [
        Turn(taking_part[number].id, turn, holds[number].id if number in holds else None)
        for turn, number in enumerate((outcome.request.number for outcome in outcomes), start=1)
    ]
    draw_requests.note_turns(work, due.id, turns)
    document, digest = write(Held(due, work.now, places, tuple(outcomes)))
    held = replace(
        due,
        state=DrawState.DRAWN,
        held_at=work.now,
        requests=len(outcomes),
        places_given=len(holds),
        digest=digest,
    )
    draws.note_held(work, held, document)
    figures.draws_held.labels(held.product_id).inc()
    figures.draw_winners.labels(held.product_id).inc(len(holds))
    log.info(
        "draw_held", draw_id=held.id, product=held.product_id, requests_count=len(outcomes), places_count=len(holds)
    )
    return held


def _leave_out_helped(work: Work, due: Draw) -> None:
    """Let people not take part who have such an appointment since they asked, and tell them so."""
    for entry in draw_requests.entries_of_helped(work, due):
        _tell_lost(work, _told(work, entry), due.id, ends=True)


def _kept(
    work: Work,
    drawn: Draw,
    taking_part: Mapping[str, DrawRequest],
    outcomes: Sequence[Outcome],
    sizes: Mapping[int, Size],
) -> dict[str, Appointment]:
    """Take the ticks of everybody who got a place; return the holds on them, by the number of the request.

    Raises: SlotTaken (only the constraint stopped a double booking: bits and visits disagree).
    """
    holds = {
        outcome.request.number: _hold(work, drawn, taking_part[outcome.request.number], outcome.place, sizes)
        for outcome in outcomes
        if outcome.place is not None
    }
    in_order = sorted(holds.values(), key=lambda hold: (hold.slot.on, hold.line_id, hold.slot.first_tick))
    taken: dict[tuple[date, str], int] = {}
    for hold in in_order:
        taken[hold.slot.on, hold.line_id] = taken.get((hold.slot.on, hold.line_id), 0) | hold.slot.mask
    if not capacity.take_all(work, [Owned(on, line_id, bits) for (on, line_id), bits in taken.items()]):
        raise RuntimeError("a locked counter changed")
    try:
        for first in range(0, len(in_order), _AT_ONCE):
            appointments.add_all(work, in_order[first : first + _AT_ONCE])
    except appointments.SecondLock:
        raise stopped_by_second_lock("any") from None
    return holds


def _hold(work: Work, drawn: Draw, request: DrawRequest, place: Place, sizes: Mapping[int, Size]) -> Appointment:
    edition = catalogue.edition(work)
    size = sizes[request.persons]
    zone = ZoneInfo(edition.time_zone_of(place.location_id))
    start_tick = place.first_tick + size.setup_ticks
    slot = slot_at(zone, location_id=place.location_id, on=place.on, start_tick=start_tick, size=size)
    if slot is None:
        raise RuntimeError("a place does not lie inside its day")
    [product] = edition.rules_by_id([drawn.product_id])
    quota_ids = edition.quotas_on(
        location_id=place.location_id, products=[drawn.product_id], channel=request.channel, needs=product.needs
    )
    visit = Visit(
        wanted=(Wanted(drawn.product_id, request.persons),),
        needs=product.needs,
        size=size,
        lead=timedelta(minutes=product.lead_minutes),
        horizon_days=product.horizon_days,
        quota_ids=quota_ids,
    )
    hold = new_hold(
        visit, slot, hold_id=work.new_id(), lines=Lines(place.counter), channel=request.channel, at=work.now
    )
    return replace(hold, kept_for=KeptFor.DRAW, expires_at=slot.starts_at)


def tell_winners(work: Work, drawn: Draw, *, most: int) -> int:
    """Make the places of winners firm, in turn, and return how many; each gets the mail of any appointment."""
    entries = draw_requests.lock_untold(work, drawn.id, most, placed=True)
    for entry in entries:
        request = _told(work, entry)
        hold = None if entry.appointment_id is None else appointments.lock_by_id(work, entry.appointment_id)
        if hold is None or hold.state is not State.HELD:
            raise RuntimeError("a winner has lost his place")
        if hold.slot.starts_at <= work.now:  # nobody told him for days: it would be no use any more
            end_hold(work, hold)
            log.error("draw_place_passed", request_id=request.id, draw_id=drawn.id)
        else:
            _make_firm(work, drawn, request, hold)
    return len(entries)


def _make_firm(work: Work, drawn: Draw, request: DrawRequest, hold: Appointment) -> None:
    """Make a winner's place firm, or give it up when he has such an appointment already.

    How many visits there are with his address or number does not count: he won this one by himself.
    """
    try:
        make_firm(work, hold, request.holder)
    except TooManyLive:
        if draw_requests.has_visit_ahead(work, request):  # he booked one since lots were drawn
            end_hold(work, hold)
            _tell_lost(work, request, drawn.id, ends=True)
            log.info("draw_place_given_up", request_id=request.id, draw_id=drawn.id)
            return
        make_firm(work, hold, request.holder, exceeded=Exceeding("won in a draw", "draw"))
    draw_requests.change_request(work, request.ended(RequestState.PLACED, work.now))


def tell_losers(work: Work, drawn: Draw, *, most: int) -> int:
    """Tell people that nothing that fits was left for them, and let them take part in the next draw; return how many.

    Who takes part again is drawn anew: his turn in this one counts for nothing.
    """
    following = _share_next(work, drawn.product_id)
    entries = draw_requests.lock_untold(work, drawn.id, most, placed=False)
    ends = following is None and not queries.has_later_draw(work, drawn.product_id)
    for entry in entries:
        request = _told(work, entry)
        if request.state is not RequestState.LIVE:
            continue  # withdrawn while lots were drawn
        _tell_lost(work, request, drawn.id, ends=ends)
        if following is not None:
            enter(work, following, request)
    return len(entries)


def enter_waiting(work: Work, product_id: str, *, most: int) -> int:
    """Let people who wait for the next draw of a product take part in it, and return how many.

    While none is open they go on waiting; when there will be none any more, they are told so.
    """
    following = _share_next(work, product_id)
    if following is None and queries.has_later_draw(work, product_id):
        return 0
    waiting = draw_requests.lock_waiting(work, product_id, most)
    for request in waiting:
        if draw_requests.open_entry(work, request.id) is not None:
            continue  # somebody else let him in a moment ago
        if following is not None:
            enter(work, following, request)
        else:
            _tell_lost(work, request, draw_requests.entries_of(work, request.id)[0].draw_id, ends=True)
    return len(waiting)


def _tell_lost(work: Work, request: DrawRequest, draw_id: UUID, *, ends: bool) -> None:
    told = request.told()
    draw_requests.change_request(work, told.ended(RequestState.ENDED, work.now) if ends else told)
    work.publish(contracts.DrawLost, about=told.id, version=told.version, request_id=told.id, draw_id=draw_id)


def _told(work: Work, entry: Entry) -> DrawRequest:
    request = draw_requests.lock_request(work, entry.request_id)
    if request is None:
        raise RuntimeError("an entry has no request")
    draw_requests.note_told(work, entry)
    return request


def _share_next(work: Work, product_id: str) -> Draw | None:
    """Return the draw of a product that takes requests now and closes first, shared; None when there is none."""
    today = local_day(queries.TOWN_ZONE, work.now)
    known = draws.draws_between(work, [product_id], today, today + _AHEAD)
    taking = [one for one in known if one.state is DrawState.OPEN and work.now < one.batch.closes_at]
    if not taking:
        return None
    shared = draws.share_draw(work, min(taking, key=lambda one: one.batch.closes_at).id)
    return shared if shared is not None and shared.state is DrawState.OPEN else None
