"""A contact on the timeline, and what the CRM knows about an appointment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

AppointmentId = NewType("AppointmentId", UUID)
CustomerId = NewType("CustomerId", UUID)

CLAIM = timedelta(seconds=60)
"""How long one linker keeps an appointment to itself; after its death another takes over."""

_PAUSES = (timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=45), timedelta(seconds=60))


class Kind(StrEnum):
    """What a contact was about."""

    BOOKED = "appointment-booked"
    MOVED = "appointment-moved"
    CANCELLED = "appointment-cancelled"
    MESSAGE_SENT = "message-sent"
    MESSAGE_FAILED = "message-failed"


class Outcome(StrEnum):
    """How a contact ended."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    SENT = "sent"
    FAILED = "failed"


class LinkState(StrEnum):
    """Whether an appointment's customer is known: to be asked, found, or not to be found any more."""

    WAITING = "waiting"
    LINKED = "linked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact. Products, place and time are as the event told them; a message's event tells none."""

    event_id: UUID
    appointment_id: AppointmentId
    occurred_at: datetime
    kind: Kind
    channel: str
    outcome: Outcome
    version: int
    product_ids: tuple[str, ...] = ()
    location_id: str | None = None
    starts_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class AppointmentState:
    """An appointment as its newest known event left it."""

    appointment_id: AppointmentId
    version: int
    outcome: Outcome
    product_ids: tuple[str, ...]
    location_id: str
    starts_at: datetime


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait before a customer is asked for again, after so many attempts (from 1)."""
    return _PAUSES[min(attempts, len(_PAUSES)) - 1]
