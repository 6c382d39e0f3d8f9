"""Papers that were given out, and what became of each: rows are only added."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select

from services.civil_registry.domain.verification import State
from services.civil_registry.tables import document, document_event, metadata
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """One paper. `code_hash` is None for deeds, which carry no code."""

    id: UUID
    kind: str
    number: str
    record_id: UUID | None
    deed_id: UUID | None
    code_hash: bytes | None
    file_id: str
    sha256: bytes
    language: str
    issued_at: datetime
    issued_by: str


def add(work: Work, new: StoredDocument) -> None:
    """Store a paper whose file is stored already."""
    work.connection.execute(insert(document).values({name: getattr(new, name) for name in new.__slots__}))


def find(reading: Reading, document_id: UUID) -> StoredDocument | None:
    """Return a paper, or None."""
    return _stored(reading.connection.execute(select(document).where(document.c.id == document_id)).first())


def by_code(reading: Reading, code_hashes: Collection[bytes]) -> StoredDocument | None:
    """Return the paper whose code is stored in one of these ways, or None."""
    return _stored(reading.connection.execute(select(document).where(document.c.code_hash.in_(code_hashes))).first())


def lock(work: Work, document_id: UUID) -> StoredDocument | None:
    """Return a paper, and let nobody else change its state before this work ends; None when there is none."""
    return _stored(
        work.connection.execute(select(document).where(document.c.id == document_id).with_for_update()).first()
    )


def of_record(reading: Reading, record_id: UUID) -> list[StoredDocument]:
    """Return the papers of a record, the newest first."""
    return _all(reading, document.c.record_id == record_id)


def of_deed(reading: Reading, deed_id: UUID) -> list[StoredDocument]:
    """Return the papers of a deed, the newest first."""
    return _all(reading, document.c.deed_id == deed_id)


def state_of(reading: Reading, document_id: UUID) -> State:
    """Return whether a paper still stands."""
    last = (
        select(document_event.c.state)
        .where(document_event.c.document_id == document_id)
        .order_by(document_event.c.number.desc())
        .limit(1)
    )
    return State(reading.connection.execute(last).scalar_one_or_none() or State.VALID)


def note_state(
    work: Work, document_id: UUID, state: State, *, by: str, reason: str, replaced_by: UUID | None = None
) -> None:
    """Add what became of a paper that this work has locked."""
    earlier = select(func.count()).where(document_event.c.document_id == document_id).scalar_subquery()
    work.connection.execute(
        insert(document_event).values(
            document_id=document_id,
            number=earlier + 1,
            state=state.value,
            replaced_by=replaced_by,
            at=work.now,
            by=by,
            reason=reason,
        )
    )


def files_in_use(reading: Reading, file_ids: Iterable[str]) -> set[str]:
    """Return which of these files any table of this database points to, whichever tables there will be."""
    asked = list(file_ids)
    columns = [table.c.file_id for table in metadata.sorted_tables if "file_id" in table.c]
    return {
        found
        for column in columns
        for found in reading.connection.execute(select(column).where(column.in_(asked))).scalars()
    }


def any_file_in_use(reading: Reading) -> bool:
    """Say whether this database points to any file at all."""
    columns = [table.c.file_id for table in metadata.sorted_tables if "file_id" in table.c]
    return any(reading.connection.execute(select(column).limit(1)).first() for column in columns)


def _all(reading: Reading, condition: Any) -> list[StoredDocument]:
    rows = reading.connection.execute(
        select(document).where(condition).order_by(document.c.issued_at.desc(), document.c.id)
    )
    return [StoredDocument(**_plain(row)) for row in rows]


def _stored(row: Row[Any] | None) -> StoredDocument | None:
    return None if row is None else StoredDocument(**_plain(row))


def _plain(row: Row[Any]) -> dict[str, Any]:
    values = dict(row._mapping)
    code_hash = values["code_hash"]
    return values | {"sha256": bytes(values["sha256"]), "code_hash": None if code_hash is None else bytes(code_hash)}
