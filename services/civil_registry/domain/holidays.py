"""Which days count as days off for legal terms (*algemeen erkende feestdagen* and days equated with them).

Public-holiday calendars are not the law: 5 May counts every year, and the days that a royal decree equates stand in
no library. A day on which the town hall is merely closed (carnival, a bridging day) is a working day for a term.
"""

from collections.abc import Iterable
from datetime import date
from functools import cache

import holidays

_SATURDAY = 5


class WorkingDays:
    """Says which days are working days under the Algemene termijnenwet.

    `decree_days` are the days equated by royal decree.

    Source: Algemene termijnenwet art. 1 lid 1, art. 3.
    """

    def __init__(self, decree_days: Iterable[date]) -> None:
        self._decree_days = frozenset(decree_days)

    def __call__(self, day: date) -> bool:
        """Say whether a day is neither Saturday, Sunday, legal holiday nor equated with one."""
        return day.weekday() < _SATURDAY and day not in self._decree_days and day not in legal_holidays(day.year)


@cache
def legal_holidays(year: int) -> frozenset[date]:
    """Return the legal holidays of a year, Good Friday (equated by the act itself) included.

    New Year, Good Friday, Easter and Whit Monday, Ascension, King's Day, 5 May, both days of Christmas. The library
    adds Easter Sunday and Whit Sunday, which are Sundays anyway. Its default leaves out 5 May in most years.

    Source: Algemene termijnenwet art. 3 lid 1 and 2.
    """
    return frozenset(holidays.country_holidays("NL", years=year, categories=("public", "optional")))
