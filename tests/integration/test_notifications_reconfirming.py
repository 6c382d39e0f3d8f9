"""Mails that ask whether somebody still comes: once each, in time, and never after an answer; on real servers."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from services.contracts import notifications
from services.contracts.base import dump
from services.notifications import queries
from tests.integration.notifications_office import (
    NOW,
    START,
    MailServer,
    Office,
    asked,
    booked,
    cancelled,
    moved,
    reconfirmed,
)

ANSWER_BY = NOW + timedelta(days=4)


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


def state_of(office, kind="reconfirm"):
    return dict(office.messages())[kind]


def test_each_question_is_mailed_once_and_leaves_the_reminder_as_it_is(office, visit):
    first, second = asked(visit, 2, answer_by=ANSWER_BY), asked(visit, 3, answer_by=ANSWER_BY, again=True)
    for event in (first, first):
        office.hear(event)
    office.send_all()
    office.wait(days=2)
    for event in (second, second, first):
        office.hear(event)
    office.send_all()
    assert office.messages() == [
        ("booked", "sent"),
        ("reminder", "scheduled"),
        ("reconfirm", "sent"),
        ("reconfirm-again", "sent"),
    ]
    assert ["Komt u nog?" in subject for subject in office.subjects()] == [False, True, False]
    assert "Wij wachten nog op uw antwoord" in office.subjects()[-1]
    assert office.events() == ["bericht-verzonden"] * 3


def test_appointments_can_ask_whether_and_when_the_question_went(office, visit):
    office.hear(asked(visit, 2, answer_by=ANSWER_BY))
    office.wait(minutes=3)
    office.send_all()
    with office.transactions.reading() as reading:
        found = dump(notifications.MessageList, queries.messages_about(reading, appointment_id=visit))
    [message] = [message for message in found["messages"] if message["kind"] == "reconfirm"]
    assert (message["state"], message["not_before"]) == ("sent", NOW.isoformat())
    assert message["sent_at"] == (NOW + timedelta(minutes=3)).isoformat()


def test_who_has_answered_is_not_asked_by_a_mail_that_still_waited(office, visit):
    office.server.down()
    office.hear(asked(visit, 2, answer_by=ANSWER_BY))
    assert office.try_to_send()
    office.hear(reconfirmed(visit, 3))
    office.server.up()
    office.wait(minutes=5)
    office.send_all()
    assert state_of(office) == "withdrawn"
    assert office.history("reconfirm")[-1] == ("withdrawn", "answered")


def test_a_second_question_replaces_a_first_that_could_not_leave(office, visit):
    office.server.down()
    office.hear(asked(visit, 2, answer_by=ANSWER_BY))
    assert office.try_to_send()
    office.hear(asked(visit, 3, answer_by=ANSWER_BY, again=True))
    office.server.up()
    office.wait(minutes=5)
    office.send_all()
    assert (state_of(office), state_of(office, "reconfirm-again")) == ("withdrawn", "sent")


def test_nobody_is_asked_after_the_answer_was_due(office, visit):
    office.server.down()
    office.hear(asked(visit, 2, answer_by=ANSWER_BY))
    assert office.try_to_send()
    office.server.up()
    office.clock.at = ANSWER_BY
    office.send_all()
    assert office.history("reconfirm")[-1] == ("withdrawn", "expired")


@pytest.mark.parametrize("change", [lambda visit: cancelled(visit, 3), lambda visit: moved(visit, 3, START)])
def test_nobody_is_asked_about_a_visit_that_has_changed(office, visit, change):
    office.server.down()
    office.hear(asked(visit, 2, answer_by=ANSWER_BY))
    office.hear(change(visit))
    office.server.up()
    office.send_all()
    assert state_of(office) == "withdrawn"


def test_a_question_that_is_heard_after_the_change_is_kept_as_superseded(office, visit):
    office.hear(cancelled(visit, 3))
    office.hear(asked(visit, 2, answer_by=ANSWER_BY))
    office.send_all()
    assert office.history("reconfirm")[-1] == ("withdrawn", "superseded")
    assert "Komt u nog?" not in " ".join(office.subjects())


def test_a_released_visit_is_told_with_its_reason_and_its_calendar_entry(office, visit):
    office.hear(cancelled(visit, 2, by="municipality", because="not-reconfirmed"))
    office.send_all()
    mail = office.server.mails[-1]
    body = mail.get_body(("plain",)).get_content()
    assert "Wij vroegen u twee keer of u nog komt" in body
    assert "CANCEL" in {part["Content-Type"].params.get("method") for part in mail.walk()}
