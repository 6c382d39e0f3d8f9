"""Asks services over RabbitMQ in Nameko's wire format, with what Nameko's own client lacks: deadlines.

No service there: `Unavailable` at once (mandatory). No answer in time: `TimedOut`, and the broker drops a request
that nobody has begun (its expiration is the deadline), so nothing runs long after its caller has gone. Too many
calls in flight: `Unavailable` with a moment to wait. Connection lost: every pending call fails at once; its outcome
is unknown until it is repeated with the same key.

Calls of the kinds in `together` travel together (see `bundle`) when several wait at once: while one message of a kind
is away, the calls of that kind wait in line, and leave with the next; as soon as there are enough for a full bundle,
they wait no longer.
"""

import itertools
import threading
import time
from collections import deque
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson
from pika import BasicProperties
from pika.channel import Channel
from pika.spec import Basic

from services.messaging import bundle, metrics
from services.messaging.amqp import Link
from services.messaging.clock import Clock, SystemClock
from services.messaging.errors import Busy, Malformed, RemoteRefusal, TimedOut, Unavailable
from services.messaging.log import correlation_id as current_correlation
from services.messaging.log import get_logger
from services.messaging.topology import RPC_EXCHANGE

log = get_logger()

PATIENCE_SECONDS = 0.25
"""How long a bundle that does not come back keeps others of its kind waiting."""


@dataclass(slots=True)
class _Pending:
    """A call that waits: for its answer, or for the reason why there is none. `deadline` is of the monotonic clock."""

    id: str
    routing_key: str
    request: bytes
    key: str | None
    correlation_id: str
    deadline: float
    done: threading.Lock = field(default_factory=threading.Lock)
    outcome: dict[str, Any] | Unavailable = field(default_factory=Unavailable)

    def __post_init__(self) -> None:
        self.done.acquire()

    def settle(self, outcome: dict[str, Any] | Unavailable) -> None:
        self.outcome = outcome
        self.done.release()


@dataclass(slots=True)
class _Line:
    """Calls of one kind that wait for their bundle to leave, and the bundle that left last while it is away."""

    waiting: deque[_Pending] = field(default_factory=deque)
    away: str | None = None
    left_at: float = 0.0


