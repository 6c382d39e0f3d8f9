"""Draws as everybody may see them, and what they have to give."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from services.appointments.domain.draw_document import promise
from services.appointments.domain.draw_rules import Batch, batches_between
from services.appointments.domain.drawing import Limit, Places, Request, Room, room_for, wished_starts
from services.appointments.domain.draws import Draw, DrawRequest, DrawState
from services.appointments.domain.errors import DrawUnknown
from services.appointments.domain.ticks import FULL, TICKS, instant_of, local_day, run_starts
from services.appointments.domain.visit import size_of
from services.appointments.domain.waiting_list import PARTS_OF_DAY
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.queries.search import shortest_run
from services.appointments.queries.undrawn import rules_by_product
from services.appointments.storage import capacity, catalogue, drawing, draws
from services.appointments.storage.drawing import Ground
from services.contracts.base import CHANNELS
from services.messaging.work import Reading

HELD_SHOWN = 26
_NO_OPENINGS: dict[str, Any] = {"open_days": [], "parts_of_day": [], "location_ids": []}
_AHEAD = timedelta(days=182)


def list_draws(reading: Reading) -> dict[str, Any]:
    """Return the draws that are known and not held, the next one of each product, and those that were held last."""
    today = local_day(TOWN_ZONE, reading.now)
    offered = catalogue.edition(reading).offered_products(today)
    known = [_listed(reading, draw) for draw in draws.open_draws(reading)]
    planned = [
        _planned(reading, row.id, batch) for row in offered if (batch := next_planned(reading, row.id)) is not None
    ]
    held = [_listed(reading, draw) for draw in draws.last_held(reading, HELD_SHOWN)]
    return {"draws": [*known, *planned, *held]}


def next_planned(reading: Reading, product_id: str) -> Batch | None:
    """Return the next batch of a product that is not known yet, or None when none is planned."""
    rules = rules_by_product(catalogue.edition(reading), [product_id]).get(product_id, ())
    today = local_day(TOWN_ZONE, reading.now)
    until = today + _AHEAD
    known = {draw.batch.first_on for draw in draws.draws_between(reading, [product_id], today, until)} if rules else {}
    planned = batches_between(rules, today, until, TOWN_ZONE)
    return next((batch for batch in planned if batch.first_on not in known and batch.opens_at > reading.now), None)


def draw(reading: Reading, *, draw_id: UUID) -> dict[str, Any]:
    """Return the published document of a draw: what was promised, and once it was held everything to verify it.

    Raises: DrawUnknown.
    """
    found = draws.draw_by_id(reading, draw_id)
    if found is None:
        raise DrawUnknown
    held = draws.document_of(reading, draw_id)
    return {"draw_id": draw_id, "held": held is not None, "document": held or promise(found)}


def shown_state(draw: Draw, reading: Reading) -> str:
    """Return where a draw is in its life as visitors see it: planned, open, closed or held."""
    if draw.state is not DrawState.OPEN:
        return "held"
    if reading.now < draw.batch.opens_at:
        return "planned"
    return "open" if reading.now < draw.batch.closes_at else "closed"


def _planned(reading: Reading, product_id: str, batch: Batch) -> dict[str, Any]:
    unknown = dict.fromkeys(("draw_id", "places", "commitment", "held_at", "requests", "places_given", "digest"))
    openings = _openings(reading, product_id, batch)
    return unknown | _moments(batch) | openings | {"product_id": product_id, "state": "planned"}


def _listed(reading: Reading, draw: Draw) -> dict[str, Any]:
    ahead = draw.state is DrawState.OPEN
    openings = _openings(reading, draw.product_id, draw.batch) if ahead else _NO_OPENINGS
    return (
        _moments(draw.batch)
        | openings
        | {
            "draw_id": draw.id,
            "product_id": draw.product_id,
            "state": shown_state(draw, reading),
            "places": _room_now(reading, draw) if ahead else None,
            "commitment": draw.commitment,
            "held_at": draw.held_at,
            "requests": draw.requests,
            "places_given": draw.places_given,
            "digest": draw.digest,
        }
    )


def _moments(batch: Batch) -> dict[str, Any]:
    return {
        "first_on": batch.first_on,
        "last_on": batch.last_on,
        "weekdays": sorted(batch.weekdays),
        "opens_at": batch.opens_at,
        "closes_at": batch.closes_at,
        "draws_at": batch.draws_at,
    }


def _openings(reading: Reading, product_id: str, batch: Batch) -> dict[str, Any]:
    """Return when and where some counter is open long enough for one person, whoever has it."""
    edition = catalogue.edition(reading)
    [product] = edition.rules_by_id([product_id])
    size = size_of([(product, 1)])
    able = edition.locations_able(product.needs)
    starts: dict[tuple[str, date], int] = {}
    for line in capacity.days_of(reading, batch.first_on, batch.last_on).values():
        if line.location_id in able and batch.covers(line.on) and product.needs <= line.skills:
            key = (line.location_id, line.on)
            starts[key] = starts.get(key, 0) | run_starts(line.open, size.owned_ticks)
    possible = {key: bits for key, bits in starts.items() if bits}
    parts = [part for part in PARTS_OF_DAY if any(bits & wished_starts([part], size) for bits in possible.values())]
    return {
        "open_days": sorted({on for _, on in possible}),
        "parts_of_day": parts,
        "location_ids": [location_id for location_id in able if any(key[0] == location_id for key in possible)],
    }


# --- what a draw has to give


def ground_of(reading: Reading, draw: Draw) -> Ground:
    """Return where and on which days a draw gives out places."""
    edition = catalogue.edition(reading)
    needs = edition.skills_for([draw.product_id])
    able = tuple(edition.locations_able(needs))
    quota_ids = {quota_id for channel in CHANNELS for quota_id in _quotas(reading, draw, able, channel)}
    return Ground(location_ids=able, needs=needs, days=tuple(draw.batch.days()), quota_ids=frozenset(quota_ids))


def asked_of(reading: Reading, draw: Draw, ground: Ground, number: str, request: DrawRequest) -> Request:
    """Return a request as the draw sees it: its number, its wishes, and the quotas to which its visit is held."""
    return Request(
        number=number,
        persons=request.persons,
        location_ids=request.location_ids,
        weekdays=request.weekdays,
        parts_of_day=request.parts_of_day,
        quota_ids=_quotas(reading, draw, ground.location_ids, request.channel),
    )


def places_of(
    reading: Reading,
    draw: Draw,
    ground: Ground,
    *,
    rooms: Iterable[Room],
    limits: Sequence[Limit],
    persons: Collection[int],
) -> Places:
    """Return what a draw has to give on its ground: nothing sooner than the product's lead time."""
    edition = catalogue.edition(reading)
    [product] = edition.rules_by_id([draw.product_id])
    earliest_at = reading.now + timedelta(minutes=product.lead_minutes)
    cut = [
        Room(room.location_id, room.on, room.counter, room.free & _from(reading, room, earliest_at)) for room in rooms
    ]
    return Places(
        rooms=tuple(room for room in cut if room.free),
        limits=tuple(limits),
        shortest={
            location_id: shortest_run(edition, location_id, ground.needs, _today_at(reading, location_id))
            for location_id in ground.location_ids
        },
        sizes={number: size_of([(product, number)]) for number in sorted(persons)},
        most=draw.batch.most_places,
    )


