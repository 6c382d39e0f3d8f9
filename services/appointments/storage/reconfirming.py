"""Questions whether somebody still comes. The caller has locked the visit before it locks or writes its question."""

from collections.abc import Collection
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, exists, insert, or_, select, update

from services.appointments.domain.appointment import Appointment, State
from services.appointments.domain.reconfirming import Reconfirmation, Spared, Step
from services.appointments.storage import appointments
from services.appointments.tables import affected_visit, appointment
from services.appointments.tables import reconfirmation as table
from services.messaging.work import Reading, Work

_OPEN = table.c.settled_at.is_(None)


def not_asked_yet(
    reading: Reading,
    *,
    location_ids: Collection[str],
    product_ids: Collection[str],
    first_on: date,
    last_on: date,
    placed_before: datetime,
) -> list[Appointment]:
    """Return the coming visits for products that were booked by the web before an instant and about which nobody was
    asked at their present time; none that lost its counter."""
    wanted = [appointment.c.products.contains([{"product_id": product_id}]) for product_id in sorted(product_ids)]
    known = exists().where(table.c.appointment_id == appointment.c.id, table.c.sequence == appointment.c.sequence)
    lost = exists().where(affected_visit.c.appointment_id == appointment.c.id, affected_visit.c.settled_at.is_(None))
    return appointments.found(
        reading,
        appointment.c.location_id.in_(location_ids),
        appointment.c.on.between(first_on, last_on),
        appointment.c.state == State.BOOKED,
        appointment.c.channel == "web",
        appointment.c.placed_at < placed_before,
        or_(*wanted),
        ~known,
        ~lost,
    )


def add(work: Work, asked: Reconfirmation) -> None:
    """Store a new question."""
    work.connection.execute(insert(table).values(**asdict(asked)))


def change(work: Work, now: Reconfirmation) -> None:
    """Store how a question stands; the caller has locked it."""
    which = (table.c.appointment_id == now.appointment_id, table.c.sequence == now.sequence)
    if work.connection.execute(update(table).where(*which, _OPEN).values(**asdict(now))).rowcount != 1:
        raise RuntimeError("a question was changed without its lock")


def lock_open_of(work: Work, appointment_id: UUID) -> Reconfirmation | None:
    """Return the question about a visit that is not settled, which nobody else can change until this work ends."""
    asked = select(table).where(table.c.appointment_id == appointment_id, _OPEN).with_for_update()
    row = work.connection.execute(asked).one_or_none()
    return None if row is None else _reconfirmation(row)


def last_of(reading: Reading, appointment_id: UUID) -> Reconfirmation | None:
    """Return the last question about a visit, settled or not."""
    asked = select(table).where(table.c.appointment_id == appointment_id)
    row = reading.connection.execute(asked.order_by(table.c.sequence.desc()).limit(1)).one_or_none()
    return None if row is None else _reconfirmation(row)


def due(reading: Reading) -> list[Reconfirmation]:
    """Return the open questions about which something is to be done: a step is due, or the visit has changed."""
    changed = or_(appointment.c.state != State.BOOKED, appointment.c.sequence != table.c.sequence)
    asked = (
        select(table)
        .join(appointment, appointment.c.id == table.c.appointment_id)
        .where(
            _OPEN,
            or_(
                changed,
                table.c.answer_by <= reading.now,
                (table.c.step == Step.ASKED) & (table.c.remind_at <= reading.now),
            ),
        )
        .order_by(table.c.answer_by, table.c.appointment_id)
    )
    return [_reconfirmation(row) for row in reading.connection.execute(asked)]


def _reconfirmation(row: Row[Any]) -> Reconfirmation:
    return Reconfirmation(
        appointment_id=row.appointment_id,
        sequence=row.sequence,
        step=Step(row.step),
        asked_at=row.asked_at,
        remind_at=row.remind_at,
        answer_by=row.answer_by,
        reminded_at=row.reminded_at,
        seen_at=row.seen_at,
        settled_at=row.settled_at,
        spared=row.spared and Spared(row.spared),
    )
