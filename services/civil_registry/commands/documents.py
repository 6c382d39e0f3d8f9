"""Giving out papers, and taking back what they say. Who may is for the callers to judge."""

import hashlib
from uuid import UUID

from services.civil_registry.domain import verification
from services.civil_registry.domain.errors import DocumentUnknown, NotNow
from services.civil_registry.domain.verification import State
from services.civil_registry.paper_desk import PaperDesk
from services.civil_registry.papers.contents import Deed, Paper
from services.civil_registry.papers.rendering import render
from services.civil_registry.storage import documents
from services.civil_registry.storage.documents import StoredDocument
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

PDF = "application/pdf"


def issue(
    work: Work,
    desk: PaperDesk,
    paper: Paper,
    *,
    language: str,
    issued_by: str,
    record_id: UUID | None = None,
    deed_id: UUID | None = None,
) -> StoredDocument:
    """Draw a paper, file it and store it: it exists once this work commits.

    The file is written before the row, so that no row ever points to nothing; a file whose work failed is found by
    `services.civil_registry.forgotten_files`. `issued_by` is a staff id, or `system`.

    Raises: NotWritable (a name holds signs that deeds are not written in), Unavailable (the disk).
    """
    code = "" if isinstance(paper, Deed) else verification.new_code(work.token(verification.RANDOM_BYTES))
    content = render(
        paper,
        language=language,
        issued_at=work.now,
        code=verification.grouped(code),
        verify_url=desk.verify_url(language),
    )
    new = StoredDocument(
        id=work.new_id(),
        kind=paper.kind,
        number=paper.number,
        record_id=record_id,
        deed_id=deed_id,
        code_hash=desk.code_hash(code) if code else None,
        file_id=desk.store.put(content, PDF).id,
        sha256=hashlib.sha256(content).digest(),
        language=language,
        issued_at=work.now,
        issued_by=issued_by,
    )
    documents.add(work, new)
    log.info("document_issued", document_id=new.id, kind=new.kind)
    return new


def withdraw(work: Work, document_id: UUID, *, by: str, reason: str) -> None:
    """Let a paper no longer stand; whoever checks it is told so.

    Raises: DocumentUnknown, NotNow (it was withdrawn before).
    """
    _change(work, document_id, State.WITHDRAWN, by=by, reason=reason, replaced_by=None)


def replace(work: Work, document_id: UUID, *, replaced_by: UUID, by: str, reason: str) -> None:
    """Let another paper stand in the place of one.

    Raises: DocumentUnknown, NotNow (it was withdrawn or replaced before).
    """
    _change(work, document_id, State.REPLACED, by=by, reason=reason, replaced_by=replaced_by)


def _change(work: Work, document_id: UUID, then: State, *, by: str, reason: str, replaced_by: UUID | None) -> None:
    if documents.lock(work, document_id) is None:
        raise DocumentUnknown
    now = documents.state_of(work, document_id)
    if not verification.may_follow(now, then):
        raise NotNow(command=then.value, status=now.value)
    documents.note_state(work, document_id, then, by=by, reason=reason, replaced_by=replaced_by)
    log.info("document_state_changed", document_id=document_id, state=then.value)
