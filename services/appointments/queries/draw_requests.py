"""A request for a draw, as the person who put it in may see it, and as a mail to him needs it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from services.appointments.domain.appointment import Appointment, State
from services.appointments.domain.companions import LineKind
from services.appointments.domain.draw_rules import has_later
from services.appointments.domain.drawing import wished_starts
from services.appointments.domain.draws import Draw, DrawRequest, DrawState, Entry, RequestState
from services.appointments.domain.errors import (
    DrawRequestOver,
    DrawRequestUnknown,
    DrawUnknown,
    DrawWishImpossible,
    UnknownLocation,
)
from services.appointments.domain.reference import shown
from services.appointments.domain.ticks import local_day, run_starts
from services.appointments.domain.visit import Wanted, plan_visit
from services.appointments.links import FIRST_VERSION, Links
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.queries.draws import next_planned
from services.appointments.queries.search import agenda_for, check_offered, offered_by_day
from services.appointments.queries.undrawn import rules_by_product
from services.appointments.storage import appointments, capacity, catalogue, draw_requests, draws
from services.messaging.errors import Refusal
from services.messaging.work import Reading


def draw_request(reading: Reading, links: Links, *, request_id: UUID, secret: str) -> dict[str, Any]:
    """Return a request with all its draws, the newest first.

    Raises: DrawRequestUnknown.
    """
    request = opened_request(draw_requests.request_by_id(reading, request_id), links, secret)
    holder = request.holder
    return {
        "request_id": request.id,
        "product_id": request.product_id,
        "state": request.state,
        "location_ids": sorted(request.location_ids),
        "weekdays": sorted(request.weekdays),
        "parts_of_day": sorted(request.parts_of_day),
        "persons": request.persons,
        "name": holder.name,
        "birth_on": holder.birth_on,
        "email": holder.email,
        "phone": holder.phone,
        "language": holder.language,
        "entries": [
            _turn(reading, entry) | {"appointment": _appointment(reading, links, entry)}
            for entry in draw_requests.entries_of(reading, request.id)
        ],
        "has_visit": _has_visit(reading, request),
        "next_opens_at": next_opens_at(reading, request),
    }


def opened_request(found: DrawRequest | None, links: Links, secret: str) -> DrawRequest:
    """Return the request that a secret opens.

    Raises: DrawRequestUnknown (none, or the wrong secret).
    """
    if found is None or not links.opens(found.id, FIRST_VERSION, secret):
        raise DrawRequestUnknown
    return found


def draw_contact(reading: Reading, links: Links, *, request_id: UUID, draw_id: UUID) -> dict[str, Any]:
    """Return whom a request belongs to, and what a mail about one of its draws must say; never for the public.

    Raises: DrawRequestUnknown, DrawRequestOver (it was withdrawn: nothing is to be mailed).
    """
    request = draw_requests.request_by_id(reading, request_id)
    entries = [] if request is None else draw_requests.entries_of(reading, request_id)
    about = next((entry for entry in entries if entry.draw_id == draw_id), None)
    if request is not None and request.state is RequestState.WITHDRAWN:
        raise DrawRequestOver
    if request is None or about is None:
        raise DrawRequestUnknown
    following = next((entry for entry in entries if entry.told_at is None and entry.draw_id != draw_id), None)
    drawn = _draw(reading, about)
    return {
        "request_id": request.id,
        "secret": links.secret(request.id),
        "product_id": request.product_id,
        "name": request.holder.name,
        "email": request.holder.email,
        "language": request.holder.language,
        "about": _turn(reading, about),
        "requests": drawn.requests,
        "places_given": drawn.places_given,
        "following": None if following is None else _turn(reading, following),
        "next_opens_at": next_opens_at(reading, request),
        "some_left": drawn.held_at is not None and _some_left(reading, drawn, request),
        "has_visit": _has_visit(reading, request),
    }


def entered_reply(drawn: Draw, request: DrawRequest, entry: Entry) -> dict[str, Any]:
    """Return a new request without personal data and without the secret."""
    return {
        "request_id": request.id,
        "draw_id": drawn.id,
        "number": entry.number,
        "first_on": drawn.batch.first_on,
        "last_on": drawn.batch.last_on,
        "draws_at": drawn.batch.draws_at,
    }


def check_wish(reading: Reading, drawn: Draw, request: DrawRequest) -> None:
    """Do nothing when some counter is open at a time that fits a request, whoever will get it.

    Raises: UnknownLocation, NotOfferedHere, VisitTooLong, TooManyPersons, DrawWishImpossible.
    """
    edition = catalogue.edition(reading)
    days = {on for on in drawn.batch.days() if on.weekday() in request.weekdays}
    wanted = [Wanted(drawn.product_id, request.persons)]
    known = {product.product_id: product for product in edition.rules_by_id([drawn.product_id])}
    opened = capacity.days_of(reading, drawn.batch.first_on, drawn.batch.last_on).values()
    possible = False
    for location_id in sorted(request.location_ids):
        place = edition.location_by_id(location_id)
        if place is None:
            raise UnknownLocation(location_id=location_id)
        visit = plan_visit(wanted, known, most_minutes=place.max_visit_minutes)
        check_offered(edition, location_id, visit)
        wished = wished_starts(request.parts_of_day, visit.size)
        possible = possible or any(
            run_starts(line.open, visit.size.owned_ticks) & wished
            for line in opened
            if line.location_id == location_id
            and line.on in days
            and line.kind is LineKind.DESK
            and visit.needs <= line.skills
        )
    if not possible:
        raise DrawWishImpossible


def next_opens_at(reading: Reading, request: DrawRequest) -> datetime | None:
    """Return when the next draw opens in which a request will take part by itself; None when none is known."""
    if request.state is not RequestState.LIVE:
        return None
    planned = next_planned(reading, request.product_id)
    return None if planned is None else planned.opens_at


def has_later_draw(reading: Reading, product_id: str) -> bool:
    """Say whether lots will be drawn again for a product, on days after the present week or month."""
    rules = rules_by_product(catalogue.edition(reading), [product_id]).get(product_id, ())
    return has_later(rules, local_day(TOWN_ZONE, reading.now))


def _has_visit(reading: Reading, request: DrawRequest) -> bool:
    """Say whether a request has ended because its person has such an appointment."""
    return request.state is RequestState.ENDED and draw_requests.has_visit_ahead(reading, request)


def _turn(reading: Reading, entry: Entry) -> dict[str, Any]:
    drawn = _draw(reading, entry)
    outcome = "waiting"
    if drawn.state is not DrawState.OPEN:
        outcome = "not-placed" if entry.appointment_id is None else "placed"
    return {
        "draw_id": entry.draw_id,
        "number": entry.number,
        "first_on": drawn.batch.first_on,
        "last_on": drawn.batch.last_on,
        "closes_at": drawn.batch.closes_at,
        "draws_at": drawn.batch.draws_at,
        "outcome": outcome,
    }


def _draw(reading: Reading, entry: Entry) -> Draw:
    found = draws.draw_by_id(reading, entry.draw_id)
    if found is None:
        raise DrawUnknown
    return found


def _appointment(reading: Reading, links: Links, entry: Entry) -> dict[str, Any] | None:
    """Return the reference and the secret of what somebody got, once it is firm."""
    visit: Appointment | None = None
    if entry.appointment_id is not None:
        visit = appointments.by_id(reading, entry.appointment_id)
    if visit is None or visit.state not in (State.BOOKED, State.CANCELLED) or visit.reference is None:
        return None
    return {"reference": shown(visit.reference), "secret": links.secret(visit.id, visit.link_version)}


def _some_left(reading: Reading, drawn: Draw, request: DrawRequest) -> bool:
    """Say whether something on the days of a draw is still free for everybody, at this moment."""
    wish = [{"product_id": drawn.product_id, "persons": request.persons}]
    for location_id in catalogue.edition(reading).locations_able(
        catalogue.edition(reading).skills_for([drawn.product_id])
    ):
        try:
            agenda = agenda_for(reading, location_id=location_id, products=wish)
        except Refusal:
            continue  # it is no longer on offer, or too long for this place
        if offered_by_day(reading, agenda, drawn.batch.first_on, drawn.batch.last_on):
            return True
    return False
