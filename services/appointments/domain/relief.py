"""More counter time for a product whose wait passes its norm: which counters' days to give it, within bounds.

The days with the most room go first, so that the counters' own visitors miss them least; no more than brings the
third next start back within the norm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.appointments.domain.figure_summary import monday_of
from services.appointments.domain.figures import THIRD
from services.appointments.domain.ticks import TICK_MINUTES, mask, run_starts, to_text


class ReliefState(StrEnum):
    """Where a proposal is in its life."""

    PROPOSED = "proposed"
    APPLIED = "applied"
    DECLINED = "declined"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A counter's day that could be given to a product."""

    line_id: str
    on: date
    open: int
    free: int

    @property
    def minutes(self) -> int:
        """Return how long the counter is open on that day: at most so much is given away."""
        return self.open.bit_count() * TICK_MINUTES

    @property
    def occupancy(self) -> float:
        """Return which share of the day is taken already."""
        return 1 - self.free.bit_count() / self.open.bit_count() if self.open else 1.0


@dataclass(frozen=True, slots=True)
class Choice:
    """A counter's day to give, with the numbers that led to it."""

    candidate: Candidate
    starts_added: int
    minutes_of_week: int
    """What was given or proposed in that week before this one."""


def visits_that_fit(free: int, ticks: int) -> int:
    """Return how many visits of so many ticks fit into the free ticks, one after the other."""
    number = 0
    while (first := to_text(run_starts(free, ticks)).find("1")) >= 0:
        free &= ~mask(first, ticks)
        number += 1
    return number


def choose(
    candidates: Sequence[Candidate],
    *,
    ticks: int,
    starts_within_norm: int,
    most_minutes_per_week: int,
    minutes_by_week: Mapping[date, int],
) -> list[Choice]:
    """Return the counters' days to give, fewest visitors first, until the norm is kept or a bound is reached.

    `starts_within_norm` are those that exist, or will when what is proposed already is accepted. A day counts for its
    whole opening, also when the product will use less of it: so the bound is never passed.
    """
    given = dict(minutes_by_week)
    chosen: list[Choice] = []
    missing = THIRD - starts_within_norm
    for candidate in sorted(candidates, key=lambda day: (day.occupancy, day.on, day.line_id)):
        if missing <= 0:
            break
        week = monday_of(candidate.on)
        before = given.get(week, 0)
        added = visits_that_fit(candidate.free, ticks)
        if not added or before + candidate.minutes > most_minutes_per_week:
            continue
        chosen.append(Choice(candidate, added, before))
        given[week] = before + candidate.minutes
        missing -= added
    return chosen
