"""What is counted about a day, and how.

A day's figures are counts that add up: any period is the sum of its days, also for medians, because waits are kept as
a count per number of days. A visit for several products counts once for each of them (`product_id`), and once for its
location as a whole (`product_id` is empty).

Source: domain/appointments.md 9 and 4.15.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.appointments.domain.ticks import local_day

WHOLE = ""
"""In the place of a product: the location as a whole. In the place of a location: the whole town."""

THIRD = 3
"""The third next start tells the wait: the first two are mostly places that somebody has just given back."""


class Figure(StrEnum):
    """What a number counts, and what its bucket means."""

    FIRST_NEXT = "first-next"
    """Days until the next start; no value: none within the booking horizon."""
    THIRD_NEXT = "third-next"
    """Days until the third next start."""
    WAIT = "wait"
    """Bookings, by calendar days from booking to visit."""
    CHANNEL = "channel"
    """Bookings, by channel."""
    NOTICE = "notice"
    """Cancellations by residents, by whole hours before the start."""
    LATE_CANCEL = "late-cancel"
    """Those among them that came late, by lead time."""
    DONE = "done"
    """Visits that took place, by lead time."""
    NO_SHOW = "no_show"
    """Visits to which nobody came, by lead time."""
    LEFT = "left"
    """Visits whose holder left before the call, by lead time."""
    OPEN_TICKS = "open-ticks"
    """Ticks in which counters were open; for a product, those of the counters that can do it."""
    BOOKED_TICKS = "booked-ticks"
    """Ticks of those counters that visits owned when the day was over."""
    SERVED_TICKS = "served-ticks"
    """Ticks of visits that took place, on the day on which that was noted."""
    QUESTION = "question"
    """Questions whether somebody still comes that were put (`asked`), and that ended, by how they ended."""
    DRIFT_TICKS = "drift-ticks"
    """Ticks on which agenda and visits disagree, lost or doubled: must be 0."""


class Outcome(StrEnum):
    """What became of a visit."""

    DONE = "done"
    NO_SHOW = "no_show"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Cell:
    """One number of one day."""

    on: date
    location_id: str
    product_id: str
    figure: str
    bucket: str
    value: int | None


@dataclass(frozen=True, slots=True)
class Booking:
    """A hold that became firm."""

    location_id: str
    product_ids: frozenset[str]
    channel: str
    booked_at: datetime
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Cancellation:
    """A visit that its holder called off."""

    location_id: str
    product_ids: frozenset[str]
    booked_at: datetime
    starts_at: datetime
    cancelled_at: datetime


@dataclass(frozen=True, slots=True)
class Noted:
    """What a clerk noted of a visit; `replaces` is what it corrects."""

    location_id: str
    product_ids: frozenset[str]
    booked_at: datetime
    starts_at: datetime
    ticks: int
    outcome: Outcome
    replaces: Outcome | None


@dataclass(frozen=True, slots=True)
class Questioned:
    """A question whether somebody still comes that was put or that ended; `step` says which."""

    location_id: str
    product_ids: frozenset[str]
    step: str


@dataclass(frozen=True, slots=True)
class CounterDay:
    """How full a counter's day was."""

    location_id: str
    skills: frozenset[str]
    open_ticks: int
    booked_ticks: int


