"""Until when what a record says is kept (*bewaartermijn*); deeds, histories and figures stay."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.civil_registry.domain.record import Kind, Record, Status


class Kept(StrEnum):
    """What a term of keeping is of."""

    REGISTERED = "registered"
    """Counted from the end of the year of the register. Source: BBS art. 23 lid 1 and 4."""
    SHAM = "sham"
    """A notice with a declaration of no sham purpose. Source: BBS art. 28 lid 2."""
    ENDED = "ended"
    DRAFT = "draft"


@dataclass(frozen=True, slots=True)
class Retention:
    """How long something is kept that ends from one day on (`valid_until`: last day)."""

    of: Kept
    months: int
    source: str
    to_verify: bool
    valid_from: date
    valid_until: date | None


class RetentionPeriods:
    """The terms of all periods; before the first one of a kind the first one counts."""

    def __init__(self, periods: Iterable[Retention]) -> None:
        self._periods = sorted(periods, key=lambda period: period.valid_from)

    def last_on(self, record: Record, ended_on: date) -> date:
        """Return the last day on which the content of a record that ended is kept."""
        kept = _what_it_is(record)
        months = self._months(kept, ended_on)
        if kept in (Kept.REGISTERED, Kept.SHAM):
            return _months_after(date(ended_on.year, 12, 31), months)
        return _months_after(ended_on, months)

    def _months(self, kept: Kept, on: date) -> int:
        known = [period for period in self._periods if period.of is kept]
        begun = [period for period in known if period.valid_from <= on]
        return (begun[-1] if begun else known[0]).months


def _what_it_is(record: Record) -> Kept:
    if record.kind is Kind.MARRIAGE and any(record.part(name).get("no_sham") for name in ("partner_1", "partner_2")):
        return Kept.SHAM
    if record.status in (Status.REGISTERED, Status.USED):
        return Kept.REGISTERED
    return Kept.DRAFT if record.status is Status.LAPSED else Kept.ENDED


def _months_after(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    last = calendar.monthrange(day.year + year, month + 1)[1]
    return date(day.year + year, month + 1, min(day.day, last))
