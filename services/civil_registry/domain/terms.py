"""Legal terms of civil status, in calendar days of Europe/Amsterdam. `is_working_day` is `holidays.WorkingDays`."""

import calendar
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

IsWorkingDay = Callable[[date], bool]

_ONE_DAY = timedelta(days=1)
_BIRTH_DAYS = 3
_WORKING_DAYS_INSIDE = 2
_FUNERAL_WORKING_DAYS = 6
_FUNERAL_HOURS = timedelta(hours=36)
_MARRIAGE_DAYS = 14


def stretched(begin: date, end: date, is_working_day: IsWorkingDay) -> date:
    """Return the last day of a term of days that runs from `begin` to `end`, both included (*termijnverlenging*).

    It is stretched until two working days lie inside, and does not end on a day off. For terms of three days or
    more, up to twelve weeks; not for terms in hours or years, nor for those counted backwards from an event.

    Source: Algemene termijnenwet art. 1 and 2; exceptions in art. 1 lid 2 and art. 4.
    """
    last = end
    while _working_days(begin, last, is_working_day) < _WORKING_DAYS_INSIDE or not is_working_day(last):
        last += _ONE_DAY
    return last


def birth_declaration_deadline(born: date, is_working_day: IsWorkingDay) -> date:
    """Return the last day on which a birth may be declared (*aangiftetermijn*): within three days after the birth.

    Source: BW 1:19e lid 7; Algemene termijnenwet art. 1 lid 1 and art. 2.
    """
    return stretched(born + _ONE_DAY, born + _BIRTH_DAYS * _ONE_DAY, is_working_day)


def funeral_deadline(died: date, is_working_day: IsWorkingDay) -> date:
    """Return the last day for burial or cremation (*lijkbezorging*): the sixth working day after the death.

    Source: Wet op de lijkbezorging art. 16; another term may be set under art. 17.
    """
    day, left = died, _FUNERAL_WORKING_DAYS
    while left:
        day += _ONE_DAY
        left -= is_working_day(day)
    return day


def funeral_possible_from(died_at: datetime) -> datetime:
    """Return the first instant for burial or cremation, 36 hours after the death, in UTC.

    Hours pass evenly, so that a night in which the clock changes makes no difference. Needs an aware instant.

    Raises: ValueError (naive instant).
    Source: Wet op de lijkbezorging art. 16; earlier only under art. 17.
    """
    if died_at.tzinfo is None:
        raise ValueError("Give the time of death with its offset.")
    return died_at.astimezone(UTC) + _FUNERAL_HOURS


def marriage_possible_from(notice_complete: date) -> date:
    """Return the first day for a wedding (*huwelijksvoltrekking*): the fourteenth day after the complete notice.

    Weekends do not matter: the term ends when the wedding may begin, nothing has to be done by then.

    Source: BW 1:62 lid 1 (the public prosecutor may exempt).
    """
    return notice_complete + _MARRIAGE_DAYS * _ONE_DAY


def marriage_possible_until(notice_complete: date) -> date:
    """Return the last day for a wedding on one notice (*melding*), which lapses after one year.

    A notice of 29 February lasts until 28 February. A term in years is never stretched.

    Source: BW 1:46; Algemene termijnenwet art. 4.
    """
    year = notice_complete.year + 1
    last_of_month = calendar.monthrange(year, notice_complete.month)[1]
    return notice_complete.replace(year=year, day=min(notice_complete.day, last_of_month))


def _working_days(begin: date, end: date, is_working_day: IsWorkingDay) -> int:
    return sum(is_working_day(begin + number * _ONE_DAY) for number in range((end - begin).days + 1))
