"""Calls that wait at the same time travel together: each is answered as if it had travelled alone."""

import json
import os
import signal
import time
from functools import partial
from typing import Any
from uuid import uuid4

import pika
import pytest

from services.messaging import bundle, rpc_client
from services.messaging.errors import Malformed, RemoteRefusal, TimedOut, Unavailable
from services.messaging.rpc_client import RpcClient, RpcFault
from tests.integration.probe import eventually, later
from tests.integration.test_messaging_requests import at_once

SECRET = {"secret": "s3"}


@pytest.fixture
def client(servers):
    made = RpcClient(os.environ["BALIE_AMQP_URL"], name="tests-bundles", together=("probe.add_together", "old.add"))
    eventually(lambda: made.connected)
    yield made
    made.close()


# --- the client, with a service that the test plays itself


class Played:
    """A service in the test's hand: it sees what has come, and answers what it wants."""

    def __init__(self, broker):
        self.broker, self.channel = broker, broker.channel
        self.queue = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(self.queue, "nameko-rpc", "old.add")

    def next(self):
        """Return the next message and the calls in it."""
        properties, body = eventually(lambda: self.broker.take(self.queue))
        return properties, json.loads(body)["kwargs"].get("calls")

    def say(self, properties, answer):
        body = json.dumps({"result": answer, "error": None}).encode()
        reply = pika.BasicProperties(correlation_id=properties.correlation_id)
        self.channel.basic_publish("nameko-rpc", properties.reply_to, body, reply)


@pytest.fixture
def played(broker):
    return Played(broker)


def ask(client, amount, *, seconds=40.0):
    return client.call("old", "add", {"amount": amount}, timeout_seconds=seconds, idempotency_key=str(uuid4()))


def done(call):
    return {"status": "done", "reply": {"total": call["request"]["amount"]}}


def test_who_waits_while_others_are_away_travels_together(client, played):
    first = later(lambda: ask(client, 0))
    away, calls = played.next()
    assert away.headers[bundle.HEADER] is True
    assert [call["request"] for call in calls] == [{"amount": 0}]
    others = [later(partial(ask, client, n)) for n in range(1, 9)]
    bundles: list[tuple[Any, list[Any]]] = []
    while sum(len(calls) for _, calls in bundles) < 8:
        bundles.append(played.next())
    assert len(bundles) < 8
    played.say(away, bundle.answered({calls[0]["id"]: done(calls[0])}))
    for properties, calls in bundles:
        played.say(properties, bundle.answered({call["id"]: done(call) for call in reversed(calls)}))
    assert [outcome() for outcome in (first, *others)] == [{"total": n} for n in range(9)]


def test_a_bundle_that_stays_away_keeps_others_waiting_only_for_a_moment(client, played):
    slow = later(lambda: ask(client, 1))
    away, stayed = played.next()
    second = later(lambda: ask(client, 2))
    properties, calls = played.next()
    played.say(properties, bundle.answered({calls[0]["id"]: done(calls[0])}))
    assert second() == {"total": 2}
    third = later(lambda: ask(client, 3))
    properties, calls = played.next()
    played.say(away, bundle.answered({stayed[0]["id"]: done(stayed[0])}))
    played.say(properties, bundle.answered({calls[0]["id"]: done(calls[0])}))
    assert (slow(), third()) == ({"total": 1}, {"total": 3})


def test_as_many_as_fill_a_bundle_leave_though_another_is_away(client, played, monkeypatch):
    monkeypatch.setattr(rpc_client, "PATIENCE_SECONDS", 60)
    first = later(lambda: ask(client, 0))
    away, calls = played.next()
    others = [later(partial(ask, client, n)) for n in range(1, bundle.MOST + 1)]
    properties, full = played.next()
    assert sorted(call["request"]["amount"] for call in full) == list(range(1, bundle.MOST + 1))
    played.say(properties, bundle.answered({call["id"]: done(call) for call in full}))
    played.say(away, bundle.answered({calls[0]["id"]: done(calls[0])}))
    assert [outcome() for outcome in (first, *others)] == [{"total": n} for n in range(bundle.MOST + 1)]


