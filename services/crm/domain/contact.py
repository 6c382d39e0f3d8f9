"""A contact on the timeline, and what the CRM knows about an appointment."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NewType
from uuid import UUID

AppointmentId = NewType("AppointmentId", UUID)
AboutId = NewType("AboutId", UUID)
"""What a contact was about: an appointment, or a record of the civil registry."""
CustomerId = NewType("CustomerId", UUID)

CLAIM = timedelta(seconds=60)
"""How long one linker keeps a contact to itself; after its death another takes over."""

_PAUSES = (timedelta(seconds=5), timedelta(seconds=15), timedelta(seconds=45), timedelta(seconds=60))


class About(StrEnum):
    """What sort of thing a contact was about: it decides which service knows whose it is."""

    APPOINTMENT = "appointment"
    RECORD = "record"


class Kind(StrEnum):
    """What a contact was; of records also the kinds in `record_facts.KINDS`."""

    BOOKED = "appointment-booked"
    MOVED = "appointment-moved"
    CANCELLED = "appointment-cancelled"
    MESSAGE_SENT = "message-sent"
    MESSAGE_FAILED = "message-failed"
    HOLDER_DECEASED = "holder-deceased"


SIGNS_OF_LIFE = (
    Kind.BOOKED,
    "birth-submitted",
    "birth-awaits-confirmation",
    "partner-invited",
    "marriage-submitted",
)
"""What only somebody who lives does: afterwards a customer counts as deceased no more, whoever uses the address."""


class Outcome(StrEnum):
    """How a contact ended."""

    PLANNED = "planned"
    MOVED = "moved"
    CANCELLED = "cancelled"
    SENT = "sent"
    FAILED = "failed"
    DECEASED = "deceased"


class LinkState(StrEnum):
    """Whether the customer of a contact is known: to be asked, found, or not to be found any more."""

    WAITING = "waiting"
    LINKED = "linked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Entry:
    """One contact. Products, place and time are as the event told them; most events tell none."""

    event_id: UUID
    about: About
    about_id: AboutId
    occurred_at: datetime
    kind: str
    channel: str
    outcome: str
    """An `Outcome`, or the status of the record."""
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
