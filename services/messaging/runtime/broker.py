"""The one AMQP connection of a service process: consumes, settles, replies, publishes with confirms, reconnects.

One greenlet reads; every write goes through one lock, since two greenlets in one socket would mix their frames.
A delivery stays unacknowledged until somebody has settled it; at SIGTERM the consumers are cancelled first, and the
channel is closed only when every delivery is settled, so a rolling restart causes no redelivery.
"""

import contextlib
import itertools
import random
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import amqp
import eventlet
from amqp.exceptions import AccessRefused, NotFound, PreconditionFailed
from amqp.transport import TCPTransport
from eventlet import Timeout, sleep
from eventlet.event import Event as GreenEvent
from eventlet.semaphore import Semaphore
from greenlet import GreenletExit
from nameko.extensions import SharedExtension

from services.messaging import metrics
from services.messaging.log import get_logger
from services.messaging.topology import Topology

log = get_logger()

HEARTBEAT_SECONDS = 30
CONFIRM_SECONDS = 10
DRAIN_SECONDS = 20
CONNECT_SECONDS = 20
CANCEL_SECONDS = 5
_READ_AHEAD_BYTES = 32 * 1024
_FIRST_DELAY_SECONDS = 0.2
_LONGEST_DELAY_SECONDS = 3.0
_DRIFT = (PreconditionFailed, AccessRefused, NotFound)

Handler = Callable[["Delivery"], None]


class TopologyDrift(Exception):
    """A queue or exchange exists with other arguments, or may not be used: a person must look."""


class NotConfirmed(Exception):
    """The broker did not take a message in time."""


class Delivery:
    """One message from a queue, to be settled exactly once. Settling on a channel that has gone does nothing:
    the broker will deliver again, and inbox or idempotency key absorb that."""

    __slots__ = ("_broker", "_channel", "_settled", "body", "headers", "message", "properties", "queue")

    def __init__(self, broker: "Broker", queue: str, message: amqp.basic_message.Message) -> None:
        self._broker = broker
        self._channel = message.channel
        self._settled = False
        self.queue = queue
        self.message = message
        self.properties: dict[str, Any] = message.properties
        body = message.body
        self.body: bytes = body if isinstance(body, bytes) else str(body).encode()
        headers = message.properties.get("application_headers")
        self.headers: dict[str, Any] = headers if isinstance(headers, dict) else {}

    @property
    def routing_key(self) -> str:
        """Return the routing key with which the message was published."""
        return str(self.message.delivery_info.get("routing_key", ""))

    def ack(self) -> None:
        """Tell the broker that the message is done with."""
        self._settle(lambda channel, tag: channel.basic_ack(tag))

    def answer(self, routing_key: str, correlation_id: str | None, body: bytes, exchange: str) -> None:
        """Reply to a question, then acknowledge it: on its own channel and without a confirm, as a lost reply is a safe
        repeat. Both leave in one piece, so that no reply is lost between them.
        """
        message = amqp.basic_message.Message(
            body,
            content_type="application/json",
            content_encoding="utf-8",
            delivery_mode=1,
            correlation_id=correlation_id,
        )

        def reply_and_ack(channel: Any, tag: int) -> None:
            channel._basic_publish(message, exchange, routing_key)
            channel.basic_ack(tag)

        self._settle(reply_and_ack)

    def requeue(self) -> None:
        """Give the message back, for another process."""
        self._settle(lambda channel, tag: channel.basic_reject(tag, requeue=True))

    def _settle(self, how: Callable[[Any, int], None]) -> None:
        if self._settled:
            return
        self._settled = True
        tag = self.message.delivery_info["delivery_tag"]
        self._broker.write(self._channel, lambda channel: how(channel, tag))
        self._broker.settled(self)


