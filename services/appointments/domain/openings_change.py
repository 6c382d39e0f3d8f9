"""Openings that staff change by command, and what becomes of visits that lose their counter by it.

Nothing is ever cancelled silently: who loses a place gets an offer, then a call; only a clerk may revoke, with a
reason.

Source: domain/appointments.md 4.10.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.appointments.domain.appointment import Appointment, State
from services.appointments.domain.openings import Span
from services.appointments.domain.ticks import NIGHT

OFFER_LASTS = timedelta(hours=72)
ANSWER_BEFORE_VISIT = timedelta(hours=24)
ANSWER_BEFORE_ALTERNATIVE = timedelta(hours=4)
ALTERNATIVE_LEAD = timedelta(hours=24)


class ChangeKind(StrEnum):
    """What a change does."""

    CLOSE_LINE = "close-line"
    CLOSE_LOCATION = "close-location"
    OPEN_EXTRA = "open-extra"
    """An extra shift of one counter, whatever weekly hours and calendar say."""
    TOWN_FILES = "town-files"
    """A record that the town's files changed; it does nothing by itself."""


@dataclass(frozen=True, slots=True)
class OpeningChange:
    """A change of openings on one or more days, both included, for a part of each day."""

    id: UUID
    at: datetime
    by: str
    reason: str
    kind: ChangeKind
    location_id: str
    line_id: str | None
    first_on: date
    last_on: date
    span: Span
    withdrawn_at: datetime | None = None
    withdrawn_by: str | None = None

    @property
    def effect(self) -> tuple[object, ...]:
        """Return what it does, without who asked for it, when and why."""
        return (self.kind, self.location_id, self.line_id, self.first_on, self.last_on, self.span)

    def concerns(self, *, on: date, location_id: str, line_id: str) -> bool:
        """Say whether it changes a counter's day."""
        return (
            self.withdrawn_at is None
            and self.first_on <= on <= self.last_on
            and self.location_id == location_id
            and self.line_id in (None, line_id)
        )


def opened_after(
    opened: int, changes: Iterable[OpeningChange], *, on: date, location_id: str, line_id: str, in_use: bool
) -> int:
    """Return the ticks in which a counter is open on a day after all changes; the last one has the last word.

    A counter that is out of use gets no extra shift. Nothing is ever open from 01:00 to 04:00.
    """
    for change in changes:
        if not change.concerns(on=on, location_id=location_id, line_id=line_id):
            continue
        if change.kind is ChangeKind.OPEN_EXTRA and in_use:
            opened |= change.span.bits
        elif change.kind in (ChangeKind.CLOSE_LINE, ChangeKind.CLOSE_LOCATION):
            opened &= ~change.span.bits
    return opened & ~NIGHT


class AffectedState(StrEnum):
    """How far a visit is that lost its counter."""

    FOUND = "found"
    """Its counter is gone; an alternative is to be looked for."""
    OFFERED = "offered"
    """An alternative is held for its holder until the deadline."""
    CALLED = "called"
    """A clerk must call: nothing could be offered, or the offer was declined or not answered."""
    MOVED = "moved"
    KEPT = "kept"
    """It has a counter at its own time again."""
    CANCELLED = "cancelled"
    """Its holder called it off."""
    REVOKED = "revoked"
    """A clerk called it off, with a reason."""


OPEN_STATES = frozenset({AffectedState.FOUND, AffectedState.OFFERED, AffectedState.CALLED})


@dataclass(frozen=True, slots=True)
class AffectedVisit:
    """A visit that lost its counter by a change. `sequence` is that of the visit when it was found."""

    appointment_id: UUID
    change_id: UUID
    state: AffectedState
    sequence: int
    at: datetime
    alternative_id: UUID | None = None
    deadline_at: datetime | None = None

    def next_state(self, visit: Appointment, *, has_counter: bool, offer_stands: bool, at: datetime) -> AffectedState:
        """Return where it should be now.

        `has_counter`: its counter is open during it again; `offer_stands`: the alternative is still held for it.
        """
        if visit.state is State.CANCELLED:
            return AffectedState.CANCELLED
        if visit.sequence != self.sequence:
            return AffectedState.MOVED
        if has_counter:
            return AffectedState.KEPT
        if visit.slot.starts_at <= at or (self.state is AffectedState.OFFERED and not offer_stands):
            return AffectedState.CALLED
        return AffectedState.OFFERED if self.state is AffectedState.FOUND else self.state


def last_answer(lost_at: datetime, *, at: datetime, alternative_at: datetime | None = None) -> datetime | None:
    """Return until when an offer can be answered: 72 hours, but a day before the visit that is lost; None: never.

    And never so late that the offered time itself is upon us.
    """
    bounds = [at + OFFER_LASTS, lost_at - ANSWER_BEFORE_VISIT]
    if alternative_at is not None:
        bounds.append(alternative_at - ANSWER_BEFORE_ALTERNATIVE)
    last = min(bounds)
    return last if last > at else None
