"""The outbox relay against a real broker and database: nothing lost, in order, confirmed before it is forgotten."""

import os
import threading
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from services.messaging import inbox, outbox, sequence, trail
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.envelope import decode
from services.messaging.publisher import ConfirmedPublisher
from services.messaging.relay import Relay, sweep
from services.messaging.topology import Topology, build, event_exchange
from tests.integration.probe import QUEUE, eventually, poke
from tests.integration.probe_contracts import SUBSCRIPTIONS, Poked


@pytest.fixture
def transactions(probe_engine):
    with probe_engine.begin() as connection:
        connection.execute(
            text("TRUNCATE effect, outbox, inbox, event_log, idempotency, seen_version, parked, setback, operator_act")
        )
    return Transactions(probe_engine, SystemClock(), source="prober")


@pytest.fixture
def quiet(running_probe, broker):
    """No probe listens, so that what is published can be looked at in its queue."""
    running_probe.stop()
    yield broker
    broker.empty()


@pytest.fixture
def publisher(quiet):
    made = ConfirmedPublisher(os.environ["BALIE_AMQP_URL"], build(SUBSCRIPTIONS), name="tests-relay")
    eventually(lambda: made.connected)
    quiet.empty()
    yield made
    made.close()


@pytest.fixture
def relay(transactions, publisher):
    made = Relay(transactions.engine, publisher, SystemClock(), service="prober")
    yield made
    made.resign()


def _tell(transactions, *amounts, about=None):
    about = about or uuid4()
    for version, amount in enumerate(amounts, start=1):
        with transactions.work() as work:
            work.publish(Poked, about=about, version=version, amount=amount)
    return about


def _queued(broker):
    found = []
    while (message := broker.take(QUEUE)) is not None:
        found.append(message)
    return found


def _waiting(transactions):
    with transactions.reading() as reading:
        return outbox.backlog(reading.connection)[0]


def test_events_go_out_in_order_with_their_id_and_then_leave_the_outbox(transactions, relay, quiet):
    _tell(transactions, 1, 2, 3)
    relay.run_once()
    messages = _queued(quiet)
    assert [decode(body).data["amount"] for _, body in messages] == [1, 2, 3]
    assert all(str(decode(body).id) == properties.message_id for properties, body in messages)
    assert all(properties.delivery_mode == 2 for properties, _ in messages)
    assert _waiting(transactions) == 0
    with transactions.reading() as reading:
        assert reading.connection.execute(text("SELECT count(*) FROM event_log")).scalar_one() == 3


def test_nothing_is_told_of_work_that_rolled_back(transactions, relay, quiet):
    with pytest.raises(RuntimeError), transactions.work() as work:
        work.publish(Poked, about=uuid4(), version=1, amount=1)
        raise RuntimeError
    relay.run_once()
    assert _queued(quiet) == []


def test_an_event_that_breaks_its_contract_stops_the_work_that_tells_it(transactions):
    with pytest.raises(ValueError, match="Poked"), transactions.work() as work:
        work.publish(Poked, about=uuid4(), version=1)
    assert _waiting(transactions) == 0


def test_an_event_that_no_queue_wants_stays_and_is_counted(transactions, publisher):
    relay = Relay(transactions.engine, publisher, SystemClock(), service="probe")
    _tell(transactions, 1)
    relay.run_once()
    relay.resign()
    with transactions.reading() as reading:
        assert reading.connection.execute(text("SELECT attempts FROM outbox")).scalar_one() == 1


def test_of_two_relays_one_works_and_the_other_takes_over_when_it_dies(transactions, publisher, relay, quiet):
    spare = Relay(transactions.engine, publisher, SystemClock(), service="prober")
    _tell(transactions, 1)
    relay.run_once()
    _tell(transactions, 2)
    assert spare.run_once() is False
    assert _waiting(transactions) == 1
    relay.resign()
    spare.run_once()
    spare.resign()
    assert _waiting(transactions) == 0
    assert len(_queued(quiet)) == 2


def test_a_relay_whose_session_is_killed_loses_nothing(transactions, relay, quiet):
    _tell(transactions, 1)
    relay.run_once()
    with transactions.reading() as reading:
        reading.connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks JOIN pg_database ON pg_database.oid = database"
                " WHERE locktype = 'advisory' AND datname = current_database()"
            )
        )
    _tell(transactions, 2)

    def recovered():
        try:
            relay.run_once()
        except Exception:
            return False
        return _waiting(transactions) == 0

    eventually(recovered)
    assert [decode(body).data["amount"] for _, body in _queued(quiet)] == [1, 2]


