"""On which days everything is closed: legal holidays, days equated with them by royal decree, and local closures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import holidays

from services.appointments.domain.openings import WHOLE_DAY, Span


@dataclass(frozen=True, slots=True)
class Closure:
    """A dated closing of one location, or of all (`location_id` is None)."""

    on: date
    span: Span
    location_id: str | None


@dataclass(frozen=True, slots=True)
class ClosedDays:
    """The town's calendar of closings."""

    country: str
    categories: tuple[str, ...]
    """Categories of the library `holidays`; the Dutch `optional` days are Good Friday and the yearly 5 May."""
    open_anyway: frozenset[date]
    decreed: frozenset[date]
    closures: tuple[Closure, ...]

    def holidays_between(self, first: date, last: date) -> frozenset[date]:
        """Return the days, first and last included, on which every location is closed.

        Source: Algemene termijnenwet art. 3 lid 1-3.
        """
        years = range(first.year, last.year + 1)
        legal = holidays.country_holidays(self.country, years=years, categories=self.categories)
        return frozenset(on for on in {*legal, *self.decreed} if first <= on <= last) - self.open_anyway

    def closures_by_day(self, first: date, last: date) -> Mapping[date, Sequence[Closure]]:
        """Return all closings between two days, both included, by day."""
        found: dict[date, list[Closure]] = {}
        for on in self.holidays_between(first, last):
            found.setdefault(on, []).append(Closure(on=on, span=WHOLE_DAY, location_id=None))
        for closure in self.closures:
            if first <= closure.on <= last:
                found.setdefault(closure.on, []).append(closure)
        return found
