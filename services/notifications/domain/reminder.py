"""When a reminder is due: the same wall-clock time on the day before, so that a DST night changes nothing."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

_ONE_DAY = timedelta(days=1)
LAST_USEFUL = timedelta(hours=1)
"""A reminder that would come later than this before the start is no help any more."""


@dataclass(frozen=True, slots=True)
class Window:
    """When a reminder may be sent: not before, and only until. Instants in UTC."""

    not_before: datetime
    expires_at: datetime


def reminder_at(starts_at: datetime, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, of the same wall-clock time on the day before in the location's zone.

    The day before may be 23 or 25 hours away. A wall-clock time that does not exist that night (spring) falls an
    hour later on the clock, one that comes twice (autumn) is the first of the two.
    """
    local = starts_at.astimezone(zone)
    return (local.replace(tzinfo=None) - _ONE_DAY).replace(tzinfo=zone, fold=0).astimezone(UTC)


def reminder_window(starts_at: datetime, *, known_at: datetime, zone: tzinfo) -> Window | None:
    """Return when to remind of a visit that became known at an instant; None when the moment has passed by then."""
    due = reminder_at(starts_at, zone)
    if due <= known_at:
        return None
    return Window(due, starts_at.astimezone(UTC) - LAST_USEFUL)
