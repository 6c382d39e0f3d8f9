"""Nobody who died is reminded of anything, and nobody who lives misses what has an effect."""

from datetime import timedelta
from uuid import uuid4

import pytest

from tests.integration.notifications_office import (
    REMINDED,
    START,
    MailServer,
    Office,
    asked,
    booked,
    cancelled,
    holder_deceased,
    moved,
    offer_made,
)


@pytest.fixture
def server():
    server = MailServer()
    server.up()
    yield server
    server.down()


@pytest.fixture
def office(databases, server):
    return Office(databases("notifications"), server)


@pytest.fixture
def visit():
    return uuid4()


def because(office):
    return dict(
        office.rows(
            "SELECT m.kind, h.reason FROM message m JOIN message_history h ON h.message_id = m.id"
            " WHERE m.state = 'withdrawn' AND h.state = 'withdrawn'"
        )
    )


def test_a_visit_of_who_died_is_neither_reminded_of_nor_its_end_told(office, visit):
    office.hear(booked(visit))
    office.send_all()
    office.hear(holder_deceased(visit, 2))
    office.hear(cancelled(visit, 3, by="municipality", because="deceased"))
    office.clock.at = REMINDED
    office.send_all()
    assert len(office.server.mails) == 1
    assert because(office) == {"reminder": "deceased", "cancelled": "deceased"}
    assert office.events() == ["bericht-verzonden"]


def test_whatever_waits_about_his_visit_is_withdrawn(office, visit):
    office.server.down()
    office.hear(booked(visit))
    office.hear(moved(visit, 2, START + timedelta(days=5)))
    office.hear(asked(visit, 3, answer_by=START))
    office.hear(offer_made(visit, uuid4(), START, expires_at=START))
    office.hear(holder_deceased(visit, 4))
    office.server.up()
    office.clock.at = REMINDED
    office.send_all()
    assert office.server.mails == []
    assert {state for _, state in office.messages()} == {"withdrawn"}


def test_the_visit_of_somebody_else_is_reminded_of(office, visit):
    other = uuid4()
    office.hear(booked(visit))
    office.hear(booked(other))
    office.hear(holder_deceased(visit, 2))
    office.clock.at = REMINDED
    office.send_all()
    assert sum("Herinnering" in subject for subject in office.subjects()) == 1


def test_an_address_of_somebody_who_died_is_reminded_of_nothing_but_told_what_has_an_effect(office, visit):
    office.town.died.add(office.town.email)
    office.hear(booked(visit))
    office.hear(offer_made(visit, uuid4(), START - timedelta(days=3), expires_at=START))
    office.send_all()
    office.clock.at = REMINDED
    office.send_all()
    assert office.subjects() == ["Bevestiging van uw afspraak: donderdag 3 december 2026, 14:20 uur"]
    assert because(office) == {"offer": "deceased", "reminder": "deceased"}


def test_while_the_crm_is_silent_reminders_wait_and_all_else_goes_on(office, visit):
    for about in (visit, uuid4()):
        office.hear(booked(about))
    office.send_all()
    office.clock.at = REMINDED
    office.town.crm_away = True
    office.hear(booked(uuid4()))
    office.send_all()
    assert len(office.server.mails) == 3
    assert office.messages().count(("reminder", "scheduled")) == 2
    assert office.town.crm_asked == 1  # the second reminder waits unasked
    office.town.crm_away = False
    office.wait(minutes=1)
    office.send_all()
    assert sum("Herinnering" in subject for subject in office.subjects()) == 2


def test_a_death_that_was_told_twice_changes_nothing_more(office, visit):
    office.hear(booked(visit))
    died = holder_deceased(visit, 2)
    office.hear(died)
    office.hear(died)
    assert office.history("booked")[-1] == ("withdrawn", "deceased")
    assert len(office.history("booked")) == 2
