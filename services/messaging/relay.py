"""Moves the events of one service from its outbox to the broker (the process is `python -m services.relay SERVICE`).

Reads what waits in the outbox, publishes it in order and in batches with confirms, and moves what the broker has
confirmed to the event log. Killed at any line, it loses nothing: before the confirm a row is still there; after it,
the event goes out twice with one id, and inboxes absorb that. Only one relay per database works at a time (advisory
lock, freed by the death of its session); others wait as spares.
"""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import Connection, Engine, delete, text

from services.messaging import idempotency, inbox, log, metrics, outbox
from services.messaging.clock import Clock
from services.messaging.database import Transactions
from services.messaging.envelope import CONTENT_TYPE
from services.messaging.outbox import Waiting
from services.messaging.publisher import ConfirmedPublisher, Outgoing, Verdict
from services.messaging.tables import tables
from services.messaging.topology import event_exchange

BATCH = 200
IDLE_SECONDS = 0.1
EVENT_LOG_KEPT = timedelta(days=90)
_LOCK_KEY = 0x62616C6965  # "balie"

logger = log.get_logger()


class Relay:
    """Moves events of one service from its outbox to its exchange."""

    def __init__(self, pool: Engine, publisher: ConfirmedPublisher, clock: Clock, *, service: str) -> None:
        self._pool = pool.execution_options(isolation_level="AUTOCOMMIT")
        self._publisher = publisher
        self._clock = clock
        self._exchange = event_exchange(service)
        self._session: Connection | None = None

    def run_once(self) -> bool:
        """Publish one batch; return True when a full batch went out, so that there is probably more."""
        connection = self._elected()
        if connection is None:
            return False
        try:
            waiting = outbox.oldest(connection, BATCH)
            self._measure(connection)
            if not waiting:
                return False
            verdicts = self._publisher.publish([self._outgoing(event) for event in waiting])
            return self._settle(connection, waiting, verdicts)
        except Exception:
            self.resign()
            raise

    def resign(self) -> None:
        """Give the lock back, with its session."""
        session, self._session = self._session, None
        if session is not None:
            session.invalidate()
            session.close()

    def _elected(self) -> Connection | None:
        """Return the session that holds the lock, or None when another relay has it."""
        if self._session is not None:
            return self._session
        session = self._pool.connect()
        won = session.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": _LOCK_KEY}).scalar_one()
        if not won:
            session.close()
            return None
        session.execute(text("SET idle_session_timeout = '30s'"))  # a frozen relay loses the lock to its spare
        logger.info("relay_elected")
        self._session = session
        return session

    def _outgoing(self, event: Waiting) -> Outgoing:
        return Outgoing(self._exchange, event.type, str(event.event_id), CONTENT_TYPE, event.body)

    def _settle(self, connection: Connection, waiting: Sequence[Waiting], verdicts: dict[str, Verdict]) -> bool:
        """Archive what was confirmed, but nothing after the first unconfirmed event of the same aggregate.

        A later event of that aggregate that did get through is sent again behind it; order wins over economy.
        """
        held_back = set()
        confirmed = []
        missed = []
        for event in waiting:
            verdict = verdicts[str(event.event_id)]
            if verdict is Verdict.CONFIRMED and event.aggregate_id not in held_back:
                confirmed.append(event.row_id)
                continue
            if verdict is not Verdict.CONFIRMED:
                metrics.outbox_troubles.labels(verdict.value).inc()
            held_back.add(event.aggregate_id)
            missed.append(event.row_id)
        if confirmed:
            outbox.archive(connection, confirmed, self._clock.now())
            metrics.outbox_published.inc(len(confirmed))
        if missed:
            outbox.count_attempt(connection, missed)
            logger.warning("events_not_confirmed", row_count=len(missed))
        return len(waiting) == BATCH and not missed

    def _measure(self, connection: Connection) -> None:
        rows, since = outbox.backlog(connection)
        metrics.outbox_rows.set(rows)
        age = (self._clock.now() - since).total_seconds() if since else 0.0
        metrics.outbox_oldest_seconds.set(max(age, 0.0))


def sweep(transactions: Transactions) -> bool:
    """Delete what messaging no longer needs: old inbox notes, stored replies and published events."""
    with transactions.reading() as reading:
        inbox.forget(reading, reading.now - inbox.KEPT)
        idempotency.forget(reading, reading.now - idempotency.KEPT)
        reading.connection.execute(
            delete(tables.event_log).where(tables.event_log.c.published_at < reading.now - EVENT_LOG_KEPT)
        )
    return False
