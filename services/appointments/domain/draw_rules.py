"""Which days of the agenda are given out by draw, and when each step of a draw is.

The days of one week or month are a batch: people ask for a place while it is open, then lots are drawn, and what is
left is for everybody. Moments are counted back from the first day of the batch on the wall clock of the town.

Source: domain/appointments.md 8.2.6.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.appointments.domain.ticks import instant_of, tick_of

SHORTEST_OPEN = timedelta(hours=24)
"""Nobody needs to be awake at one moment: requests may be put in for at least a day."""
ANNOUNCED_AHEAD = timedelta(hours=1)
"""How long before requests open a batch, with its commitment, is made known."""

_ONE_DAY = timedelta(days=1)
_MORE_THAN_A_MONTH = timedelta(days=31)


class Every(StrEnum):
    """The days that are drawn together."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time on the wall, so many days before the first day of a batch."""

    days_ahead: int
    at: time

    def before(self, first_on: date, zone: ZoneInfo) -> datetime:
        """Return the instant."""
        return instant_of(zone, first_on - self.days_ahead * _ONE_DAY, tick_of(self.at))

    @property
    def wall_before(self) -> timedelta:
        """Return how long before the first midnight of the batch it is, if no clock were changed."""
        return self.days_ahead * _ONE_DAY - timedelta(hours=self.at.hour, minutes=self.at.minute)


@dataclass(frozen=True, slots=True)
class Batch:
    """Days that are drawn together, and when."""

    first_on: date
    last_on: date
    weekdays: frozenset[int]
    """The days of the week (0 = Monday) that are drawn; the others are never part of it."""
    opens_at: datetime
    closes_at: datetime
    draws_at: datetime
    most_places: int | None

    def covers(self, on: date) -> bool:
        """Say whether a day's places are given out by this draw."""
        return self.first_on <= on <= self.last_on and on.weekday() in self.weekdays

    def days(self) -> list[date]:
        """Return the days whose places are given out."""
        length = (self.last_on - self.first_on).days + 1
        found = (self.first_on + number * _ONE_DAY for number in range(length))
        return [on for on in found if self.covers(on)]

    def begun_at(self, now: datetime, zone: ZoneInfo) -> "Batch | None":
        """Return the batch when it is made known at an instant: as planned, or later as a whole.

        Who comes late with a draw (the process stood still, the rule is new) leaves people as much time as any:
        requests are open for a day at least, and the draw keeps its distance. None when lots should have been drawn by
        then, or could not be before the first day begins: its places are for everybody.
        """
        if now <= self.opens_at:
            return self
        closes_at = max(self.closes_at, now + SHORTEST_OPEN)
        draws_at = closes_at + (self.draws_at - self.closes_at)
        if now >= self.draws_at or draws_at >= instant_of(zone, self.first_on, 0):
            return None
        return replace(self, opens_at=now, closes_at=closes_at, draws_at=draws_at)


@dataclass(frozen=True, slots=True)
class DrawRule:
    """How a product's days are drawn, for batches that begin from `valid_from` until `valid_until`, both included."""

    every: Every
    weekdays: frozenset[int]
    opens: Moment
    closes: Moment
    draws: Moment
    most_places: int | None
    """Visits that are given out at most by one draw; None: all that fit."""
    valid_from: date
    valid_until: date | None

    def batch_of(self, on: date, zone: ZoneInfo) -> Batch | None:
        """Return the batch that a day belongs to, or None when that day is not drawn under this rule."""
        first_on, last_on = period_of(self.every, on)
        batch = Batch(
            first_on=first_on,
            last_on=last_on,
            weekdays=self.weekdays,
            opens_at=self.opens.before(first_on, zone),
            closes_at=self.closes.before(first_on, zone),
            draws_at=self.draws.before(first_on, zone),
            most_places=self.most_places,
        )
        return batch if self.holds_for(first_on) and batch.covers(on) else None

    def holds_for(self, first_on: date) -> bool:
        """Say whether a batch that begins on a day is drawn under this rule."""
        return self.valid_from <= first_on and (self.valid_until is None or first_on <= self.valid_until)

    def batches(self, first: date, last: date, zone: ZoneInfo) -> Iterator[Batch]:
        """Yield the batches that lie between two days, wholly or in part, in order."""
        on, _ = period_of(self.every, first)
        while on <= last:
            begins, ends = period_of(self.every, on)
            drawn = next((day for day in _days(begins, ends) if day.weekday() in self.weekdays), None)
            batch = None if drawn is None else self.batch_of(drawn, zone)
            if batch is not None:
                yield batch
            on = ends + _ONE_DAY


def period_of(every: Every, on: date) -> tuple[date, date]:
    """Return the first and the last day of the week (from Monday) or the month in which a day lies."""
    if every is Every.WEEK:
        first = on - on.weekday() * _ONE_DAY
        return first, first + 6 * _ONE_DAY
    first = on.replace(day=1)
    return first, (first + _MORE_THAN_A_MONTH).replace(day=1) - _ONE_DAY


def batch_on(rules: Iterable[DrawRule], on: date, zone: ZoneInfo) -> Batch | None:
    """Return the batch that a day belongs to under the rules of a product, or None: its places are for everybody."""
    return next((batch for rule in rules if (batch := rule.batch_of(on, zone)) is not None), None)


def batches_between(rules: Iterable[DrawRule], first: date, last: date, zone: ZoneInfo) -> list[Batch]:
    """Return the batches of a product that lie between two days, wholly or in part, in order."""
    found = (batch for rule in rules for batch in rule.batches(first, last, zone))
    return sorted(found, key=lambda batch: batch.first_on)


def has_later(rules: Sequence[DrawRule], first_on: date) -> bool:
    """Say whether a product has another batch after the one that begins on a day."""

    def next_first(rule: DrawRule) -> date:
        following = period_of(rule.every, max(period_of(rule.every, first_on)[1] + _ONE_DAY, rule.valid_from))
        return following[0] if following[0] >= rule.valid_from else following[1] + _ONE_DAY

    return any(rule.holds_for(next_first(rule)) for rule in rules)


def _days(first: date, last: date) -> Iterator[date]:
    return (first + number * _ONE_DAY for number in range((last - first).days + 1))
