"""How much faster are batched confirms? Publishes the same events one by one and in batches, in turns, and compares.

Needs a broker (BALIE_AMQP_URL).
"""

import os
import statistics
import time
from uuid import uuid4

import pika

from services.messaging.envelope import CONTENT_TYPE
from services.messaging.publisher import ConfirmedPublisher, Outgoing, Verdict
from services.messaging.topology import build, event_exchange, event_queue
from tests.integration.probe import poke
from tests.integration.probe_contracts import SUBSCRIPTIONS

BATCH = 200
EVENTS = 1000
ROUNDS = 3
EXCHANGE = event_exchange("prober")


def one_by_one(url: str) -> float:
    """Return events per second with a wait for each confirm."""
    connection = pika.BlockingConnection(pika.URLParameters(url))
    channel = connection.channel()
    channel.confirm_delivery()
    body = poke().encode()
    started = time.perf_counter()
    for _ in range(EVENTS):
        properties = pika.BasicProperties(content_type=CONTENT_TYPE, delivery_mode=2, message_id=str(uuid4()))
        channel.basic_publish(EXCHANGE, "nl.proef.gepord", body, properties, mandatory=True)
    seconds = time.perf_counter() - started
    channel.queue_purge(event_queue("probe", "prober"))
    connection.close()
    return EVENTS / seconds


def in_batches(publisher: ConfirmedPublisher) -> float:
    """Return events per second with one wait per batch."""
    body = poke().encode()
    started = time.perf_counter()
    for _ in range(EVENTS // BATCH):
        batch = [Outgoing(EXCHANGE, "nl.proef.gepord", str(uuid4()), CONTENT_TYPE, body) for _ in range(BATCH)]
        verdicts = publisher.publish(batch)
        if set(verdicts.values()) != {Verdict.CONFIRMED}:
            raise SystemExit("The broker did not confirm everything.")
    return EVENTS / (time.perf_counter() - started)


def main(*, long: bool) -> None:
    """Print the table."""
    rounds = 7 if long else ROUNDS
    url = os.environ["BALIE_AMQP_URL"]
    publisher = ConfirmedPublisher(url, build(SUBSCRIPTIONS), name="bench")
    singles, batches = [], []
    for _ in range(rounds):
        batches.append(in_batches(publisher))
        singles.append(one_by_one(url))
    publisher.close()
    single, batch = statistics.median(singles), statistics.median(batches)
    print(f"Outbox relay: {EVENTS} persistent events to a quorum queue, medians of {rounds} interleaved rounds")
    print(f"  one by one      {single:8.0f} events/s   1.0 x")
    print(f"  batches of {BATCH}  {batch:8.0f} events/s   {batch / single:.1f} x")