class Tally:
    """Adds up the figures of one day."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.counts: Counter[tuple[str, str, str, str]] = Counter()

    def add(
        self, location_id: str, product_ids: Iterable[str], figure: Figure, bucket: object = "", by: int = 1
    ) -> None:
        """Count once for the location as a whole, and once for each product."""
        for product_id in (WHOLE, *product_ids):
            self.counts[location_id, product_id, figure, str(bucket)] += by

    def cells(self) -> list[Cell]:
        """Return the numbers, in order; a correction and what it corrects may leave nothing."""
        return [Cell(self.on, *key, value) for key, value in sorted(self.counts.items()) if value]


def days_between(zone: ZoneInfo, earlier: datetime, later: datetime) -> int:
    """Return the calendar days from one instant to another; weekends count, the same day is 0."""
    return (local_day(zone, later) - local_day(zone, earlier)).days


def lead_bucket(days: int) -> str:
    """Return the group of lead times to which a number of days belongs."""
    return next((name for name, most in (("0-2", 2), ("3-7", 7), ("8-21", 21)) if days <= most), "22+")


LEADS = ("0-2", "3-7", "8-21", "22+")


def count_bookings(tally: Tally, bookings: Iterable[Booking], zone: ZoneInfo) -> None:
    """Count what was booked: how long people will wait, and by which channel they came."""
    for made in bookings:
        wait = days_between(zone, made.booked_at, made.starts_at)
        tally.add(made.location_id, made.product_ids, Figure.WAIT, wait)
        tally.add(made.location_id, made.product_ids, Figure.CHANNEL, made.channel)


def count_cancellations(
    tally: Tally, cancellations: Iterable[Cancellation], zone: ZoneInfo, late_after: Mapping[str, timedelta]
) -> None:
    """Count what was called off, and what of it within a product's `late_after` before the start.

    A visit for several products is late for each product by that product's own term, and late as a whole when it is
    late for any. Source: domain/appointments.md 4.7.
    """
    for off in cancellations:
        notice = off.starts_at - off.cancelled_at
        tally.add(off.location_id, off.product_ids, Figure.NOTICE, notice // timedelta(hours=1))
        lead = lead_bucket(days_between(zone, off.booked_at, off.starts_at))
        late = [product for product in off.product_ids if notice < late_after.get(product, timedelta())]
        if late:
            tally.add(off.location_id, late, Figure.LATE_CANCEL, lead)


def count_questions(tally: Tally, questions: Iterable[Questioned]) -> None:
    """Count who was asked whether he still comes, and what came of it: also whether places were lost by it."""
    for question in questions:
        tally.add(question.location_id, question.product_ids, Figure.QUESTION, question.step)


def count_outcomes(tally: Tally, noted: Iterable[Noted], zone: ZoneInfo) -> None:
    """Count what became of visits. A correction takes back what it replaces, on the day on which it was made."""
    for note in noted:
        lead = lead_bucket(days_between(zone, note.booked_at, note.starts_at))
        for outcome, by in ((note.outcome, 1), (note.replaces, -1)):
            if outcome is None:
                continue
            tally.add(note.location_id, note.product_ids, Figure(outcome), lead, by)
            if outcome is Outcome.DONE:
                tally.add(note.location_id, (), Figure.SERVED_TICKS, by=by * note.ticks)


def count_counters(tally: Tally, counters: Sequence[CounterDay], needs: Mapping[str, frozenset[str]]) -> None:
    """Count how full the counters were: each counter once for its location, and once for each product it can do."""
    for counter in counters:
        able = [product_id for product_id, skills in needs.items() if skills <= counter.skills]
        tally.add(counter.location_id, able, Figure.OPEN_TICKS, by=counter.open_ticks)
        tally.add(counter.location_id, able, Figure.BOOKED_TICKS, by=counter.booked_ticks)


@dataclass(frozen=True, slots=True)
class Wait:
    """How far away the next starts for one person are now, in calendar days; None: beyond the booking horizon."""

    location_id: str
    product_id: str
    first_next_days: int | None
    third_next_days: int | None
    norm_days: int | None

    @property
    def passes_norm(self) -> bool:
        """Say whether people wait longer than the town promises."""
        return self.norm_days is not None and (self.third_next_days is None or self.third_next_days > self.norm_days)


def wait_of(
    *,
    location_id: str,
    product_id: str,
    norm_days: int | None,
    today: date,
    starts_by_day: Mapping[date, int],
) -> Wait:
    """Return the wait that the numbers of bookable starts per day mean."""
    ahead: list[int] = []
    for on in sorted(starts_by_day):
        ahead += [(on - today).days] * min(starts_by_day[on], THIRD)
        if len(ahead) >= THIRD:
            break
    return Wait(
        location_id=location_id,
        product_id=product_id,
        first_next_days=ahead[0] if ahead else None,
        third_next_days=ahead[THIRD - 1] if len(ahead) >= THIRD else None,
        norm_days=norm_days,
    )


def wait_cells(on: date, waits: Iterable[Wait]) -> list[Cell]:
    """Return what a sample of the waits is in the history."""
    return [
        Cell(on, wait.location_id, wait.product_id, figure, "", value)
        for wait in waits
        for figure, value in (
            (Figure.FIRST_NEXT, wait.first_next_days),
            (Figure.THIRD_NEXT, wait.third_next_days),
        )
    ]
