"""Puts messages aside: into the dead-letter queue with a reason, or into a retry queue with one attempt more.

Both publish with a confirm and acknowledge afterwards: a crash in between doubles the message, and never loses it.
"""

import time
from typing import Any

from amqp.basic_message import Message

from services.messaging import metrics
from services.messaging.envelope import CONTENT_TYPE, Envelope
from services.messaging.log import get_logger
from services.messaging.runtime.broker import Broker, Delivery, NotConfirmed
from services.messaging.topology import MAX_ATTEMPTS, RETRY_DELAYS_SECONDS, dead_letter_queue, retry_queue

log = get_logger()

ATTEMPT = "balie-attempt"
REASON = "balie-reason"
FIRST_FAILED = "balie-first-failed-ms"
_KEPT_PROPERTIES = ("content_type", "message_id", "correlation_id")


def attempt_of(delivery: Delivery) -> int:
    """Return which attempt this delivery is, from 1; our own header counts, never the broker's `x-death`."""
    attempt = delivery.headers.get(ATTEMPT, 1)
    return attempt if isinstance(attempt, int) and 1 <= attempt <= MAX_ATTEMPTS else 1


def bury(broker: Broker, delivery: Delivery, reason: str) -> None:
    """Move a message to its dead-letter queue, unchanged, with the reason."""
    if _move(broker, delivery, dead_letter_queue(delivery.queue), _headers(delivery, reason, attempt_of(delivery))):
        metrics.dead_lettered.labels(delivery.queue, reason).inc()
        log.error("dead_letter", queue=delivery.queue, reason=reason)


def bury_event(broker: Broker, queue: str, event: Envelope, reason: str) -> None:
    """Put an event that is no delivery any more (it was parked) among the dead letters of its queue.

    Raises: NotConfirmed.
    """
    headers = {ATTEMPT: 1, REASON: reason, FIRST_FAILED: int(time.time() * 1000), "balie-routing-key": event.type}
    message = Message(
        event.encode(),
        application_headers=headers,
        delivery_mode=2,
        content_type=CONTENT_TYPE,
        message_id=str(event.id),
    )
    broker.publish("", dead_letter_queue(queue), message)
    metrics.dead_lettered.labels(queue, reason).inc()
    log.error("dead_letter", queue=queue, reason=reason)


def is_last_attempt(delivery: Delivery) -> bool:
    """Say whether a delivery has no further attempt before it."""
    return attempt_of(delivery) >= MAX_ATTEMPTS


def retry_later(broker: Broker, delivery: Delivery, reason: str) -> None:
    """Move a message to the next retry queue; not for a last attempt."""
    attempt = attempt_of(delivery)
    target = retry_queue(delivery.queue, RETRY_DELAYS_SECONDS[attempt - 1])
    _move(broker, delivery, target, _headers(delivery, reason, attempt + 1))


def _headers(delivery: Delivery, reason: str, attempt: int) -> dict[str, Any]:
    first = delivery.headers.get(FIRST_FAILED)
    return {
        ATTEMPT: attempt,
        REASON: reason,
        FIRST_FAILED: first if isinstance(first, int) else int(time.time() * 1000),
        "balie-routing-key": delivery.routing_key,
    }


def _move(broker: Broker, delivery: Delivery, queue: str, headers: dict[str, Any]) -> bool:
    properties = {name: value for name in _KEPT_PROPERTIES if isinstance(value := delivery.properties.get(name), str)}
    message = Message(delivery.body, application_headers=headers, delivery_mode=2, **properties)
    try:
        broker.publish("", queue, message)
    except NotConfirmed as error:
        log.warning("message_not_moved", queue=queue, error=type(error).__name__)
        delivery.requeue()
        return False
    delivery.ack()
    return True