def test_who_has_left_the_line_does_not_travel(client, played):
    first = later(lambda: ask(client, 1))
    away, calls = played.next()
    with pytest.raises(TimedOut):
        ask(client, 2, seconds=0.05)
    third = later(lambda: ask(client, 3))
    properties, leaving = played.next()
    assert [call["request"]["amount"] for call in leaving] == [3]
    for each, call in ((away, calls[0]), (properties, leaving[0])):
        played.say(each, bundle.answered({call["id"]: done(call)}))
    assert (first(), third()) == ({"total": 1}, {"total": 3})


def test_who_could_not_be_done_together_with_others_is_asked_alone(client, played):
    outcome = later(lambda: ask(client, 7))
    properties, _ = played.next()
    played.say(properties, bundle.answered({}))
    alone, calls = played.next()
    assert calls is None
    assert alone.headers["nameko.idempotency_key"]
    played.say(alone, {"status": "refused", "code": "too-much", "detail": "", "facts": {}})
    assert isinstance(outcome(), RemoteRefusal)


def test_an_older_service_that_knows_no_bundles_is_asked_each_call_alone(client, played):
    outcome = later(lambda: ask(client, 7))
    properties, _ = played.next()
    played.say(properties, {"status": "malformed", "errors": {"calls": ["Unknown field."]}})
    alone, calls = played.next()
    assert calls is None
    assert bundle.HEADER not in alone.headers
    assert alone.headers["nameko.idempotency_key"]
    played.say(alone, {"status": "done", "reply": {"total": 7}})
    assert outcome() == {"total": 7}


def test_what_is_said_to_a_whole_bundle_is_said_to_each_call(client, played):
    outcome = later(lambda: ask(client, 1))
    properties, _ = played.next()
    played.say(properties, {"status": "unavailable", "detail": "Later.", "retry_after_seconds": 5})
    assert isinstance(outcome(), Unavailable)
    outcome = later(lambda: ask(client, 1))
    properties, _ = played.next()
    played.say(properties, "nonsense")
    assert isinstance(outcome(), Unavailable)
    outcome = later(lambda: ask(client, 1))
    properties, calls = played.next()
    played.say(properties, bundle.answered({calls[0]["id"]: "nonsense"}))
    assert isinstance(outcome(), Unavailable)


def test_where_nobody_is_every_call_is_told_at_once(client):
    outcomes = at_once(8, lambda n: ask(client, n, seconds=50))
    assert all(isinstance(outcome, Unavailable) and not isinstance(outcome, TimedOut) for outcome in outcomes)


# --- the service, with bundles that the test writes itself


class Sender:
    """Sends bundles to the probe and hears its answers."""

    def __init__(self, broker):
        self.broker, self.channel = broker, broker.channel
        self.queue = self.channel.queue_declare("", exclusive=True).method.queue
        self.channel.queue_bind(self.queue, "nameko-rpc", self.queue)

    def send(self, body, method="add_together", **headers):
        properties = pika.BasicProperties(
            reply_to=self.queue,
            correlation_id="sent",
            headers={bundle.HEADER: True, "nameko.correlation_id": ""} | headers,
        )
        self.channel.basic_publish("nameko-rpc", f"probe.{method}", body, properties)

    def send_calls(self, *requests, keys=None, **where):
        keys = keys or [str(uuid4()) for _ in requests]
        bodies = [json.dumps({"amount": 1} | asked).encode() for asked in requests]
        calls = [(str(n), keys[n], str(uuid4()), body) for n, body in enumerate(bodies)]
        self.send(bundle.join(calls), **where)

    def hear(self):
        """Return the answers to the calls of a bundle that were done, by their place in it."""
        properties, body = eventually(lambda: self.broker.take(self.queue))
        assert properties.correlation_id == "sent"
        told = json.loads(body)["result"]
        assert told["status"] == bundle.STATUS
        return {int(call_id): answer for call_id, answer in told["answers"].items()}


@pytest.fixture
def sender(broker):
    return Sender(broker)


def transactions(probe):
    with probe.engine.connect() as connection:
        return connection.exec_driver_sql("SELECT count(*), count(DISTINCT xmin::text) FROM effect").one()


def total(amount):
    return {"status": "done", "reply": {"total": amount} | SECRET}


