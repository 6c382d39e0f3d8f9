"""The calendar of one month as a table of weeks; pure."""

import re
from calendar import Calendar
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


@dataclass(frozen=True, slots=True)
class Cell:
    """A day in the table; `starts` is how many times are offered on it."""

    on: date
    starts: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month with its weeks (Monday first; None outside the month) and the months beside it that may be shown."""

    first: date
    weeks: tuple[tuple[Cell | None, ...], ...]
    before: date | None
    after: date | None
    free_days: int


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(first: date) -> date:
    """Return the first day of the month after."""
    return month_of(first + timedelta(days=31))


def parse_month(text: str) -> date | None:
    """Return the first day of a month written as `2026-12`, or None."""
    return parse_day(f"{text}-01")


def parse_day(text: str) -> date | None:
    """Return a day written as `2026-12-03`, or None."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def lay_out(first: date, free: Mapping[date, int], *, earliest: date, latest: date) -> Month:
    """Return the table of a month, without weeks that have passed.

    `earliest` and `latest` are the first and last day that can be booked at all.
    """
    weeks = tuple(
        tuple(Cell(day, free.get(day, 0)) if day.month == first.month else None for day in week)
        for week in Calendar().monthdatescalendar(first.year, first.month)
        if week[-1] >= earliest
    )
    before = month_of(first - timedelta(days=1))
    after = next_month(first)
    return Month(
        first=first,
        weeks=weeks,
        before=before if before >= month_of(earliest) else None,
        after=after if after <= month_of(latest) else None,
        free_days=sum(1 for week in weeks for cell in week if cell and cell.starts),
    )
