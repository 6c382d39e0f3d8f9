"""Dead letters are workable: seen, sent back to the one consumer with their id, or dropped, and all of it is kept."""

import os

import pytest
from sqlalchemy import text

from services.messaging import trail
from services.messaging.clock import SystemClock
from services.messaging.database import Transactions
from services.messaging.dead_letter_desk import Desk, NotReplayable, let_followers_go, note
from services.messaging.topology import build, dead_letter_queue
from tests.integration.probe import QUEUE, eventually, poke
from tests.integration.probe_contracts import SUBSCRIPTIONS

DEAD = dead_letter_queue(QUEUE)


@pytest.fixture
def desk(probe):
    return Desk(os.environ["BALIE_AMQP_URL"], build(SUBSCRIPTIONS))


@pytest.fixture
def transactions(probe):
    return Transactions(probe.engine, SystemClock(), source="probe")


def _buried(broker, event):
    broker.send(event.encode())
    eventually(lambda: broker.depth(DEAD) == 1)
    return event


def test_dead_letters_are_counted_and_shown_without_being_taken(desk, broker):
    event = _buried(broker, poke(behave="refuse"))
    assert desk.counts()[QUEUE] == 1
    with desk.opened(QUEUE) as (_, letters):
        (letter,) = letters
        assert (letter.letter_id, letter.reason) == (str(event.id), "too-much")
        assert "nl.proef.gepord" in letter.shown()
    eventually(lambda: broker.depth(DEAD) == 1)


def test_a_replayed_letter_takes_effect_once_under_its_own_id(desk, broker, probe):
    event = _buried(broker, poke(behave="refuse"))
    healed = poke(about=event.aggregate_id)
    # The cause is mended: the same letter, now with a body that the consumer can use.
    broker.take(DEAD)
    broker.send(healed.encode(), queue=DEAD, headers={"balie-reason": "too-much", "balie-attempt": 5})
    with desk.opened(QUEUE) as (channel, letters):
        desk.replay(channel, letters[0])
    eventually(lambda: probe.effects(healed.id) == 1)
    assert broker.depth(DEAD) == 0


def test_garbage_cannot_be_replayed_only_dropped(desk, broker):
    broker.send(b"{not json")
    eventually(lambda: broker.depth(DEAD) == 1)
    with desk.opened(QUEUE) as (channel, letters):
        with pytest.raises(NotReplayable):
            desk.replay(channel, letters[0])
        desk.drop(channel, letters[0])
    assert broker.depth(DEAD) == 0


def test_dropping_a_letter_lets_the_later_facts_of_its_aggregate_go(desk, broker, probe, transactions):
    bad = _buried(broker, poke(1, behave="refuse"))
    held = poke(2, about=bad.aggregate_id, version=2)
    broker.send(held.encode())
    eventually(lambda: "balie_parked_events 1.0" in probe.metrics())
    with desk.opened(QUEUE) as (channel, letters):
        let_followers_go(transactions, "probe", letters[0])
        desk.drop(channel, letters[0])
    eventually(lambda: probe.effects(held.id) == 1)
    assert probe.effects(bad.id) == 0


def test_who_did_what_and_why_is_kept(desk, broker, transactions):
    _buried(broker, poke(behave="refuse"))
    with desk.opened(QUEUE) as (_, letters), transactions.work() as work:
        note(work, letters[0], act="drop", operator="an operator", why="test")
    with transactions.reading() as reading:
        row = reading.connection.execute(text("SELECT queue, act, operator, why FROM operator_act")).one()
    assert tuple(row) == (QUEUE, "drop", "an operator", "test")


def test_the_trail_of_a_case_tells_reactions_and_setbacks_in_order(broker, probe, transactions):
    event = _buried(broker, poke(behave="refuse"))
    with transactions.reading() as reading:
        steps = trail.in_order(trail.steps(reading, "probe", event.correlation_id))
    assert [(step.kind, step.detail) for step in steps] == [("dead", "attempt 1: too-much")]
