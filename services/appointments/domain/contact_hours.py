"""Time in which people may be expected to read and answer: from 08:00 to 20:00 on the wall clock, every day.

The clock is changed at night, so each day has exactly twelve of these hours; only their instants shift.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FROM, UNTIL = time(8), time(20)
_ONE_DAY = timedelta(days=1)


def contact_after(instant: datetime, length: timedelta, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which a length of contact time has passed."""
    on = instant.astimezone(zone).date()
    while True:
        opens, closes = _hours(on, zone)
        begins = max(instant, opens)
        if begins < closes and length <= closes - begins:
            return begins + length
        length -= max(closes - begins, timedelta())
        on += _ONE_DAY


def contact_between(first: datetime, last: datetime, zone: ZoneInfo) -> timedelta:
    """Return how much contact time lies between two instants; none when the second is not later."""
    total = timedelta()
    on = first.astimezone(zone).date()
    while on <= last.astimezone(zone).date():
        opens, closes = _hours(on, zone)
        total += max(min(last, closes) - max(first, opens), timedelta())
        on += _ONE_DAY
    return total


def _hours(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """Return the first instant of a day's contact time, and the first after it; the zone is asked for that very day."""
    return (
        datetime.combine(on, FROM, zone).astimezone(UTC),
        datetime.combine(on, UNTIL, zone).astimezone(UTC),
    )
