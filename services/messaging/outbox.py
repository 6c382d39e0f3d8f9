"""What a transaction wants to tell, kept beside its effect until a broker has confirmed it.

No cursor: what is still there has not been confirmed (ids are given before commit, so `id > last` would lose rows).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, select, text, update

from services.messaging.envelope import Envelope
from services.messaging.tables import tables
from services.messaging.work import Work

_outbox = tables.outbox

TELL = """
    INSERT INTO outbox (event_id, aggregate_id, version, type, correlation_id, body, created_at)
    SELECT :event_id, :event_about, :event_version, :event_type, :event_correlation, :event_body, :now
    FROM {source}
"""
"""The part of a single statement that tells an event for each row of `source` (at most one)."""

TELL_TYPES = {
    "event_id": "uuid",
    "event_about": "uuid",
    "event_version": "integer",
    "event_type": "text",
    "event_correlation": "text",
    "event_body": "bytea",
    "now": "timestamptz",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """An event that no broker has confirmed yet."""

    row_id: int
    event_id: UUID
    aggregate_id: UUID
    type: str
    correlation_id: str
    body: bytes


def telling(event: Envelope) -> dict[str, Any]:
    """Return the values that `TELL` needs."""
    return {
        "event_id": str(event.id),
        "event_about": str(event.aggregate_id),
        "event_version": event.version,
        "event_type": event.type,
        "event_correlation": event.correlation_id,
        "event_body": event.encode(),
    }


def put(work: Work) -> None:
    """Write the events of a work into the outbox, in the order in which they were published."""
    if work.events:
        work.connection.execute(
            _outbox.insert(),
            [
                {
                    "event_id": event.id,
                    "aggregate_id": event.aggregate_id,
                    "version": event.version,
                    "type": event.type,
                    "correlation_id": event.correlation_id,
                    "body": event.encode(),
                    "created_at": work.now,
                }
                for event in work.events
            ],
        )


def oldest(connection: Connection, limit: int) -> list[Waiting]:
    """Return the events that have waited longest, in order of writing."""
    rows = connection.execute(
        select(
            _outbox.c.id,
            _outbox.c.event_id,
            _outbox.c.aggregate_id,
            _outbox.c.type,
            _outbox.c.correlation_id,
            _outbox.c.body,
        )
        .order_by(_outbox.c.id)
        .limit(limit)
    )
    return [Waiting(*row[:5], bytes(row[5])) for row in rows]


def archive(connection: Connection, row_ids: Sequence[int], at: datetime) -> None:
    """Move confirmed events to the event log, in one statement."""
    connection.execute(
        text(
            """
            WITH gone AS (DELETE FROM outbox WHERE id = ANY(:ids) RETURNING *)
            INSERT INTO event_log
                (event_id, aggregate_id, version, type, correlation_id, body, created_at, published_at)
            SELECT event_id, aggregate_id, version, type, correlation_id, body, created_at, :at FROM gone
            ON CONFLICT (event_id) DO NOTHING
            """
        ),
        {"ids": list(row_ids), "at": at},
    )


def count_attempt(connection: Connection, row_ids: Sequence[int]) -> None:
    """Note that events were offered and not taken."""
    connection.execute(update(_outbox).where(_outbox.c.id.in_(row_ids)).values(attempts=_outbox.c.attempts + 1))


def backlog(connection: Connection) -> tuple[int, datetime | None]:
    """Return how many events wait, and since when the oldest does."""
    rows, since = connection.execute(select(func.count(), func.min(_outbox.c.created_at))).one()
    return rows, since
