"""The draw itself: who comes first, and which place each one gets. Anybody can do it again from what is published.

The order is that of HMAC-SHA256(key of the batch, number of the request). Everybody in turn gets the earliest place
that fits all that he wished. The algorithm is published by its name: a change of what it gives is a new name.

Source: domain/appointments.md 8.2.6; Hakimov, Heller, Kübler, Kurino, AER 111(7) 2021.
"""

import hashlib
import hmac
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.appointments.domain.fitting import best_fits
from services.appointments.domain.ticks import FULL, TICKS, mask, run_starts
from services.appointments.domain.visit import Size
from services.appointments.domain.waiting_list import PARTS_OF_DAY

ALGORITHM = "balie-draw-1"
KEY_BYTES = 32
NUMBER_DIGITS = 9
NUMBER_BYTES = 8


@dataclass(frozen=True, slots=True)
class Room:
    """The free ticks of one counter on one day, as bits."""

    location_id: str
    on: date
    counter: str
    free: int


@dataclass(frozen=True, slots=True)
class Limit:
    """How many ticks visits that a quota binds may still take on a day at a location."""

    quota_id: str
    location_id: str
    on: date
    ticks: int


@dataclass(frozen=True, slots=True)
class Places:
    """What a draw has to give."""

    rooms: tuple[Room, ...]
    limits: tuple[Limit, ...]
    shortest: Mapping[str, int]
    """The ticks of the shortest visit at each location, in the town's order of locations: a shorter gap is lost."""
    sizes: Mapping[int, Size]
    """The size of a visit, by the number of persons."""
    most: int | None
    """Visits that are given out at most; None: all that fit."""


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody wishes. `number` is random, shown to who asks and published; it tells nothing else of him."""

    number: str
    persons: int
    location_ids: frozenset[str]
    weekdays: frozenset[int]
    parts_of_day: frozenset[str]
    quota_ids: tuple[str, ...] = ()
    """The quotas that his visit is held to, wherever they have a limit."""


@dataclass(frozen=True, slots=True)
class Place:
    """What somebody got: owned ticks from `first_tick` on, at one counter."""

    location_id: str
    on: date
    counter: str
    first_tick: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the draw gave a request; no place when nothing that fits was left."""

    request: Request
    place: Place | None


def commitment_of(key: bytes) -> str:
    """Return what is published of a key before anybody can ask: with it the key cannot be changed any more."""
    return hashlib.sha256(key).hexdigest()


def new_number(randomness: bytes) -> str:
    """Return a number for a request, made from at least eight random bytes."""
    return f"{int.from_bytes(randomness[:NUMBER_BYTES]) % 10**NUMBER_DIGITS:0{NUMBER_DIGITS}d}"


def lot_of(key: bytes, number: str) -> str:
    """Return the lot of a request: nobody can work it out without the key."""
    return hmac.new(key, number.encode(), hashlib.sha256).hexdigest()


def in_order(key: bytes, requests: Iterable[Request]) -> list[Request]:
    """Return requests in the order in which they have their turn: the lowest lot first."""
    return sorted(requests, key=lambda request: (lot_of(key, request.number), request.number))


def draw(key: bytes, requests: Iterable[Request], places: Places) -> list[Outcome]:
    """Return what each request gets, in the order of their turns."""
    table = _Table(places)
    return [Outcome(request, table.give(request)) for request in in_order(key, requests)]


def room_for(request: Request, places: Places) -> int:
    """Return how many requests like this one a draw could give a place."""
    table = _Table(places)
    while table.give(request) is not None:
        pass
    return table.given


@dataclass(slots=True)
class _Table:
    """What is left while places are given out."""

    places: Places
    given: int = 0
    free: dict[tuple[str, date], dict[str, int]] = field(default_factory=dict)
    left: dict[tuple[str, str, date], int] = field(default_factory=dict)
    days: Sequence[date] = ()
    locations: Sequence[str] = ()
    _starts: dict[tuple[str, date, int], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for room in sorted(self.places.rooms, key=lambda room: room.counter):
            self.free.setdefault((room.location_id, room.on), {})[room.counter] = room.free
        self.left = {(limit.quota_id, limit.location_id, limit.on): limit.ticks for limit in self.places.limits}
        self.days = sorted({on for _, on in self.free})
        self.locations = list(self.places.shortest)

    def give(self, request: Request) -> Place | None:
        """Take the earliest place that fits a request; on equal times at the location that stands first in the town's
        list, at the counter where it leaves the least waste."""
        if self.places.most is not None and self.given >= self.places.most:
            return None
        size = self.places.sizes[request.persons]
        wished = wished_starts(request.parts_of_day, size)
        for on in self.days:
            if on.weekday() not in request.weekdays:
                continue
            found = [
                (first_tick, position, location_id)
                for position, location_id in enumerate(self.locations)
                if location_id in request.location_ids
                and self._allowed(request, location_id, on, size.owned_ticks)
                and (first_tick := _first(self._starts_on(location_id, on, size.owned_ticks) & wished)) is not None
            ]
            if found:
                first_tick, _, location_id = min(found)
                return self._take(request, location_id, on, first_tick, size.owned_ticks)
        return None

    def _allowed(self, request: Request, location_id: str, on: date, ticks: int) -> bool:
        return all(self.left.get((quota_id, location_id, on), ticks) >= ticks for quota_id in request.quota_ids)

    def _starts_on(self, location_id: str, on: date, ticks: int) -> int:
        """Return the ticks at which a run begins at any counter; kept until somebody takes one there that day."""
        key = (location_id, on, ticks)
        if key not in self._starts:
            starts = 0
            for free in self.free.get((location_id, on), {}).values():
                starts |= run_starts(free, ticks)
            self._starts[key] = starts
        return self._starts[key]

    def _take(self, request: Request, location_id: str, on: date, first_tick: int, ticks: int) -> Place:
        free = self.free[location_id, on]
        counter = best_fits(free, first_tick, ticks, shortest=self.places.shortest[location_id])[0]
        free[counter] &= ~mask(first_tick, ticks) & FULL
        for quota_id in request.quota_ids:
            if (quota_id, location_id, on) in self.left:
                self.left[quota_id, location_id, on] -= ticks
        for key in [key for key in self._starts if key[:2] == (location_id, on)]:
            del self._starts[key]
        self.given += 1
        return Place(location_id, on, counter, first_tick)


def wished_starts(parts_of_day: Iterable[str], size: Size) -> int:
    """Return the owned ticks at which visits begin that their holders see begin within parts of the day."""
    bits = 0
    for part in parts_of_day:
        bits |= PARTS_OF_DAY[part].bits
    return (bits << size.setup_ticks) & FULL


def _first(bits: int) -> int | None:
    return TICKS - bits.bit_length() if bits else None
