"""What the page with days and times shows, for a booking and for a move alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from gateway.pages.addresses import asked
from gateway.pages.month import Month, lay_out, month_of, parse_day, parse_month
from gateway.pages.texts import N_
from gateway.pages.zones import HOME
from gateway.rpc import services

LIST_DAYS = 10
NOON = 12
EVENING = 18


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a day and the times in it; `name` is a text to translate."""

    name: str
    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Days and times to choose from. `chosen` is the day whose times are shown; `parts` is empty when it is full."""

    page: str
    month: Month
    chosen: date | None
    parts: tuple[Part, ...]
    free: Mapping[date, int]
    first_free: datetime | None
    last_on: date
    minutes: int
    as_list: bool
    place: str
    held: datetime | None

    @property
    def first_free_on(self) -> date | None:
        """The day of the first free moment."""
        return local_day(self.first_free) if self.first_free else None

    @property
    def first_days(self) -> list[tuple[date, int]]:
        """The first days with room, for those who just want to come soon."""
        from_day = self.chosen if self.chosen and self.chosen in self.free else min(self.free, default=None)
        days = sorted(self.free.items())
        if from_day and days and from_day > days[min(LIST_DAYS, len(days)) - 1][0]:
            days = [day for day in days if day[0] >= from_day]
        return days[:LIST_DAYS]


def build_board(
    visit: Mapping[str, Any],
    *,
    page: str,
    held: datetime | None = None,
    place: str = "",
    day: date | None = None,
    days: Mapping[str, Any] | None = None,
) -> Board:
    """Return the days and times for a visit, on the day or month that the query string asks.

    `held` is a time that this visitor holds already: free for him, though nobody else sees it. `days` are the days
    with room, when they are known already or are not all days with room.

    Raises: Refusal (the visit cannot be done so), Unavailable.
    """
    reply = days or services().free_days(visit).reply
    free = {row["on"]: row["starts"] for row in reply["days"] if row["starts"]}
    held_on = local_day(held) if held else None
    if held_on and held_on not in free:
        free[held_on] = 1
    today = local_day(services().clock.now())
    bounds = (today, reply["last_on"])
    chosen = _within(bounds, day or parse_day(asked("day")))
    month = _within((month_of(today), reply["last_on"]), parse_month(asked("month")))
    if chosen is None:
        chosen = _first_in(month, free) if month else (held_on or min(free, default=None))
    shown = month or month_of(chosen or today)
    return Board(
        page=page,
        month=lay_out(shown, free, earliest=reply.get("from_on", today), latest=reply["last_on"]),
        chosen=chosen,
        parts=_parts(_starts(visit, chosen, held) if chosen in free and chosen else []),
        free=free,
        first_free=reply["first_free"],
        last_on=reply["last_on"],
        minutes=reply["minutes"],
        as_list=asked("view") in ("lijst", "list"),
        place=place,
        held=held,
    )


def _within(bounds: tuple[date, date], day: date | None) -> date | None:
    return day if day and bounds[0] <= day <= bounds[1] else None


def local_day(instant: datetime) -> date:
    """Return the calendar day in Enschede of an instant."""
    return instant.astimezone(ZoneInfo(HOME)).date()


def _first_in(month: date, free: Mapping[date, int]) -> date | None:
    return min((day for day in free if month_of(day) == month), default=None)


def _starts(visit: Mapping[str, Any], day: date, held: datetime | None) -> list[datetime]:
    reply = services().free_times({**visit, "on": day}).reply
    starts = set(reply["starts"])
    if held and local_day(held) == day:
        starts.add(held)
    return sorted(starts)


def _part_of_day(start: datetime) -> str:
    hour = start.astimezone(ZoneInfo(HOME)).hour
    return N_("Morning") if hour < NOON else N_("Afternoon") if hour < EVENING else N_("Evening")


def _parts(starts: list[datetime]) -> tuple[Part, ...]:
    return tuple(Part(name, tuple(group)) for name, group in groupby(starts, key=_part_of_day))
