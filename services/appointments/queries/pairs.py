"""When there is room for two visits: one to request documents and, some working days later, one to collect them."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments.domain.appointment import Appointment
from services.appointments.domain.collection import (
    Part,
    Term,
    Window,
    check_collection,
    collected,
    collection_window,
    days_off,
    request_window,
)
from services.appointments.domain.errors import HoldUnknown, InThePast, TooFar, UnknownLocation
from services.appointments.domain.ticks import instant_of, local_day
from services.appointments.domain.visit import Wanted
from services.appointments.links import Links
from services.appointments.queries.search import Agenda, agenda_at, check_offered, offered_by_day, with_draws
from services.appointments.queries.visits import hold_reply
from services.appointments.storage import appointments, catalogue
from services.appointments.storage.calendar import closed_days
from services.messaging.work import Reading

MOST_COLLECTION_DAYS = 3
_BEYOND = timedelta(days=182)
"""How far beyond the last day of a request days off are looked up."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A visit to request and the visit to collect that follows: two agendas, and the days between."""

    request: Agenda
    collection: Agenda
    term: Term
    off: frozenset[date]

    def window(self, requested_on: date) -> Window:
        """Return when can be collected what is requested on a day."""
        return collection_window(requested_on, self.term, self.off)

    def check(self, requested_on: date, collected_on: date) -> None:
        """Do nothing when the two days fit.

        Raises: CollectionTooEarly, CollectionTooLate.
        """
        check_collection(requested_on, collected_on, self.term, self.off)

    def collection_after(self, requested_on: date) -> Agenda:
        """Return the agenda of the visit to collect, for a request on a day."""
        return _within(self.collection, self.window(requested_on))

    def request_before(self, collected_on: date) -> Agenda:
        """Return the agenda of the visit to request, for a collection on a day."""
        window = request_window(collected_on, self.term, self.off)
        return self.request if window is None else _within(self.request, window)


def plan_for(reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]]) -> Plan:
    """Return within which bounds a visit and its collection may be booked now.

    Raises: NothingToCollect, and what `agenda_for` raises for either visit.
    """
    edition = catalogue.edition(reading)
    place = edition.location_by_id(location_id)
    if place is None:
        raise UnknownLocation(location_id=location_id)
    today = local_day(ZoneInfo(place.time_zone), reading.now)
    known = {row.id: catalogue.rules_of(row) for row in edition.offered_products(today)}
    request = agenda_at(
        edition, reading.now, place, [Wanted(part["product_id"], part["persons"]) for part in products], known
    )
    check_offered(edition, location_id, request.visit)
    wanted, term = collected(request.visit.wanted, known)
    collection = agenda_at(edition, reading.now, place, wanted, known)
    if not collection.visit.needs <= request.visit.needs or collection.visit.companions:
        check_offered(edition, location_id, collection.visit)
    return Plan(
        request=with_draws(reading, request),
        collection=with_draws(reading, collection),
        term=term,
        off=off_between(reading, request.today, request.last_on + _BEYOND, location_id=location_id),
    )


def off_between(reading: Reading, first: date, last: date, *, location_id: str) -> frozenset[date]:
    """Return the days between two days, both included, on which no document is made ready at a location."""
    return days_off(closed_days(catalogue.calendar_rules(reading)), first, last, location_id=location_id)


def free_pairs(
    reading: Reading,
    *,
    location_id: str,
    products: Sequence[Mapping[str, Any]],
    from_on: date | None = None,
    until_on: date | None = None,
) -> dict[str, Any]:
    """Return the days of a request after which there is room to collect, with the first of those days.

    Raises: what `plan_for` raises.
    """
    plan = plan_for(reading, location_id=location_id, products=products)
    agenda = plan.request
    requests = offered_by_day(reading, agenda, agenda.today, agenda.last_on)
    collections = offered_by_day(reading, plan.collection, agenda.today, plan.collection.last_on)
    days = [_pair_day(on, len(ticks), plan.window(on), collections) for on, ticks in requests.items()]
    days = [day for day in days if day["collection_days"]]
    first_on = days[0]["on"] if days else None
    first, last = from_on or agenda.today, until_on or agenda.last_on
    return {
        "days": [day for day in days if first <= day["on"] <= last],
        "first_free": instant_of(agenda.zone, first_on, requests[first_on][0]) if first_on else None,
        "minutes": agenda.visit.size.minutes,
        "last_on": agenda.last_on,
    }


def collection_days(
    reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]], requested_on: date
) -> dict[str, Any]:
    """Return the days with room to collect what is requested on a day.

    Raises: InThePast, TooFar, and what `plan_for` raises.
    """
    plan = plan_for(reading, location_id=location_id, products=products)
    if requested_on < plan.request.today:
        raise InThePast
    if requested_on > plan.request.last_on:
        raise TooFar(last_on=plan.request.last_on)
    window = plan.window(requested_on)
    agenda = plan.collection_after(requested_on)
    offered = offered_by_day(reading, agenda, window.first_on, window.last_on)
    return {
        "from_on": window.first_on,
        "products": appointments.products_of(agenda.visit.wanted),
        "days": [{"on": on, "starts": len(ticks)} for on, ticks in offered.items()],
        "first_free": next((instant_of(agenda.zone, on, ticks[0]) for on, ticks in offered.items()), None),
        "minutes": agenda.visit.size.minutes,
        "last_on": agenda.last_on,
    }


def pair(reading: Reading, links: Links, *, journey_id: UUID, secret: str) -> dict[str, Any]:
    """Return a pair of holds, whatever became of it.

    Raises: HoldUnknown.
    """
    visits = opened_pair(appointments.journey(reading, journey_id), links, journey_id, secret)
    return pair_reply(visits, reading) | {"secret": links.secret(journey_id)}


def opened_pair(
    found: Mapping[Part, Appointment], links: Links, journey_id: UUID, secret: str
) -> Mapping[Part, Appointment]:
    """Return the two visits that a secret opens.

    Raises: HoldUnknown (none, or the wrong secret).
    """
    if not found or not links.opens(journey_id, 1, secret):
        raise HoldUnknown
    return found


def pair_reply(visits: Mapping[Part, Appointment], reading: Reading) -> dict[str, Any]:
    """Return a pair of holds as its holder may see it, without the secret."""
    return {part.value: hold_reply(visit, reading.now) for part, visit in visits.items()} | {
        "journey_id": visits[Part.REQUEST].journey_id
    }


def _pair_day(on: date, starts: int, window: Window, collections: Mapping[date, Sequence[int]]) -> dict[str, Any]:
    in_order = list(collections)
    first = bisect_left(in_order, window.first_on)
    with_room = [day for day in in_order[first : first + MOST_COLLECTION_DAYS] if day in window]
    return {
        "on": on,
        "starts": starts,
        "collect_from_on": window.first_on,
        "collect_until_on": window.last_on,
        "collection_days": [{"on": day, "starts": len(collections[day])} for day in with_room],
    }


def _within(agenda: Agenda, window: Window) -> Agenda:
    midnight = instant_of(agenda.zone, window.first_on, 0)
    return replace(
        agenda,
        earliest_at=max(agenda.earliest_at, midnight),
        last_on=min(agenda.last_on, window.last_on),
    )
