"""Asks services over RabbitMQ in Nameko's wire format, with what Nameko's own client lacks: deadlines.

No service there: `Unavailable` at once (mandatory). No answer in time: `TimedOut`, and the broker drops a request
that nobody has begun (its expiration is the deadline), so nothing runs long after its caller has gone. Too many
calls in flight: `Unavailable` with a moment to wait. Connection lost: every pending call fails at once; its outcome
is unknown until it is repeated with the same key.
"""

import itertools
import json
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from pika import BasicProperties
from pika.channel import Channel
from pika.spec import Basic

from services.messaging import metrics
from services.messaging.amqp import Link
from services.messaging.clock import Clock, SystemClock
from services.messaging.errors import Busy, Malformed, RemoteRefusal, TimedOut, Unavailable
from services.messaging.log import correlation_id as current_correlation
from services.messaging.log import get_logger
from services.messaging.topology import RPC_EXCHANGE

log = get_logger()

_as_json = json.JSONEncoder(separators=(",", ":")).encode


@dataclass(slots=True)
class _Pending:
    """A call that waits: for its reply, or for the reason why there is none."""

    routing_key: str
    properties: BasicProperties
    body: bytes
    done: threading.Lock = field(default_factory=threading.Lock)
    reply: bytes | None = None
    failure: Unavailable | None = None

    def __post_init__(self) -> None:
        self.done.acquire()

    def settle(self, *, reply: bytes | None = None, failure: Unavailable | None = None) -> None:
        self.reply, self.failure = reply, failure
        self.done.release()


class RpcClient:
    """Thread-safe; one connection and one I/O thread per client. Make one per process, after any fork."""

    def __init__(self, amqp_url: str, *, name: str, max_in_flight: int = 64, clock: Clock | None = None) -> None:
        self._clock = clock or SystemClock()
        self._room = threading.BoundedSemaphore(max_in_flight)
        self._numbers = itertools.count()
        self._pending: dict[str, _Pending] = {}
        self._outgoing: deque[tuple[str, _Pending]] = deque()
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
        left = deadline - time.monotonic()
        call_id = f"{self._reply_to}.{next(self._numbers)}"
        pending = _Pending(
            routing_key,
            _properties(call_id, self._reply_to, left, key),
            _as_json({"args": [], "kwargs": request}).encode(),
        )
        self._pending[call_id] = pending
        self._outgoing.append((call_id, pending))
        try:
            if not self._flushing:
                self._flushing = True
                self._link.soon(self._flush)
            if not pending.done.acquire(timeout=max(left, 0.001)):
                raise TimedOut("No answer in time; ask again with the same Idempotency-Key.")
        except ConnectionError:
            self._flushing = False
            raise Unavailable("The message broker cannot be reached.", retry_after_seconds=3) from None
        finally:
            self._pending.pop(call_id, None)
        if pending.failure is not None:
            raise pending.failure
        return _decode(pending.reply)

    # --- in the I/O thread

    def _flush(self) -> None:
        self._flushing = False
        while self._outgoing:
            call_id, pending = self._outgoing.popleft()
            if call_id not in self._pending:  # its caller has gone
                continue
            if self._channel is None or not self._channel.is_open:
                self._fail(call_id, "The message broker cannot be reached.")
                continue
            self._channel.basic_publish(
                RPC_EXCHANGE, pending.routing_key, pending.body, pending.properties, mandatory=True
            )

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
        for call_id in list(self._pending):
            self._fail(call_id, "The connection to the message broker was lost.")
        log.warning("rpc_client_lost", reason=reason)

    def _on_reply(self, _: Channel, __: Basic.Deliver, properties: BasicProperties, body: bytes) -> None:
        pending = self._pending.pop(properties.correlation_id or "", None)
        if pending is None:
            metrics.rpc_late_replies.inc()
        else:
            pending.settle(reply=body)

    def _on_returned(self, _: Channel, __: Basic.Return, properties: BasicProperties, ___: bytes) -> None:
        self._fail(properties.correlation_id or "", "This part of the service is not running.")

    def _fail(self, call_id: str, detail: str) -> None:
        pending = self._pending.pop(call_id, None)
        if pending is not None:
            pending.settle(failure=Unavailable(detail, retry_after_seconds=3))


def _properties(call_id: str, reply_to: str, seconds_left: float, key: str | None) -> BasicProperties:
    milliseconds = max(1, int(seconds_left * 1000))
    headers: dict[str, Any] = {
        "nameko.call_id_stack": ["balie"],
        "nameko.correlation_id": current_correlation(),
        "nameko.deadline_ms": int(time.time() * 1000) + milliseconds,
    }
    if key is not None:
        headers["nameko.idempotency_key"] = key
    return BasicProperties(
        content_type="application/json",
        content_encoding="utf-8",
        delivery_mode=1,
        reply_to=reply_to,
        correlation_id=call_id,
        expiration=str(milliseconds),
        headers=headers,
    )


def _decode(body: bytes | None) -> dict[str, Any]:
    try:
        answer = json.loads(body or b"")
        result = answer["result"]
        if not isinstance(result, dict) or "status" not in result:
            raise ValueError
    except (ValueError, TypeError, KeyError):
        log.error("rpc_reply_unreadable")
        raise Unavailable("The answer could not be read.") from None
    return result


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