def test_a_connection_that_breaks_off_in_the_middle_loses_nothing_and_keeps_the_ids(
    transactions, publisher, relay, quiet
):
    _tell(transactions, *range(1, 301))
    stop = threading.Event()

    def harass():
        while not stop.wait(0.05):
            publisher._link.drop("test")

    trouble = threading.Thread(target=harass)
    trouble.start()
    for _ in range(3):
        try:
            relay.run_once()
        except Exception:
            relay.resign()
    stop.set()
    trouble.join()

    def drained():
        try:
            relay.run_once()
        except Exception:
            return False
        return _waiting(transactions) == 0

    eventually(drained)
    seen: dict[int, set[UUID]] = {}
    for _, body in _queued(quiet):
        event = decode(body)
        seen.setdefault(event.data["amount"], set()).add(event.id)
    assert set(seen) == set(range(1, 301))
    assert all(len(ids) == 1 for ids in seen.values())


class _Killed(BaseException):
    """Stands for kill -9: nothing after it runs."""


class _KilledPublisher(ConfirmedPublisher):
    """The publisher of a relay that dies before, or after, its batch reached the broker."""

    def __init__(self, publisher, *, before):
        self._publisher = publisher
        self._before = before

    def publish(self, messages, *, timeout_seconds=10):
        if not self._before:
            self._publisher.publish(messages)
        raise _Killed


@pytest.mark.parametrize("before", [True, False], ids=["before publishing", "between confirm and forgetting"])
def test_a_relay_that_is_killed_in_the_middle_loses_nothing(transactions, publisher, relay, quiet, before):
    _tell(transactions, 1, 2, 3)
    victim = Relay(transactions.engine, _KilledPublisher(publisher, before=before), SystemClock(), service="prober")
    with pytest.raises(_Killed):
        victim.run_once()
    victim.resign()  # the death of its session gives the lock back
    relay.run_once()
    arrived = [decode(body) for _, body in _queued(quiet)]
    assert [event.data["amount"] for event in arrived] == ([1, 2, 3] if before else [1, 2, 3, 1, 2, 3])
    assert len({event.id for event in arrived}) == 3
    assert _waiting(transactions) == 0


def test_concurrent_twins_of_one_event_have_one_effect(transactions):
    event = poke()
    barrier = threading.Barrier(8)
    firsts = []

    def react():
        barrier.wait()
        with transactions.work() as work:
            if inbox.first_time(work, "probe", event):
                work.connection.execute(text("INSERT INTO effect (amount) VALUES (1)"))
                firsts.append(1)

    threads = [threading.Thread(target=react) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with transactions.reading() as reading:
        assert reading.connection.execute(text("SELECT count(*) FROM effect")).scalar_one() == 1
    assert len(firsts) == 1


def test_a_gap_is_given_up_when_nothing_can_close_it_any_more(transactions):
    met_late, waits_for_dead_letter, young, long_open = (uuid4() for _ in range(4))
    with transactions.work() as work:
        for about, age in ((met_late, "1 hour"), (waits_for_dead_letter, "1 hour"), (young, "5 minutes")):
            _park(work, about, seen=0, age=age)
        _park(work, long_open, seen=3, age="25 hours")
        dead = poke(about=waits_for_dead_letter)
        trail.note_setback(work, "probe", dead, attempt=1, outcome="dead", reason="test")
    with transactions.reading() as reading:
        assert set(sequence.overdue(reading, "probe")) == {met_late, long_open}


def test_a_gap_that_another_instance_has_given_up_is_not_given_up_again(transactions):
    about = uuid4()
    with transactions.work() as work:
        _park(work, about, seen=3, age="1 minute")
        assert sequence.take_despite_gap(work, "probe", about) is None


def _park(work, about, *, seen, age):
    row = {"about": about, "seen": seen, "age": age}
    work.connection.execute(text("INSERT INTO seen_version VALUES ('probe', :about, :seen)"), row)
    work.connection.execute(
        text("INSERT INTO parked VALUES ('probe', :about, 9, '', now() - CAST(:age AS interval), 0)"), row
    )


def test_old_notes_are_swept_and_young_ones_stay(transactions):
    with transactions.work() as work:
        work.connection.execute(
            text(
                "INSERT INTO inbox (consumer, event_id, type, correlation_id, received_at) VALUES "
                "('c', gen_random_uuid(), 't', '', now() - interval '91 days'),"
                "('c', gen_random_uuid(), 't', '', now() - interval '89 days')"
            )
        )
    sweep(transactions)
    with transactions.reading() as reading:
        assert reading.connection.execute(text("SELECT count(*) FROM inbox")).scalar_one() == 1


def test_a_queue_with_other_arguments_is_reported_and_no_event_is_lost(transactions, publisher, quiet):
    queue = "probe.drifting"
    quiet.channel.queue_declare(queue, durable=True)
    from services.messaging.topology import Queue

    drifted = Topology((event_exchange("prober"),), (Queue(queue, {"x-queue-type": "quorum"}),), ())
    stubborn = ConfirmedPublisher(os.environ["BALIE_AMQP_URL"], drifted, name="tests-drift")
    try:
        _tell(transactions, 1)
        relay = Relay(transactions.engine, stubborn, SystemClock(), service="prober")
        with pytest.raises(Exception, match="broker"):
            relay.run_once()
        assert _waiting(transactions) == 1
    finally:
        stubborn.close()
        quiet.channel.queue_delete(queue)
