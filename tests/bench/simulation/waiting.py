"""Cancelled places: to the waiting list in its order, or to the public at once.

In both worlds people with a visit far away hope for an earlier one, and a few of them have a script that sees every
public place at once. Without a list people look at the page by themselves now and then; with it they wait for a mail.
What belongs to services/appointments (order, offer, deadline) is written here until it is there; the shares of people
are assumptions, with a source where there is one.

Source: domain/appointments.md 6.2.
"""

from bisect import insort
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from math import ceil
from random import Random

from services.appointments.domain.ticks import TICKS
from tests.bench.simulation.agenda import Agenda, Place
from tests.bench.simulation.demand import DAY, WARM_UP, Person, start_of, weekday
from tests.bench.simulation.figures import percentile
from tests.bench.simulation.year import Year

HOPES = 0.5
"""Share of those who wait a week or longer, and wanted to come sooner, that ask for an earlier time (assumption)."""
SCRIPTS = 0.03
"""Share of them with a script (assumption)."""
LOOKS_EVERY = 2 * DAY
REACTS, ACCEPTS = 0.45, 0.5
"""45 per cent react to an offer (North 2025, domain/appointments.md 6.1); half of them take it (assumption)."""
REACTION = 60.0
CONTACT_FROM, CONTACT_UNTIL = 8 * 60, 20 * 60
MIN_LEAD = 4 * 60
COOL_DOWN = 20 * 60
MOST_OFFERS, MOST_IGNORED = 6, 3


@dataclass
class Wish:
    """Somebody with a visit hopes for an earlier one; the smaller the rank, the earlier the turn."""

    person: Person
    rank: tuple[int, float]
    script: bool
    offers: int = 0
    ignored: int = 0
    rests_until: float = 0.0

    def __lt__(self, other: "Wish") -> bool:
        return self.rank < other.rank


class By(Enum):
    """How somebody came by an earlier place."""

    LOOKING = auto()
    SCRIPT = auto()
    OFFER = auto()


@dataclass
class Move:
    """Somebody got an earlier visit, passing so many others who stood before and whom the place suited as well."""

    days_gained: int
    passed: int
    by: By


def contact_time(moment: float, minutes: float) -> float:
    """Return the moment that lies so many contact minutes (08:00 to 20:00) after another."""
    while True:
        day = moment // DAY * DAY
        begin = max(moment, day + CONTACT_FROM)
        if begin + minutes <= day + CONTACT_UNTIL:
            return begin + minutes
        minutes -= max(0.0, day + CONTACT_UNTIL - begin)
        moment = day + DAY


class PublicAtOnce(Year):
    """Every freed place is shown to everybody at the second at which it is freed."""

    def __init__(self, people: Sequence[Person], agenda: Agenda, *, days: int) -> None:
        super().__init__(people, agenda, days=days)
        self.wishes: list[Wish] = []
        self.moves: list[Move] = []
        self._freed: list[Place] = []
        self._rng = Random(6)

    def booked(self, person: Person) -> None:
        """Note the wish of somebody who got a late time."""
        now = self.events.now
        today = int(now) // DAY
        late = self.agenda.places[person.number].day - today >= 7
        if late and person.earliest == today and person.hopes_for_earlier < HOPES:
            insort(self.wishes, Wish(person, (today, self._rng.random()), person.watches < SCRIPTS))
            self.hopes(person)

    def hopes(self, person: Person) -> None:
        """Have the person look again by and by."""
        self.events.at(self.events.now + self._rng.expovariate(1 / LOOKS_EVERY), lambda: self._looks(person))

    def _looks(self, person: Person) -> None:
        now = self.events.now
        wish = next((wish for wish in self.wishes if wish.person is person), None)
        if wish is None or self._latest_gain(wish) <= int(now) // DAY:
            self.wishes = [other for other in self.wishes if other is not wish]
            return
        found = self.agenda.find(person, now=now, before=self._latest_gain(wish))
        if found:
            old = self.agenda.give_back(person.number)
            self.agenda.book(person.number, day=found[0], first=found[1], ticks=person.ticks)
            passed = self.passed(wish, self.agenda.places[person.number])
            self.moved(wish, old, by=By.LOOKING, passed=passed)
        self.hopes(person)

    def passed(self, wish: Wish, place: Place) -> int:
        """Return how many who stand before a wish could be offered the place at this moment."""
        return sum(self.could_take(other, place) for other in self.wishes if other < wish)

    def moved(self, wish: Wish, old: Place, *, by: By, passed: int) -> None:
        """Note a move, and give on the place that it leaves."""
        place = self.agenda.places[wish.person.number]
        if self.events.now >= WARM_UP * DAY:
            self.moves.append(Move(old.day - place.day, passed, by))
        self.freed(old)

    def _latest_gain(self, wish: Wish) -> int:
        place = self.agenda.places.get(wish.person.number)
        if place is None:
            return 0
        remaining = place.day - int(self.events.now) // DAY
        return place.day + 1 - max(1, min(3, ceil(0.3 * remaining)))

    def could_take(self, wish: Wish, place: Place) -> bool:
        """Say whether a place suits a wish and may be offered to it now."""
        person = wish.person
        return (
            person.ticks <= place.ticks
            and person.hours >> (TICKS - 1 - place.first) & 1 == 1
            and wish.rests_until <= self.events.now
            and wish.offers < MOST_OFFERS
            and wish.ignored < MOST_IGNORED
            and place.day >= person.earliest
            and weekday(place.day) in person.weekdays
            and place.day < self._latest_gain(wish)
        )

    def freed(self, place: Place) -> None:
        """Let a script have it, if one wants it; else it stands open to whoever comes."""
        self._freed.append(place)
        self.public(place)

    def public(self, place: Place) -> None:
        """Show a place to everybody: scripts see it first."""
        if start_of(place.day, place.first) - self.events.now < 60:
            return
        quick = next((wish for wish in self.wishes if wish.script and self.could_take(wish, place)), None)
        if quick:
            passed = self.passed(quick, place)
            old = self.agenda.give_back(quick.person.number)
            self.agenda.take(quick.person.number, Place(place.day, place.line, place.first, quick.person.ticks))
            self.moved(quick, old, by=By.SCRIPT, passed=passed)

    def reused(self) -> float:
        """Return which share of the freed ticks was used in the end."""
        idle = sum(self.agenda.idle(place) for place in self._freed)
        return 1 - idle / sum(place.ticks for place in self._freed)


