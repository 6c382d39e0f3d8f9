"""Requests to a real service over a real broker: each answered once, whatever happens in between."""

import json
import signal
import threading
import time
from typing import Any
from uuid import uuid4

import pytest

from services.messaging.errors import Malformed, RemoteRefusal, TimedOut, Unavailable
from services.messaging.rpc_client import RpcClient, RpcFault
from tests.integration.probe import eventually


def at_once(number, act):
    """Run `act(n)` in threads that start together; return their results."""
    barrier = threading.Barrier(number)
    results: list[Any] = [None] * number

    def run(n):
        barrier.wait()
        try:
            results[n] = act(n)
        except Exception as error:
            results[n] = error

    threads = [threading.Thread(target=run, args=(n,)) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_a_command_asked_twice_with_one_key_happens_once_and_is_answered_twice(probe, rpc):
    key = str(uuid4())
    answers = [rpc.call("probe", "add", {"amount": 3}, idempotency_key=key) for _ in range(2)]
    assert answers[0] == answers[1] == {"total": 3, "secret": "s3"}
    assert probe.effects() == 1


def test_concurrent_twins_of_one_key_happen_once(probe, rpc):
    key = str(uuid4())
    request = {"amount": 3, "sleep_seconds": 0.2}
    answers = at_once(8, lambda _: rpc.call("probe", "add", request, idempotency_key=key))
    assert answers == [{"total": 3, "secret": "s3"}] * 8
    assert probe.effects() == 1


def test_a_key_belongs_to_one_request(probe, rpc):
    key = str(uuid4())
    rpc.call("probe", "add", {"amount": 3}, idempotency_key=key)
    with pytest.raises(RemoteRefusal) as refusal:
        rpc.call("probe", "add", {"amount": 4}, idempotency_key=key)
    assert refusal.value.code == "idempotency-key-reused"
    assert probe.effects() == 1


def test_what_must_not_be_stored_is_not_stored_with_the_reply(probe, rpc):
    rpc.call("probe", "add", {"amount": 3}, idempotency_key=str(uuid4()))
    with probe.engine.connect() as connection:
        stored = connection.exec_driver_sql("SELECT reply FROM idempotency").scalar_one()
    assert stored == {"total": 3}


def test_a_refused_command_leaves_nothing_behind_and_its_key_stays_free(probe, rpc):
    key = str(uuid4())
    with pytest.raises(RemoteRefusal) as refusal:
        rpc.call("probe", "add", {"amount": 9, "refuse": True}, idempotency_key=key)
    assert (refusal.value.code, refusal.value.facts) == ("too-much", {"most": 3})
    assert rpc.call("probe", "add", {"amount": 1}, idempotency_key=key)["total"] == 1


def test_every_wrong_field_is_named_at_once(probe, rpc):
    with pytest.raises(Malformed) as malformed:
        rpc.call("probe", "add", {"amount": "three", "colour": "red"}, idempotency_key=str(uuid4()))
    assert set(malformed.value.errors) == {"amount", "colour"}


def test_a_command_without_a_key_is_refused(probe, rpc):
    with pytest.raises(Malformed):
        rpc.call("probe", "add", {"amount": 1})
    assert probe.effects() == 0


def test_a_bug_stays_inside_and_the_service_lives_on(probe, rpc):
    with pytest.raises(RpcFault):
        rpc.call("probe", "add", {"amount": 1, "bug": True}, idempotency_key=str(uuid4()))
    assert "must not leak" not in probe.log()
    assert rpc.call("probe", "total", {}) == {"total": 0}


def test_a_service_that_never_was_is_told_at_once(servers, rpc):
    started = time.monotonic()
    with pytest.raises(Unavailable) as refused:
        rpc.call("nobody", "anything", {}, timeout_seconds=30)
    assert not isinstance(refused.value, TimedOut)
    assert time.monotonic() - started < 20


def test_no_answer_in_time_is_a_time_out_and_the_request_never_runs_later(probe, rpc):
    probe.stop()
    with pytest.raises(TimedOut):
        rpc.call("probe", "add", {"amount": 1}, timeout_seconds=0.5, idempotency_key=str(uuid4()))
    probe.start()
    assert rpc.call("probe", "total", {}, timeout_seconds=20) == {"total": 0}


def test_too_many_calls_in_flight_are_shed_with_a_moment_to_wait(probe):
    import os

    client = RpcClient(os.environ["BALIE_AMQP_URL"], name="tests", max_in_flight=2)
    try:
        eventually(lambda: client.connected)
        request = {"amount": 1, "sleep_seconds": 1}
        answers = at_once(6, lambda _: client.call("probe", "add", request, idempotency_key=str(uuid4())))
    finally:
        client.close()
    shed = [answer for answer in answers if isinstance(answer, Unavailable)]
    assert len(shed) == 4
    assert all(answer.retry_after_seconds >= 1 for answer in shed)


def test_ten_waits_for_the_database_pass_side_by_side(probe, rpc):
    """Decision 8: under eventlet psycopg2 must not block the process; one after the other would be ten times one."""
    eventually(lambda: rpc.connected)
    started = time.monotonic()
    rpc.call("probe", "sleep_in_database", {})
    one = time.monotonic() - started
    started = time.monotonic()
    answers = at_once(10, lambda _: rpc.call("probe", "sleep_in_database", {}, timeout_seconds=20))
    assert answers == [{"total": 0}] * 10
    assert time.monotonic() - started < 5 * one


def test_sigterm_finishes_the_request_in_hand(probe, rpc):
    request = {"amount": 1, "sleep_seconds": 1.5}
    answers = []
    call = threading.Thread(
        target=lambda: answers.append(
            rpc.call("probe", "add", request, timeout_seconds=20, idempotency_key=str(uuid4()))
        )
    )
    call.start()
    eventually(lambda: "balie_deliveries_in_flight 1.0" in probe.metrics())
    assert probe.stop(signal.SIGTERM) == 0
    call.join()
    assert answers == [{"total": 1, "secret": "s3"}]


def test_a_killed_service_repeats_the_request_when_it_is_back_and_the_effect_is_one(probe, rpc):
    key = str(uuid4())
    request = {"amount": 1, "sleep_seconds": 1.5}
    answers = []
    call = threading.Thread(
        target=lambda: answers.append(rpc.call("probe", "add", request, timeout_seconds=40, idempotency_key=key))
    )
    call.start()
    eventually(lambda: "balie_deliveries_in_flight 1.0" in probe.metrics())
    probe.stop(signal.SIGKILL)
    probe.start()
    call.join()
    assert answers == [{"total": 1, "secret": "s3"}]
    assert probe.effects() == 1


GOOD_REQUEST = json.dumps({"args": [], "kwargs": {}}).encode()


@pytest.mark.parametrize(
    ("body", "properties"),
    [
        (GOOD_REQUEST, {}),
        (b"{not json", {}),
        (b"", {"headers": {"nameko.call_id_stack": 5}}),
        (GOOD_REQUEST, {"content_type": "image/png", "headers": {"x": [1, {"y": None}]}}),
    ],
)
def test_a_request_that_cannot_be_answered_becomes_a_dead_letter(probe, broker, rpc, body, properties):
    broker.send(body, queue="rpc-probe", **properties)
    kept, kept_body = eventually(lambda: broker.take("rpc-probe.dead"))
    assert kept_body == body
    assert kept.headers["balie-reason"] == "no-reply-to"
    assert rpc.call("probe", "total", {}) == {"total": 0}


@pytest.mark.parametrize(
    "body",
    [b"{not json", b"[1]", b"null", b'{"args": [1], "kwargs": {}}', b'{"kwargs": {}}', b"\xff\xfe", b"[" * 50_000],
)
def test_a_malformed_request_is_answered_as_malformed(probe, broker, rpc, body):
    reply_queue = broker.channel.queue_declare("", exclusive=True).method.queue
    broker.channel.queue_bind(reply_queue, "nameko-rpc", reply_queue)
    broker.channel.basic_publish("nameko-rpc", "probe.total", body, _reply_to(reply_queue))
    _, answer = eventually(lambda: broker.take(reply_queue))
    assert json.loads(answer)["result"]["status"] == "malformed"
    assert rpc.call("probe", "total", {}) == {"total": 0}


def _reply_to(queue):
    import pika

    return pika.BasicProperties(reply_to=queue, headers={"nameko.call_id_stack": "no list"})


def test_the_database_going_away_is_told_as_unavailable(probe, rpc):
    with probe.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert rpc.call("probe", "add", {"amount": 1}, idempotency_key=str(uuid4()))["total"] == 1
