"""When a travel document that was applied for can be collected: some working days later, and not too late.

Working days are all days but Saturdays, Sundays, legal holidays and days on which the location is closed as a whole.
A document is made in the days between: the day of the request itself does not count.

Source: Paspoortuitvoeringsregeling Nederland art. 37 (the producer delivers in five working days); Algemene
termijnenwet art. 3 (which days are holidays).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from services.appointments.domain.closed_days import ClosedDays
from services.appointments.domain.errors import CollectionTooEarly, CollectionTooLate, NothingToCollect
from services.appointments.domain.openings import WHOLE_DAY
from services.appointments.domain.visit import Product, Wanted, merged

_DAY = timedelta(days=1)
_SATURDAY = 5


class Part(StrEnum):
    """Which visit of a journey an appointment is."""

    REQUEST = "request"
    COLLECTION = "collection"


@dataclass(frozen=True, slots=True)
class Term:
    """How long after a request its documents may be collected: from so many working days, within so many days."""

    after_working_days: int
    within_days: int


@dataclass(frozen=True, slots=True)
class Window:
    """The first and the last day on which something may be done, both included."""

    first_on: date
    last_on: date

    def __contains__(self, on: date) -> bool:
        return self.first_on <= on <= self.last_on


def collected(wanted: Sequence[Wanted], products: Mapping[str, Product]) -> tuple[tuple[Wanted, ...], Term]:
    """Return what must be collected after a visit, by as many persons, and within which term.

    Raises: NothingToCollect.
    """
    rules = [(part, rule) for part in wanted if (rule := products[part.product_id].policy.collection)]
    if not rules:
        raise NothingToCollect
    term = Term(
        after_working_days=max(rule.after_working_days for _, rule in rules),
        within_days=min(rule.within_days for _, rule in rules),
    )
    return merged([Wanted(rule.product_id, part.persons) for part, rule in rules]), term


def days_off(closed: ClosedDays | None, first: date, last: date, *, location_id: str) -> frozenset[date]:
    """Return the holidays and the days on which a location is closed as a whole, between two days, both included."""
    if closed is None:
        return frozenset()
    return frozenset(
        on
        for on, closures in closed.closures_by_day(first, last).items()
        if any(closure.span == WHOLE_DAY and closure.location_id in (None, location_id) for closure in closures)
    )


def is_working_day(on: date, off: Collection[date]) -> bool:
    """Say whether work is done on a day."""
    return on.weekday() < _SATURDAY and on not in off


def collection_window(requested_on: date, term: Term, off: Collection[date]) -> Window:
    """Return when documents that were requested on a day may be collected.

    `off` reaches at least some weeks beyond the request.
    """
    ready_on, left = requested_on, term.after_working_days
    while left:
        ready_on += _DAY
        left -= is_working_day(ready_on, off)
    return Window(ready_on, max(ready_on, requested_on + timedelta(days=term.within_days)))


def request_window(collected_on: date, term: Term, off: Collection[date]) -> Window | None:
    """Return the days on which documents may be requested that are collected on a day, or None when there are none."""
    days = [collected_on - _DAY * back for back in range(term.within_days, 0, -1)]
    fitting = [on for on in days if collected_on in collection_window(on, term, off)]
    return Window(fitting[0], fitting[-1]) if fitting else None


def check_collection(requested_on: date, collected_on: date, term: Term, off: Collection[date]) -> None:
    """Do nothing when a collection on a day fits its request.

    Raises: CollectionTooEarly, CollectionTooLate.
    """
    window = collection_window(requested_on, term, off)
    if collected_on < window.first_on:
        before = request_window(collected_on, term, off)
        raise CollectionTooEarly(earliest_on=window.first_on, request_by_on=before.last_on if before else None)
    if collected_on > window.last_on:
        raise CollectionTooLate(last_on=window.last_on)
