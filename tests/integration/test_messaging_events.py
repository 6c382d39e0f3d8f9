"""Events to a real service: each reaction happens once, and nothing is lost, whatever arrives in whatever shape."""

import json
import signal
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.messaging.topology import dead_letter_queue, retry_queue
from tests.integration.probe import QUEUE, eventually, poke

DEAD = dead_letter_queue(QUEUE)


def test_an_event_is_reacted_to_and_acknowledged(probe, broker):
    event = poke()
    broker.send(event.encode())
    eventually(lambda: probe.effects(event.id) == 1)
    assert broker.depth(DEAD) == 0


def test_the_same_event_twice_has_one_effect(probe, broker):
    event = poke()
    for _ in range(5):
        broker.send(event.encode())
    after = poke(about=event.aggregate_id, version=2)
    broker.send(after.encode())
    eventually(lambda: probe.effects(after.id) == 1)
    assert probe.effects(event.id) == 1


def test_events_of_one_aggregate_take_effect_in_their_order(probe, broker):
    about = uuid4()
    events = [poke(n, about=about, version=n, behave="slow" if n == 1 else "well") for n in range(1, 6)]
    for event in events:
        broker.send(event.encode())
    eventually(lambda: probe.effects() == 5)
    with probe.engine.connect() as connection:
        amounts = connection.execute(text("SELECT amount FROM effect ORDER BY id")).scalars().all()
    assert amounts == [1, 2, 3, 4, 5]


def test_one_method_reacts_to_several_types_and_to_what_nobody_knows_in_between(probe, broker):
    about = uuid4()
    kinds = ("nl.proef.gepord", "nl.proef.onbekend", "nl.proef.gestoten")
    events = [poke(n, about=about, version=n, kind=kind) for n, kind in enumerate(kinds, 1)]
    for event in reversed(events):
        broker.send(event.encode())
    eventually(lambda: probe.effects() == 2)
    with probe.engine.connect() as connection:
        assert connection.execute(text("SELECT amount FROM effect ORDER BY id")).scalars().all() == [1, 3]


def test_events_that_arrive_shuffled_take_effect_in_their_order(probe, broker):
    about = uuid4()
    events = [poke(n, about=about, version=n) for n in range(1, 9)]
    for n in (3, 8, 1, 2, 7, 5, 4, 6):
        broker.send(events[n - 1].encode())
    eventually(lambda: probe.effects() == 8)
    with probe.engine.connect() as connection:
        assert connection.execute(text("SELECT amount FROM effect ORDER BY id")).scalars().all() == list(range(1, 9))
        assert connection.execute(text("SELECT count(*) FROM parked")).scalar_one() == 0


def test_an_older_version_than_the_last_one_done_is_stale(probe, broker):
    about = uuid4()
    first, second, late = poke(1, about=about), poke(2, about=about, version=2), poke(3, about=about, version=1)
    for event in (first, second, late):
        broker.send(event.encode())
    after = poke()
    broker.send(after.encode())
    eventually(lambda: probe.effects(second.id) == probe.effects(after.id) == 1)
    assert probe.effects(late.id) == 0


def test_an_event_among_the_dead_letters_holds_back_only_its_own_aggregate(probe, broker):
    about = uuid4()
    bad, held = poke(1, about=about, behave="refuse"), poke(2, about=about, version=2)
    other = poke(3)
    for event in (bad, held, other):
        broker.send(event.encode())
    eventually(lambda: probe.effects(other.id) == 1)
    eventually(lambda: broker.depth(DEAD) == 1)
    assert probe.effects(held.id) == 0
    broker.send(poke(1, about=about).encode())
    eventually(lambda: probe.effects(held.id) == 1)


def test_a_parked_event_that_is_refused_becomes_a_dead_letter_that_can_be_replayed(probe, broker):
    about = uuid4()
    first, second = poke(1, about=about), poke(2, about=about, version=2, behave="refuse")
    broker.send(second.encode())
    eventually(lambda: "balie_parked_events 1.0" in probe.metrics())
    broker.send(first.encode())
    kept, body = eventually(lambda: broker.take(DEAD))
    assert (json.loads(body)["id"], kept.headers["balie-reason"]) == (str(second.id), "too-much")
    healed = json.loads(second.encode())
    healed["data"]["behave"] = "well"
    broker.send(json.dumps(healed).encode())
    eventually(lambda: probe.effects(second.id) == 1)


def test_a_parked_event_whose_effect_failed_is_tried_again(probe, broker):
    about = uuid4()
    first, second = poke(1, about=about), poke(2, about=about, version=2, behave="fail")
    broker.send(second.encode())
    eventually(lambda: "balie_parked_events 1.0" in probe.metrics())
    broker.send(first.encode())
    eventually(lambda: probe.log().count("parked_event_failed") >= 2)
    assert probe.effects(second.id) == 0
    with probe.engine.connect() as connection:
        assert connection.execute(text("SELECT attempts FROM parked")).scalar_one() >= 1
    assert probe.alive()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{not json",
        b"null",
        b"\xff\xfe\x00",
        b"[" * 50_000,
        b"x" * 100_000,
        json.dumps({**json.loads(poke().encode()), "data": {"amount": "three"}}).encode(),
    ],
)
@pytest.mark.parametrize(
    "properties", [{}, {"headers": {"nameko.call_id_stack": 5}, "content_encoding": "morse", "content_type": "?"}]
)
def test_whatever_does_not_fit_ends_among_the_dead_letters_unchanged(probe, broker, body, properties):
    broker.send(body, **properties)
    kept, kept_body = eventually(lambda: broker.take(DEAD))
    assert kept_body == body
    assert kept.headers["balie-reason"] == "malformed"
    assert probe.alive()


