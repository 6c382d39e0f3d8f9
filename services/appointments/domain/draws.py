"""A draw and the people who ask for a place in it, through their lives."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.appointments.domain.appointment import Holder
from services.appointments.domain.draw_rules import Batch
from services.appointments.domain.errors import DrawClosed


class DrawState(StrEnum):
    """Where a draw is in its life."""

    OPEN = "open"
    """Made known; lots have not been drawn."""
    DRAWN = "drawn"
    """Everybody's lot is cast and published; some must still be told."""
    SETTLED = "settled"
    """Everybody has been told."""


class RequestState(StrEnum):
    """Where a request is in its life."""

    LIVE = "live"
    """It takes part in a draw, or waits for the next one."""
    PLACED = "placed"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    """There will be no draw any more in which it could take part."""


@dataclass(frozen=True, slots=True)
class Draw:
    """One draw of one product."""

    id: UUID
    product_id: str
    batch: Batch
    key: bytes
    commitment: str
    state: DrawState
    held_at: datetime | None = None
    requests: int | None = None
    places_given: int | None = None
    digest: str | None = None

    def check_open(self, at: datetime) -> None:
        """Do nothing when somebody may ask now.

        Raises: DrawClosed.
        """
        if self.state is not DrawState.OPEN or not self.batch.opens_at <= at < self.batch.closes_at:
            raise DrawClosed(opens_at=self.batch.opens_at, closes_at=self.batch.closes_at)


@dataclass(frozen=True, slots=True)
class DrawRequest:
    """What one person wishes of the draws of a product, and how to reach him. It goes on until it has a place."""

    id: UUID
    product_id: str
    location_ids: frozenset[str]
    weekdays: frozenset[int]
    parts_of_day: frozenset[str]
    persons: int
    channel: str
    holder: Holder
    """With the birth date and the keys of his person and address: one live request each."""
    created_at: datetime
    state: RequestState = RequestState.LIVE
    version: int = 1
    ended_at: datetime | None = None

    def ended(self, how: RequestState, at: datetime) -> "DrawRequest":
        """Return the request after its end."""
        return replace(self, state=how, ended_at=at)

    def told(self) -> "DrawRequest":
        """Return the request after one more fact about it was told to others."""
        return replace(self, version=self.version + 1)


@dataclass(frozen=True, slots=True)
class Entry:
    """A request in one draw. `turn` is when it had its turn, from 1; the appointment is what it got."""

    draw_id: UUID
    request_id: UUID
    number: str
    turn: int | None = None
    appointment_id: UUID | None = None
    told_at: datetime | None = None
