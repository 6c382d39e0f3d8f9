"""What an operator can do with dead letters: look, send back to the one consumer that failed, or drop. All is noted."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pika
from pika.adapters.blocking_connection import BlockingChannel

from services.messaging import inbox, metrics, sequence
from services.messaging.database import Transactions
from services.messaging.envelope import Envelope, decode
from services.messaging.errors import Malformed
from services.messaging.sequence import Place
from services.messaging.tables import tables
from services.messaging.topology import Topology, dead_letter_queue, rpc_queue
from services.messaging.work import Work

_PREVIEW_BYTES = 2000


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that nobody could use, and why. `letter_id` is the id of its event, or its place when it holds none."""

    queue: str
    letter_id: str
    type: str
    reason: str
    attempts: int
    correlation_id: str
    body: bytes
    headers: dict[str, Any]
    delivery_tag: int

    @property
    def event(self) -> Envelope | None:
        """Return the event, when the message holds one."""
        try:
            return decode(self.body)
        except Malformed:
            return None

    def shown(self) -> str:
        """Return the body for a person: ids, times and statuses, since events hold nothing else."""
        try:
            return json.dumps(json.loads(self.body), indent=2, ensure_ascii=False)[:_PREVIEW_BYTES]
        except ValueError:
            return repr(self.body[:_PREVIEW_BYTES])


class NotReplayable(Exception):
    """This message cannot be sent back: it is a request whose caller has gone."""


class Desk:
    """Opens dead-letter queues on a broker. Messages that are only looked at stay where they are."""

    def __init__(self, amqp_url: str, topology: Topology, *, of: str = "") -> None:
        """Know the queues of a topology, or only those that the service `of` reads."""
        self._urls = [pika.URLParameters(url) for url in amqp_url.split(";") if url]
        names = {queue.name for queue in topology.queues}
        own = (f"{of}.", rpc_queue(of)) if of else ""
        self.queues = sorted(name for name in names if dead_letter_queue(name) in names and name.startswith(own))

    @contextmanager
    def _channel(self) -> Iterator[BlockingChannel]:
        connection = pika.BlockingConnection(self._urls)
        try:
            channel = connection.channel()
            channel.confirm_delivery()
            yield channel
        finally:
            connection.close()

    def counts(self) -> dict[str, int]:
        """Return how many dead letters each queue has."""
        with self._channel() as channel:
            return {
                queue: channel.queue_declare(dead_letter_queue(queue), passive=True).method.message_count
                for queue in self.queues
            }

    def measure(self) -> bool:
        """Set the gauge of each queue."""
        for queue, count in self.counts().items():
            metrics.dead_letters.labels(queue).set(count)
        return False

    @contextmanager
    def opened(self, queue: str, *, limit: int = 1000) -> Iterator[tuple[BlockingChannel, list[DeadLetter]]]:
        """Take up to `limit` dead letters of a queue in hand; those not settled in the block go back."""
        with self._channel() as channel:
            letters = []
            for position in range(limit):
                method, properties, body = channel.basic_get(dead_letter_queue(queue))
                if method is None:
                    break
                letters.append(_letter(queue, position, method.delivery_tag, properties, body))
            yield channel, letters

    def replay(self, channel: BlockingChannel, letter: DeadLetter) -> None:
        """Send a letter back to its own queue (no other consumer sees it), id kept, attempts from one.

        Published with a confirm before it leaves the dead letters: a crash in between doubles it, and the inbox
        absorbs that.

        Raises: NotReplayable.
        """
        if letter.event is None:
            raise NotReplayable
        properties = pika.BasicProperties(
            content_type="application/cloudevents+json", delivery_mode=2, message_id=letter.letter_id
        )
        channel.basic_publish("", letter.queue, letter.body, properties, mandatory=True)
        channel.basic_ack(letter.delivery_tag)

    def drop(self, channel: BlockingChannel, letter: DeadLetter) -> None:
        """Take a letter away for good."""
        channel.basic_ack(letter.delivery_tag)


def note(work: Work, letter: DeadLetter, *, act: str, operator: str, why: str) -> None:
    """Keep who did what to a letter, and why."""
    work.connection.execute(
        tables.operator_act.insert().values(
            queue=letter.queue, message_id=letter.letter_id, act=act, operator=operator, why=why, at=work.now
        )
    )


def let_followers_go(transactions: Transactions, consumer: str, letter: DeadLetter) -> None:
    """Count a dropped event as done for its consumer, so that later facts of its aggregate no longer wait for it."""
    event = letter.event
    if event is None:
        return
    with transactions.work(correlation_id=event.correlation_id) as work:
        if inbox.first_time(work, consumer, event) and sequence.place_of(work, consumer, event) is Place.NEXT:
            sequence.advance(work, consumer, event)


def _letter(queue: str, position: int, tag: int, properties: pika.BasicProperties, body: bytes) -> DeadLetter:
    headers = dict(properties.headers or {})
    try:
        event: Envelope | None = decode(body)
    except Malformed:
        event = None
    return DeadLetter(
        queue=queue,
        letter_id=str(event.id) if event else f"unreadable-{position + 1}",
        type=event.type if event else "",
        reason=str(headers.get("balie-reason", headers.get("x-first-death-reason", "unknown"))),
        attempts=int(headers.get("balie-attempt", 1)) if str(headers.get("balie-attempt", 1)).isdigit() else 1,
        correlation_id=event.correlation_id if event else "",
        body=body,
        headers=headers,
        delivery_tag=tag,
    )
