"""Records, their parties, history and timers."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.civil_registry.domain.actor import Actor
from services.civil_registry.domain.case import Evidence
from services.civil_registry.domain.queues import queue_of
from services.civil_registry.domain.record import Flag, Kind, Question, Record, Source, Status
from services.civil_registry.secrets import Secrets
from services.civil_registry.tables import evidence, party, record, record_history, timer
from services.messaging.work import Reading, Work

PAGE = 50


def add(work: Work, secrets: Secrets, new: Record) -> None:
    """Store a record that begins, with its parties."""
    work.connection.execute(insert(record).values(_columns(new)))
    _put_parties(work, secrets, new)


def change(work: Work, secrets: Secrets, before: Record, after: Record) -> None:
    """Store what became of a record that the caller has locked."""
    values = _columns(after)
    work.connection.execute(update(record).where(record.c.id == after.id).values(values))
    if before.parties != after.parties:
        work.connection.execute(delete(party).where(party.c.record_id == after.id))
        _put_parties(work, secrets, after)


def note(
    work: Work, after: Record, *, command: str, came_from: Status | None, actor: Actor, role: str, words: str
) -> None:
    """Write one line of the history, which can never be changed."""
    work.connection.execute(
        insert(record_history).values(
            record_id=after.id,
            version=after.version,
            at=work.now,
            command=command,
            from_status=came_from,
            to_status=after.status,
            by_role=role,
            staff_id=actor.staff_id,
            note=words,
            correlation_id=work.correlation_id,
        )
    )


def set_timers(work: Work, record_id: UUID, due: Mapping[str, datetime]) -> None:
    """Let exactly these commands be given when their time comes."""
    work.connection.execute(delete(timer).where(timer.c.record_id == record_id))
    if due:
        work.connection.execute(
            insert(timer), [{"record_id": record_id, "command": name, "due_at": at} for name, at in due.items()]
        )


def claim_due_timer(work: Work) -> tuple[UUID, str] | None:
    """Return a timer whose time has come and forget it; others that are claimed at this moment are passed by."""
    row = work.connection.execute(
        text(
            """
            DELETE FROM timer WHERE (record_id, command) = (
                SELECT record_id, command FROM timer WHERE due_at <= :now
                ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED
            ) RETURNING record_id, command
            """
        ),
        {"now": work.now},
    ).first()
    return None if row is None else (row.record_id, row.command)


def lock(work: Work, secrets: Secrets, record_id: UUID) -> Record | None:
    """Return a record and let nobody else change it before this work ends."""
    return _one(work, secrets, record.c.id == record_id, locked=True)


def find(reading: Reading, secrets: Secrets, record_id: UUID) -> Record | None:
    """Return a record."""
    return _one(reading, secrets, record.c.id == record_id)


def by_receipt(reading: Reading, secrets: Secrets, receipt: str) -> Record | None:
    """Return the record with a receipt number."""
    return _one(reading, secrets, record.c.receipt == receipt)


def receipt_is_free(reading: Reading, receipt: str) -> bool:
    """Say whether no record has this receipt number yet."""
    return reading.connection.execute(select(record.c.id).where(record.c.receipt == receipt)).first() is None


def children_of(reading: Reading, secrets: Secrets, parent_id: UUID, *, locked: bool = False) -> tuple[Record, ...]:
    """Return the records that belong to another one, oldest first."""
    return _many(reading, secrets, record.c.parent_id == parent_id, locked=locked)


def of_owner(reading: Reading, secrets: Secrets, owner: str, bsn_digest: bytes | None) -> tuple[Record, ...]:
    """Return the records that somebody started, or in which he is a partner, newest first."""
    mine = record.c.owner == owner
    if bsn_digest is not None:
        invited = select(party.c.record_id).where(
            party.c.bsn_digest == bsn_digest, party.c.role.in_(("partner_1", "partner_2"))
        )
        mine = mine | (record.c.id.in_(invited) & (record.c.kind == "marriage") & (record.c.status != "draft"))
    found = _many(reading, secrets, mine & record.c.parent_id.is_(None))
    return tuple(reversed(found))


def with_person(reading: Reading, secrets: Secrets, bsn_digest: bytes) -> tuple[Record, ...]:
    """Return the records in which somebody is a party."""
    return _many(reading, secrets, record.c.id.in_(select(party.c.record_id).where(party.c.bsn_digest == bsn_digest)))


def in_queue(reading: Reading, secrets: Secrets, queue: str, offset: int) -> tuple[Record, ...]:
    """Return up to fifty records of a work queue, the most urgent first."""
    ids = reading.connection.execute(
        select(record.c.id)
        .where(record.c.queue == queue)
        .order_by(record.c.due_on.asc().nulls_last(), record.c.submitted_at, record.c.id)
        .limit(PAGE)
        .offset(offset)
    ).scalars()
    in_order = list(ids)
    found = {one.id: one for one in _many(reading, secrets, record.c.id.in_(in_order))}
    return tuple(found[one] for one in in_order)


def queue_lengths(reading: Reading) -> dict[str, int]:
    """Return how many records wait in each queue that is not empty."""
    rows = reading.connection.execute(
        select(record.c.queue, func.count()).where(record.c.queue.is_not(None)).group_by(record.c.queue)
    )
    return {row[0]: int(row[1]) for row in rows}


def overdue_lengths(reading: Reading, today: date) -> dict[str, int]:
    """Return how many records of each queue are past the last day of their legal term."""
    rows = reading.connection.execute(
        select(record.c.queue, func.count())
        .where(record.c.queue.is_not(None), record.c.due_on < today)
        .group_by(record.c.queue)
    )
    return {row[0]: int(row[1]) for row in rows}


def like_it(reading: Reading, secrets: Secrets, one: Record, role: str, digest: bytes) -> tuple[Record, ...]:
    """Return other live or registered records of the same kind in which somebody has the same role."""
    same = select(party.c.record_id).where(party.c.bsn_digest == digest, party.c.role == role)
    return _many(
        reading,
        secrets,
        record.c.id.in_(same)
        & (record.c.kind == one.kind)
        & (record.c.id != one.id)
        & record.c.submitted_at.is_not(None)
        & record.c.status.not_in(("withdrawn", "refused", "lapsed", "closed-as-duplicate", "redirected")),
    )


def history_of(reading: Reading, record_id: UUID) -> Sequence[Row[Any]]:
    """Return what happened to a record, oldest first."""
    return reading.connection.execute(
        select(record_history).where(record_history.c.record_id == record_id).order_by(record_history.c.version)
    ).all()


def add_evidence(work: Work, *, record_id: UUID, added_by: str, **file: Any) -> UUID:
    """Put a file to a record, once; return the id of the piece of evidence."""
    new_id = work.new_id()
    work.connection.execute(
        upsert(evidence)
        .values(id=new_id, record_id=record_id, added_at=work.now, added_by=added_by, **file)
        .on_conflict_do_nothing(constraint="evidence_once")
    )
    evidence_id: UUID = work.connection.execute(
        select(evidence.c.id).where(
            evidence.c.record_id == record_id,
            evidence.c.kind == file["kind"],
            evidence.c.file_id == file["file_id"],
        )
    ).scalar_one()
    return evidence_id


def original_came_in(work: Work, record_id: UUID, on: date) -> None:
    """Note that the paper originals of a record's evidence are here."""
    work.connection.execute(
        update(evidence)
        .where(evidence.c.record_id == record_id, evidence.c.original_on.is_(None))
        .values(original_on=on)
    )


