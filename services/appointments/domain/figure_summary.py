"""What the figures of several days say together."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from services.appointments.domain.figures import LEADS, Cell, Figure

GOAL_DAYS = 14
"""The share of visits within two weeks is what Berlin publishes. Source: domain/appointments.md 9."""

MEDIAN, NINE_OF_TEN = 50, 90


@dataclass(frozen=True, slots=True)
class Lead:
    """What became of the visits that were booked so many days ahead."""

    lead: str
    done: int
    no_show: int
    left: int
    late_cancelled: int

    @property
    def no_show_rate(self) -> float | None:
        """Return which share of the visits that were due nobody came to; late cancellations are no visits."""
        return share(self.no_show, self.done + self.no_show + self.left)


@dataclass(frozen=True, slots=True)
class Summary:
    """The figures of a product at a location, or of a location as a whole (`product_id` is empty)."""

    location_id: str
    product_id: str
    samples: int
    first_next_days: float | None
    third_next_days: float | None
    booked: int
    wait_p50_days: int | None
    wait_p90_days: int | None
    share_within_14_days: float | None
    channels: Mapping[str, int]
    cancelled: int
    cancel_notice_p50_hours: int | None
    leads: tuple[Lead, ...]
    open_ticks: int
    booked_ticks: int
    served_ticks: int
    drift_ticks: int
    questions: Mapping[str, int]
    """How many were asked whether they still come, and how it ended."""

    @property
    def planned_occupancy(self) -> float | None:
        """Return which share of the open ticks was booked."""
        return share(self.booked_ticks, self.open_ticks)

    @property
    def served_occupancy(self) -> float | None:
        """Return which share of the open ticks went to visits that took place."""
        return share(self.served_ticks, self.open_ticks)

    @property
    def late_cancelled(self) -> int:
        """Return how many visits were called off late."""
        return sum(lead.late_cancelled for lead in self.leads)


def share(part: int, whole: int) -> float | None:
    """Return a share, or None of nothing."""
    return part / whole if whole > 0 else None


def median(values: Sequence[int | None]) -> float | None:
    """Return the middle of some waits; None stands for longer than any number, in and out.

    Of an even number of waits it is the mean of the two in the middle.
    """
    if not values:
        return None
    ordered = sorted(math.inf if value is None else value for value in values)
    middle = len(ordered) // 2
    found = ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2
    return None if math.isinf(found) else found


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """Return the smallest value which so many per cent of the counted do not exceed (nearest rank)."""
    total = sum(counts.values())
    reached = 0
    for value in sorted(counts):
        reached += counts[value]
        if reached * 100 >= total * percent:
            return value
    return None


def monday_of(on: date) -> date:
    """Return the first day of the week in which a day lies."""
    return on - timedelta(days=on.weekday())


def by_week(cells: Iterable[Cell]) -> dict[date, list[Summary]]:
    """Return what each week (named by its Monday) says, for each location and product."""
    weeks: dict[date, list[Cell]] = defaultdict(list)
    for cell in cells:
        weeks[monday_of(cell.on)].append(cell)
    return {week: summaries(weeks[week]) for week in sorted(weeks)}


def summaries(cells: Iterable[Cell]) -> list[Summary]:
    """Return what the days say together, for each location and product."""
    groups: dict[tuple[str, str], list[Cell]] = defaultdict(list)
    for cell in cells:
        groups[cell.location_id, cell.product_id].append(cell)
    return [_summary(*key, groups[key]) for key in sorted(groups)]


def _summary(location_id: str, product_id: str, cells: Sequence[Cell]) -> Summary:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for cell in cells:
        sums[cell.figure][cell.bucket] += cell.value or 0
    firsts = [cell.value for cell in cells if cell.figure == Figure.FIRST_NEXT]
    thirds = [cell.value for cell in cells if cell.figure == Figure.THIRD_NEXT]
    waits = _numbered(sums[Figure.WAIT])
    notices = _numbered(sums[Figure.NOTICE])
    return Summary(
        location_id=location_id,
        product_id=product_id,
        samples=len(thirds),
        first_next_days=median(firsts),
        third_next_days=median(thirds),
        booked=waits.total(),
        wait_p50_days=percentile(waits, MEDIAN),
        wait_p90_days=percentile(waits, NINE_OF_TEN),
        share_within_14_days=share(sum(n for days, n in waits.items() if days <= GOAL_DAYS), waits.total()),
        channels=dict(sums[Figure.CHANNEL]),
        cancelled=notices.total(),
        cancel_notice_p50_hours=percentile(notices, MEDIAN),
        leads=tuple(
            Lead(
                lead=lead,
                done=sums[Figure.DONE][lead],
                no_show=sums[Figure.NO_SHOW][lead],
                left=sums[Figure.LEFT][lead],
                late_cancelled=sums[Figure.LATE_CANCEL][lead],
            )
            for lead in LEADS
        ),
        open_ticks=sums[Figure.OPEN_TICKS].total(),
        booked_ticks=sums[Figure.BOOKED_TICKS].total(),
        served_ticks=sums[Figure.SERVED_TICKS].total(),
        drift_ticks=sums[Figure.DRIFT_TICKS].total(),
        questions=dict(sums[Figure.QUESTION]),
    )


def _numbered(counts: Counter[str]) -> Counter[int]:
    return Counter({int(bucket): number for bucket, number in counts.items()})