def _room_now(reading: Reading, draw: Draw) -> int:
    """Return for how many visits of one person there is room at this moment: what a draw now would have to give."""
    ground = ground_of(reading, draw)
    rooms, limits = drawing.look_at(reading, ground)
    anything = Request(
        number="",
        persons=1,
        location_ids=frozenset(ground.location_ids),
        weekdays=draw.batch.weekdays,
        parts_of_day=frozenset(PARTS_OF_DAY),
        quota_ids=_quotas(reading, draw, ground.location_ids, CHANNELS[0]),
    )
    return room_for(anything, places_of(reading, draw, ground, rooms=rooms, limits=limits, persons=[1]))


def _quotas(reading: Reading, draw: Draw, location_ids: Iterable[str], channel: str) -> tuple[str, ...]:
    edition = catalogue.edition(reading)
    needs = edition.skills_for([draw.product_id])
    found = {
        quota_id
        for location_id in location_ids
        for quota_id in edition.quotas_on(
            location_id=location_id, products=[draw.product_id], channel=channel, needs=needs
        )
    }
    return tuple(sorted(found))


def _from(reading: Reading, room: Room, earliest_at: datetime) -> int:
    """Return the ticks of a counter's day that begin at an instant or later."""
    zone = _zone(reading, room.location_id)
    on = local_day(zone, earliest_at)
    if room.on != on:
        return FULL if room.on > on else 0
    passed = next((tick for tick in range(TICKS) if instant_of(zone, on, tick) >= earliest_at), TICKS)
    return FULL >> passed


def _today_at(reading: Reading, location_id: str) -> date:
    return local_day(_zone(reading, location_id), reading.now)


def _zone(reading: Reading, location_id: str) -> ZoneInfo:
    return ZoneInfo(catalogue.edition(reading).time_zone_of(location_id))
