"""What a consumer has already done: the row commits with the effect, so a second delivery finds it and does nothing.

A concurrent twin waits on the primary key until the first one commits or rolls back; both ways are right.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from services.messaging.envelope import Envelope
from services.messaging.tables import tables
from services.messaging.work import Reading, Work

KEPT = timedelta(days=90)
"""Longer than the longest possible redelivery, replay from a dead-letter queue included."""


def first_time(work: Work, consumer: str, event: Envelope) -> bool:
    """Note an event for a consumer; return False when it was noted before."""
    noted = work.connection.execute(
        insert(tables.inbox)
        .values(
            consumer=consumer,
            event_id=event.id,
            type=event.type,
            correlation_id=event.correlation_id,
            received_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(tables.inbox.c.event_id)
    )
    return noted.first() is not None


def forget_one(work: Work, consumer: str, event: Envelope) -> None:
    """Forget that an event was received, so that it can be received anew."""
    work.connection.execute(
        delete(tables.inbox).where(tables.inbox.c.consumer == consumer, tables.inbox.c.event_id == event.id)
    )


def forget(reading: Reading, before: datetime) -> int:
    """Delete notes older than `before`; return how many there were."""
    return reading.connection.execute(delete(tables.inbox).where(tables.inbox.c.received_at < before)).rowcount
