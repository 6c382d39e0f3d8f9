"""How terms are counted, in calendar days of Europe/Amsterdam. `is_working_day` is `holidays.WorkingDays`.

How long the terms of civil status are stands in `data/terms.yaml`; `legal_terms` brings the two together.
"""

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

IsWorkingDay = Callable[[date], bool]

_ONE_DAY = timedelta(days=1)
_WORKING_DAYS_INSIDE = 2
_SHORTEST_TO_FILL = 3
"""Only terms of at least three days are stretched until they hold two working days."""
_DAYS_IN_A_WEEK = 7
_MONTHS_IN_A_YEAR = 12


class Unit(StrEnum):
    """What a term is written in."""

    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working-days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_LONGEST_STRETCHED = {Unit.DAYS: 90, Unit.WEEKS: 12, Unit.MONTHS: 3}
"""The longest terms to which the Algemene termijnenwet applies; to hours and years it never does (art. 4)."""


@dataclass(frozen=True, slots=True)
class Length:
    """How long a term is, as the law writes it."""

    number: int
    unit: Unit

    @property
    def stretches(self) -> bool:
        """Say whether the term is stretched when it ends on a day off or holds too few working days.

        Source: Algemene termijnenwet art. 4.
        """
        return self.number <= _LONGEST_STRETCHED.get(self.unit, 0)


def last_day(fact_on: date, length: Length, is_working_day: IsWorkingDay) -> date:
    """Return the last day of a term that begins on the day after a fact (*laatste dag van de termijn*).

    Raises: ValueError (a term in hours has no last day: see `hours_after`).
    Source: Algemene termijnenwet art. 1, 2 and 4.
    """
    if length.unit is Unit.WORKING_DAYS:
        return nth_working_day(fact_on, length.number, is_working_day)
    end = plain_end(fact_on, length)
    return stretched(fact_on + _ONE_DAY, end, is_working_day) if length.stretches else end


def plain_end(fact_on: date, length: Length) -> date:
    """Return the day on which so many days, weeks, months or years after a fact end, whatever day it is.

    A month or year that lacks the day ends on its last day: a year after 29 February is 28 February.

    Raises: ValueError (hours or working days).
    """
    match length.unit:
        case Unit.DAYS:
            return fact_on + length.number * _ONE_DAY
        case Unit.WEEKS:
            return fact_on + length.number * _DAYS_IN_A_WEEK * _ONE_DAY
        case Unit.MONTHS:
            return _months_after(fact_on, length.number)
        case Unit.YEARS:
            return _months_after(fact_on, length.number * _MONTHS_IN_A_YEAR)
        case Unit.HOURS | Unit.WORKING_DAYS:
            raise ValueError(f"A term in {length.unit} is not counted in calendar days.")


def stretched(begin: date, end: date, is_working_day: IsWorkingDay) -> date:
    """Return the last day of a term of days that runs from `begin` to `end`, both included (*termijnverlenging*).

    It does not end on a day off, and a term of three days or more holds two working days. Not for terms in hours or
    years, nor for those counted backwards from an event.

    Source: Algemene termijnenwet art. 1 and 2; exceptions in art. 1 lid 2 and art. 4.
    """
    least = _WORKING_DAYS_INSIDE if (end - begin).days + 1 >= _SHORTEST_TO_FILL else 0
    last = end
    while working_days(begin, last, is_working_day) < least or not is_working_day(last):
        last += _ONE_DAY
    return last


def counted_back(event_on: date, days: int) -> date:
    """Return the day so many days before an event, whatever day it is (*terugrekening*): nothing is stretched.

    Source: Algemene termijnenwet art. 1 lid 2.
    """
    return event_on - days * _ONE_DAY


def nth_working_day(fact_on: date, number: int, is_working_day: IsWorkingDay) -> date:
    """Return the so-manieth working day after the day of a fact, which itself never counts."""
    day, left = fact_on, number
    while left:
        day += _ONE_DAY
        left -= is_working_day(day)
    return day


def hours_after(instant: datetime, hours: int) -> datetime:
    """Return the instant so many hours later, in UTC.

    Hours pass evenly, so that a night in which the clock changes makes no difference. Needs an aware instant.

    Raises: ValueError (naive instant).
    """
    if instant.tzinfo is None:
        raise ValueError("Give the time with its offset.")
    return instant.astimezone(UTC) + timedelta(hours=hours)


def _months_after(day: date, months: int) -> date:
    years, month = divmod(day.month - 1 + months, _MONTHS_IN_A_YEAR)
    year, month = day.year + years, month + 1
    return day.replace(year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1]))


def working_days(begin: date, end: date, is_working_day: IsWorkingDay) -> int:
    """Return how many working days lie between two days, both included."""
    return sum(is_working_day(begin + number * _ONE_DAY) for number in range((end - begin).days + 1))