class Broker(SharedExtension):
    """Shared by all entrypoints of a service."""

    def __init__(self) -> None:
        super().__init__()
        self._handlers: dict[str, tuple[Handler, int]] = {}
        self._topology: Topology | None = None
        self._in_flight: set[Delivery] = set()
        self._writing = Semaphore()
        self._connection: amqp.Connection | None = None
        self._channel: Any = None
        self._publishing: _ConfirmChannel | None = None
        self._tags: list[str] = []
        self._stopping = False
        self._loop: Any = None
        self._delay = _FIRST_DELAY_SECONDS
        self._addresses = itertools.count()
        self.alive_at = time.monotonic()
        self.drifted = False

    # --- what entrypoints use

    def consume(self, queue: str, handler: Handler, *, prefetch: int) -> None:
        """Have a handler called, in the reading greenlet, for each message of a queue. It must not block or raise."""
        self._handlers[queue] = (handler, prefetch)

    @property
    def consuming(self) -> bool:
        """Say whether messages can arrive now."""
        return bool(self._tags) and not self._stopping

    @property
    def stopping(self) -> bool:
        """Say whether the process is to stop."""
        return self._stopping

    def publish(self, exchange: str, routing_key: str, message: amqp.basic_message.Message) -> None:
        """Publish and wait until the broker has the message.

        Raises: NotConfirmed (not connected, refused, unroutable or not answered in time).
        """
        channel = self._publishing
        if channel is None:
            raise NotConfirmed("not connected")
        channel.publish(exchange, routing_key, message)

    def write(self, channel: Any, how: Callable[[Any], None]) -> None:
        """Write to a channel of the present connection; on any trouble leave the message to be delivered again."""
        try:
            with self._writing:
                if channel is not None and channel.connection is not None:
                    with _in_one_piece(channel.connection.transport):
                        how(channel)
        except Exception as error:
            # A write that broke off may have left half a frame behind: only a new connection is safe.
            log.warning("broker_write_failed", error=type(error).__name__)
            if channel is not None and channel.connection is not None:
                channel.connection.collect()

    def settled(self, delivery: Delivery) -> None:
        """Forget a delivery that has been settled."""
        self._in_flight.discard(delivery)
        metrics.in_flight.set(len(self._in_flight))

    # --- Nameko's life cycle

    def setup(self) -> None:
        """Take the topology from the container's configuration."""
        self._topology = self.container.config["topology"]

    def start(self) -> None:
        """Begin to connect; readiness tells when messages flow."""
        if self._loop is None:
            self._loop = self.container.spawn_managed_thread(self._run, identifier="broker")

    def drain(self) -> None:
        """Stop taking messages and return when those in hand are settled (or a limit has passed)."""
        self._stopping = True
        with Timeout(DRAIN_SECONDS, False):
            while self._tags or (self._in_flight and self._connection is not None):
                sleep(0.05)

    def stop(self) -> None:
        """Close the connection; entrypoints have drained it before."""
        self._stopping = True
        if self._loop is not None:
            self._loop.kill()
        self._close()

    def kill(self) -> None:
        """Close the connection at once."""
        self.stop()

    # --- the reading greenlet

    def _run(self) -> None:
        while not self._stopping:
            try:
                with Timeout(CONNECT_SECONDS):  # py-amqp's own time-outs end with the handshake
                    self._connect()
                self._read()
            except GreenletExit:
                raise
            except TopologyDrift:
                self.drifted = True  # to try again would be of no use: the process ends
                return
            except (Exception, Timeout) as error:
                if not self._stopping:
                    log.warning("broker_connection_lost", error=type(error).__name__)
            self._close()
            if not self._stopping:
                sleep(self._delay * random.uniform(0.5, 1.0))
                self._delay = min(self._delay * 2, _LONGEST_DELAY_SECONDS)

    def _connect(self) -> None:
        urls = [part for part in self.container.config["amqp_url"].split(";") if part]
        where = urlsplit(urls[next(self._addresses) % len(urls)])
        connection = amqp.Connection(
            host=f"{where.hostname}:{where.port or 5672}",
            userid=unquote(where.username or "guest"),
            password=unquote(where.password or "guest"),
            virtual_host=unquote(where.path[1:]) or "/",
            ssl=where.scheme == "amqps",
            heartbeat=HEARTBEAT_SECONDS,
            connect_timeout=3,
            read_timeout=10,
            write_timeout=10,
            client_properties={"connection_name": self.container.service_name},
        )
        # Who asks to be told of a blocked broker reads the socket before each publish, beside the reading greenlet.
        connection.negotiate_capabilities = connection.negotiate_capabilities | {"connection.blocked": False}
        connection.connect()
        _read_ahead(connection.transport)
        self._connection = connection
        self._channel = connection.channel()
        self._channel.auto_decode = False
        try:
            _declare(self._channel, self._topology)
        except _DRIFT as error:
            log.error("topology_drift", code=error.code, reason=str(error.reply_text)[:200])
            raise TopologyDrift(str(error.reply_text)) from None
        self._publishing = _ConfirmChannel(connection.channel(), self._writing)
        for queue, (handler, prefetch) in self._handlers.items():
            self._channel.basic_qos(0, prefetch, False)
            self._channel.basic_consume(queue, consumer_tag=queue, callback=self._receiver(queue, handler))
            self._tags.append(queue)
        self._delay = _FIRST_DELAY_SECONDS
        log.info("consuming", consumer=self.container.service_name)

    def _receiver(self, queue: str, handler: Handler) -> Callable[[Any], None]:
        def receive(message: Any) -> None:
            delivery = Delivery(self, queue, message)
            self._in_flight.add(delivery)
            metrics.in_flight.set(len(self._in_flight))
            try:
                handler(delivery)
            except Exception:
                log.error("handler_failed_to_start", queue=queue, exc_info=True)
                eventlet.spawn(delivery.requeue)  # not here: the reading greenlet may hold the writing lock

        return receive

    def _read(self) -> None:
        connection = self._connection
        while connection is not None:
            self.alive_at = time.monotonic()
            if self._stopping and self._tags:
                with Timeout(CANCEL_SECONDS), self._writing:
                    for tag in self._tags:
                        self._channel.basic_cancel(tag)
                self._tags.clear()
            if self._stopping and not self._in_flight:
                return
            with contextlib.suppress(TimeoutError):
                connection.drain_events(timeout=0.25 if self._stopping else 1.0)
            with self._writing:
                connection.heartbeat_tick(rate=2)

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        self._tags.clear()
        self._channel = None
        if self._publishing is not None:
            self._publishing.fail()
            self._publishing = None
        self._in_flight.clear()
        metrics.in_flight.set(0)
        if connection is not None:
            try:
                with Timeout(2):
                    connection.close()
            except (Exception, Timeout):
                connection.collect()


