"""Which room and officer a ceremony has; the database lets neither be in two ceremonies at once.

An option is a ceremony until an instant: it keeps room and officer like any other, and is gone once that has passed,
whoever deletes its row first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert

from services.civil_registry.tables import ceremony
from services.messaging.work import Reading, Work

_LOCK = 4_631
"""The first half of the keys of the advisory locks on wedding days; the second half is the day."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A room and an officer in a ceremony that is planned, or for which there is an option."""

    room_id: str
    officer_id: str
    starts_at: datetime
    ends_at: datetime

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Say whether it goes on at some moment of a period."""
        return self.starts_at < ends_at and starts_at < self.ends_at


def lock_day(work: Work, on: date) -> None:
    """Let nobody else plan on a day before this work ends: two who want one room do not wait for each other."""
    work.connection.execute(select(func.pg_advisory_xact_lock(_LOCK, on.toordinal())))


def book(work: Work, record_id: UUID, wanted: Taken, *, held_until: datetime | None) -> None:
    """Give a ceremony its room, officer and time, instead of those that it had; the caller has locked the day.

    `held_until`: it is an option, and over then.
    """
    values = {
        "room_id": wanted.room_id,
        "officer_id": wanted.officer_id,
        "during": func.tstzrange(wanted.starts_at, wanted.ends_at, "[)"),
        "held_until": held_until,
    }
    work.connection.execute(
        delete(ceremony).where(ceremony.c.held_until <= work.now, ceremony.c.during.op("&&")(values["during"]))
    )
    work.connection.execute(
        insert(ceremony)
        .values(record_id=record_id, **values)
        .on_conflict_do_update(index_elements=["record_id"], set_=values)
    )


def prolong(work: Work, record_id: UUID, held_until: datetime) -> bool:
    """Let an option last until another instant; False when there is none any more."""
    changed = work.connection.execute(
        ceremony.update().where(ceremony.c.record_id == record_id, _is_there(work)).values(held_until=held_until)
    )
    return changed.rowcount == 1


def free(work: Work, record_id: UUID) -> None:
    """Give room and officer back."""
    work.connection.execute(delete(ceremony).where(ceremony.c.record_id == record_id))


def taken(reading: Reading, first: datetime, last: datetime, *, but: UUID | None = None) -> list[Taken]:
    """Return the ceremonies and options between two instants, but for the one of a record that may move."""
    rows = reading.connection.execute(
        select(
            ceremony.c.room_id,
            ceremony.c.officer_id,
            func.lower(ceremony.c.during),
            func.upper(ceremony.c.during),
        ).where(
            ceremony.c.during.op("&&")(func.tstzrange(first, last, "[)")),
            _is_there(reading),
            true() if but is None else ceremony.c.record_id != but,
        )
    )
    return [Taken(row[0], row[1], row[2], row[3]) for row in rows]


def busy(planned: Iterable[Taken], starts_at: datetime, ends_at: datetime) -> list[Taken]:
    """Return which of some ceremonies go on in a period."""
    return [one for one in planned if one.overlaps(starts_at, ends_at)]


def _is_there(reading: Reading) -> ColumnElement[bool]:
    return ceremony.c.held_until.is_(None) | (ceremony.c.held_until > reading.now)