def test_an_event_that_nobody_reacts_to_is_acknowledged(probe, broker):
    broker.send(json.dumps({**json.loads(poke().encode()), "type": "nl.proef.iets-nieuws"}).encode())
    event = poke()
    broker.send(event.encode())
    eventually(lambda: probe.effects(event.id) == 1)
    assert broker.depth(DEAD) == 0


def test_a_refusal_is_a_dead_letter_at_once(probe, broker):
    event = poke(behave="refuse")
    broker.send(event.encode())
    kept, body = eventually(lambda: broker.take(DEAD))
    assert json.loads(body)["id"] == str(event.id)
    assert kept.headers["balie-reason"] == "too-much"
    assert probe.effects(event.id) == 0


@pytest.mark.parametrize("behave", ["fail", "timeout"])
def test_a_failing_reaction_is_tried_again_later_and_leaves_no_half_effect(probe, broker, behave):
    event = poke(behave=behave)
    broker.send(event.encode())
    eventually(lambda: broker.depth(retry_queue(QUEUE, 5)) == 1)
    assert probe.effects(event.id) == 0
    assert probe.alive()
    kept, _ = broker.take(retry_queue(QUEUE, 5))
    assert kept.headers["balie-attempt"] == 2


def test_after_the_last_attempt_a_message_is_a_dead_letter(probe, broker):
    event = poke(behave="fail")
    broker.send(event.encode(), headers={"balie-attempt": 5})
    kept, _ = eventually(lambda: broker.take(DEAD))
    assert kept.headers["balie-reason"] == "RuntimeError"


def test_what_waits_in_a_retry_queue_comes_back_by_itself(probe, broker):
    event = poke()
    broker.send(event.encode(), queue=retry_queue(QUEUE, 5), delivery_mode=2)
    eventually(lambda: probe.effects(event.id) == 1)


def test_sigterm_drains_without_a_redelivery(probe, broker):
    event = poke(behave="slow")
    broker.send(event.encode())
    eventually(lambda: "balie_deliveries_in_flight 1.0" in probe.metrics())
    assert probe.stop(signal.SIGTERM) == 0
    assert probe.effects(event.id) == 1
    assert broker.depth(QUEUE) == 0


def test_sigkill_in_the_middle_leads_to_one_effect(probe, broker):
    event = poke(behave="slow")
    broker.send(event.encode(), delivery_mode=2)
    eventually(lambda: "balie_deliveries_in_flight 1.0" in probe.metrics())
    probe.stop(signal.SIGKILL)
    assert probe.effects(event.id) == 0
    probe.start()
    eventually(lambda: probe.effects(event.id) == 1)


def test_while_the_database_is_away_events_wait_in_place_and_burn_no_attempt(probe, broker):
    with probe.engine.begin() as connection:
        connection.execute(text("ALTER TABLE inbox RENAME TO inbox_away"))
    try:
        # The table is gone: that is our bug, not the database's absence, so the retry ladder is right here.
        event = poke()
        broker.send(event.encode())
        eventually(lambda: broker.depth(retry_queue(QUEUE, 5)) == 1)
    finally:
        with probe.engine.begin() as connection:
            connection.execute(text("ALTER TABLE inbox_away RENAME TO inbox"))
    eventually(lambda: probe.effects(event.id) == 1)
    with probe.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
    admin = probe.engine.url.set(database="postgres")
    from sqlalchemy import create_engine

    server = create_engine(admin, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        try:
            waiting = poke()
            broker.send(waiting.encode())
            eventually(lambda: "database_down_waiting" in probe.log())
            assert broker.depth(retry_queue(QUEUE, 5)) == 0
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    server.dispose()
    probe.engine.dispose()
    eventually(lambda: probe.effects(waiting.id) == 1)
    assert broker.depth(DEAD) == 0


def test_sigterm_ends_a_service_whose_database_is_away_and_the_event_waits_for_the_next(probe, broker):
    from sqlalchemy import create_engine

    with probe.engine.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar_one()
    server = create_engine(probe.engine.url.set(database="postgres"), isolation_level="AUTOCOMMIT")
    event = poke()
    with server.connect() as connection:
        connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false'))
        connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"), {"name": name}
        )
        try:
            waits = probe.log().count("database_down_waiting")
            broker.send(event.encode(), delivery_mode=2)
            eventually(lambda: probe.log().count("database_down_waiting") > waits)
            assert probe.stop(signal.SIGTERM) == 0
        finally:
            connection.execute(text(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true'))
    server.dispose()
    probe.engine.dispose()
    probe.start()
    eventually(lambda: probe.effects(event.id) == 1)