def _read_ahead(transport: Any) -> None:
    """Let a transport take what has arrived at once: py-amqp reads nine pieces per message, each with a system call."""
    if isinstance(transport, TCPTransport):
        receive = transport.sock.recv
        transport._quick_recv = lambda wanted: receive(max(wanted, _READ_AHEAD_BYTES))


@contextlib.contextmanager
def _in_one_piece(transport: Any) -> Iterator[None]:
    """Send the frames that are written inside together: each system call here wakes the broker."""
    pieces: list[bytes] = []
    send, transport._write = transport._write, lambda frame: pieces.append(bytes(frame))
    try:
        yield
    finally:
        transport._write = send
    transport.write(b"".join(pieces))


class _ConfirmChannel:
    """A channel in confirm mode on a connection that another greenlet reads."""

    def __init__(self, channel: Any, writing: Semaphore) -> None:
        self._channel = channel
        self._writing = writing
        self._next_tag = 1
        self._waiting: dict[int, tuple[str, GreenEvent]] = {}
        channel.confirm_select()
        channel.events["basic_ack"].add(lambda tag, multiple: self._answer(tag, multiple, True))
        channel.events["basic_nack"].add(lambda tag, multiple: self._answer(tag, multiple, False))
        channel.events["basic_return"].add(self._on_return)

    def publish(self, exchange: str, routing_key: str, message: Any) -> None:
        answer = GreenEvent()
        with self._writing:
            tag = self._next_tag
            self._next_tag += 1
            self._waiting[tag] = (routing_key, answer)
            try:
                self._channel._basic_publish(message, exchange, routing_key, mandatory=True)
            except Exception as error:
                self._waiting.pop(tag, None)
                raise NotConfirmed(type(error).__name__) from None
        try:
            with Timeout(CONFIRM_SECONDS):
                taken = answer.wait()
        except Timeout:
            taken = False
        finally:
            self._waiting.pop(tag, None)
        if not taken:
            raise NotConfirmed("not taken by the broker")

    def fail(self) -> None:
        for _, answer in list(self._waiting.values()):
            answer.send(False)
        self._waiting.clear()

    def _on_return(self, _error: Any, _exchange: str, routing_key: str, _message: Any) -> None:
        """Nothing that is on its way to this queue has arrived: there is no such queue."""
        for tag, (target, answer) in list(self._waiting.items()):
            if target == routing_key:
                del self._waiting[tag]
                answer.send(False)

    def _answer(self, tag: int, multiple: bool, taken: bool) -> None:
        tags = [known for known in self._waiting if known <= tag] if multiple else [tag]
        for known in tags:
            _, answer = self._waiting.pop(known, ("", None))
            if answer is not None:
                answer.send(taken)


def _declare(channel: Any, topology: Topology | None) -> None:
    if topology is None:
        return
    for exchange in topology.exchanges:
        channel.exchange_declare(exchange, "topic", durable=True, auto_delete=False)
    for queue in topology.queues:
        channel.queue_declare(queue.name, durable=True, auto_delete=False, arguments=dict(queue.arguments))
    for binding in topology.bindings:
        channel.queue_bind(binding.queue, binding.exchange, binding.routing_key)
