"""When a counter is open on a date: its shifts inside the location's hours, less breaks, closures and the night."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from services.appointments.domain.ticks import FULL, NIGHT, TICKS, mask


@dataclass(frozen=True, slots=True)
class Span:
    """A part of a day in ticks, half-open: `until` is the first tick that no longer belongs to it."""

    first: int
    until: int

    @property
    def bits(self) -> int:
        """Return the span as bits."""
        return mask(self.first, self.until - self.first)


WHOLE_DAY = Span(0, TICKS)


@dataclass(frozen=True, slots=True)
class Weekly:
    """Hours that repeat on weekdays (0 = Monday) while they are in force; `valid_until` is the last day."""

    weekdays: frozenset[int]
    span: Span
    breaks: tuple[Span, ...] = ()
    valid_from: date | None = None
    valid_until: date | None = None

    @property
    def bits(self) -> int:
        """Return the hours less the breaks as bits."""
        return self.span.bits & ~_union(self.breaks)

    def applies(self, on: date) -> bool:
        """Say whether these hours hold on a date."""
        return (
            on.weekday() in self.weekdays
            and (self.valid_from is None or self.valid_from <= on)
            and (self.valid_until is None or on <= self.valid_until)
        )


def _bits_on(hours: Iterable[Weekly], on: date) -> int:
    bits = 0
    for weekly in hours:
        if weekly.applies(on):
            bits |= weekly.bits
    return bits


def _union(spans: Iterable[Span]) -> int:
    bits = 0
    for span in spans:
        bits |= span.bits
    return bits


def open_bits(on: date, *, location_hours: Sequence[Weekly], shifts: Sequence[Weekly], closures: Sequence[Span]) -> int:
    """Return the ticks in which a counter is open on a date.

    `closures` are the parts of that date on which its location is closed whatever the weekly hours say.
    Nothing is ever open from 01:00 to 04:00.
    """
    return _bits_on(location_hours, on) & _bits_on(shifts, on) & ~_union(closures) & ~NIGHT & FULL


def refit(new_open: int, occupied: int) -> tuple[int, int]:
    """Return (free, conflicts) when a counter's opening changes: what may be booked, and visits left outside.

    `occupied` comes from the visits themselves, never from the old bits: a visit that was left over from an earlier
    closing lies outside the old opening already.

    Source: domain/appointments.md 7.1.14.
    """
    return new_open & ~occupied, occupied & ~new_open
