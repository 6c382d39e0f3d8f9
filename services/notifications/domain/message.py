"""A message and the states that it goes through. It never holds personal data: those are asked for at sending."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NewType
from uuid import UUID

MessageId = NewType("MessageId", UUID)
AppointmentId = NewType("AppointmentId", UUID)


class Kind(StrEnum):
    """What a message says."""

    BOOKED = "booked"
    MOVED = "moved"
    CANCELLED = "cancelled"
    REMINDER = "reminder"
    LINK = "link"
    OFFER = "offer"
    CODE = "code"
    AFFECTED = "affected"
    KEPT = "kept"
    RECONFIRM = "reconfirm"
    RECONFIRM_AGAIN = "reconfirm-again"
    DRAW_ENTERED = "draw-entered"
    DRAW_LOST = "draw-lost"


QUESTIONS = (Kind.RECONFIRM, Kind.RECONFIRM_AGAIN)
"""Whether somebody still comes; of no use once he has answered, or the visit has changed."""

OF_NO_APPOINTMENT = frozenset({Kind.CODE, Kind.DRAW_ENTERED, Kind.DRAW_LOST})
"""What is told before there is an appointment: there is no timeline that it belongs to."""


class State(StrEnum):
    """Where a message is in its life."""

    SCHEDULED = "scheduled"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


NEXT: Mapping[State, frozenset[State]] = {
    State.SCHEDULED: frozenset({State.SENDING, State.WITHDRAWN}),
    State.SENDING: frozenset({State.SENT, State.FAILED, State.SCHEDULED, State.WITHDRAWN}),
    State.SENT: frozenset(),
    State.FAILED: frozenset(),
    State.WITHDRAWN: frozenset({State.SCHEDULED}),
}
"""Which state may follow which. What is sent or failed stays so; a visit that is moved away and back to the same time
wants its withdrawn reminder again."""


class Reason(StrEnum):
    """Why a message changed its state, as a code: never a text of somebody else's server."""

    EVENT = "event"
    DUE = "due"
    ACCEPTED = "accepted"
    MOVED = "appointment-moved"
    CANCELLED = "appointment-cancelled"
    AFFECTED = "appointment-affected"
    ANSWERED = "answered"
    SUPERSEDED = "superseded"
    OFFER_ENDED = "offer-ended"
    EXPIRED = "expired"
    LEASE_EXPIRED = "lease-expired"
    OUTCOME_UNKNOWN = "outcome-unknown"
    MAIL_UNREACHABLE = "mail-unreachable"
    MAIL_POSTPONED = "mail-postponed"
    MAIL_REFUSED = "mail-refused"
    SERVICE_UNAVAILABLE = "service-unavailable"
    CONTACT_GONE = "contact-gone"
    GAVE_UP = "gave-up"
    UNSENDABLE = "unsendable"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the event said, as of its version. Times are instants; ids are those of the catalogue."""

    location_id: str
    products: tuple[Mapping[str, Any], ...]
    starts_at: datetime
    ends_at: datetime
    sequence: int
    from_starts_at: datetime | None = None
    cancelled_by: str | None = None
    from_location_id: str | None = None
    proposed_starts_at: datetime | None = None
    answer_by: datetime | None = None
    because: str | None = None

    @classmethod
    def of_event(cls, data: Mapping[str, Any]) -> "Facts":
        """Return the facts in a validated event."""
        return cls(
            location_id=data["location_id"],
            products=tuple(data["products"]),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            sequence=data["sequence"],
            from_starts_at=data.get("from_starts_at"),
            cancelled_by=data.get("cancelled_by"),
            from_location_id=data.get("from_location_id"),
            proposed_starts_at=data.get("proposed_starts_at"),
            answer_by=data.get("answer_by") or data.get("expires_at"),
            because=data.get("because"),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the facts for storage."""
        return {
            "location_id": self.location_id,
            "products": [dict(product) for product in self.products],
            "starts_at": self.starts_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "sequence": self.sequence,
            "from_starts_at": self.from_starts_at and self.from_starts_at.isoformat(),
            "cancelled_by": self.cancelled_by,
            "from_location_id": self.from_location_id,
            "proposed_starts_at": self.proposed_starts_at and self.proposed_starts_at.isoformat(),
            "answer_by": self.answer_by and self.answer_by.isoformat(),
            "because": self.because,
        }

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "Facts":
        """Return stored facts; what an older version did not store is unknown."""
        return cls(
            location_id=stored["location_id"],
            products=tuple(stored["products"]),
            starts_at=datetime.fromisoformat(stored["starts_at"]),
            ends_at=datetime.fromisoformat(stored["ends_at"]),
            sequence=stored["sequence"],
            from_starts_at=_instant(stored.get("from_starts_at")),
            cancelled_by=stored.get("cancelled_by"),
            from_location_id=stored.get("from_location_id"),
            proposed_starts_at=_instant(stored.get("proposed_starts_at")),
            answer_by=_instant(stored.get("answer_by")),
            because=stored.get("because"),
        )


def _instant(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None


@dataclass(frozen=True, slots=True)
class Message:
    """A message about one version of one appointment. `facts` is None for the link, which tells no time.

    A code or a request for a draw belongs to no appointment yet: `appointment_id` is its own id.
    """

    id: MessageId
    dedupe_key: str
    appointment_id: AppointmentId
    version: int
    kind: Kind
    not_before: datetime
    expires_at: datetime | None
    facts: Facts | None
    event_id: UUID
    correlation_id: str
    created_at: datetime
    attempts: int = 0
    handed_over_at: datetime | None = None
    draw_id: UUID | None = None
    """The draw that a message about a request for a draw tells of."""

    def may_be_sent_twice(self) -> bool:
        """Say whether a second copy is better than none. A reminder: no. A confirmation: yes, it has the same content,
        Message-ID and calendar entry."""
        return self.kind is not Kind.REMINDER
