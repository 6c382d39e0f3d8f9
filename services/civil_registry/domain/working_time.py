"""Working time between two instants: only while the office is open."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from services.civil_registry.domain.local_time import ZONE, earliest_instant
from services.civil_registry.domain.terms import IsWorkingDay

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When the office works on a working day, on the clock of the Netherlands."""

    opens_at: time
    closes_at: time


def working_minutes(since: datetime, until: datetime, *, is_working_day: IsWorkingDay, hours: OfficeHours) -> int:
    """Return how many minutes of office hours lie between two instants, rounded down; 0 when they are the wrong way."""
    day, last = since.astimezone(ZONE).date(), until.astimezone(ZONE).date()
    total = timedelta()
    while day <= last:
        if is_working_day(day):
            opens, closes = earliest_instant(day, hours.opens_at), earliest_instant(day, hours.closes_at)
            total += max(min(until, closes) - max(since, opens), timedelta())
        day += _ONE_DAY
    return int(total.total_seconds() // 60)
