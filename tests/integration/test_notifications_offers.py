"""Mail about an earlier time goes out while it can be taken, and never after, on a real database and mail server."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from tests.integration.notifications_office import (
    NOW,
    START,
    MailServer,
    Office,
    booked,
    cancelled,
    offer_ended,
    offer_made,
)

EARLIER = START - timedelta(days=4)
DEADLINE = NOW + timedelta(hours=4)


@pytest.fixture(scope="module")
def pool(databases):
    return databases("notifications")


@pytest.fixture
def office(pool):
    with pool.begin() as connection:
        connection.execute(text("TRUNCATE message, message_history, appointment_seen, inbox, outbox, event_log"))
    server = MailServer()
    server.up()
    yield Office(pool, server)
    server.down()


@pytest.fixture
def visit(office):
    visit = uuid4()
    office.hear(booked(visit))
    office.send_all()
    return visit


def state_of(office):
    return dict(office.messages())["offer"]


def test_an_offer_is_mailed_once_and_leaves_the_reminder_as_it_is(office, visit):
    offer = uuid4()
    event = offer_made(visit, offer, EARLIER, expires_at=DEADLINE)
    office.hear(event)
    office.hear(event)
    office.send_all()
    assert office.messages() == [("booked", "sent"), ("offer", "sent"), ("reminder", "scheduled")]
    assert "eerdere tijd voor u" in office.subjects()[-1]


def test_an_offer_that_ended_before_it_could_be_mailed_is_not_told(office, visit):
    offer = uuid4()
    office.hear(offer_made(visit, offer, EARLIER, expires_at=DEADLINE))
    office.hear(offer_ended(visit, offer, "revoked"))
    office.send_all()
    assert state_of(office) == "withdrawn"
    assert office.history("offer")[-1] == ("withdrawn", "offer-ended")


def test_an_offer_that_was_mailed_stays_sent_when_it_ends(office, visit):
    offer = uuid4()
    office.hear(offer_made(visit, offer, EARLIER, expires_at=DEADLINE))
    office.send_all()
    office.hear(offer_ended(visit, offer, "accepted"))
    assert state_of(office) == "sent"


def test_nobody_is_told_of_an_offer_after_its_deadline(office, visit):
    office.hear(offer_made(visit, uuid4(), EARLIER, expires_at=DEADLINE))
    office.wait(hours=5)
    office.send_all()
    assert office.history("offer")[-1] == ("withdrawn", "expired")


def test_nobody_is_offered_another_time_for_a_cancelled_visit(office, visit):
    office.hear(cancelled(visit, 2))
    office.hear(offer_made(visit, uuid4(), EARLIER, expires_at=DEADLINE))
    office.send_all()
    assert office.history("offer")[-1] == ("withdrawn", "appointment-cancelled")
