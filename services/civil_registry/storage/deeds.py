"""The registers: numbers without gaps, deeds that never change, and what is added to them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.civil_registry.domain.deed import LAST_NUMBER, REGISTER_DIGITS, DeedNumber
from services.civil_registry.domain.errors import DeedNumberExhausted, RegisterClosed
from services.civil_registry.domain.mentions import CANCELLED
from services.civil_registry.tables import deed, deed_step, extract_block, later_mention, register_part
from services.messaging.work import Reading, Work


@dataclass(frozen=True, slots=True)
class StoredDeed:
    """A deed as it stands in the register; nothing of it can change."""

    id: UUID
    record_id: UUID
    number: DeedNumber
    content: Mapping[str, Any]
    text: str
    drawn_at: datetime
    drawn_by: str


def next_number(work: Work, *, register: str, part: str, year: int, fact_letter: str) -> DeedNumber:
    """Return the number that follows the last one of a register's part and year.

    The counter's row stays locked until this work ends: who comes second waits, and a number that was not used because
    the work failed is given to the next. So there are no gaps.

    Raises: RegisterClosed, DeedNumberExhausted (9,999 deeds).
    Source: BBS art. 16; Regeling vermelding nummer op akten art. 1-4.
    """
    key = {"register": register, "part": part, "year": year}
    work.connection.execute(upsert(register_part).values(**key, last_number=0).on_conflict_do_nothing())
    row = work.connection.execute(
        text(
            "SELECT last_number, closed_at FROM register_part"
            " WHERE register = :register AND part = :part AND year = :year FOR UPDATE"
        ),
        key,
    ).one()
    if row.closed_at is not None:
        raise RegisterClosed(year=year)
    if row.last_number >= LAST_NUMBER:
        raise DeedNumberExhausted(part=part)
    number = row.last_number + 1
    work.connection.execute(update(register_part).where(*_is(key)).values(last_number=number))
    return DeedNumber(register=register, part=part, year=year, number=number, fact_letter=fact_letter)


def add(
    work: Work, *, record_id: UUID, number: DeedNumber, content: Mapping[str, Any], words: str, drawn_by: str
) -> UUID:
    """Store a deed; from now on it can only be added to."""
    new_id = work.new_id()
    work.connection.execute(
        insert(deed).values(
            id=new_id,
            record_id=record_id,
            register=number.register,
            part=number.part,
            year=number.year,
            number=number.number,
            fact_letter=number.fact_letter,
            content=json.loads(json.dumps(content, default=str)),
            text=words,
            text_sha256=hashlib.sha256(words.encode()).digest(),
            drawn_at=work.now,
            drawn_by=drawn_by,
        )
    )
    return new_id


def note_step(work: Work, deed_id: UUID, step: str, *, by: str, note: str = "") -> None:
    """Note that a deed was printed, signed or registered."""
    work.connection.execute(insert(deed_step).values(deed_id=deed_id, step=step, at=work.now, by=by, note=note))


def by_id(reading: Reading, deed_id: UUID) -> StoredDeed | None:
    """Return a deed."""
    return _one(reading, deed.c.id == deed_id)


def by_number(reading: Reading, number: DeedNumber) -> StoredDeed | None:
    """Return the deed with a number."""
    return _one(
        reading,
        (deed.c.register == number.register)
        & (deed.c.part == number.part)
        & (deed.c.year == number.year)
        & (deed.c.number == number.number),
    )


def records_with_number(reading: Reading, typed: str) -> list[UUID]:
    """Return the records whose deed has a number of six positions, in any year, the newest first."""
    plain = "".join(typed.split()).upper()
    rows = reading.connection.execute(
        select(deed.c.record_id, deed.c.register, deed.c.part, deed.c.number)
        .where(deed.c.number == (int(plain[-4:]) if plain[-4:].isdigit() else -1))
        .order_by(deed.c.year.desc())
    )
    return [row.record_id for row in rows if f"{REGISTER_DIGITS[row.register]}{row.part}{row.number:04d}" == plain]


def lock(work: Work, deed_id: UUID) -> None:
    """Let nobody else add to a deed before this work ends."""
    work.connection.execute(select(deed.c.id).where(deed.c.id == deed_id).with_for_update())


def steps_of(reading: Reading, deed_id: UUID) -> Sequence[Row[Any]]:
    """Return the printing, signing and registering of a deed, in order."""
    return reading.connection.execute(
        select(deed_step).where(deed_step.c.deed_id == deed_id).order_by(deed_step.c.id)
    ).all()


def is_registered(reading: Reading, deed_id: UUID) -> bool:
    """Say whether the signed sheet of a deed lies in the register."""
    return any(row.step == "registered" for row in steps_of(reading, deed_id))


def add_mention(
    work: Work,
    deed_id: UUID,
    *,
    kind: str,
    words: str,
    changes: Mapping[str, str],
    source_reference: str,
    by: str,
) -> UUID:
    """Add a later mention, once per source; return its id."""
    new_id = work.new_id()
    work.connection.execute(
        upsert(later_mention)
        .values(
            id=new_id,
            deed_id=deed_id,
            kind=kind,
            text=words,
            changes=dict(changes),
            source_reference=source_reference,
            added_at=work.now,
            added_by=by,
        )
        .on_conflict_do_nothing(constraint="later_mention_once")
    )
    mention_id: UUID = work.connection.execute(
        select(later_mention.c.id).where(
            later_mention.c.deed_id == deed_id, later_mention.c.source_reference == source_reference
        )
    ).scalar_one()
    return mention_id


def is_cancelled(reading: Reading, deed_id: UUID) -> bool:
    """Say whether a court struck a deed out."""
    return bool(
        reading.connection.execute(
            select(exists().where(later_mention.c.deed_id == deed_id, later_mention.c.changes.has_key(CANCELLED)))
        ).scalar_one()
    )


def mentions_of(reading: Reading, deed_id: UUID) -> Sequence[Row[Any]]:
    """Return what was added to a deed, in order."""
    return reading.connection.execute(
        select(later_mention)
        .where(later_mention.c.deed_id == deed_id)
        .order_by(later_mention.c.added_at, later_mention.c.id)
    ).all()


def block(work: Work, deed_id: UUID, *, blocked: bool, reason: str, by: str) -> None:
    """Let no extract of a deed be given, or let it again."""
    work.connection.execute(
        insert(extract_block).values(deed_id=deed_id, blocked=int(blocked), reason=reason, at=work.now, by=by)
    )


def blocked_because(reading: Reading, deed_id: UUID) -> str | None:
    """Return why no extract may be given of a deed, or None."""
    row = reading.connection.execute(
        select(extract_block.c.blocked, extract_block.c.reason)
        .where(extract_block.c.deed_id == deed_id)
        .order_by(extract_block.c.id.desc())
        .limit(1)
    ).first()
    return row.reason if row is not None and row.blocked else None


def parts(reading: Reading) -> Sequence[Row[Any]]:
    """Return all parts of all registers, the newest year first."""
    return reading.connection.execute(
        select(register_part).order_by(register_part.c.year.desc(), register_part.c.register, register_part.c.part)
    ).all()


def lock_parts(work: Work, register: str, year: int) -> Sequence[Row[Any]]:
    """Return the parts of a register and year, and let nobody draw a deed up in them before this work ends."""
    return work.connection.execute(
        select(register_part)
        .where(register_part.c.register == register, register_part.c.year == year)
        .order_by(register_part.c.part)
        .with_for_update()
    ).all()


def unsigned(reading: Reading, register: str, year: int) -> int:
    """Return how many deeds of a register and year are not signed and registered yet."""
    registered = select(deed_step.c.deed_id).where(deed_step.c.step == "registered")
    return reading.connection.execute(
        select(func.count()).where(deed.c.register == register, deed.c.year == year, deed.c.id.not_in(registered))
    ).scalar_one()


def close_parts(work: Work, register: str, year: int, *, by: str) -> None:
    """Close all parts of a register and year."""
    work.connection.execute(
        update(register_part)
        .where(register_part.c.register == register, register_part.c.year == year, register_part.c.closed_at.is_(None))
        .values(closed_at=work.now, closed_by=by)
    )


def _is(key: Mapping[str, Any]) -> list[Any]:
    return [register_part.c[name] == value for name, value in key.items()]


def _one(reading: Reading, condition: Any) -> StoredDeed | None:
    row = reading.connection.execute(select(deed).where(condition)).first()
    if row is None:
        return None
    number = DeedNumber(row.register, row.part, row.year, row.number, row.fact_letter)
    return StoredDeed(row.id, row.record_id, number, row.content, row.text, row.drawn_at, row.drawn_by)
