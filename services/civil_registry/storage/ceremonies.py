"""Which room and officer a ceremony has; the database lets neither be in two ceremonies at once."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from services.civil_registry.tables import ceremony
from services.messaging.work import Reading, Work

_EXCLUSION = "23P01"


@dataclass(frozen=True, slots=True)
class Taken:
    """A ceremony that is planned."""

    room_id: str
    officer_id: str
    starts_at: datetime
    ends_at: datetime


class NotFree(Exception):
    """Room or officer have another ceremony then."""


def book(work: Work, record_id: UUID, *, room_id: str, officer_id: str, starts_at: datetime, ends_at: datetime) -> None:
    """Give a ceremony its room, officer and time, instead of those that it had.

    Raises: NotFree.
    """
    values = {
        "room_id": room_id,
        "officer_id": officer_id,
        "during": func.tstzrange(starts_at, ends_at, "[)"),
    }
    attempt = work.connection.begin_nested()
    try:
        work.connection.execute(
            insert(ceremony)
            .values(record_id=record_id, **values)
            .on_conflict_do_update(index_elements=["record_id"], set_=values)
        )
    except IntegrityError as error:
        attempt.rollback()
        if getattr(error.orig, "pgcode", None) == _EXCLUSION:
            raise NotFree from None
        raise
    attempt.commit()


def free(work: Work, record_id: UUID) -> None:
    """Give room and officer back."""
    work.connection.execute(delete(ceremony).where(ceremony.c.record_id == record_id))


def taken(reading: Reading, first: datetime, last: datetime, *, but: UUID | None = None) -> list[Taken]:
    """Return the ceremonies between two instants, but for the one of a record that may move."""
    rows = reading.connection.execute(
        select(
            ceremony.c.room_id,
            ceremony.c.officer_id,
            func.lower(ceremony.c.during),
            func.upper(ceremony.c.during),
        ).where(
            ceremony.c.during.op("&&")(func.tstzrange(first, last, "[)")),
            true() if but is None else ceremony.c.record_id != but,
        )
    )
    return [Taken(row[0], row[1], row[2], row[3]) for row in rows]


def officer_is_free(reading: Reading, officer_id: str, starts_at: datetime, ends_at: datetime) -> bool:
    """Say whether an officer has no ceremony in a period."""
    return not any(one.officer_id == officer_id for one in taken(reading, starts_at, ends_at))
