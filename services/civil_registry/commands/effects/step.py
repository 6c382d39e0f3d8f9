"""What an effect is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.civil_registry.domain.case import Case
from services.civil_registry.domain.machine import Transition
from services.civil_registry.domain.record import Record
from services.civil_registry.office import Office
from services.messaging.work import Work


@dataclass(frozen=True, slots=True)
class Step:
    """One command that its table and its rules allow."""

    work: Work
    office: Office
    case: Case
    particulars: Mapping[str, Any]
    row: Transition

    @property
    def record(self) -> Record:
        """Return the record as it was."""
        return self.case.record

    @property
    def by(self) -> str:
        """Return the staff id of who acts; deeds and documents are only made by staff."""
        return self.case.actor.subject
