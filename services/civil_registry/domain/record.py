"""A record: one declaration, notice or permit, from draft to end."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from services.civil_registry.domain.actor import Actor, Role


class Kind(StrEnum):
    """What a record is about."""

    BIRTH = "birth"
    DEATH = "death"
    PERMIT = "funeral-permit"
    MARRIAGE = "marriage"


class Source(StrEnum):
    """How it came in: the share of `online` is what the city wants to raise."""

    ONLINE = "online"
    COUNTER = "counter"
    PARTNER = "partner"


class Status(StrEnum):
    """Where a record is in its life. Which of these a kind knows stands in its transition table."""

    DRAFT = "draft"
    AWAITING_CONFIRMATION = "awaiting-confirmation"
    AWAITING_PARTNER = "awaiting-partner"
    SUBMITTED = "submitted"
    IN_REVIEW = "in-review"
    INFO_REQUESTED = "info-requested"
    AWAITING_PROSECUTOR = "awaiting-prosecutor"
    SHAM_CHECK = "sham-check"
    APPROVED = "approved"
    ACCEPTED = "accepted"
    SCHEDULED = "scheduled"
    READY = "ready"
    OBJECTED = "objected"
    SOLEMNISED = "solemnised"
    DEED_DRAWN = "deed-drawn"
    DEED_PRINTED = "deed-printed"
    DEED_SIGNED = "deed-signed"
    REGISTERED = "registered"
    REQUESTED = "requested"
    ISSUED = "issued"
    USED = "used"
    REVOKED = "revoked"
    REFUSED = "refused"
    REDIRECTED = "redirected"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    EXPIRED = "expired"
    CLOSED_AS_DUPLICATE = "closed-as-duplicate"


class Flag(StrEnum):
    """What is true of a record beside its status."""

    LATE = "late"
    """Declared after the legal term: the public prosecutor is told once it is registered."""
    POTENTIAL_DUPLICATE = "potential-duplicate"
    NEEDS_SECOND_OFFICER = "needs-second-officer"
    SECOND_OFFICER_AGREED = "second-officer-agreed"
    ORIGINALS_PENDING = "originals-pending"
    """The paper original of what was uploaded has not come in yet."""
    REMARRIAGE = "remarriage-with-custody"
    """The court is told of the remarriage of somebody with custody. Source: BW 1:48."""
    PROVIDER_SILENT = "provider-silent"
    """The doctor or midwife has not answered for two days: a clerk calls."""
    FUNERAL_NEAR = "funeral-near"
    ESCALATED = "escalated"
    """The funeral is the next working day at the latest, and there is no permit: the officer is told."""
    CLEARED_BY_PROSECUTOR = "cleared-by-prosecutor"
    TERM_DECIDED = "term-decided"
    AMENDMENT_ASKED = "amendment-asked"
    """The undertaker asks that a permit that was given says something else."""
    CHECK_AGAIN = "check-again"
    """The ceremony is near: an officer looks at everything once more. Source: BW 1:58."""
    DEED_UNSIGNED = "deed-unsigned"
    """The ceremony was held hours ago, and the deed is not signed. Source: BW 1:67 lid 2."""


FLAGS_OF_TASKS = frozenset({Flag.LATE, Flag.ORIGINALS_PENDING, Flag.REMARRIAGE})
"""What remains to be done after a record is registered."""

ENDED = frozenset(
    {
        Status.REGISTERED,
        Status.REFUSED,
        Status.REDIRECTED,
        Status.WITHDRAWN,
        Status.LAPSED,
        Status.EXPIRED,
        Status.CLOSED_AS_DUPLICATE,
        Status.USED,
        Status.REVOKED,
    }
)


@dataclass(frozen=True, slots=True)
class Question:
    """What we asked the declarant, and by when the answer should be here."""

    reason: str
    items: tuple[str, ...]
    answer_by: date
    asked_at: datetime

    def told(self) -> dict[str, Any]:
        """Return what is stored and shown."""
        return {
            "reason": self.reason,
            "items": list(self.items),
            "answer_by": self.answer_by.isoformat(),
            "asked_at": self.asked_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `content` is what its contract says, BSNs apart: those stand in `parties`, by the path of the part.

    `version` is that of the optimistic lock, `facts` counts what was told to others.
    """

    id: UUID
    kind: Kind
    status: Status
    version: int
    facts: int
    source: Source
    language: str
    receipt: str
    owner: str
    """Whose it is: a digest of the declarant's BSN, `kvk:` and a number, or `staff:` and an id."""
    content: Mapping[str, Any]
    parties: Mapping[str, str]
    started_at: datetime
    flags: frozenset[Flag] = frozenset()
    parent_id: UUID | None = None
    assignee: str | None = None
    acted_by: str | None = None
    """The staff member who approved or accepted it last: four eyes."""
    submitted_at: datetime | None = None
    ended_at: datetime | None = None
    due_on: date | None = None
    question: Question | None = None
    deed_id: UUID | None = None
    destroy_on: date | None = None
    """The last day on which what it says is kept; None while it lives."""
    facts_since: datetime | None = None
    """When content last changed: a check of the BRP that is older does not count."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """What the procedure itself adds: decisions, ceremony, notice_complete_on."""

    def part(self, name: str) -> Mapping[str, Any]:
        """Return one part of the content, empty while it is not filled in."""
        found = self.content.get(name)
        return found if isinstance(found, Mapping) else {}

    def with_flag(self, *flags: Flag) -> "Record":
        """Return the record with flags."""
        return replace(self, flags=self.flags | set(flags))

    def without_flag(self, *flags: Flag) -> "Record":
        """Return the record without flags."""
        return replace(self, flags=self.flags - set(flags))

    def noting(self, **extra: Any) -> "Record":
        """Return the record with something that the procedure adds."""
        return replace(self, extra={**self.extra, **extra})

    @property
    def channel(self) -> str:
        """Return what events call its source."""
        return "web" if self.source is Source.ONLINE else self.source.value


def source_of(actor: Actor) -> Source:
    """Return how a record comes in that this actor starts."""
    if actor.may(frozenset({Role.UNDERTAKER})):
        return Source.ONLINE
    if actor.may(frozenset({Role.CARE_PROVIDER})):
        return Source.PARTNER
    return Source.ONLINE if actor.bsn else Source.COUNTER