class RpcClient:
    """Thread-safe; one connection and one I/O thread per client. Make one per process, after any fork."""

    def __init__(
        self,
        amqp_url: str,
        *,
        name: str,
        max_in_flight: int = 64,
        together: Collection[str] = (),
        clock: Clock | None = None,
    ) -> None:
        """`together` names the methods, such as `appointments.hold_slot`, whose calls may travel in one message."""
        self._clock = clock or SystemClock()
        self._room = threading.BoundedSemaphore(max_in_flight)
        self._numbers = itertools.count()
        self._pending: dict[str, _Pending] = {}
        self._outgoing: deque[_Pending] = deque()
        self._lines = {kind: _Line() for kind in together}
        self._bundles: dict[str, list[_Pending]] = {}
        self._flushing = False
        self._channel: Channel | None = None
        self._ready = threading.Event()
        self._reply_to = ""
        self._link = Link(amqp_url, name=name, opened=self._on_opened, lost=self._on_lost)

    @property
    def connected(self) -> bool:
        """Say whether calls can be made now."""
        return self._ready.is_set()

    def close(self) -> None:
        """End all pending calls and the connection."""
        self._link.close()
        self._on_lost("closing")

    def call(
        self,
        service: str,
        method: str,
        request: dict[str, Any],
        *,
        timeout_seconds: float = 5,
        idempotency_key: str | None = None,
    ) -> dict[str, Any]:
        """Return a service's reply.

        Raises: Refusal (with the code that the service sent), Malformed, Unavailable, TimedOut.
        """
        routing_key = f"{service}.{method}"
        started = time.monotonic()
        outcome = "error"
        try:
            reply = self._ask(routing_key, request, timeout_seconds, idempotency_key)
            outcome = reply["status"]
            return _result(reply)
        except TimedOut:
            outcome = "timeout"
            raise
        except Unavailable:
            outcome = "unavailable"
            raise
        finally:
            metrics.rpc_called.labels(routing_key, outcome).observe(time.monotonic() - started)

    def _ask(self, routing_key: str, request: dict[str, Any], timeout: float, key: str | None) -> dict[str, Any]:
        deadline = time.monotonic() + timeout
        if not self._room.acquire(blocking=False):
            raise Busy(retry_after_seconds=1)
        try:
            # A connection that is being made is worth a short wait: a broker restart takes a second or two.
            if not (self._ready.is_set() or self._ready.wait(min(timeout, 1.0))):
                raise Unavailable("The message broker cannot be reached.", retry_after_seconds=3)
            return self._exchange(routing_key, request, deadline, key)
        finally:
            self._room.release()

    def _exchange(self, routing_key: str, request: dict[str, Any], deadline: float, key: str | None) -> dict[str, Any]:
        pending = _Pending(
            id=f"{self._reply_to}.{next(self._numbers)}",
            routing_key=routing_key,
            request=orjson.dumps(request),
            key=key,
            correlation_id=current_correlation(),
            deadline=deadline,
        )
        self._pending[pending.id] = pending
        self._outgoing.append(pending)
        line = self._lines.get(routing_key)
        try:
            if line is None or not self._had_better_wait(line):
                self._wake()
            self._wait(pending)
        except ConnectionError:
            self._flushing = False
            raise Unavailable("The message broker cannot be reached.", retry_after_seconds=3) from None
        finally:
            self._pending.pop(pending.id, None)
        if isinstance(pending.outcome, Unavailable):
            raise pending.outcome
        return pending.outcome

    def _had_better_wait(self, line: _Line) -> bool:
        """Say whether those in line had better leave later: a bundle is on its way and soon back, and they are few."""
        if line.away is None or len(line.waiting) + len(self._outgoing) >= bundle.MOST:
            return False
        return time.monotonic() < line.left_at + PATIENCE_SECONDS

    def _wake(self) -> None:
        if not self._flushing:
            self._flushing = True
            self._link.soon(self._flush)

    def _wait(self, pending: _Pending) -> None:
        """Return when a call was settled. Who waits in line looks from time to time whether it still moves."""
        in_line = pending.routing_key in self._lines
        while (left := pending.deadline - time.monotonic()) > 0:
            if pending.done.acquire(timeout=min(left, PATIENCE_SECONDS) if in_line else left):
                return
            if in_line:
                self._wake()
        raise TimedOut("No answer in time; ask again with the same Idempotency-Key.")

    # --- in the I/O thread

    def _flush(self) -> None:
        self._flushing = False
        while self._outgoing:
            pending = self._outgoing.popleft()
            line = self._lines.get(pending.routing_key)
            if line is None or pending.key is None:
                self._send_alone(pending)
            else:
                line.waiting.append(pending)
        for line in self._lines.values():
            self._depart(line)

    def _depart(self, line: _Line) -> None:
        """Let those in line leave together, so many at a time, unless they had better wait."""
        while line.waiting and not self._had_better_wait(line):
            calls: list[_Pending] = []
            while line.waiting and len(calls) < bundle.MOST:
                pending = line.waiting.popleft()
                if pending.id in self._pending:
                    calls.append(pending)
            if calls:
                line.away, line.left_at = self._send_bundle(calls), time.monotonic()

    def _send_bundle(self, calls: list[_Pending]) -> str:
        first = min(calls, key=lambda call: call.deadline)
        bundle_id = f"{first.id}+"
        for sent_id in [known for known, sent in self._bundles.items() if not any(c.id in self._pending for c in sent)]:
            del self._bundles[sent_id]  # nobody waits for it any more
        self._bundles[bundle_id] = calls
        body = bundle.join((call.id, call.key or "", call.correlation_id, call.request) for call in calls)
        self._publish(bundle_id, first, body, {bundle.HEADER: True})
        return bundle_id

    def _send_alone(self, pending: _Pending) -> None:
        if pending.id in self._pending:  # else its caller has gone
            headers = {} if pending.key is None else {"nameko.idempotency_key": pending.key}
            self._publish(pending.id, pending, b'{"args":[],"kwargs":%b}' % pending.request, headers)

    def _publish(self, sent_id: str, call: _Pending, body: bytes, headers: dict[str, Any]) -> None:
        """Send a message with a call, or with those of which this one has the nearest deadline."""
        if self._channel is None or not self._channel.is_open:
            self._fail(sent_id, "The message broker cannot be reached.")
            return
        properties = _properties(sent_id, self._reply_to, call, headers)
        self._channel.basic_publish(RPC_EXCHANGE, call.routing_key, body, properties, mandatory=True)

    def _on_opened(self, channel: Channel) -> None:
        """Make a reply queue of our own, then be ready: exchange, queue, binding, consumer, each after the other."""
        reply_to = f"reply-{self._clock.new_id()}"
        channel.add_on_return_callback(self._on_returned)

        def exchange_known(_: Any) -> None:
            channel.queue_declare("", exclusive=True, auto_delete=True, callback=queue_made)

        def queue_made(frame: Any) -> None:
            queue = frame.method.queue
            channel.queue_bind(queue, RPC_EXCHANGE, reply_to, callback=lambda _: consume(queue))

        def consume(queue: str) -> None:
            channel.basic_consume(queue, self._on_reply, auto_ack=True, exclusive=True, callback=consuming)

        def consuming(_: Any) -> None:
            self._reply_to = reply_to
            self._channel = channel
            self._ready.set()
            log.info("rpc_client_ready")

        channel.exchange_declare(RPC_EXCHANGE, "topic", durable=True, callback=exchange_known)

    def _on_lost(self, reason: str) -> None:
        self._ready.clear()
        self._channel = None
        self._flushing = False
        self._outgoing.clear()
        self._bundles.clear()
        for line in self._lines.values():
            line.waiting.clear()
            line.away = None
        for call_id in list(self._pending):
            self._fail(call_id, "The connection to the message broker was lost.")
        log.warning("rpc_client_lost", reason=reason)

    def _on_reply(self, _: Channel, __: Basic.Deliver, properties: BasicProperties, body: bytes) -> None:
        sent_id = properties.correlation_id or ""
        answer = _decode(body)
        calls = self._back(sent_id)
        if calls and answer["status"] in (bundle.STATUS, "malformed"):  # malformed: an older service knows no bundles
            answers = answer.get("answers", {})
            for call in calls:
                if call.id in answers:
                    self._answered(call.id, answers[call.id])
                else:
                    self._send_alone(call)
        else:
            for call_id in [call.id for call in calls] or [sent_id]:
                self._answered(call_id, answer)

    def _on_returned(self, _: Channel, __: Basic.Return, properties: BasicProperties, ___: bytes) -> None:
        self._fail(properties.correlation_id or "", "This part of the service is not running.")

    def _back(self, bundle_id: str) -> list[_Pending]:
        """Return the calls of a bundle that has come back, and let the next one leave; none for anything else."""
        calls = self._bundles.pop(bundle_id, [])
        if calls:
            line = self._lines[calls[0].routing_key]
            if line.away == bundle_id:
                line.away = None
            self._flush()
        return calls

    def _answered(self, call_id: str, answer: dict[str, Any]) -> None:
        pending = self._pending.pop(call_id, None)
        if pending is None:
            metrics.rpc_late_replies.inc()
        else:
            pending.settle(answer)

    def _fail(self, sent_id: str, detail: str) -> None:
        for call_id in [call.id for call in self._back(sent_id)] or [sent_id]:
            pending = self._pending.pop(call_id, None)
            if pending is not None:
                pending.settle(Unavailable(detail, retry_after_seconds=3))


