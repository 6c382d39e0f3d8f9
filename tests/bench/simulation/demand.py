"""A synthetic year: when the counters are open, and who wants what when. The same seed gives the same people.

A moment is a wall-clock minute since the first midnight; all that differs between people is drawn beforehand, so
that two policies meet the very same demand. Shapes and shares are assumptions; the source of each stands with it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from services.appointments.domain.closed_days import ClosedDays
from services.appointments.domain.openings import Span, Weekly, open_bits
from services.appointments.domain.ticks import FULL, TICK_MINUTES, TICKS

FIRST_DAY = date(2026, 11, 23)
WARM_UP = 42
"""Days before the first of January 2027 (less a few), so that the calendar is in use when measuring begins."""
HORIZON = 182
"""Days ahead that a time can be booked (deploy/demo/enschede/products.yaml)."""
LEAD_MINUTES = 60
DAY = 24 * 60

WEEKDAYS = (1.35, 1.15, 1.0, 1.0, 0.9, 0.45, 0.45)
MONTHS = (1.0, 0.95, 0.95, 1.0, 1.05, 1.1, 1.3, 0.9, 0.9, 0.9, 0.95, 1.25)
"""Peaks before the summer holidays and in December."""
LENGTHS = (2, 3, 4, 6)
LENGTH_WEIGHTS = (4, 3, 2, 1)
"""10, 15, 20 and 30 minutes (domain/appointments.md 7.1.6)."""
SHORTEST = min(LENGTHS)
STANDARD = 3
"""Ticks of the standard product of the third next available appointment."""
CANCELS = 0.10
"""Share of booked visits that are cancelled (assumption)."""

Calendar = Sequence[dict[str, int]]
"""By day: the ticks in which each counter is open."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wants a visit; the shares are draws between 0 and 1 that decide what the person will do."""

    number: int
    at: int
    ticks: int
    earliest: int
    latest: int
    weekdays: frozenset[int]
    hours: int
    choice: float
    cancels: float
    cancels_when: float
    hopes_for_earlier: float
    watches: float


def weekday(day: int) -> int:
    """Return 0 for a Monday."""
    return (FIRST_DAY.weekday() + day) % 7


def calendar(*, days: int, desks: int) -> Calendar:
    """Return the openings of some identical counters: office hours with staggered breaks, Thursday evening for half."""
    last = FIRST_DAY + timedelta(days=days)
    closed = ClosedDays("NL", ("public",), frozenset(), frozenset(), ()).holidays_between(FIRST_DAY, last)
    office = [Weekly(frozenset(range(5)), Span(102, 204)), Weekly(frozenset({3}), Span(204, 240))]
    opening = []
    for offset in range(days):
        on = FIRST_DAY + timedelta(days=offset)
        lines = {}
        for desk in range(desks):
            noon = Span(144 + 3 * (desk % 6), 150 + 3 * (desk % 6))
            shifts = [Weekly(frozenset(range(5)), Span(102, 204), breaks=(noon,)), *office[1 : 1 + desk % 2]]
            lines[f"desk-{desk + 1}"] = open_bits(
                on, location_hours=office, shifts=shifts, closures=[Span(0, TICKS)] if on in closed else []
            )
        opening.append(lines)
    return opening


def open_ticks(openings: Calendar) -> int:
    """Return how many ticks the counters are open."""
    return sum(free.bit_count() for lines in openings for free in lines.values())


def _hours(rng: Random) -> tuple[frozenset[int], int]:
    everyday = frozenset(range(5))
    kind = rng.random()
    if kind < 0.35:
        return everyday, FULL
    if kind < 0.60:
        return everyday, Span(102, 144).bits
    if kind < 0.85:
        return everyday, Span(156, 240).bits
    first = rng.randrange(102, 180, 6)
    return frozenset(rng.sample(range(5), 2)), Span(first, first + 24).bits


def _first_day_wanted(rng: Random, today: int) -> int:
    kind = rng.random()
    if kind < 0.55:
        return today
    return today + (rng.randint(3, 14) if kind < 0.85 else rng.randint(14, 42))


def people(*, openings: Calendar, days: int, load: float, seed: int) -> list[Person]:
    """Return who comes in the first `days` days, in order; who will not cancel wants `load` times the open ticks.

    Arrivals are Poisson with a rate that depends on weekday and month. Peaks and preferences are assumptions.
    """
    rng = Random(seed)
    length = sum(ticks * weight for ticks, weight in zip(LENGTHS, LENGTH_WEIGHTS, strict=True)) / sum(LENGTH_WEIGHTS)
    weights = [WEEKDAYS[weekday(day)] * MONTHS[(FIRST_DAY + timedelta(days=day)).month - 1] for day in range(days)]
    wanted = load * open_ticks(openings[:days]) / length / (1 - CANCELS)
    found: list[Person] = []
    for day, weight in enumerate(weights):
        share = weight / sum(weights)
        moment = rng.expovariate(wanted * share)
        while moment < 1:
            at = day * DAY + int(rng.triangular(7 * 60, 23 * 60, 11 * 60))
            found.append(_person(rng, number=len(found), at=at))
            moment += rng.expovariate(wanted * share)
    return sorted(found, key=lambda person: (person.at, person.number))


def _person(rng: Random, *, number: int, at: int) -> Person:
    earliest = _first_day_wanted(rng, at // DAY)
    weekdays, hours = _hours(rng)
    return Person(
        number=number,
        at=at,
        ticks=rng.choices(LENGTHS, LENGTH_WEIGHTS)[0],
        earliest=earliest,
        latest=earliest + rng.choice((10, 21, 42)),
        weekdays=weekdays,
        hours=hours,
        choice=rng.random(),
        cancels=rng.random(),
        cancels_when=rng.random(),
        hopes_for_earlier=rng.random(),
        watches=rng.random(),
    )


def no_show_chance(lead_days: float) -> float:
    """Return how likely somebody stays away who booked so many days ahead.

    Source: buckets of domain/appointments.md 9; level between Berlin's 8.7 and 17 per cent (7.1.13); assumption.
    """
    return 0.04 if lead_days <= 2 else 0.06 if lead_days <= 7 else 0.09 if lead_days <= 21 else 0.13


def start_of(day: int, tick: int) -> int:
    """Return the moment at which a tick of a day begins."""
    return day * DAY + tick * TICK_MINUTES
