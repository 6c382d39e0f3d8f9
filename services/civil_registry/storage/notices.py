"""What doctors and midwives confirmed (*geboorteberichten*)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, update

from services.civil_registry.secrets import Secrets
from services.civil_registry.tables import birth_notice, party, record
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class BirthNotice:
    """One notice. `content` is that of the contract without the mother's number."""

    id: UUID
    provider: str
    content: Mapping[str, Any]
    received_at: datetime
    record_id: UUID | None


def add(work: Work, secrets: Secrets, *, provider: str, mother_bsn: str, content: Mapping[str, Any]) -> BirthNotice:
    """Store a notice."""
    new_id = work.new_id()
    work.connection.execute(
        insert(birth_notice).values(
            id=new_id,
            provider=provider,
            mother_digest=secrets.digest(mother_bsn),
            mother_bsn=secrets.lock_bsn(mother_bsn, bound_to=f"birth_notice.mother_bsn.{new_id}"),
            content=dict(content),
            received_at=work.now,
        )
    )
    return BirthNotice(new_id, provider, content, work.now, None)


def about_mother(reading: Reading, secrets: Secrets, mother_bsn: str) -> tuple[BirthNotice, ...]:
    """Return the notices about births of a mother, newest first."""
    rows = reading.connection.execute(
        select(birth_notice)
        .where(birth_notice.c.mother_digest == secrets.digest(mother_bsn))
        .order_by(birth_notice.c.received_at.desc())
    )
    return tuple(_notice(row) for row in rows)


def tie(work: Work, notice_id: UUID, record_id: UUID) -> None:
    """Note which declaration a notice belongs to."""
    work.connection.execute(update(birth_notice).where(birth_notice.c.id == notice_id).values(record_id=record_id))


def of_record(reading: Reading, record_id: UUID) -> BirthNotice | None:
    """Return the notice that belongs to a declaration, the newest when there are several."""
    row = reading.connection.execute(
        select(birth_notice)
        .where(birth_notice.c.record_id == record_id)
        .order_by(birth_notice.c.received_at.desc())
        .limit(1)
    ).first()
    return None if row is None else _notice(row)


def of_provider(reading: Reading, provider: str, most: int) -> tuple[BirthNotice, ...]:
    """Return the notices of one provider, newest first."""
    rows = reading.connection.execute(
        select(birth_notice)
        .where(birth_notice.c.provider == provider)
        .order_by(birth_notice.c.received_at.desc())
        .limit(most)
    )
    return tuple(_notice(row) for row in rows)


def declarations_awaiting(reading: Reading, secrets: Secrets, mother_bsn: str) -> list[UUID]:
    """Return the birth declarations that name this mother and wait for a confirmation, oldest first."""
    return list(
        reading.connection.execute(
            select(record.c.id)
            .join(party, party.c.record_id == record.c.id)
            .where(
                record.c.kind == "birth",
                record.c.status == "awaiting-confirmation",
                party.c.role == "mother",
                party.c.bsn_digest == secrets.digest(mother_bsn),
            )
            .order_by(record.c.submitted_at)
        ).scalars()
    )


def _notice(row: Row[Any]) -> BirthNotice:
    return BirthNotice(row.id, row.provider, row.content, row.received_at, row.record_id)
