"""A year at the counters under one set of rules: people come, book, cancel, stay away; the agenda is sampled."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.simulation.agenda import Agenda, Place, bookable
from tests.bench.simulation.demand import (
    CANCELS,
    DAY,
    HORIZON,
    STANDARD,
    WARM_UP,
    Person,
    no_show_chance,
    start_of,
    weekday,
)
from tests.bench.simulation.events import Events
from tests.bench.simulation.figures import gini, percentile


@dataclass
class Outcome:
    """What a year came to."""

    occupancy: float = 0.0
    refused: float = 0.0
    no_shows: float = 0.0
    third_next: list[int] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    @property
    def tnaa(self) -> float:
        """Return the median over the working days, in days."""
        return percentile(self.third_next, 0.5)

    @property
    def wait(self) -> float:
        """Return the median from booking to start, in days, of who wanted to come as soon as possible."""
        return percentile(self.waits, 0.5)

    @property
    def wait_spread(self) -> float:
        """Return p90 / p10 of that wait; below a tenth of a day counts as a tenth."""
        return max(0.1, percentile(self.waits, 0.9)) / max(0.1, percentile(self.waits, 0.1))

    @property
    def wait_gini(self) -> float:
        """Return how unequal that wait is."""
        return gini(self.waits)


class Year:
    """One run. `booked_at` and `agenda` are open to what else happens in it (see waiting.py)."""

    def __init__(self, people: Sequence[Person], agenda: Agenda, *, days: int) -> None:
        self.people = {person.number: person for person in people}
        self.agenda = agenda
        self.events = Events()
        self.days = days
        self.booked_at: dict[int, float] = {}
        self.done: dict[int, Place] = {}
        self._outcome = Outcome()
        self._refused = self._came = 0

    def run(self) -> Outcome:
        """Return what the days from the end of the warm-up to `days` came to."""
        for person in self.people.values():
            self.events.at(person.at, lambda person=person: self._comes(person))  # type: ignore[misc]
        for day in range(self.days):
            self.events.at(day * DAY + 10 * 60, self._sample)
        self.events.run()
        return self._counted()

    def _comes(self, person: Person) -> None:
        now = self.events.now
        found = self.agenda.find(person, now=now, before=int(now) // DAY + HORIZON + 1)
        measured = int(now) // DAY >= WARM_UP
        self._came += measured
        if found is None or not self.agenda.book(person.number, day=found[0], first=found[1], ticks=person.ticks):
            self._refused += measured
            return
        self.booked_at[person.number] = now
        start = start_of(*found)
        if person.cancels < CANCELS:
            self.events.at(now + person.cancels_when * (start - now), lambda: self._cancels(person))
        self.booked(person)

    def booked(self, person: Person) -> None:
        """Do what a booking leads to; nothing here."""

    def freed(self, place: Place) -> None:
        """Do what a cancelled place leads to; nothing here: it is public at once."""

    def _cancels(self, person: Person) -> None:
        place = self.agenda.places[person.number]
        if start_of(place.day, place.first) > self.events.now:
            place = self.agenda.give_back(person.number)
            del self.booked_at[person.number]
            self.freed(place)

    def _sample(self) -> None:
        today = int(self.events.now) // DAY
        if today < WARM_UP or not any(self.agenda.openings[today].values()) or weekday(today) > 4:
            return
        seen = 0
        for day in range(today, today + HORIZON + 1):
            seen += (self.agenda.shown(day, STANDARD) & bookable(day, self.events.now)).bit_count()
            if seen >= 3:
                break
        self._outcome.third_next.append(day - today)

    def _counted(self) -> Outcome:
        outcome, used, stayed_away, visits = self._outcome, 0, 0.0, 0
        for number, booked_at in self.booked_at.items():
            person, place = self.people[number], self.agenda.places[number]
            wait = (start_of(place.day, place.first) - booked_at) / DAY
            if WARM_UP <= place.day < self.days:
                used += place.ticks
                visits += 1
                stayed_away += no_show_chance(wait)
            if person.at >= WARM_UP * DAY and person.earliest == person.at // DAY:
                outcome.waits.append(wait)
        open_bits = (free for lines in self.agenda.openings[WARM_UP : self.days] for free in lines.values())
        outcome.occupancy = used / sum(free.bit_count() for free in open_bits)
        outcome.refused = self._refused / self._came
        outcome.no_shows = stayed_away / visits
        return outcome
