"""Draws: made known, held, and settled once everybody has been told.

Rows are waited for in this order: the draw, the request, counters' days, quotas. Who asks or withdraws shares the
draw's row with others who do; who draws has it alone, so that nobody comes in or leaves while lots are drawn.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from services.appointments.domain.draw_rules import Batch
from services.appointments.domain.draws import Draw, DrawState
from services.appointments.tables import draw_batch, draw_entry
from services.messaging.work import Reading, Work

_BATCH = tuple(column for column in draw_batch.c if column is not draw_batch.c.document)


def add_draw(work: Work, new: Draw) -> bool:
    """Store a new draw unless there is one of that product and those days; return whether it was stored."""
    batch = new.batch
    added = work.connection.execute(
        upsert(draw_batch)
        .values(
            id=new.id,
            product_id=new.product_id,
            first_on=batch.first_on,
            last_on=batch.last_on,
            weekdays=sorted(batch.weekdays),
            opens_at=batch.opens_at,
            closes_at=batch.closes_at,
            draws_at=batch.draws_at,
            most_places=batch.most_places,
            key=new.key,
            commitment=new.commitment,
            state=new.state,
            announced_at=work.now,
        )
        .on_conflict_do_nothing(constraint="draw_batch_once")
        .returning(draw_batch.c.id)
    )
    return added.first() is not None


def draws_between(reading: Reading, product_ids: Collection[str], first_on: date, last_on: date) -> list[Draw]:
    """Return the draws of products for any day between two, both included, whatever became of them."""
    found = (
        select(*_BATCH)
        .where(draw_batch.c.product_id.in_(product_ids))
        .where(draw_batch.c.first_on <= last_on, draw_batch.c.last_on >= first_on)
        .order_by(draw_batch.c.product_id, draw_batch.c.first_on)
    )
    return [_draw(row) for row in reading.connection.execute(found)]


def last_held(reading: Reading, most: int) -> list[Draw]:
    """Return the draws that were held last, the newest first."""
    held = draw_batch.c.state.in_([DrawState.DRAWN, DrawState.SETTLED])
    found = select(*_BATCH).where(held).order_by(draw_batch.c.held_at.desc(), draw_batch.c.id).limit(most)
    return [_draw(row) for row in reading.connection.execute(found)]


def open_draws(reading: Reading) -> list[Draw]:
    """Return the draws that have been made known and not been held."""
    found = select(*_BATCH).where(draw_batch.c.state == DrawState.OPEN).order_by(draw_batch.c.draws_at)
    return [_draw(row) for row in reading.connection.execute(found)]


def draw_by_id(reading: Reading, draw_id: UUID) -> Draw | None:
    """Return a draw."""
    return _one_draw(reading, select(*_BATCH).where(draw_batch.c.id == draw_id))


def share_draw(work: Work, draw_id: UUID) -> Draw | None:
    """Return a draw that is not held until this work ends; others may ask and withdraw meanwhile."""
    return _one_draw(work, select(*_BATCH).where(draw_batch.c.id == draw_id).with_for_update(read=True))


def lock_due(work: Work) -> Draw | None:
    """Return the draw that should have been held first, alone; None when none is due, or it was held just now.

    Who asks or withdraws at this moment is waited for: he is in, or out.
    """
    due = (
        select(*_BATCH)
        .where(draw_batch.c.state == DrawState.OPEN, draw_batch.c.draws_at <= work.now)
        .order_by(draw_batch.c.draws_at, draw_batch.c.id)
        .limit(1)
        .with_for_update()
    )
    return _one_draw(work, due)


def unsettled(reading: Reading) -> list[Draw]:
    """Return the draws that were held and whose people have not all been told, the oldest first."""
    found = select(*_BATCH).where(draw_batch.c.state == DrawState.DRAWN).order_by(draw_batch.c.held_at)
    return [_draw(row) for row in reading.connection.execute(found)]


def overdue_since(reading: Reading) -> datetime | None:
    """Return the moment of the oldest draw that should have been held by now."""
    found = select(func.min(draw_batch.c.draws_at)).where(
        draw_batch.c.state == DrawState.OPEN, draw_batch.c.draws_at <= reading.now
    )
    since: datetime | None = reading.connection.execute(found).scalar_one()
    return since


def note_held(work: Work, held: Draw, document: str) -> None:
    """Store that a draw was held, and what is published of it; the caller has locked it."""
    work.connection.execute(
        update(draw_batch)
        .where(draw_batch.c.id == held.id, draw_batch.c.state == DrawState.OPEN)
        .values(
            state=held.state,
            held_at=held.held_at,
            requests=held.requests,
            places_given=held.places_given,
            document=document,
            digest=held.digest,
        )
    )


def note_settled(work: Work, draw_id: UUID) -> bool:
    """Store that everybody has been told of a draw; False when somebody has not, or it was stored before."""
    untold = exists().where(draw_entry.c.batch_id == draw_id, draw_entry.c.told_at.is_(None))
    done = (
        update(draw_batch)
        .where(draw_batch.c.id == draw_id, draw_batch.c.state == DrawState.DRAWN, ~untold)
        .values(state=DrawState.SETTLED)
    )
    return work.connection.execute(done).rowcount == 1


def document_of(reading: Reading, draw_id: UUID) -> str | None:
    """Return the published document of a draw; None when it has not been held."""
    found = select(draw_batch.c.document).where(draw_batch.c.id == draw_id)
    document: str | None = reading.connection.execute(found).scalar_one_or_none()
    return document


def _one_draw(reading: Reading, statement: Select[Any]) -> Draw | None:
    row = reading.connection.execute(statement).one_or_none()
    return None if row is None else _draw(row)


def _draw(row: Row[Any]) -> Draw:
    return Draw(
        id=row.id,
        product_id=row.product_id,
        batch=Batch(
            first_on=row.first_on,
            last_on=row.last_on,
            weekdays=frozenset(row.weekdays),
            opens_at=row.opens_at,
            closes_at=row.closes_at,
            draws_at=row.draws_at,
            most_places=row.most_places,
        ),
        key=bytes(row.key),
        commitment=row.commitment,
        state=DrawState(row.state),
        held_at=row.held_at,
        requests=row.requests,
        places_given=row.places_given,
        digest=row.digest,
    )
