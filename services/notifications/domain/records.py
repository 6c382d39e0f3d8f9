"""Which mails a record of the civil registry leads to: by fact, to whom, and what that does to calendars and reminders.

Source: domain/civil_registry.md 4.1 to 4.3, 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Any

from services.notifications.domain.reminder import Window


class RecordKind(StrEnum):
    """What a message about a record says."""

    BIRTH_AWAITS_CONFIRMATION = "birth-awaits-confirmation"
    BIRTH_SUBMITTED = "birth-submitted"
    BIRTH_DIFFERS = "birth-differs"
    BIRTH_QUESTION = "birth-question"
    BIRTH_REGISTERED = "birth-registered"
    BIRTH_REFUSED = "birth-refused"
    BIRTH_DUPLICATE = "birth-duplicate"
    BIRTH_REDIRECTED = "birth-redirected"
    BIRTH_WITHDRAWN = "birth-withdrawn"
    BIRTH_LAPSED = "birth-lapsed"
    DEATH_SUBMITTED = "death-submitted"
    DEATH_QUESTION = "death-question"
    DEATH_REGISTERED = "death-registered"
    DEATH_REFUSED = "death-refused"
    DEATH_DUPLICATE = "death-duplicate"
    DEATH_WITHDRAWN = "death-withdrawn"
    DEATH_LAPSED = "death-lapsed"
    ORIGINALS_REMINDED = "originals-reminded"
    PERMIT_ISSUED = "permit-issued"
    PERMIT_AMENDED = "permit-amended"
    PERMIT_REFUSED = "permit-refused"
    PERMIT_REVOKED = "permit-revoked"
    FUNERAL_TERM_DECIDED = "funeral-term-decided"
    FUNERAL_TERM_NEAR = "funeral-term-near"
    PARTNER_INVITED = "partner-invited"
    PARTNER_AWAITED = "partner-awaited"
    PARTNER_REMINDED = "partner-reminded"
    PARTNER_DECLINED = "partner-declined"
    MARRIAGE_SUBMITTED = "marriage-submitted"
    MARRIAGE_QUESTION = "marriage-question"
    MARRIAGE_ACCEPTED = "marriage-accepted"
    CEREMONY_SCHEDULED = "ceremony-scheduled"
    CEREMONY_RESCHEDULED = "ceremony-rescheduled"
    PLANNING_REMINDED = "planning-reminded"
    MARRIAGE_OBJECTED = "marriage-objected"
    OBJECTION_LIFTED = "objection-lifted"
    MARRIAGE_REFUSED = "marriage-refused"
    MARRIAGE_EXPIRED = "marriage-expired"
    MARRIAGE_LAPSED = "marriage-lapsed"
    MARRIAGE_WITHDRAWN = "marriage-withdrawn"
    MARRIAGE_REGISTERED = "marriage-registered"
    ANSWER_REMINDER = "answer-reminder"


ASKING = frozenset({RecordKind.BIRTH_QUESTION, RecordKind.DEATH_QUESTION, RecordKind.MARRIAGE_QUESTION})
"""Ask the declarant something; of no use once he has answered."""
IN_CALENDAR = frozenset({RecordKind.CEREMONY_SCHEDULED, RecordKind.CEREMONY_RESCHEDULED})
"""Carry the ceremony into the reader's calendar."""
ENDS_CEREMONY = frozenset(
    {
        RecordKind.MARRIAGE_OBJECTED,
        RecordKind.MARRIAGE_REFUSED,
        RecordKind.MARRIAGE_EXPIRED,
        RecordKind.MARRIAGE_WITHDRAWN,
    }
)
"""Take it out again, when it was there."""


class Receiver(StrEnum):
    """To whom a message about a record goes. His address is asked for at sending."""

    DECLARANT = "declarant"
    PARTNER = "partner"
    """The second partner of a marriage."""


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What is known of a message about a record before it is sent; the rest is asked for then."""

    receiver: Receiver
    cancels: bool = False
    """The reader's calendar holds a ceremony that this message takes out."""

    def as_json(self) -> dict[str, Any]:
        """Return the facts for storage."""
        return {"receiver": self.receiver, "cancels": self.cancels}

    @classmethod
    def of_json(cls, stored: Mapping[str, Any]) -> "RecordFacts":
        """Return stored facts."""
        return cls(Receiver(stored["receiver"]), cancels=stored["cancels"])


_REMIND = timedelta(days=2)
_MORNING = time(9)


def answer_window(answer_by: date, *, asked_at: datetime, zone: tzinfo) -> Window | None:
    """Return when to remind of an answer: two days before its last day, at nine, until that day is over.

    None when the question itself comes later than that.
    """
    due = datetime.combine(answer_by - _REMIND, _MORNING, zone)
    if due <= asked_at:
        return None
    return Window(due, datetime.combine(answer_by + timedelta(days=1), time(), zone))
