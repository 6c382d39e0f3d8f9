"""The path of one case through the services, from what each keeps anyway: ids, types and times, nobody's data."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from services.messaging.envelope import Envelope
from services.messaging.tables import tables
from services.messaging.work import Reading, Work

_STEPS = text(
    """
    SELECT created_at AS at, 'command' AS kind, operation AS what, '' AS detail
      FROM idempotency WHERE correlation_id = :id
    UNION ALL
    SELECT created_at, 'told', type, 'version ' || version FROM event_log WHERE correlation_id = :id
    UNION ALL
    SELECT published_at, 'published', type, 'version ' || version FROM event_log WHERE correlation_id = :id
    UNION ALL
    SELECT created_at, 'waiting', type, 'version ' || version || ', ' || attempts || ' attempts'
      FROM outbox WHERE correlation_id = :id
    UNION ALL
    SELECT at, outcome, type, 'attempt ' || attempt || ': ' || reason FROM setback WHERE correlation_id = :id
    UNION ALL
    SELECT received_at, 'reacted', type, '' FROM inbox WHERE correlation_id = :id
    """
)


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something that a service did for a case. `kind`: command, told, published, waiting, retried, dead, reacted."""

    at: datetime
    service: str
    kind: str
    what: str
    detail: str


def steps(reading: Reading, service: str, correlation_id: str) -> list[Step]:
    """Return what one service did under a correlation id."""
    rows = reading.connection.execute(_STEPS, {"id": correlation_id})
    return [Step(row.at, service, row.kind, row.what, row.detail) for row in rows]


def in_order(found: Iterable[Step]) -> list[Step]:
    """Return steps of several services by time."""
    return sorted(found)


def note_setback(work: Work, consumer: str, event: Envelope, *, attempt: int, outcome: str, reason: str) -> None:
    """Keep that an event could not take effect, and what became of it (`retried` or `dead`)."""
    work.connection.execute(
        tables.setback.insert().values(
            consumer=consumer,
            event_id=event.id,
            aggregate_id=event.aggregate_id,
            type=event.type,
            correlation_id=event.correlation_id,
            attempt=attempt,
            outcome=outcome,
            reason=reason,
            at=work.now,
        )
    )
