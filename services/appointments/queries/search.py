"""When there is room."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row

from services.appointments.domain.companions import Companion, choose_beside
from services.appointments.domain.errors import (
    DayClosed,
    InThePast,
    NotOfferedHere,
    ToBeDrawn,
    TooFar,
    UnknownLocation,
    UnknownProduct,
)
from services.appointments.domain.offering import DayRoom, offered_starts, ticks_of
from services.appointments.domain.place import Slot
from services.appointments.domain.ticks import TICKS, instant_of, local_day, mask
from services.appointments.domain.visit import Product, Visit, Wanted, plan_visit
from services.appointments.queries.undrawn import awaiting_draw
from services.appointments.storage import capacity, catalogue, quotas, search
from services.appointments.storage.capacity import LineDay
from services.appointments.storage.catalogue import Edition, rules_of
from services.appointments.storage.search import Wish
from services.messaging.work import Reading

MOST_ALTERNATIVES = 5
NEARBY = (timedelta(days=2), timedelta(days=14))
"""Where alternatives are looked for first: who has just lost a race should not wait for a look at half a year."""


@dataclass(frozen=True, slots=True)
class Agenda:
    """A visit at a location on the day of asking: where to look, and within which bounds."""

    location_id: str
    zone: ZoneInfo
    visit: Visit
    today: date
    earliest_at: datetime
    last_on: date
    shortest: int
    """Ticks of the shortest visit that the counters for this one serve at all: a shorter gap is lost."""
    undrawn: Mapping[date, datetime] = field(default_factory=dict)
    """Days whose places are given out by lot, and when that will be: nobody may book them before."""

    def check_drawn(self, on: date) -> None:
        """Do nothing when a day's places are for everybody.

        Raises: ToBeDrawn.
        """
        if on in self.undrawn:
            raise ToBeDrawn(draws_at=self.undrawn[on])

    @property
    def wish(self) -> Wish:
        """Return what storage has to look for."""
        size = self.visit.size
        return Wish(
            location_id=self.location_id,
            needs=self.visit.needs,
            ticks=size.owned_ticks,
            setup_ticks=size.setup_ticks,
            shortest=self.shortest,
            companions=self.visit.companions,
        )


def agenda_for(
    reading: Reading, *, location_id: str, products: Sequence[Mapping[str, Any]], channel: str = "web"
) -> Agenda:
    """Return where and within which bounds a visit may be booked now.

    Raises: UnknownLocation, UnknownProduct, TooManyPersons, VisitTooLong, NotOfferedHere.
    """
    edition = catalogue.edition(reading)
    agenda = agenda_in(edition, reading.now, location_id=location_id, products=products, channel=channel)
    return with_draws(reading, agenda)


def with_draws(reading: Reading, agenda: Agenda) -> Agenda:
    """Return an agenda that knows on which days lots are still to be drawn for one of its products."""
    product_ids = [part.product_id for part in agenda.visit.wanted]
    return replace(agenda, undrawn=awaiting_draw(reading, product_ids, agenda.today, agenda.last_on))


def agenda_in(
    edition: Edition,
    now: datetime,
    *,
    location_id: str,
    products: Sequence[Mapping[str, Any]],
    channel: str = "web",
) -> Agenda:
    """Return the agenda that an edition of the catalogue gives at an instant; it knows of no draw.

    Raises: UnknownLocation, UnknownProduct, TooManyPersons, VisitTooLong, NotOfferedHere.
    """
    place = edition.location_by_id(location_id)
    if place is None:
        raise UnknownLocation(location_id=location_id)
    wanted = [Wanted(part["product_id"], part["persons"]) for part in products]
    known = edition.rules_of_products({part.product_id for part in wanted}, local_day(ZoneInfo(place.time_zone), now))
    agenda = agenda_at(edition, now, place, wanted, known, channel=channel)
    check_offered(edition, location_id, agenda.visit)
    return agenda


def agenda_at(
    edition: Edition,
    now: datetime,
    place: Row[Any],
    wanted: Sequence[Wanted],
    known: Mapping[str, Product],
    *,
    channel: str = "web",
) -> Agenda:
    """Return within which bounds a visit may be booked now at a location, whether a counter there can do it or not.

    Raises: UnknownProduct, TooManyPersons, VisitTooLong.
    """
    zone = ZoneInfo(place.time_zone)
    today = local_day(zone, now)
    for part in wanted:
        if part.product_id not in known:
            raise UnknownProduct(product_id=part.product_id)
    visit = plan_visit(wanted, known, most_minutes=place.max_visit_minutes)
    products = {part.product_id for part in wanted}
    quota_ids = edition.quotas_on(location_id=place.id, products=products, channel=channel, needs=visit.needs)
    return Agenda(
        location_id=place.id,
        zone=zone,
        visit=replace(visit, quota_ids=quota_ids),
        today=today,
        earliest_at=now + visit.lead,
        last_on=today + timedelta(days=visit.horizon_days),
        shortest=shortest_run(edition, place.id, visit.needs, today),
    )


@lru_cache(maxsize=1024)
def shortest_run(edition: Edition, location_id: str, needs: frozenset[str], on: date) -> int:
    """Return the ticks of the shortest visit for one person that any counter with these skills serves."""
    products = [rules_of(row) for row in edition.offered_products(on)]
    runs = [
        product.ticks_for_one
        for line in edition.counters
        if line.offered and line.location_id == location_id and needs <= set(line.skills)
        for product in products
        if product.needs <= set(line.skills)
    ]
    return min(runs, default=1)


@lru_cache(maxsize=1024)
def locations_able(edition: Edition, needs: frozenset[str], companions: tuple[Companion, ...]) -> list[str]:
    """Return the locations that can do all of it, at one counter and with the companions; nobody changes the list."""
    return edition.locations_able(needs, companions)


def check_offered(edition: Edition, location_id: str, visit: Visit) -> None:
    """Do nothing when some counter of a location can do everything that a visit needs, and the location has the rest.

    Raises: NotOfferedHere (its facts name the locations that can).
    """
    able = locations_able(edition, visit.needs, visit.companions)
    if location_id not in able:
        raise NotOfferedHere(location_ids=able)


def offered_by_day(reading: Reading, agenda: Agenda, first_on: date, last_on: date) -> dict[date, list[int]]:
    """Return the ticks at which visits on offer begin between two days, both included; only days that have any."""
    return {on: ticks_of(starts) for on, starts in _offered_bits(reading, agenda, first_on, last_on).items()}


def _offered_bits(reading: Reading, agenda: Agenda, first_on: date, last_on: date) -> dict[date, int]:
    """Return the same as bits: of half a year nobody wants to see each tick."""
    first, last = max(first_on, local_day(agenda.zone, agenda.earliest_at)), min(last_on, agenda.last_on)
    room = _room_by_day(reading, agenda, first, last)
    setup = agenda.visit.size.setup_ticks
    found = {on: _in_time(agenda, on, offered_starts(day, setup_ticks=setup)) for on, day in room.items()}
    return {on: starts for on, starts in found.items() if starts}


def _room_by_day(reading: Reading, agenda: Agenda, first: date, last: date) -> dict[date, DayRoom]:
    """Return what days have to give, without those that are still to be drawn or whose quota is used up."""
    room = search.room_by_day(reading, agenda.wish, first_on=first, last_on=last)
    visit = agenda.visit
    full = quotas.full_days(
        reading,
        location_id=agenda.location_id,
        quota_ids=visit.quota_ids,
        ticks=visit.size.owned_ticks,
        first_on=first,
        last_on=last,
    )
    return {on: day for on, day in room.items() if on not in full and on not in agenda.undrawn}


def _in_time(agenda: Agenda, on: date, owned_starts: int) -> int:
    """Return, as bits, where visitors see their visit begin, without what lies within the lead time."""
    starts = owned_starts >> agenda.visit.size.setup_ticks
    if on > local_day(agenda.zone, agenda.earliest_at):
        return starts
    in_time = [tick for tick in ticks_of(starts) if instant_of(agenda.zone, on, tick) >= agenda.earliest_at]
    return sum(mask(tick, 1) for tick in in_time)


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
    offered = _offered_bits(reading, agenda, agenda.today, agenda.last_on)
    first, last = from_on or agenda.today, until_on or agenda.last_on
    return {
        "days": [{"on": on, "starts": starts.bit_count()} for on, starts in offered.items() if first <= on <= last],
        "first_free": next(
            (instant_of(agenda.zone, on, TICKS - starts.bit_length()) for on, starts in offered.items()), None
        ),
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
    ticks = _offered_on(reading, agenda, on)
    if not ticks and not _opens_on(reading, agenda, on):
        raise DayClosed
    return {"starts": [instant_of(agenda.zone, on, tick) for tick in ticks], "minutes": agenda.visit.size.minutes}


def _opens_on(reading: Reading, agenda: Agenda, on: date) -> bool:
    """Say whether some counter for a visit, and each thing that it needs besides, is open at all on a day."""
    visit = agenda.visit
    lines = _companion_lines(reading, agenda, on)
    return capacity.open_ticks(reading, location_id=agenda.location_id, needs=visit.needs, on=on, wanted=0)[0] and all(
        any(day.open and day.line(day.open).serves(need) for day in lines) for need in visit.companions
    )


def is_open_for(reading: Reading, agenda: Agenda, slot: Slot) -> bool:
    """Say whether some counter for a visit is open during all of a slot, and all that it needs besides when needed."""
    visit = agenda.visit
    if not capacity.open_ticks(
        reading, location_id=agenda.location_id, needs=visit.needs, on=slot.on, wanted=slot.mask
    )[1]:
        return False
    opened = [day.line(day.open) for day in _companion_lines(reading, agenda, slot.on)]
    return choose_beside(visit.companions, opened, slot.first_tick) is not None


def _companion_lines(reading: Reading, agenda: Agenda, on: date) -> list[LineDay]:
    """Return the lines of a day that a visit may need besides its counter; none for most visits, without asking."""
    if not agenda.visit.companions:
        return []
    return capacity.companion_lines(
        reading, location_id=agenda.location_id, companions=agenda.visit.companions, first_on=on, last_on=on
    ).get(on, [])


def _offered_on(reading: Reading, agenda: Agenda, on: date) -> list[int]:
    """Return the ticks on offer on one day, with those that were on offer a moment ago and are still possible."""
    day = _room_by_day(reading, agenda, on, on).get(on)
    if day is None:
        return []
    shown = offered_starts(day, setup_ticks=agenda.visit.size.setup_ticks)
    lately = search.shown_lately(reading, agenda.wish, on, shown) & day.possible
    return ticks_of(_in_time(agenda, on, lately))


def nearest_starts(reading: Reading, agenda: Agenda, wanted_at: datetime) -> list[datetime]:
    """Return up to five start times on offer nearest to a time, in order of time."""
    wanted_on = local_day(agenda.zone, wanted_at)
    for radius in NEARBY:
        offered = offered_by_day(reading, agenda, wanted_on - radius, wanted_on + radius)
        nearest = _nearest(agenda, wanted_at, offered)
        if len(nearest) == MOST_ALTERNATIVES and abs(nearest[-1] - wanted_at) <= radius:
            return sorted(nearest)
    return sorted(_nearest(agenda, wanted_at, offered_by_day(reading, agenda, agenda.today, agenda.last_on)))


def _nearest(agenda: Agenda, wanted_at: datetime, offered: Mapping[date, Sequence[int]]) -> list[datetime]:
    """Return up to five of the starts on offer, the nearest first; of two as near the earlier one."""
    wanted_on = local_day(agenda.zone, wanted_at)
    starts = []
    for on, ticks in offered.items():
        near = ticks if on == wanted_on else ticks[:MOST_ALTERNATIVES] if on > wanted_on else ticks[-MOST_ALTERNATIVES:]
        starts += [instant_of(agenda.zone, on, tick) for tick in near]
    return sorted(starts, key=lambda start: (abs(start - wanted_at), start))[:MOST_ALTERNATIVES]