class InListOrder(PublicAtOnce):
    """A freed place is held for the list, offered to one at a time in its order, and public when nobody wants it."""

    def __init__(self, people: Sequence[Person], agenda: Agenda, *, days: int, window: float) -> None:
        super().__init__(people, agenda, days=days)
        self.offers = 0
        self._holds = 0
        self._window = window

    def hopes(self, person: Person) -> None:
        """Wait for a mail: the list ends a wish when its visit cannot become earlier any more."""
        place = self.agenda.places[person.number]
        self.events.at(start_of(place.day, 0), lambda: self._forget(person))

    def _forget(self, person: Person) -> None:
        self.wishes = [wish for wish in self.wishes if wish.person is not person]

    def freed(self, place: Place) -> None:
        """Hold the place for the list, unless its time is too near."""
        self._freed.append(place)
        now = self.events.now
        remaining = start_of(place.day, place.first) - now
        if remaining < MIN_LEAD:
            self.public(place)
            return
        self._holds -= 1
        hold = self._holds
        self.agenda.take(hold, place)
        self._next(hold, until=min(contact_time(now, self._window), now + remaining / 4))

    def _next(self, hold: int, *, until: float) -> None:
        now, place = self.events.now, self.agenda.places[hold]
        wish = next((wish for wish in self.wishes if self.could_take(wish, place)), None)
        if wish is None or now >= until:
            self.public(self.agenda.give_back(hold))
            return
        passed = self.passed(wish, place)
        wish.offers += 1
        self.offers += 1
        deadline = max(30.0, min(240.0, (start_of(place.day, place.first) - now) / 20))
        reacts = self._rng.random() < REACTS
        takes = self._rng.random() < ACCEPTS
        delay = self._rng.expovariate(1 / REACTION)
        in_time = reacts and delay <= deadline
        wish.rests_until = contact_time(now, deadline) + COOL_DOWN
        answer = contact_time(now, delay if in_time else deadline)

        def answered() -> None:
            wish.ignored += not in_time
            wish.rests_until = self.events.now + COOL_DOWN
            if in_time and takes and place.day < self._latest_gain(wish):
                self._accepted(wish, hold, passed=passed)
            else:
                self._next(hold, until=until)

        self.events.at(answer, answered)

    def _accepted(self, wish: Wish, hold: int, *, passed: int) -> None:
        number = wish.person.number
        place = self.agenda.give_back(hold)
        old = self.agenda.give_back(number)
        self.agenda.take(number, Place(place.day, place.line, place.first, wish.person.ticks))
        self.moved(wish, old, by=By.OFFER, passed=passed)


def _passed(moves: list[Move], by: By) -> float:
    passed = [move.passed for move in moves if move.by is by]
    return sum(passed) / max(1, len(passed))


def cells(world: PublicAtOnce) -> list[str]:
    """Return the cells of a world's row, after its year."""
    outcome, moves = world.run(), world.moves
    return [
        f"{outcome.occupancy:.3f}",
        f"{world.reused():.0%}",
        f"{outcome.tnaa:.0f}",
        f"{len(moves)}",
        f"{percentile((move.days_gained for move in moves), 0.5):.0f}",
        *(f"{sum(move.by is by for move in moves) / len(moves):.0%}" for by in By),
        *(f"{_passed(moves, by):.1f}" for by in By),
    ]
