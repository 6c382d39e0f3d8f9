"""Files that belong to a record: uploaded first, named here; never lost, never public."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.civil_registry.commands.opening import locked_record
from services.civil_registry.domain.actor import STAFF
from services.civil_registry.domain.errors import NotNow, TooMuchEvidence
from services.civil_registry.domain.record import ENDED, Status
from services.civil_registry.office import Office
from services.civil_registry.storage import records
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_DECLARANT_ADDS_IN = frozenset(
    {
        Status.DRAFT,
        Status.AWAITING_CONFIRMATION,
        Status.AWAITING_PARTNER,
        Status.SUBMITTED,
        Status.IN_REVIEW,
        Status.INFO_REQUESTED,
        Status.AWAITING_PROSECUTOR,
        Status.REQUESTED,
    }
)
"""Until it is decided: a paper that comes later helps whoever reviews."""
MOST_FILES = 20


def add_evidence(
    work: Work, office: Office, *, actor: Mapping[str, Any], record_id: UUID, kind: str, **file: Any
) -> dict[str, Any]:
    """Put a file to a record: its declarant until it is decided, staff until it has ended. Twice is once.

    Raises: RecordUnknown, NotNow, TooMuchEvidence.
    """
    who = office.actor(actor)
    found = locked_record(work, office, record_id, who)
    open_to_staff = who.may(STAFF) and found.status not in ENDED
    if not open_to_staff and found.status not in _DECLARANT_ADDS_IN:
        raise NotNow(command="add-evidence", status=str(found.status))
    if len(records.evidence_rows(work, [found.id])) >= MOST_FILES:
        raise TooMuchEvidence(most=MOST_FILES)
    evidence_id = records.add_evidence(
        work, record_id=found.id, kind=kind, added_by=who.staff_id or "declarant", **file
    )
    log.info("evidence_added", record_id=found.id, evidence_id=evidence_id, kind=kind)
    return {"record_id": found.id, "receipt": found.receipt, "status": found.status, "version": found.version}