def _properties(sent_id: str, reply_to: str, call: _Pending, headers: dict[str, Any]) -> BasicProperties:
    milliseconds = max(1, int((call.deadline - time.monotonic()) * 1000))
    headers |= {
        "nameko.call_id_stack": ["balie"],
        "nameko.correlation_id": call.correlation_id,
        "nameko.deadline_ms": int(time.time() * 1000) + milliseconds,
    }
    return BasicProperties(
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=1,
        reply_to=reply_to,
        correlation_id=sent_id,
        expiration=str(milliseconds),
        headers=headers,
    )


def _decode(body: bytes) -> dict[str, Any]:
    """Return an answer; one that cannot be read is one that says so."""
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        result: dict[str, Any] = orjson.loads(body)["result"]
        answers = result["answers"].values() if result["status"] == bundle.STATUS else ()
        if None not in [answer["status"] for answer in answers]:
            return result
    log.error("rpc_reply_unreadable")
    return {"status": "unavailable", "detail": "The answer could not be read.", "retry_after_seconds": 2}


def _result(answer: dict[str, Any]) -> dict[str, Any]:
    """Return the reply in an answer, or raise what the service said instead."""
    match answer["status"]:
        case "done":
            reply: dict[str, Any] = answer["reply"]
            return reply
        case "refused":
            raise RemoteRefusal(answer["code"], answer["detail"], answer["facts"])
        case "malformed":
            raise Malformed(answer["errors"])
        case "unavailable":
            raise Unavailable(answer["detail"], retry_after_seconds=answer["retry_after_seconds"])
        case _:
            raise RpcFault


class RpcFault(Exception):
    """The service met a bug of its own; it has logged it under the same correlation id."""
