"""Takes events from a service's queues and has each reaction happen exactly once.

    done, or done before (inbox)                acknowledge
    malformed, refused                          dead letter at once, with the reason
    database down                               wait in place: no attempt burnt, no redelivery (prefetch bounds it)
    anything else                               retry queue (5 s, 30 s, 2 min, 10 min), then dead letter

Events of one aggregate are handled one after the other, in the order of the queue; different ones at the same time.
"""

import time
from collections import deque
from collections.abc import Callable
from typing import Any

from eventlet import Timeout, sleep
from greenlet import GreenletExit
from nameko.extensions import SharedExtension

from services.contracts import base
from services.messaging import inbox, metrics
from services.messaging.database import Transactions, is_down, may_pass
from services.messaging.envelope import Envelope, decode
from services.messaging.errors import Malformed, Refusal
from services.messaging.log import get_logger, set_correlation
from services.messaging.runtime.broker import Broker, Delivery
from services.messaging.runtime.dead_letters import bury, retry_later
from services.messaging.topology import event_queue, publishers_for

log = get_logger()

WORKER_SECONDS = 60
PREFETCH = 8
_LONGEST_PAUSE_SECONDS = 5.0
_IMMEDIATE_TRIES = 3


class EventConsumer(SharedExtension):
    """Shared by all reactions of a service."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._reactions: dict[str, Any] = {}
        self._lanes: dict[str, deque[tuple[Delivery, Envelope]]] = {}

    def add(self, reaction: Any) -> None:
        """Know a reaction by the type of its event."""
        self._reactions[reaction.contract.type] = reaction

    def setup(self) -> None:
        """Check that the reactions are exactly those that the contracts promise."""

    def start(self) -> None:
        """Begin to listen, one queue per publisher."""
        subscriptions = self.container.config["subscriptions"]
        service = self.container.service_name
        promised = {event.type for event in subscriptions[service]}
        if promised != set(self._reactions):
            different = ", ".join(sorted(promised ^ set(self._reactions)))
            raise RuntimeError(f"contracts.subscriptions and the reactions of {service} differ: {different}")
        for publisher in publishers_for(service, subscriptions):
            self.broker.consume(event_queue(service, publisher), self._take, prefetch=PREFETCH)

    def drain(self) -> None:
        """Finish what has begun."""
        self.broker.drain()

    # --- in the reading greenlet: never blocks

    def _take(self, delivery: Delivery) -> None:
        try:
            envelope = decode(delivery.body)
        except Malformed:
            self._aside(lambda: bury(self.broker, delivery, "malformed"))
            return
        reaction = self._reactions.get(envelope.type)
        if reaction is None:
            metrics.events_handled.labels(envelope.source[:40], "other", "ignored").inc()
            delivery.ack()
            return
        lane = self._lanes.get(str(envelope.aggregate_id))
        if lane is None:
            self._lanes[str(envelope.aggregate_id)] = deque()
            self._spawn(reaction, delivery, envelope)
        else:
            lane.append((delivery, envelope))

    def _spawn(self, reaction: Any, delivery: Delivery, envelope: Envelope) -> None:
        self.container.spawn_worker(
            reaction, (delivery, envelope), {}, handle_result=lambda *_: self._fail(delivery, envelope)
        )

    def _fail(self, delivery: Delivery, envelope: Envelope) -> None:
        retry_later(self.broker, delivery, "worker-setup")
        self._next(envelope)

    def _aside(self, act: Callable[[], Any]) -> None:
        self.container.spawn_managed_thread(act, identifier="dead-letters")

    def _next(self, envelope: Envelope) -> None:
        """Let the next event of the same aggregate begin."""
        key = str(envelope.aggregate_id)
        lane = self._lanes.get(key)
        if lane:
            delivery, following = lane.popleft()
            self._spawn(self._reactions[following.type], delivery, following)
        else:
            self._lanes.pop(key, None)

    # --- in a worker

    def perform(self, reaction: Any, method: Callable[..., Any], delivery: Delivery, envelope: Envelope) -> None:
        """React to one delivery and settle it. Never raises."""
        started = time.monotonic()
        set_correlation(envelope.correlation_id)
        try:
            outcome = self._settle(reaction, method, delivery, envelope)
        finally:
            self._next(envelope)
        metrics.events_handled.labels(envelope.source, envelope.type, outcome).inc()
        metrics.event_seconds.labels(envelope.source).observe(time.monotonic() - started)

    def _settle(self, reaction: Any, method: Callable[..., Any], delivery: Delivery, envelope: Envelope) -> str:
        try:
            done = self._react_when_possible(reaction, method, envelope)
        except Malformed:
            bury(self.broker, delivery, "malformed")
            return "dead"
        except Refusal as refusal:
            bury(self.broker, delivery, refusal.code)
            return "dead"
        except GreenletExit:
            raise
        except (Exception, Timeout) as error:
            log.error("reaction_failed", type=envelope.type, exc_info=error)
            return "retried" if retry_later(self.broker, delivery, type(error).__name__) else "dead"
        delivery.ack()
        return "done" if done else "duplicate"

    def _react_when_possible(self, reaction: Any, method: Callable[..., Any], envelope: Envelope) -> bool:
        """React; while the database is down, wait here. Raises: whatever the reaction raises otherwise."""
        pause, tries = 0.2, 0
        while True:
            try:
                with Timeout(WORKER_SECONDS):
                    return self._react(reaction, method, envelope)
            except Exception as error:
                if is_down(error):
                    log.warning("database_down_waiting", type=envelope.type)
                    sleep(pause)
                    pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
                elif may_pass(error) and tries < _IMMEDIATE_TRIES:
                    tries += 1
                else:
                    raise

    def _react(self, reaction: Any, method: Callable[..., Any], envelope: Envelope) -> bool:
        transactions: Transactions = self.container.config["transactions"]
        data = base.load(reaction.contract, dict(envelope.data))
        with transactions.work(correlation_id=envelope.correlation_id, causation_id=str(envelope.id)) as work:
            consumer = f"{self.container.service_name}.{reaction.method_name}"
            if not inbox.first_time(work, consumer, envelope):
                return False
            method(work, _loaded(envelope, data))
        return True


def _loaded(envelope: Envelope, data: dict[str, Any]) -> Envelope:
    """Return the event with its data as Python values."""
    return Envelope(
        id=envelope.id,
        type=envelope.type,
        source=envelope.source,
        aggregate_id=envelope.aggregate_id,
        version=envelope.version,
        occurred_at=envelope.occurred_at,
        correlation_id=envelope.correlation_id,
        causation_id=envelope.causation_id,
        data=data,
    )
