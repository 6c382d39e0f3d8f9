"""Sixty-four clients before a slow service: who is let in is answered in time, and the rest hear no at once."""

import os
import time

import pytest

from gateway.rpc import LateClient, Services
from services.messaging.errors import Busy
from tests.integration.probe_contracts import Add, Asked, Total
from tests.integration.test_messaging_requests import at_once

CLIENTS = 64
LET_IN = 20
SLOW = {"amount": 1, "sleep_seconds": 2}
COMMAND_SECONDS = 30


@pytest.fixture
def services(probe):
    client = LateClient(os.environ["BALIE_AMQP_URL"], name="rush")
    made = Services(client, command_seconds=COMMAND_SECONDS, query_seconds=20, calls_at_once=LET_IN)
    made.tell("probe.add", Add, Total, {"amount": 1})  # connected
    yield made
    client.close()


def test_a_slow_service_answers_all_who_were_let_in_and_the_rest_are_sent_away_before(services):
    order = []

    def client(_):
        began = time.monotonic()
        try:
            services.tell("probe.add", Add, Total, SLOW)
            order.append("answered")
            return time.monotonic() - began
        except Busy:
            order.append("busy")
            raise

    outcomes = at_once(CLIENTS, client)
    answered = [outcome for outcome in outcomes if isinstance(outcome, float)]
    assert len(answered) == LET_IN, outcomes
    assert max(answered) < COMMAND_SECONDS
    assert order == ["busy"] * (CLIENTS - LET_IN) + ["answered"] * LET_IN


def test_the_door_opens_again_when_the_slow_ones_are_served_and_questions_had_their_own(services):
    def client(n):
        if n < CLIENTS - 1:
            return services.tell("probe.add", Add, Total, SLOW)
        return services.ask("probe.total", Asked, Total)

    outcomes = at_once(CLIENTS, client)
    assert outcomes[-1]["total"] >= 0
    assert services.tell("probe.add", Add, Total, {"amount": 1}) == {"total": 1, "secret": "s3"}
