"""A peer that resets, hangs, delays and answers late: callers get an answer, services come back, nothing runs twice.

The bad peer is a real broker behind a cable that the test cuts, stalls and mends.
"""

import os
import signal
import time
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import pytest

from services.messaging.errors import TimedOut, Unavailable
from services.messaging.rpc_client import RpcClient
from tests.cable import Cable
from tests.integration.conftest import OPS_PORT
from tests.integration.probe import QUEUE, Probe, eventually, later, poke


@pytest.fixture
def cable(servers):
    target = urlsplit(os.environ["BALIE_AMQP_URL"])
    made = Cable(str(target.hostname), target.port or 5672)
    yield made
    made.close()


@pytest.fixture
def bad_url(cable):
    parts = urlsplit(os.environ["BALIE_AMQP_URL"])
    return urlunsplit(parts._replace(netloc=f"{parts.username}:{parts.password}@127.0.0.1:{cable.port}"))


@pytest.fixture
def client(bad_url):
    made = RpcClient(bad_url, name="tests-bad-network")
    eventually(lambda: made.connected)
    yield made
    made.close()


def test_a_reset_fails_pending_calls_at_once_and_the_same_key_tells_the_outcome(probe, client, cable, rpc):
    key, request = str(uuid4()), {"amount": 1, "sleep_seconds": 1.0}
    started = time.monotonic()
    pending = later(lambda: client.call("probe", "add", request, timeout_seconds=50, idempotency_key=key))
    eventually(lambda: "balie_deliveries_in_flight 1.0" in probe.metrics())
    cable.cut()
    answer = pending()
    assert isinstance(answer, Unavailable)
    assert not isinstance(answer, TimedOut)
    assert time.monotonic() - started < 40
    cable.mend()
    eventually(lambda: client.connected)
    assert client.call("probe", "add", request, idempotency_key=key)["total"] == 1
    assert probe.effects() == 1


def test_calls_while_the_broker_is_away_are_unavailable_with_a_moment_to_wait(probe, client, cable):
    cable.cut()
    eventually(lambda: not client.connected)
    with pytest.raises(Unavailable) as refused:
        client.call("probe", "total", {}, timeout_seconds=20)
    assert refused.value.retry_after_seconds >= 1


def test_a_peer_that_hangs_ends_in_a_time_out_at_the_deadline(probe, client, cable):
    cable.stall()
    with pytest.raises(TimedOut):
        client.call("probe", "add", {"amount": 1}, timeout_seconds=0.5, idempotency_key=str(uuid4()))
    cable.mend()
    # The request was on its way when its caller gave up: its deadline has passed, so it must never run.
    eventually(lambda: client.call("probe", "total", {}) == {"total": 0})
    assert probe.effects() == 0


def test_a_late_answer_is_dropped_and_does_not_answer_another_call(probe, client):
    with pytest.raises(TimedOut):
        client.call(
            "probe", "add", {"amount": 7, "sleep_seconds": 1.0}, timeout_seconds=0.3, idempotency_key=str(uuid4())
        )
    answers = [client.call("probe", "add", {"amount": 1}, idempotency_key=str(uuid4())) for _ in range(5)]
    assert all(answer["total"] == 1 for answer in answers)
    eventually(lambda: probe.effects() == 6)


def test_the_client_comes_back_by_itself_each_time(probe, client, cable):
    for _ in range(3):
        cable.cut()
        eventually(lambda: not client.connected)
        cable.mend()
        eventually(lambda: client.connected)
        assert client.call("probe", "total", {}) == {"total": 0}


@pytest.fixture
def wired_probe(probe, bad_url, tmp_path):
    """A probe whose way to the broker can be cut; the other one is stopped meanwhile."""
    probe.stop()
    made = Probe(probe.engine, {"BALIE_AMQP_URL": bad_url}, tmp_path / "wired.log", OPS_PORT + 1)
    made.start()
    yield made
    made.stop(signal.SIGKILL)


def test_a_service_comes_back_by_itself_and_does_each_event_once(wired_probe, cable, broker):
    events = [poke(behave="slow" if n == 0 else "well") for n in range(5)]
    broker.send(events[0].encode(), delivery_mode=2)
    eventually(lambda: "balie_deliveries_in_flight 1.0" in wired_probe.metrics())
    cable.cut()
    eventually(lambda: not wired_probe.ready())
    for event in events[1:]:
        broker.send(event.encode(), delivery_mode=2)
    cable.mend()
    eventually(wired_probe.ready)
    eventually(lambda: all(wired_probe.effects(event.id) == 1 for event in events))
    eventually(lambda: broker.depth(QUEUE) == 0)


def test_sigterm_works_while_the_broker_is_away(wired_probe, cable):
    cable.cut()
    eventually(lambda: not wired_probe.ready())
    assert wired_probe.stop(signal.SIGTERM) == 0


def test_a_queue_with_other_arguments_ends_the_service_with_a_reason(probe, broker):
    probe.stop()
    broker.channel.queue_delete(QUEUE)
    broker.channel.queue_declare(QUEUE, durable=True)
    try:
        probe.start(wait=False)
        assert probe.wait() == 1
        assert "topology_drift" in probe.log()
    finally:
        broker.channel.queue_delete(QUEUE)
