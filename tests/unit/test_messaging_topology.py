"""The topology is data: each promise about queues is a line here."""

import pytest

from services.contracts.subscriptions import SERVICES, SUBSCRIPTIONS
from services.messaging.topology import (
    RETRY_DELAYS_SECONDS,
    build,
    dead_letter_queue,
    event_exchange,
    event_queue,
    publishers_for,
    retry_queue,
)

TOPOLOGY = build(SUBSCRIPTIONS)
QUEUES = {queue.name: queue.arguments for queue in TOPOLOGY.queues}
LISTENERS = [
    event_queue(consumer, publisher)
    for consumer in SUBSCRIPTIONS
    for publisher in publishers_for(consumer, SUBSCRIPTIONS)
]


def test_every_service_is_listed_and_listens_only_to_events_of_known_services():
    assert set(SUBSCRIPTIONS) == set(SERVICES)
    assert {event.source for events in SUBSCRIPTIONS.values() for event in events} <= set(SERVICES)


def test_each_service_has_an_exchange_before_it_ever_speaks():
    assert {event_exchange(service) for service in SERVICES} <= set(TOPOLOGY.exchanges)


@pytest.mark.parametrize("queue", LISTENERS)
def test_a_queue_of_events_is_a_quorum_queue_that_never_drops_and_leads_to_its_dead_letters(queue):
    arguments = QUEUES[queue]
    assert arguments["x-queue-type"] == "quorum"
    assert arguments["x-dead-letter-routing-key"] == dead_letter_queue(queue)
    assert arguments["x-dead-letter-strategy"] == "at-least-once"
    assert arguments["x-overflow"] == "reject-publish"


@pytest.mark.parametrize("queue", LISTENERS)
def test_dead_letters_wait_for_ever(queue):
    assert QUEUES[dead_letter_queue(queue)] == {"x-queue-type": "quorum"}


@pytest.mark.parametrize("queue", LISTENERS)
@pytest.mark.parametrize("delay", RETRY_DELAYS_SECONDS)
def test_a_retry_queue_gives_back_to_its_own_work_queue_only(queue, delay):
    arguments = QUEUES[retry_queue(queue, delay)]
    assert arguments["x-message-ttl"] == delay * 1000
    assert arguments["x-dead-letter-exchange"] == ""
    assert arguments["x-dead-letter-routing-key"] == queue
    assert arguments["x-dead-letter-strategy"] == "at-least-once"


def test_no_name_is_given_twice():
    assert len(QUEUES) == len(TOPOLOGY.queues)