def evidence_rows(reading: Reading, record_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Return the files of records, oldest first."""
    return reading.connection.execute(
        select(evidence).where(evidence.c.record_id.in_(record_ids)).order_by(evidence.c.added_at, evidence.c.id)
    ).all()


def evidence_of(reading: Reading, record_ids: Collection[UUID]) -> tuple[Evidence, ...]:
    """Return the files of records as rules see them."""
    return tuple(
        Evidence(row.id, row.kind, row.file_id, row.original_on, row.added_at)
        for row in evidence_rows(reading, record_ids)
    )


def evidence_by_id(reading: Reading, evidence_id: UUID) -> Row[Any] | None:
    """Return one piece of evidence."""
    return reading.connection.execute(select(evidence).where(evidence.c.id == evidence_id)).first()


def _columns(one: Record) -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "status": one.status,
        "flags": sorted(one.flags),
        "queue": queue_of(one),
        "version": one.version,
        "facts": one.facts,
        "source": one.source,
        "language": one.language,
        "receipt": one.receipt,
        "owner": one.owner,
        "content": _json_native(one.content),
        "extra": _json_native(one.extra),
        "question": one.question and one.question.told(),
        "assignee": one.assignee,
        "acted_by": one.acted_by,
        "parent_id": one.parent_id,
        "deed_id": one.deed_id,
        "due_on": one.due_on,
        "started_at": one.started_at,
        "facts_since": one.facts_since or one.started_at,
        "submitted_at": one.submitted_at,
        "ended_at": one.ended_at,
        "destroy_on": one.destroy_on,
    }


def _json_native(content: Mapping[str, Any]) -> Any:
    return json.loads(json.dumps(content, default=lambda value: value.isoformat()))


def _put_parties(work: Work, secrets: Secrets, one: Record) -> None:
    rows = [
        {
            "record_id": one.id,
            "role": role,
            "bsn": secrets.lock_bsn(bsn, bound_to=f"party.bsn.{one.id}.{role}"),
            "bsn_digest": secrets.digest(bsn),
        }
        for role, bsn in one.parties.items()
    ]
    if rows:
        work.connection.execute(insert(party), rows)


def _one(reading: Reading, secrets: Secrets, condition: Any, *, locked: bool = False) -> Record | None:
    found = _many(reading, secrets, condition, locked=locked)
    return found[0] if found else None


def _many(reading: Reading, secrets: Secrets, condition: Any, *, locked: bool = False) -> tuple[Record, ...]:
    asked = select(record).where(condition).order_by(record.c.started_at, record.c.id)
    rows = reading.connection.execute(asked.with_for_update() if locked else asked).all()
    parties = _parties_of(reading, secrets, [row.id for row in rows])
    return tuple(_record(row, parties.get(row.id, {})) for row in rows)


def _parties_of(reading: Reading, secrets: Secrets, ids: Iterable[UUID]) -> dict[UUID, dict[str, str]]:
    found: dict[UUID, dict[str, str]] = {}
    for row in reading.connection.execute(select(party).where(party.c.record_id.in_(list(ids)))):
        bsn = secrets.unlock_bsn(bytes(row.bsn), bound_to=f"party.bsn.{row.record_id}.{row.role}")
        found.setdefault(row.record_id, {})[row.role] = bsn
    return found


def _record(row: Row[Any], parties: Mapping[str, str]) -> Record:
    asked = row.question
    return Record(
        id=row.id,
        kind=Kind(row.kind),
        status=Status(row.status),
        version=row.version,
        facts=row.facts,
        source=Source(row.source),
        language=row.language,
        receipt=row.receipt,
        owner=row.owner,
        content=row.content,
        parties=parties,
        started_at=row.started_at,
        flags=frozenset(Flag(flag) for flag in row.flags),
        parent_id=row.parent_id,
        assignee=row.assignee,
        acted_by=row.acted_by,
        submitted_at=row.submitted_at,
        ended_at=row.ended_at,
        due_on=row.due_on,
        question=asked
        and Question(
            asked["reason"],
            tuple(asked["items"]),
            date.fromisoformat(asked["answer_by"]),
            datetime.fromisoformat(asked["asked_at"]),
        ),
        deed_id=row.deed_id,
        destroy_on=row.destroy_on,
        facts_since=row.facts_since,
        extra=row.extra,
    )
