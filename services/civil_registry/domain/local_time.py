"""Wall-clock time in the Netherlands, on the two nights in which the clock changes as well."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.civil_registry.domain.errors import TimeDoesNotExist

ZONE = ZoneInfo("Europe/Amsterdam")


def clock_time(text: str) -> time:
    """Return the time that `03:07` means."""
    return time.fromisoformat(text)


def earliest_instant(day: date, at: time) -> datetime:
    """Return when the clock showed a time on a day, in UTC; in the night that an hour comes twice, the first time.

    Raises: TimeDoesNotExist (the hour that the clock skips in spring).
    """
    return _instant(day, at, fold=0)


def latest_instant(day: date, at: time) -> datetime:
    """Return when the clock showed a time on a day, in UTC; in the night that an hour comes twice, the second time.

    Raises: TimeDoesNotExist (the hour that the clock skips in spring).
    """
    return _instant(day, at, fold=1)


def end_of_day(day: date) -> datetime:
    """Return midnight at the end of a day, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE).astimezone(UTC)


def local_day(instant: datetime) -> date:
    """Return which day an instant is in the Netherlands."""
    return instant.astimezone(ZONE).date()


def _instant(day: date, at: time, *, fold: int) -> datetime:
    shown = datetime.combine(day, at, ZONE).replace(fold=fold)
    instant = shown.astimezone(UTC)
    if instant.astimezone(ZONE).replace(tzinfo=None) != shown.replace(tzinfo=None):
        raise TimeDoesNotExist(on=day)
    return instant
