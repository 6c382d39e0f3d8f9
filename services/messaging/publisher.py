"""Publishes batches with publisher confirms: one wait per batch, and a verdict per message."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from pika import BasicProperties
from pika.channel import Channel
from pika.frame import Method
from pika.spec import Basic

from services.messaging.amqp import Link, declare
from services.messaging.errors import Unavailable
from services.messaging.log import get_logger
from services.messaging.topology import Topology

log = get_logger()


class Verdict(Enum):
    """What the broker said of one message."""

    CONFIRMED = "confirmed"
    UNROUTABLE = "unroutable"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to publish; `message_id` must be unique within its batch."""

    exchange: str
    routing_key: str
    message_id: str
    content_type: str
    body: bytes


class _Batch:
    """The messages on their way, by delivery tag; lives in the I/O thread but for `finished`."""

    def __init__(self, messages: Sequence[Outgoing]) -> None:
        self.messages = messages
        self.verdicts = {message.message_id: Verdict.UNANSWERED for message in messages}
        self.open: dict[int, str] = {}
        self.finished = threading.Event()

    def settle(self, tag: int, multiple: bool, verdict: Verdict) -> None:
        tags = [known for known in self.open if known <= tag] if multiple else [tag]
        for known in tags:
            message_id = self.open.pop(known, None)
            if message_id is not None and self.verdicts[message_id] is Verdict.UNANSWERED:
                self.verdicts[message_id] = verdict
        if not self.open:
            self.finished.set()


class ConfirmedPublisher:
    """One channel in confirm mode. Declares the topology after each connection, so that nothing is unroutable early."""

    def __init__(self, amqp_url: str, topology: Topology, *, name: str) -> None:
        self._topology = topology
        self._channel: Channel | None = None
        self._ready = threading.Event()
        self._batch: _Batch | None = None
        self._next_tag = 1
        self._link = Link(amqp_url, name=name, opened=self._on_opened, lost=self._on_lost)

    @property
    def connected(self) -> bool:
        """Say whether a batch can be published now."""
        return self._ready.is_set()

    def close(self) -> None:
        """End the connection."""
        self._link.close()

    def publish(self, messages: Sequence[Outgoing], *, timeout_seconds: float = 10) -> dict[str, Verdict]:
        """Publish a batch; return the broker's verdict for each message id.

        A batch that is not answered in time is given up with its connection: an unanswered message may or may not
        have arrived, and will be sent again under the same id.

        Raises: Unavailable (there is no connection).
        """
        if not self._ready.wait(1.0):
            raise Unavailable("The message broker cannot be reached.")
        batch = _Batch(messages)
        try:
            self._link.soon(lambda: self._send(batch))
        except ConnectionError:
            raise Unavailable("The message broker cannot be reached.") from None
        if not batch.finished.wait(timeout_seconds):
            self._link.drop("batch not confirmed in time")
        return batch.verdicts

    # --- in the I/O thread

    def _send(self, batch: _Batch) -> None:
        channel = self._channel
        if channel is None or not channel.is_open:
            batch.finished.set()
            return
        self._batch = batch
        for message in batch.messages:
            batch.open[self._next_tag] = message.message_id
            self._next_tag += 1
        for message in batch.messages:
            channel.basic_publish(
                message.exchange,
                message.routing_key,
                message.body,
                BasicProperties(content_type=message.content_type, delivery_mode=2, message_id=message.message_id),
                mandatory=True,
            )

    def _on_opened(self, channel: Channel) -> None:
        channel.add_on_return_callback(self._on_returned)
        declare(channel, self._topology, lambda: self._confirm(channel))

    def _confirm(self, channel: Channel) -> None:
        def confirming(_: Method) -> None:
            self._next_tag = 1
            self._channel = channel
            self._ready.set()
            log.info("publisher_ready")

        channel.confirm_delivery(self._on_confirmed, callback=confirming)

    def _on_confirmed(self, frame: Method) -> None:
        if self._batch is not None:
            good = isinstance(frame.method, Basic.Ack)
            self._batch.settle(
                frame.method.delivery_tag, frame.method.multiple, Verdict.CONFIRMED if good else Verdict.REFUSED
            )

    def _on_returned(self, _: Channel, method: Basic.Return, properties: BasicProperties, __: bytes) -> None:
        """The broker sends a message back before it confirms it: no queue wants it."""
        message_id = properties.message_id or ""
        if self._batch is not None and message_id in self._batch.verdicts:
            self._batch.verdicts[message_id] = Verdict.UNROUTABLE
        log.error("event_unroutable", exchange=method.exchange)

    def _on_lost(self, reason: str) -> None:
        self._ready.clear()
        self._channel = None
        if self._batch is not None:
            self._batch.finished.set()
            self._batch = None
        log.warning("publisher_lost", reason=reason)
