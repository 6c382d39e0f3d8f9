"""Five-minute ticks of a wall-clock day, as bit strings.

A day is 288 bits; the leftmost bit is tick 0 (midnight), as in PostgreSQL's `bit(288)`, so that shifting left looks
later in the day and zeros come in at midnight: no run crosses it. A tick is an index on the wall clock, whatever the
day's real length; counters are closed from 01:00 to 04:00, so every tick that can be booked is exactly one instant,
also on the two nights on which the clock is changed.
"""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

TICK_MINUTES = 5
TICKS = 288
FULL = (1 << TICKS) - 1
NIGHT_FROM = 60 // TICK_MINUTES
NIGHT_UNTIL = 240 // TICK_MINUTES
_TICK = timedelta(minutes=TICK_MINUTES)


def mask(first: int, ticks: int) -> int:
    """Return the bits of `ticks` ticks from tick `first` on.

    Raises: ValueError (empty, or not inside one day).
    """
    if ticks < 1 or first < 0 or first + ticks > TICKS:
        raise ValueError(f"{ticks} ticks from {first} do not lie inside a day")
    return ((1 << ticks) - 1) << (TICKS - first - ticks)


NIGHT = mask(NIGHT_FROM, NIGHT_UNTIL - NIGHT_FROM)
"""From 01:00 to 04:00 nothing is ever open: the clock changes then."""


def to_text(bits: int) -> str:
    """Return bits as PostgreSQL writes them: 288 zeros and ones, tick 0 first."""
    return format(bits, f"0{TICKS}b")


def from_text(text: str) -> int:
    """Return the bits that PostgreSQL wrote."""
    return int(text, 2)


def doublings(ticks: int, known: int = 1) -> list[int]:
    """Return the left shifts which, each ANDed onto the result so far, leave the starts of runs of `ticks` ticks.

    `known` is the length of the runs whose starts are given.

    Each step doubles the run that is known to be free: 13 ticks need the shifts 1, 2, 4, 5 instead of twelve.
    """
    shifts = []
    while known < ticks:
        step = min(known, ticks - known)
        shifts.append(step)
        known += step
    return shifts


def run_starts(free: int, ticks: int, *, known: int = 1, days: int = 1) -> int:
    """Return the bits at which a run of `ticks` free ticks begins; `free` may be where runs of `known` ticks begin.

    `days` days may lie side by side in one number, such as one day of 30 counters; nothing crosses their edges.
    """
    for shift in doublings(ticks, known):
        free &= later(free, shift, days=days)
    return free


@cache
def repeated(bits: int, days: int) -> int:
    """Return the bits of a day that many times, side by side."""
    return sum(bits << (TICKS * number) for number in range(days))


def later(bits: int, ticks: int, *, days: int = 1) -> int:
    """Return for each tick what the tick that lies `ticks` later has, in each of the days side by side; 0 beyond."""
    return (bits << ticks) & repeated(FULL >> ticks << ticks, days)


def earlier(bits: int, ticks: int, *, days: int = 1) -> int:
    """Return for each tick what the tick that lies `ticks` earlier has, in each of the days side by side; 0 before."""
    return (bits >> ticks) & repeated(FULL >> ticks, days)


def in_any(bits: int, days: int) -> int:
    """Return the bits that are set in any of the days side by side."""
    while days > 1:
        half = days // 2
        bits = bits >> (TICKS * half) | bits & ((1 << TICKS * half) - 1)
        days -= half
    return bits


def tick_of(wall: time) -> int:
    """Return the tick that begins at a wall-clock time.

    Raises: ValueError (not on a five-minute mark).
    """
    if wall.minute % TICK_MINUTES or wall.second or wall.microsecond:
        raise ValueError(f"{wall} is not on a {TICK_MINUTES}-minute mark")
    return (wall.hour * 60 + wall.minute) // TICK_MINUTES


def local_day(zone: ZoneInfo, instant: datetime) -> date:
    """Return the calendar day on which an instant falls at a location."""
    return instant.astimezone(zone).date()


def locate(zone: ZoneInfo, instant: datetime) -> tuple[date, int]:
    """Return the local day and tick that begin at an instant.

    Raises: ValueError (not on a five-minute mark).
    """
    local = instant.astimezone(zone)
    return local.date(), tick_of(local.time())


def instant_of(zone: ZoneInfo, on: date, tick: int) -> datetime:
    """Return the instant (UTC) at which a tick of a local day begins; tick 288 is the midnight that ends the day.

    The rule of the zone is asked for that very day and time, never for another one.
    """
    days, tick = divmod(tick, TICKS)
    wall = datetime.combine(on + timedelta(days=days), time()) + tick * _TICK
    return wall.replace(tzinfo=zone).astimezone(UTC)
