"""Takes events from a service's queues and has each reaction happen exactly once, in the order of the facts.

    done, or done before (inbox), or stale      acknowledge
    came too early                              parked in the database until its turn, acknowledge
    malformed, refused                          dead letter at once, with the reason
    database down                               wait in place: no attempt burnt, no redelivery (prefetch bounds it)
    anything else                               retry queue (5 s, 30 s, 2 min, 10 min), then dead letter

Events of one aggregate are handled one after the other, different ones at the same time.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from eventlet import Timeout, sleep
from greenlet import GreenletExit
from nameko.extensions import SharedExtension

from services.contracts import base
from services.messaging import inbox, metrics, sequence, trail
from services.messaging.database import Transactions, answers, is_down, may_pass
from services.messaging.envelope import Envelope, decode
from services.messaging.errors import Malformed, Refusal
from services.messaging.log import get_logger, set_correlation
from services.messaging.runtime.broker import Broker, Delivery
from services.messaging.runtime.dead_letters import attempt_of, bury, bury_event, is_last_attempt, retry_later
from services.messaging.sequence import Place
from services.messaging.topology import RETRY_DELAYS_SECONDS, event_queue, publishers_for
from services.messaging.work import Work

log = get_logger()

WORKER_SECONDS = 60
PREFETCH = 8
UNPARK_SECONDS = 5.0
SETBACK_SECONDS = 5
MOST_PARKED_FAILURES = int(sum(RETRY_DELAYS_SECONDS) / UNPARK_SECONDS)
"""A parked event is given as much time as one on the retry ladder."""
_LONGEST_PAUSE_SECONDS = 5.0
_IMMEDIATE_TRIES = 3


class _GivenBack(Exception):
    """We are to stop, so another process shall have this delivery."""


class EventConsumer(SharedExtension):
    """Shared by all reactions of a service."""

    broker = Broker()

    def __init__(self) -> None:
        super().__init__()
        self._reactions: dict[str, Any] = {}
        self._contracts: dict[str, Any] = {}
        self._lanes: dict[UUID, deque[tuple[Delivery, Envelope]]] = {}

    @property
    def consumer(self) -> str:
        """Return the name under which this service keeps its inbox."""
        return str(self.container.service_name)

    @property
    def transactions(self) -> Transactions:
        """Return the service's way to its database."""
        transactions: Transactions = self.container.config["transactions"]
        return transactions

    def add(self, reaction: Any) -> None:
        """Know a reaction by the types of its events.

        Raises: RuntimeError (another one reacts to one of them already).
        """
        for contract in reaction.contracts:
            if contract.type in self._reactions:
                raise RuntimeError(f"{self.consumer} reacts twice to {contract.type}")
            self._reactions[contract.type] = reaction
            self._contracts[contract.type] = contract

    def start(self) -> None:
        """Begin to listen, one queue per publisher.

        Raises: RuntimeError (the reactions are not exactly those that the contracts promise).
        """
        subscriptions = self.container.config["subscriptions"]
        promised = {event.type for event in subscriptions[self.consumer]}
        if promised != set(self._reactions):
            different = ", ".join(sorted(promised ^ set(self._reactions)))
            raise RuntimeError(f"contracts.subscriptions and the reactions of {self.consumer} differ: {different}")
        for publisher in publishers_for(self.consumer, subscriptions):
            self.broker.consume(event_queue(self.consumer, publisher), self._take, prefetch=PREFETCH)
        self.container.spawn_managed_thread(self._unpark_forever, identifier="unpark")

    def drain(self) -> None:
        """Finish what has begun."""
        self.broker.drain()

    # --- in the reading greenlet: never blocks

    def _take(self, delivery: Delivery) -> None:
        try:
            envelope = decode(delivery.body)
        except Malformed:
            bury_it = partial(bury, self.broker, delivery, "malformed")
            self.container.spawn_managed_thread(bury_it, identifier="dead-letters")
            return
        lane = self._lanes.get(envelope.aggregate_id)
        if lane is None:
            self._lanes[envelope.aggregate_id] = deque()
            self._spawn(delivery, envelope)
        else:
            lane.append((delivery, envelope))

    def _spawn(self, delivery: Delivery, envelope: Envelope) -> None:
        # Every worker needs an entrypoint; an event without a reaction borrows one, only to advance its version.
        reaction = self._reactions.get(envelope.type) or next(iter(self._reactions.values()))
        self.container.spawn_worker(
            reaction, (delivery, envelope), {}, handle_result=lambda *_: self._fail(delivery, envelope)
        )

    def _fail(self, delivery: Delivery, envelope: Envelope) -> None:
        self._set_aside(delivery, envelope, "worker-setup", final=is_last_attempt(delivery))
        self._next(envelope.aggregate_id)

    def _next(self, aggregate_id: UUID) -> None:
        """Let the next event of the same aggregate begin."""
        lane = self._lanes.get(aggregate_id)
        if lane:
            self._spawn(*lane.popleft())
        else:
            self._lanes.pop(aggregate_id, None)

    # --- in a worker

    def perform(self, method: Callable[..., Any], delivery: Delivery, envelope: Envelope) -> None:
        """React to one delivery and settle it. Never raises."""
        started = time.monotonic()
        set_correlation(envelope.correlation_id)
        try:
            outcome = self._settle(method, delivery, envelope)
        finally:
            self._next(envelope.aggregate_id)
        metrics.events_handled.labels(*self._labels(envelope), outcome).inc()
        metrics.event_seconds.labels(self._labels(envelope)[0]).observe(time.monotonic() - started)

    def _labels(self, envelope: Envelope) -> tuple[str, str]:
        """Return metric labels that only the code can choose: what a stranger sends is `other`."""
        contract = self._contracts.get(envelope.type)
        return (contract.source, envelope.type) if contract else ("other", "other")

    def _settle(self, method: Callable[..., Any], delivery: Delivery, envelope: Envelope) -> str:
        try:
            outcome = self._when_possible(lambda: self._react(method, envelope))
        except Malformed:
            return self._set_aside(delivery, envelope, "malformed")
        except Refusal as refusal:
            return self._set_aside(delivery, envelope, refusal.code)
        except GreenletExit:
            raise
        except _GivenBack:
            delivery.requeue()
            return "returned"
        except (Exception, Timeout) as error:
            log.error("reaction_failed", type=self._labels(envelope)[1], exc_info=error)
            return self._set_aside(delivery, envelope, type(error).__name__, final=is_last_attempt(delivery))
        delivery.ack()
        if outcome == "done":
            self._release(method, envelope.aggregate_id)
        return outcome

    def _set_aside(self, delivery: Delivery, envelope: Envelope, reason: str, *, final: bool = True) -> str:
        """Move a delivery to the dead letters or to a retry queue, and keep that for the trail of its case."""
        outcome = "dead" if final else "retried"
        try:
            with Timeout(SETBACK_SECONDS), self._work_for(envelope) as work:
                trail.note_setback(
                    work, self.consumer, envelope, attempt=attempt_of(delivery), outcome=outcome, reason=reason
                )
        except (Exception, Timeout) as error:
            log.warning("setback_not_kept", error=type(error).__name__)
        if final:
            bury(self.broker, delivery, reason)
        else:
            retry_later(self.broker, delivery, reason)
        return outcome

    def _when_possible(self, react: Callable[[], str]) -> str:
        """Return the outcome of a reaction; while the database is down or silent, wait here.

        Raises: what the reaction raises; _GivenBack (we are to stop, and the database is still away).
        """
        pause, tries = 0.2, 0
        while True:
            try:
                with Timeout(WORKER_SECONDS):
                    return react()
            except Timeout as error:
                if self._database_answers():
                    raise  # the reaction itself is too slow
                trouble: BaseException = error
            except Exception as error:
                if may_pass(error) and tries < _IMMEDIATE_TRIES:
                    tries += 1
                    continue
                if not is_down(error):
                    raise
                trouble = error
            if self.broker.stopping:
                raise _GivenBack
            log.warning("database_down_waiting", error=type(trouble).__name__)
            sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    def _database_answers(self) -> bool:
        answered = False
        with Timeout(SETBACK_SECONDS, False):
            answered = answers(self.transactions.engine)
        return answered  # noqa: RET504 - the time-out leaves the block in the middle

    def _react(self, method: Callable[..., Any], envelope: Envelope) -> str:
        ready = self._loaded(envelope)
        with self._work_for(envelope) as work:
            if not inbox.first_time(work, self.consumer, envelope):
                return "duplicate"
            place = sequence.place_of(work, self.consumer, envelope)
            if place is Place.STALE:
                return "stale"
            if place is Place.EARLY:
                sequence.park(work, self.consumer, envelope)
                return "parked"
            self._have_effect(method, work, ready)
        return "done"

    def _work_for(self, envelope: Envelope) -> Any:
        return self.transactions.work(correlation_id=envelope.correlation_id, causation_id=str(envelope.id))

    def _loaded(self, envelope: Envelope) -> Envelope:
        """Return an event with its data as Python values. Raises: Malformed."""
        contract = self._contracts.get(envelope.type)
        if contract is None:
            return envelope
        return replace(envelope, data=base.load(contract, dict(envelope.data)))

    def _have_effect(self, method: Callable[..., Any], work: Work, ready: Envelope) -> None:
        """Call the reaction to an event (that of its own type, whichever worker this is) and note its version."""
        reaction = self._reactions.get(ready.type)
        if reaction is not None:
            getattr(method.__self__, reaction.method_name)(work, ready)  # type: ignore[attr-defined]
        sequence.advance(work, self.consumer, ready)

    # --- events that came too early

    def _release(
        self, method: Callable[..., Any], aggregate_id: UUID, first: Callable[..., Any] = sequence.take_next_parked
    ) -> None:
        """Do the parked events whose turn has come; one that fails stays parked, and in the end is a dead letter.

        Never raises: what goes wrong here is tried again by `_unpark_forever`.
        """
        try:
            self._release_while_possible(method, aggregate_id, first)
        except GreenletExit:
            raise
        except (Exception, Timeout) as error:
            log.warning("unpark_postponed", error=type(error).__name__)

    def _release_while_possible(self, method: Callable[..., Any], aggregate_id: UUID, take: Callable[..., Any]) -> None:
        try:
            while self._when_possible(partial(self._react_to_parked, method, aggregate_id, take)) == "done":
                take = sequence.take_next_parked
        except (GreenletExit, _GivenBack):
            raise
        except (Refusal, Malformed) as error:
            self._bury_parked(aggregate_id, error.code if isinstance(error, Refusal) else "malformed")
        except (Exception, Timeout) as error:
            log.error("parked_event_failed", exc_info=error)
            self._count_parked_failure(aggregate_id, type(error).__name__)

    def _count_parked_failure(self, aggregate_id: UUID, reason: str) -> None:
        with Timeout(SETBACK_SECONDS), self.transactions.work() as work:
            envelope = sequence.earliest_parked(work, self.consumer, aggregate_id)
            failures = 0 if envelope is None else sequence.count_failure(work, self.consumer, envelope)
        if failures >= MOST_PARKED_FAILURES:
            self._bury_parked(aggregate_id, reason)

    def _bury_parked(self, aggregate_id: UUID, reason: str) -> None:
        """Move a parked event to the dead letters: published with a confirm first, forgotten afterwards."""
        with self.transactions.reading() as reading:
            envelope = sequence.earliest_parked(reading, self.consumer, aggregate_id)
        if envelope is None:
            return
        bury_event(self.broker, event_queue(self.consumer, envelope.source), envelope, reason)
        with self._work_for(envelope) as work:
            sequence.discard(work, self.consumer, envelope)
            trail.note_setback(work, self.consumer, envelope, attempt=1, outcome="dead", reason=reason)

    def _react_to_parked(
        self, method: Callable[..., Any], aggregate_id: UUID, take: Callable[..., Any] = sequence.take_next_parked
    ) -> str:
        with self.transactions.work() as work:
            envelope = take(work, self.consumer, aggregate_id)
            if envelope is None:
                return "nothing"
            set_correlation(envelope.correlation_id)
            work.correlation_id, work.causation_id = envelope.correlation_id, str(envelope.id)
            self._have_effect(method, work, self._loaded(envelope))
        metrics.events_handled.labels(*self._labels(envelope), "done").inc()
        return "done"

    def _unpark_forever(self) -> None:
        """Look after parked events now and then: failed ones, and gaps that nobody closes."""
        if not self._reactions:
            return
        some_method = next(iter(self._reactions.values())).method_name
        while True:
            sleep(UNPARK_SECONDS)
            try:
                service = self.container.service_cls()
                for provider in self.container.dependencies:
                    setattr(service, provider.attr_name, provider.get_dependency(None))
                self._unpark(getattr(service, some_method))
            except GreenletExit:
                raise
            except (Exception, Timeout) as error:
                log.warning("unpark_postponed", error=type(error).__name__)

    def _unpark(self, method: Callable[..., Any]) -> None:
        with self.transactions.reading() as reading:
            releasable = sequence.releasable(reading, self.consumer)
            overdue = sequence.overdue(reading, self.consumer)
            count, since = sequence.parked_count(reading, self.consumer)
            metrics.parked_rows.set(count)
            metrics.parked_oldest_seconds.set((reading.now - since).total_seconds() if since else 0.0)
        for aggregate_id in releasable:
            self._release(method, aggregate_id)
        for aggregate_id in overdue:
            log.error("gap_given_up", consumer=self.consumer)
            self._release(method, aggregate_id, first=sequence.take_despite_gap)
