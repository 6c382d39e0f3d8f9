"""Every exchange, queue and binding, as data, from one list of who listens to whom.

All queues are quorum queues. Each consumer has one queue per publisher (so that facts of one appointment stay in
order across types), a dead-letter queue, and one retry queue per delay. A retry queue keeps a message for its delay
and hands it back to the work queue; the broker confirms that hand-over to itself (at-least-once dead lettering), so
a crash in between loses nothing. The arguments stand here and not in policies: one file says all, and a queue that
differs (406) stops a process at start instead of surprising it later.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.messaging.envelope import EventContract

RPC_EXCHANGE = "nameko-rpc"
RETRY_DELAYS_SECONDS = (5, 30, 120, 600)
MAX_ATTEMPTS = len(RETRY_DELAYS_SECONDS) + 1
DELIVERY_LIMIT = 50
"""Only a guard against a message that kills its consumer: our own count of attempts decides (pitfall 15)."""

Subscriptions = Mapping[str, Sequence[type[EventContract]]]


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable queue and its arguments."""

    name: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Binding:
    """Messages with this routing key go from exchange to queue."""

    queue: str
    exchange: str
    routing_key: str


@dataclass(frozen=True, slots=True)
class Topology:
    """All that must exist on the broker. Exchanges are durable topic exchanges."""

    exchanges: tuple[str, ...]
    queues: tuple[Queue, ...]
    bindings: tuple[Binding, ...]


def event_exchange(publisher: str) -> str:
    """Return the exchange in which a service tells its facts."""
    return f"{publisher}.events"


def event_queue(consumer: str, publisher: str) -> str:
    """Return the queue in which a consumer hears one publisher."""
    return f"{consumer}.from-{publisher}"


def rpc_queue(service: str) -> str:
    """Return the queue of a service's requests (Nameko's name, so that Nameko callers can reach it)."""
    return f"rpc-{service}"


def dead_letter_queue(queue: str) -> str:
    """Return where a queue's undeliverable messages wait for a person."""
    return f"{queue}.dead"


def retry_queue(queue: str, delay_seconds: int) -> str:
    """Return the queue that gives a message back to `queue` after a delay."""
    return f"{queue}.retry-{delay_seconds}s"


def _hands_over_to(queue: str) -> dict[str, Any]:
    return {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": "",
        "x-dead-letter-routing-key": queue,
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def _family(queue: str) -> Iterator[Queue]:
    """Yield a work queue with its dead-letter queue and its retry queues."""
    dead = dead_letter_queue(queue)
    yield Queue(dead, {"x-queue-type": "quorum"})
    yield Queue(queue, _hands_over_to(dead) | {"x-delivery-limit": DELIVERY_LIMIT})
    for delay in RETRY_DELAYS_SECONDS:
        yield Queue(retry_queue(queue, delay), _hands_over_to(queue) | {"x-message-ttl": delay * 1000})


def publishers_for(consumer: str, subscriptions: Subscriptions) -> tuple[str, ...]:
    """Return the services that a consumer listens to, each once, in order."""
    return tuple(dict.fromkeys(event.source for event in subscriptions[consumer]))


def build(subscriptions: Subscriptions, *, rpc_queue_type: str = "classic") -> Topology:
    """Return the whole topology of a town of services.

    Requests are transient and repeated with their key, so a classic queue serves them best on one broker; on a
    cluster they need a quorum queue, since a classic one is gone for as long as the node that holds it.
    A queue hears every event of its publisher, also those without a reaction, so that the versions of an aggregate
    arrive without gaps; what has no reaction is acknowledged unread.
    """
    queues: list[Queue] = []
    bindings: list[Binding] = []
    for consumer in subscriptions:
        requests = rpc_queue(consumer)
        queues.append(Queue(requests, {"x-queue-type": rpc_queue_type}))
        queues.append(Queue(dead_letter_queue(requests), {"x-queue-type": "quorum"}))
        bindings.append(Binding(requests, RPC_EXCHANGE, f"{consumer}.*"))
        for publisher in publishers_for(consumer, subscriptions):
            queue = event_queue(consumer, publisher)
            queues.extend(_family(queue))
            bindings.append(Binding(queue, event_exchange(publisher), "#"))
    exchanges = (RPC_EXCHANGE, *(event_exchange(service) for service in subscriptions))
    return Topology(exchanges=exchanges, queues=tuple(queues), bindings=tuple(bindings))
