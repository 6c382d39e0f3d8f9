"""The counters' diary during a simulation: the free ticks of every day, and who stands where."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from services.appointments.domain.ticks import FULL, TICKS, mask, run_starts, to_text
from tests.bench.simulation.demand import DAY, LEAD_MINUTES, Calendar, Person, weekday
from tests.bench.simulation.rules import Choose, Offer, Run, repacked


@dataclass(frozen=True, slots=True)
class Place:
    """A run of ticks at a counter."""

    day: int
    line: str
    first: int
    ticks: int


class Agenda:
    """What is free and what is taken, under one rule for showing, one for choosing, and with or without repacking."""

    def __init__(self, openings: Calendar, *, offer: Offer, choose: Choose, repack: bool = False) -> None:
        self.openings = openings
        self.places: dict[int, Place] = {}
        self._offer, self._choose, self._repack = offer, choose, repack
        self._free = [dict(lines) for lines in openings]
        self._on: defaultdict[int, set[int]] = defaultdict(set)
        self._shown: defaultdict[int, dict[int, int]] = defaultdict(dict)
        self._hopeless: defaultdict[int, dict[int, int]] = defaultdict(dict)

    def shown(self, day: int, ticks: int) -> int:
        """Return the starts of a day that are shown for a length of visit, as bits."""
        known = self._shown[day]
        if ticks not in known:
            known[ticks] = self._offer(list(self._free[day].values()), ticks)
        return known[ticks]

    def find(self, person: Person, *, now: float, before: int) -> tuple[int, int] | None:
        """Return day and start that a person takes: the earliest day with anything that suits, any time on it.

        Only days before `before` count.
        """
        today = int(now) // DAY
        for day in range(max(today, person.earliest), min(before, person.latest + 1)):
            if weekday(day) in person.weekdays:
                hours = person.hours & bookable(day, now)
                suits = self.shown(day, person.ticks) & hours
                if not suits and self._repack and day > today:
                    suits = self._after_repacking(day, person.ticks, hours)
                if suits:
                    return day, _pick(suits, person.choice)
        return None

    def _after_repacking(self, day: int, ticks: int, hours: int) -> int:
        anywhere = 0
        for free in self._free[day].values():
            anywhere |= free
        known = self._hopeless[day].get(ticks, 0)
        for first in _starts(run_starts(anywhere, ticks) & hours & ~known):
            if self._repacked(day, (first, ticks)) is not None:
                return mask(first, 1)
            known |= mask(first, 1)
        self._hopeless[day][ticks] = known
        return 0

    def _repacked(self, day: int, newcomer: Run) -> list[str] | None:
        seated = {number: self.places[number] for number in self._on[day]}
        return repacked(
            self.openings[day],
            {number: (place.line, (place.first, place.ticks)) for number, place in seated.items()},
            newcomer,
        )

    def book(self, number: int, *, day: int, first: int, ticks: int) -> bool:
        """Give somebody a run on a day; say whether a counter could take it."""
        lines = self._choose(self._free[day], first, ticks)
        if lines:
            self.take(number, Place(day, lines[0], first, ticks))
            return True
        found = self._repacked(day, (first, ticks)) if self._repack else None
        if found is None:
            return False
        everybody = {other: self.places[other] for other in self._on[day]}
        everybody[number] = Place(day, "", first, ticks)
        self._free[day] = dict(self.openings[day])
        for (other, place), line in zip(everybody.items(), found, strict=True):
            self.take(other, Place(day, line, place.first, place.ticks))
        return True

    def take(self, number: int, place: Place) -> None:
        """Give somebody exactly this place.

        Raises: ValueError (it is taken: a rule of the simulation is broken).
        """
        wanted = mask(place.first, place.ticks)
        if self._free[place.day][place.line] & wanted != wanted:
            raise ValueError(f"{place} is taken")
        self._free[place.day][place.line] &= ~wanted
        self.places[number] = place
        self._on[place.day].add(number)
        self._changed(place.day)

    def give_back(self, number: int) -> Place:
        """Free somebody's place and return it."""
        place = self.places.pop(number)
        self._on[place.day].remove(number)
        self._free[place.day][place.line] |= mask(place.first, place.ticks)
        self._changed(place.day)
        return place

    def idle(self, place: Place) -> int:
        """Return how many ticks of a place are free."""
        return (self._free[place.day][place.line] & mask(place.first, place.ticks)).bit_count()

    def _changed(self, day: int) -> None:
        self._shown[day].clear()
        self._hopeless[day].clear()


def bookable(day: int, now: float) -> int:
    """Return the ticks of a day that lie far enough ahead."""
    ahead = now + LEAD_MINUTES - day * DAY
    return FULL >> max(0, min(TICKS, -int(-ahead // 5)))


def _starts(bits: int) -> Iterator[int]:
    text = to_text(bits)
    tick = text.find("1")
    while tick >= 0:
        yield tick
        tick = text.find("1", tick + 1)


def _pick(bits: int, choice: float) -> int:
    return next(islice(_starts(bits), int(choice * bits.bit_count()), None))
