"""When there is room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from services.appointments.domain.errors import (
    DayClosed,
    InThePast,
    NotOfferedHere,
    TooFar,
    UnknownLocation,
    UnknownProduct,
)
from services.appointments.domain.offering import offered_starts
from services.appointments.domain.ticks import instant_of, local_day
from services.appointments.domain.visit import Product, Visit, Wanted, plan_visit
from services.appointments.queries.catalogue import locations_with
from services.appointments.storage import capacity, catalogue
from services.messaging.work import Reading

MOST_ALTERNATIVES = 5


@dataclass(frozen=True, slots=True)
class Agenda:
    """A visit at a location on the day of asking: where to look, and within which bounds."""

    location_id: str
    zone: ZoneInfo
    visit: Visit
    today: date
    earliest_at: datetime
    last_on: date


def agenda_for(reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]]) -> Agenda:
    """Return where and within which bounds a visit may be booked now.

    Raises: UnknownLocation, UnknownProduct, TooManyPersons, VisitTooLong, NotOfferedHere.
    """
    place = catalogue.location_by_id(reading, location_id)
    if place is None:
        raise UnknownLocation(location_id=location_id)
    wanted = [Wanted(part["product_id"], part["persons"]) for part in products]
    today = local_day(ZoneInfo(place.time_zone), reading.now)
    known = catalogue.rules_of_products(reading, {part.product_id for part in wanted}, today)
    agenda = agenda_at(reading, place, wanted, known)
    check_offered(reading, location_id, agenda.visit.needs)
    return agenda


def agenda_at(reading: Reading, place: Row[Any], wanted: Sequence[Wanted], known: Mapping[str, Product]) -> Agenda:
    """Return within which bounds a visit may be booked now at a location, whether a counter there can do it or not.

    Raises: UnknownProduct, TooManyPersons, VisitTooLong.
    """
    zone = ZoneInfo(place.time_zone)
    today = local_day(zone, reading.now)
    for part in wanted:
        if part.product_id not in known:
            raise UnknownProduct(product_id=part.product_id)
    visit = plan_visit(wanted, known, most_minutes=place.max_visit_minutes)
    return Agenda(
        location_id=place.id,
        zone=zone,
        visit=visit,
        today=today,
        earliest_at=reading.now + visit.lead,
        last_on=today + timedelta(days=visit.horizon_days),
    )


def check_offered(reading: Reading, location_id: str, needs: frozenset[str]) -> None:
    """Do nothing when some counter of a location can do everything that a visit needs.

    Raises: NotOfferedHere (its facts name the locations that can).
    """
    in_order = [row.id for row in catalogue.offered_locations(reading)]
    lines = [row for row in catalogue.counters(reading) if row.offered]
    able = locations_with(lines, set(needs), in_order)
    if location_id not in able:
        raise NotOfferedHere(location_ids=able)


def offered_by_day(reading: Reading, agenda: Agenda, first_on: date, last_on: date) -> dict[date, list[int]]:
    """Return the ticks at which visits on offer begin between two days, both included; only days that have any."""
    size = agenda.visit.size
    earliest_on = local_day(agenda.zone, agenda.earliest_at)
    found: dict[date, list[int]] = {}
    for on, possible in capacity.possible_starts(
        reading,
        location_id=agenda.location_id,
        needs=agenda.visit.needs,
        ticks=size.owned_ticks,
        first_on=max(first_on, earliest_on),
        last_on=min(last_on, agenda.last_on),
    ):
        ticks = [tick + size.setup_ticks for tick in offered_starts(possible, size.owned_ticks)]
        if on == earliest_on:
            ticks = [tick for tick in ticks if instant_of(agenda.zone, on, tick) >= agenda.earliest_at]
        if ticks:
            found[on] = ticks
    return found


def free_days(
    reading: Reading,
    *,
    location_id: str,
    products: Sequence[Mapping[str, Any]],
    from_on: date | None = None,
    until_on: date | None = None,
) -> dict[str, Any]:
    """Return the days with room and how many times each offers; `first_free` whatever the bounds.

    Raises: what `agenda_for` raises.
    """
    agenda = agenda_for(reading, location_id=location_id, products=products)
    offered = offered_by_day(reading, agenda, agenda.today, agenda.last_on)
    first, last = from_on or agenda.today, until_on or agenda.last_on
    return {
        "days": [{"on": on, "starts": len(ticks)} for on, ticks in offered.items() if first <= on <= last],
        "first_free": next((instant_of(agenda.zone, on, ticks[0]) for on, ticks in offered.items()), None),
        "minutes": agenda.visit.size.minutes,
        "last_on": agenda.last_on,
    }


def free_times(
    reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]], on: date
) -> dict[str, Any]:
    """Return the times on offer on one day, by the same rule that counted them.

    Raises: InThePast, TooFar, DayClosed (no suitable counter opens that day), and what `agenda_for` raises.
    """
    agenda = agenda_for(reading, location_id=location_id, products=products)
    if on < agenda.today:
        raise InThePast
    if on > agenda.last_on:
        raise TooFar(last_on=agenda.last_on)
    ticks = offered_by_day(reading, agenda, on, on).get(on, [])
    if (
        not ticks
        and not capacity.open_ticks(reading, location_id=location_id, needs=agenda.visit.needs, on=on, wanted=0)[0]
    ):
        raise DayClosed
    return {"starts": [instant_of(agenda.zone, on, tick) for tick in ticks], "minutes": agenda.visit.size.minutes}


def nearest_starts(reading: Reading, agenda: Agenda, wanted_at: datetime) -> list[datetime]:
    """Return up to five start times on offer nearest to a time, in order of time."""
    offered = offered_by_day(reading, agenda, agenda.today, agenda.last_on)
    wanted_on = local_day(agenda.zone, wanted_at)
    starts: list[datetime] = []
    enough_until = timedelta.max
    for on in sorted(offered, key=lambda day: abs(day - wanted_on)):
        if abs(on - wanted_on) > enough_until:
            break
        starts += [instant_of(agenda.zone, on, tick) for tick in offered[on]]
        if len(starts) >= MOST_ALTERNATIVES:
            # The next day can still hold a nearer time: late this evening is nearer to tomorrow than to this morning.
            enough_until = min(enough_until, abs(on - wanted_on) + timedelta(days=1))
    nearest = sorted(starts, key=lambda start: (abs(start - wanted_at), start))[:MOST_ALTERNATIVES]
    return sorted(nearest)
