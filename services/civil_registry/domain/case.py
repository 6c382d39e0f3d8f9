"""A record with everything that its rules look at, loaded once: rules themselves ask nobody."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from services.civil_registry.domain.actor import Actor
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.policy import Policy
from services.civil_registry.domain.record import Record
from services.civil_registry.domain.rooms import Room
from services.civil_registry.domain.terms import IsWorkingDay


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that belongs to a record."""

    id: UUID
    kind: str
    file_id: str
    original_on: date | None
    added_at: datetime


@dataclass(frozen=True, slots=True)
class Officer:
    """A civil registrar as appointed (*ambtenaar van de burgerlijke stand*). Source: BW 1:16, 1:16a."""

    staff_id: str
    special: bool
    appointed_from: date
    appointed_until: date | None
    sworn_on: date | None
    tasks: frozenset[str]
    bsn_digest: str


@dataclass(frozen=True, slots=True)
class BrpCheck:
    """The last comparison with the BRP: persons by the path of their part, and what was found."""

    done_at: datetime | None
    persons: Mapping[str, Person | None]
    findings: tuple[Mapping[str, Any], ...]

    @property
    def blocking(self) -> tuple[Mapping[str, Any], ...]:
        """Return what must be settled before approval."""
        return tuple(finding for finding in self.findings if finding["blocks"])


@dataclass(frozen=True, slots=True)
class Alike:
    """Another record about the same person in the same role."""

    record: Record
    content: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Case:
    """A record, who acts on it and when, and what else its rules need."""

    record: Record
    terms: LegalTerms
    policy: Policy
    """Of the town, as in force today."""
    content: Mapping[str, Any]
    """What the record says, as far as it is filled in; dates are dates."""
    actor: Actor
    now: datetime
    today: date
    is_working_day: IsWorkingDay
    evidence: tuple[Evidence, ...] = ()
    brp: BrpCheck | None = None
    officer: Officer | None = None
    party_digests: frozenset[str] = frozenset()
    notice: Mapping[str, Any] | None = None
    """What the doctor or midwife confirmed about this birth."""
    notice_id: UUID | None = None
    notice_differs: tuple[str, ...] = ()
    parent: Record | None = None
    parent_content: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[Record, ...] = ()
    alike: tuple[Alike, ...] = ()
    rooms: Mapping[str, Room] = field(default_factory=dict)
    officers: Mapping[str, Officer] = field(default_factory=dict)

    def of_parent(self) -> "Case":
        """Return the case of the record that this one belongs to, as far as both look at the same things."""
        if self.parent is None:
            raise ValueError("There is no parent.")
        return replace(self, record=self.parent, content=self.parent_content, parent=None)

    def has(self, kind: str) -> bool:
        """Say whether there is evidence of a kind."""
        return any(piece.kind == kind for piece in self.evidence)