def test_what_travels_together_is_one_transaction_and_one_answer(probe, sender):
    sender.send_calls(*({"amount": n} for n in range(6)))
    assert sender.hear() == {n: total(n) for n in range(6)}
    assert transactions(probe) == (6, 1)


def test_who_is_refused_wrong_or_unlucky_is_not_answered_and_changes_nothing(probe, sender):
    sender.send_calls({"amount": "three"}, {"colour": "red"})
    assert sender.hear() == {}
    sender.send_calls({}, {"refuse": True}, {"amount": "three"}, {"bug": True}, {"sleep_seconds": 0.3}, {})
    assert sender.hear() == {0: total(1), 5: total(1)}
    assert transactions(probe) == (2, 1)


def test_two_calls_with_one_key_happen_once_and_get_one_answer(probe, sender):
    key = str(uuid4())
    sender.send_calls({}, {}, keys=[key, key])
    assert sender.hear() == {0: total(1), 1: total(1)}
    sender.send_calls({}, {"amount": 2}, keys=[key, key])
    assert sender.hear() == {0: total(1)}, "the key belongs to the first request"
    assert probe.effects() == 1


def test_of_a_command_that_is_no_single_statement_nothing_is_done_in_a_bundle(probe, sender):
    sender.send_calls({"amount": 1}, {"amount": 2}, method="add")
    assert sender.hear() == {}
    assert probe.effects() == 0


def test_a_bundle_that_is_too_late_is_not_begun(probe, sender):
    sender.send_calls({}, **{"nameko.deadline_ms": int(time.time() * 1000) - 1000})
    sender.send_calls({"amount": 2})
    assert sender.hear() == {0: total(2)}
    assert probe.effects() == 1


CALL = {"id": "1", "key": "k", "correlation_id": "", "request": {"amount": 1}}


@pytest.mark.parametrize(
    "calls",
    [
        None,
        [],
        "calls",
        [CALL] * (bundle.MOST + 1),
        [CALL | {"key": ""}],
        [CALL | {"request": [1]}],
        [CALL | {"id": 1}],
        [CALL | {"colour": "red"}],
        [{"id": "1"}],
    ],
)
def test_what_is_no_bundle_is_answered_as_malformed(probe, sender, calls):
    sender.send(json.dumps({"args": [], "kwargs": {"calls": calls}}).encode())
    _, body = eventually(lambda: sender.broker.take(sender.queue))
    assert json.loads(body)["result"]["status"] == "malformed"
    assert probe.effects() == 0


# --- both


def test_many_at_once_are_each_answered_with_their_own(probe, client):
    def add(n):
        return client.call("probe", "add_together", {"amount": n}, timeout_seconds=40, idempotency_key=str(uuid4()))

    assert at_once(40, add) == [{"total": n} | SECRET for n in range(40)]
    assert probe.effects() == 40


@pytest.mark.parametrize(
    ("unusual", "error"),
    [
        ({"refuse": True}, RemoteRefusal),
        ({"amount": "three"}, Malformed),
        ({"bug": True}, RpcFault),
    ],
)
def test_what_is_wrong_with_one_reaches_only_its_own_caller(probe, client, unusual, error):
    def add(n):
        asked = {"amount": n} | (unusual if n % 3 == 0 else {})
        return client.call("probe", "add_together", asked, timeout_seconds=40, idempotency_key=str(uuid4()))

    outcomes = at_once(12, add)
    assert [isinstance(outcome, error) for outcome in outcomes] == [n % 3 == 0 for n in range(12)]
    assert probe.effects() == 8


def test_a_killed_service_does_what_was_asked_together_once_when_it_is_back(probe, client):
    def add(n):
        asked = {"amount": n, "sleep_seconds": 1.5 if n % 2 else 0}
        return client.call("probe", "add_together", asked, timeout_seconds=50, idempotency_key=str(uuid4()))

    outcomes = later(lambda: at_once(6, add))
    eventually(lambda: "balie_deliveries_in_flight 3.0" in probe.metrics())
    probe.stop(signal.SIGKILL)
    probe.start()
    assert outcomes() == [{"total": n} | SECRET for n in range(6)]
    assert probe.effects() == 6
