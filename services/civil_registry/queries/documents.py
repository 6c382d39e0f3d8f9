"""What may be told of a paper to whoever holds it."""

from typing import Any

from services.civil_registry.domain.errors import DocumentUnknown
from services.civil_registry.domain.verification import read_code
from services.civil_registry.paper_desk import PaperDesk
from services.civil_registry.storage import documents
from services.civil_registry.storage.documents import StoredDocument
from services.messaging.work import Reading
from services.presenting.times import HOME

_NAMES = {
    "receipt": {"nl": "ontvangstbewijs", "en": "receipt", "de": "eingangsbestaetigung"},
    "extract": {"nl": "uittreksel"},
    "multilingual-extract": {"nl": "meertalig-uittreksel"},
    "full-copy": {"nl": "afschrift"},
    "burial-permit": {"nl": "verlof"},
    "deed": {"nl": "akte"},
}


def verify_document(reading: Reading, desk: PaperDesk, *, code: str) -> dict[str, Any]:
    """Return what a paper with this code is, of when, and whether it still stands; never whom it is about.

    Raises: DocumentUnknown (no paper of ours has this code, or it was mistyped).
    """
    read = read_code(code)
    found = documents.by_code(reading, desk.code_hashes(read)) if read else None
    if found is None:
        raise DocumentUnknown
    return {
        "kind": found.kind,
        "issued_on": found.issued_at.astimezone(HOME).date(),
        "state": documents.state_of(reading, found.id).value,
        "sha256": found.sha256.hex(),
        "number": found.number,
    }


def file_name_of(found: StoredDocument) -> str:
    """Return how a paper is called when it is sent: `uittreksel-1A0123.pdf`. No person's name stands in it."""
    names = _NAMES[found.kind]
    return f"{names.get(found.language, names['nl'])}-{found.number}.pdf"
