"""Where a file lies that somebody may have: an issued paper, or a piece of evidence. Each look is logged first."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.civil_registry.domain.actor import STAFF, Actor
from services.civil_registry.domain.errors import DocumentUnknown
from services.civil_registry.domain.record import Record
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import Office
from services.civil_registry.queries.documents import file_name_of
from services.civil_registry.storage import documents, looks, records
from services.messaging.work import Reading

_FOR_DECLARANTS = ("receipt", "burial-permit")


def document_file(reading: Reading, office: Office, *, actor: Mapping[str, Any], document_id: UUID) -> dict[str, Any]:
    """Return the file of a paper: a declarant gets his receipts and permits, staff gets all.

    Raises: DocumentUnknown (there is none, or it is not his).
    """
    who = office.actor(actor)
    found = documents.find(reading, document_id)
    about = records.find(reading, office.secrets, found.record_id) if found and found.record_id else None
    if found is None or about is None or not _may_have(office, about, who, found.kind):
        raise DocumentUnknown
    _note(reading, office, who, about)
    return {"file_id": found.file_id, "file_name": file_name_of(found), "media_type": "application/pdf"}


def evidence_file(reading: Reading, office: Office, *, actor: Mapping[str, Any], evidence_id: UUID) -> dict[str, Any]:
    """Return the file of a piece of evidence, for whoever may see its record.

    Raises: DocumentUnknown (there is none, or it is not his).
    """
    who = office.actor(actor)
    found = records.evidence_by_id(reading, evidence_id)
    about = records.find(reading, office.secrets, found.record_id) if found else None
    if found is None or about is None or not may_see(about, who, office.owner(who)):
        raise DocumentUnknown
    _note(reading, office, who, about)
    return {"file_id": found.file_id, "file_name": found.file_name, "media_type": found.media_type}


def _may_have(office: Office, about: Record, who: Actor, kind: str) -> bool:
    return may_see(about, who, office.owner(who)) and (who.may(STAFF) or kind in _FOR_DECLARANTS)


def _note(reading: Reading, office: Office, who: Actor, about: Record) -> None:
    looks.note(
        reading,
        office.secrets,
        actor=who,
        purpose="own" if not who.may(STAFF) else "handling",
        record_id=about.id,
        persons=about.parties.values(),
    )
