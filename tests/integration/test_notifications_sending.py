"""Mail goes out once per fact, in order, and is never lost: on a real database and a real mail server."""

import itertools
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from icalendar import Calendar
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.contracts import appointments as contract
from services.notifications import queries, storage
from services.notifications.outside.smtp import SmtpMail
from services.notifications.tables import metadata
from services.notifications.timers import HAND_OVER_LEASE, LEASE
from tests.integration.notifications_office import (
    NOW,
    REMINDED,
    START,
    MailServer,
    Office,
    booked,
    cancelled,
    event,
    link_requested,
    moved,
)

LATER = START + timedelta(days=5)


@pytest.fixture(scope="module")
def pool(databases):
    return databases("notifications")


@pytest.fixture
def server():
    server = MailServer()
    server.up()
    yield server
    server.down()


@pytest.fixture
def office(pool, server):
    with pool.begin() as connection:
        connection.execute(text("TRUNCATE message, message_history, appointment_seen, inbox, outbox, event_log"))
    return Office(pool, server)


@pytest.fixture
def visit():
    return uuid4()


# --- once per fact --------------------------------------------------------------------------------------------


def test_a_booking_is_confirmed_once_and_reminded_of_the_day_before(office, visit):
    event = booked(visit)
    office.hear(event)
    office.hear(event)
    office.send_all()
    assert office.subjects() == ["Bevestiging van uw afspraak: donderdag 3 december 2026, 14:20 uur"]
    office.clock.at = REMINDED - timedelta(seconds=1)
    office.send_all()
    assert len(office.server.mails) == 1
    office.clock.at = REMINDED
    office.send_all()
    office.wait(days=1)
    office.send_all()
    assert office.subjects()[1:] == ["Herinnering aan uw afspraak: donderdag 3 december 2026, 14:20 uur"]
    assert office.messages() == [("booked", "sent"), ("reminder", "sent")]
    assert office.events() == ["bericht-verzonden"] * 2


def test_what_was_sent_can_be_proved_without_its_content(office, visit):
    event = booked(visit)
    office.hear(event)
    office.send_all()
    ((row),) = office.rows(
        "SELECT template_version, language, message_header_id, length(content_hash), correlation_id, attempts "
        "FROM message WHERE kind = 'booked'"
    )
    mail = office.server.mails[0]
    assert row == ("v1", "nl", mail["Message-ID"], 32, event.correlation_id, 1)
    assert mail["X-Correlation-ID"] == event.correlation_id
    assert office.history("booked") == [("scheduled", "event"), ("sending", "due"), ("sent", "accepted")]


def test_history_is_only_ever_added_to(office, visit):
    office.hear(booked(visit))
    for statement in ("UPDATE message_history SET state = 'sent'", "DELETE FROM message_history"):
        with pytest.raises(DBAPIError, match="proof"), office.pool.begin() as connection:
            connection.execute(text(statement))


def test_nothing_personal_is_kept_or_told(office, visit):
    office.hear(booked(visit))
    office.send_all()
    for table in ("message", "message_history", "appointment_seen", "inbox"):
        kept = " ".join(str(row) for row in office.rows(f"SELECT t::text FROM {table} t"))
        assert kept and not any(word in kept for word in ("sanne", "Sanne", "K7Q2", "s" * 26))
    told = b" ".join(bytes(row[0]) for row in office.rows("SELECT body FROM outbox"))
    assert b"bericht-verzonden" in told and b"sanne" not in told


def test_a_move_is_told_and_only_the_new_time_is_reminded_of(office, visit):
    office.hear(booked(visit))
    office.hear(moved(visit, 2, LATER))
    office.clock.at = LATER
    office.send_all()
    assert office.messages() == [
        ("booked", "sent"),
        ("reminder", "withdrawn"),
        ("moved", "sent"),
        ("reminder", "withdrawn"),  # at the hour of the visit it is too late
    ]


def test_moving_away_and_back_reminds_once(office, visit):
    office.hear(booked(visit))
    office.hear(moved(visit, 2, LATER))
    office.hear(moved(visit, 3, START, was=LATER))
    office.clock.at = REMINDED
    office.send_all()
    office.clock.at = LATER
    office.send_all()
    assert sum("Herinnering" in subject for subject in office.subjects()) == 1


def test_a_move_to_another_place_at_the_same_time_reminds_of_the_new_place(office, visit):
    office.hear(booked(visit))
    office.hear(moved(visit, 2, START, location_id="glanerbrug"))
    facts = office.rows("SELECT facts->>'location_id', state FROM message WHERE kind = 'reminder'")
    assert facts == [("glanerbrug", "scheduled")]


def test_a_cancellation_is_told_and_nothing_is_reminded_of(office, visit):
    office.hear(booked(visit))
    office.hear(cancelled(visit, 2, by="municipality"))
    office.clock.at = REMINDED
    office.send_all()
    assert office.messages() == [("booked", "sent"), ("reminder", "withdrawn"), ("cancelled", "sent")]
    assert "Dat spijt ons" in office.server.mails[1].get_body(("plain",)).get_content()


def test_who_lost_the_counter_is_told_of_the_proposed_time_and_not_reminded_of_the_old_one(office, visit):
    office.hear(booked(visit))
    proposal = {"proposed_starts_at": LATER.isoformat(), "answer_by": REMINDED.isoformat()}
    office.hear(event(contract.VisitAffected, 2, about=visit, **proposal))
    office.clock.at = REMINDED
    office.send_all()
    assert office.messages() == [("booked", "sent"), ("reminder", "withdrawn"), ("affected", "sent")]
    text = office.server.mails[1].get_body(("plain",)).get_content()
    assert "dinsdag 8 december 2026, 14:20 uur" in text
    assert "woensdag 2 december 2026, 14:20 uur" in text
    assert "/nl/a/K7Q2MXD4/" in text


def test_who_gets_the_counter_back_is_told_so_and_reminded_again(office, visit):
    office.hear(booked(visit))
    office.hear(event(contract.VisitAffected, 2, about=visit, proposed_starts_at=None, answer_by=None))
    office.hear(event(contract.VisitKept, 3, about=visit))
    office.send_all()
    office.clock.at = REMINDED
    office.send_all()
    assert office.messages() == [("booked", "sent"), ("affected", "sent"), ("kept", "sent"), ("reminder", "sent")]
    assert office.subjects()[1:3] == [
        "Uw afspraak van donderdag 3 december 2026, 14:20 uur kan niet doorgaan op deze tijd",
        "Uw afspraak van donderdag 3 december 2026, 14:20 uur gaat toch door",
    ]
    assert sum("Herinnering" in subject for subject in office.subjects()) == 1


def test_who_books_for_tomorrow_gets_no_reminder(office, visit):
    office.clock.at = REMINDED + timedelta(minutes=1)
    office.hear(booked(visit))
    office.send_all()
    assert office.messages() == [("booked", "sent")]


def test_the_link_is_sent_for_each_time_that_it_was_asked_for(office, visit):
    office.hear(booked(visit))
    office.hear(link_requested(visit, 2))
    office.hear(link_requested(visit, 3))
    office.send_all()
    assert office.subjects()[1:] == ["De link naar uw afspraak"] * 2


def test_facts_are_told_in_the_order_in_which_they_happened(office, visit):
    office.hear(booked(visit))
    office.hear(moved(visit, 2, LATER))
    office.hear(cancelled(visit, 3, starts_at=LATER))
    office.send_all()
    calendars = [
        Calendar.from_ical(part.get_content())
        for mail in office.server.mails
        for part in mail.walk()
        if part.get_content_type() == "text/calendar"
    ]
    assert [(str(c["METHOD"]), c.walk("VEVENT")[0]["SEQUENCE"]) for c in calendars] == [
        ("REQUEST", 0),
        ("REQUEST", 1),
        ("CANCEL", 2),
    ]
    assert len({str(c.walk("VEVENT")[0]["UID"]) for c in calendars}) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(4))))
def test_in_whatever_order_facts_come_a_cancelled_visit_is_never_reminded_of(office, visit, order):
    facts = [booked(visit), moved(visit, 2, LATER), moved(visit, 3, START, was=LATER), cancelled(visit, 4)]
    for place in order:
        office.hear(facts[place])
        office.hear(facts[place])
    office.clock.at = LATER + timedelta(days=1)
    office.send_all()
    assert [state for kind, state in office.messages() if kind == "reminder" and state != "withdrawn"] == []
    assert ("cancelled", "sent") in office.messages()
    assert len([kind for kind, _ in office.messages() if kind != "reminder"]) == 4


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_in_whatever_order_facts_come_the_last_time_is_reminded_of_once(office, visit, order):
    facts = [booked(visit), moved(visit, 2, LATER), moved(visit, 3, START, was=LATER)]
    for place in order:
        office.hear(facts[place])
    office.clock.at = REMINDED
    office.send_all()
    office.clock.at = LATER
    office.send_all()
    reminded = [subject for subject in office.subjects() if "Herinnering" in subject]
    assert reminded == ["Herinnering aan uw afspraak: donderdag 3 december 2026, 14:20 uur"]


# --- trouble --------------------------------------------------------------------------------------------------


def test_while_the_mail_server_is_away_nothing_is_lost_and_then_all_goes(office, visit):
    office.server.down()
    others = [uuid4() for _ in range(3)]
    for about in (visit, *others):
        office.hear(booked(about))
    for _ in range(6):
        assert office.try_to_send()
        office.wait(hours=30)
        office.clock.at = min(office.clock.at, REMINDED - timedelta(minutes=1))
    assert [state for kind, state in office.messages() if kind == "booked"] == ["scheduled"] * 4
    office.server.up()
    office.wait(seconds=30)
    office.send_all()
    assert sum("Bevestiging" in subject for subject in office.subjects()) == 4
    assert [state for kind, state in office.messages() if kind == "booked"] == ["sent"] * 4


def test_while_appointments_is_away_nothing_is_lost(office, visit):
    office.hear(booked(visit))
    office.town.away = True
    assert office.try_to_send()
    assert not office.try_to_send()
    office.town.away = False
    office.wait(seconds=5)
    office.send_all()
    assert office.messages()[0] == ("booked", "sent")
    assert office.history("booked")[2] == ("scheduled", "service-unavailable")


def test_a_refused_recipient_fails_at_once_and_is_told_to_others(office, visit):
    office.server.answers["recipient"] = "550 5.1.1 No such user sanne@voorbeeld.nl"
    office.hear(booked(visit))
    office.send_all()
    assert office.messages()[0] == ("booked", "failed")
    assert office.rows("SELECT last_error FROM message WHERE kind = 'booked'") == [("mail-refused",)]
    assert office.events() == ["bericht-mislukt"]


def test_a_refused_recipient_does_not_keep_the_next_fact_back(office, visit):
    office.server.answers["recipient"] = "550 No"
    office.hear(booked(visit))
    office.send_all()
    office.server.answers.clear()
    office.hear(cancelled(visit, 2))
    office.send_all()
    assert office.subjects() == ["Uw afspraak van donderdag 3 december 2026, 14:20 uur gaat niet door"]


def test_a_server_that_says_not_now_is_asked_again_for_a_day(office, visit):
    office.server.answers["recipient"] = "451 Greylisted"
    office.hear(booked(visit))
    office.send_all()
    assert office.messages()[0] == ("booked", "scheduled")
    for _ in range(40):
        office.wait(hours=1)
        office.send_all()
    assert office.messages()[0] == ("booked", "failed")
    assert office.history("booked")[-1] == ("failed", "gave-up")
    assert office.clock.at - NOW > timedelta(hours=24)


def test_a_later_fact_waits_until_the_earlier_one_is_told(office, visit):
    office.server.answers["recipient"] = "451 Greylisted"
    office.hear(booked(visit))
    office.send_all()
    office.server.answers.clear()
    office.hear(moved(visit, 2, LATER))
    office.send_all()
    assert office.server.mails == []
    office.wait(seconds=5)
    office.send_all()
    assert [subject.split()[0] for subject in office.subjects()] == ["Bevestiging", "Uw"]


def test_a_contact_that_is_gone_fails_and_is_told_to_others(office, visit):
    office.town.unknown.add(visit)
    office.hear(booked(visit))
    office.send_all()
    assert office.messages()[0] == ("booked", "failed")
    assert office.history("booked")[-1] == ("failed", "contact-gone")
    assert office.events() == ["bericht-mislukt"]


def test_a_mail_address_that_is_none_fails_and_blocks_nobody(office, visit):
    office.town.email = "sanne@voorbeeld.nl\r\nBcc: all@example.org"
    office.hear(booked(visit))
    office.send_all()
    assert office.history("booked")[-1] == ("failed", "unsendable")


def test_a_reminder_that_could_not_go_in_time_stays_home(office, visit):
    office.hear(booked(visit))
    office.send_all()
    office.server.down()
    office.clock.at = REMINDED
    assert office.try_to_send()
    office.server.up()
    office.clock.at = START - timedelta(minutes=59)
    office.send_all()
    assert len(office.server.mails) == 1
    assert office.history("reminder")[-1] == ("withdrawn", "expired")


# --- crashes --------------------------------------------------------------------------------------------------


class DyingPost(SmtpMail):
    """Dies after the server has taken the mail and before anybody wrote that down."""

    def send(self, mail, *, sender, recipient):
        super().send(mail, sender=sender, recipient=recipient)
        raise KeyboardInterrupt


def test_a_message_whose_sender_died_after_claiming_it_goes_when_the_lease_is_over(office, visit):
    office.hear(booked(visit))
    with office.transactions.work() as work:
        assert storage.claim_due(work, LEASE) is not None
    office.look_after_lapsed()
    office.send_all()
    assert office.server.mails == []
    office.wait(seconds=60)
    office.look_after_lapsed()
    office.wait(seconds=5)
    office.send_all()
    assert len(office.server.mails) == 1
    assert ("scheduled", "lease-expired") in office.history("booked")


def test_a_confirmation_whose_sender_died_after_the_hand_over_goes_again_with_the_same_id(office, pool, visit):
    office.hear(booked(visit))
    dying = Office(pool, office.server, post=DyingPost)
    with pytest.raises(KeyboardInterrupt):
        dying.sender.send_next()
    office.clock.at += HAND_OVER_LEASE
    office.look_after_lapsed()
    office.wait(seconds=5)
    office.send_all()
    first, second = office.server.mails
    assert first["Message-ID"] == second["Message-ID"]
    assert office.messages()[0] == ("booked", "sent") and office.events() == ["bericht-verzonden"]


def test_a_reminder_whose_sender_died_after_the_hand_over_is_not_sent_again(office, pool, visit):
    office.hear(booked(visit))
    office.send_all()
    dying = Office(pool, office.server, post=DyingPost)
    dying.clock.at = office.clock.at = REMINDED
    with pytest.raises(KeyboardInterrupt):
        dying.sender.send_next()
    office.clock.at += HAND_OVER_LEASE
    office.look_after_lapsed()
    office.wait(hours=1)
    office.send_all()
    assert sum("Herinnering" in subject for subject in office.subjects()) == 1
    assert office.history("reminder")[-1] == ("failed", "outcome-unknown")


def test_a_reminder_that_vanished_in_the_connection_is_not_sent_again(office, visit):
    office.hear(booked(visit))
    office.send_all()
    office.clock.at = REMINDED
    office.server.answers["content"] = "drop"
    office.send_all()
    office.server.answers.clear()
    office.wait(hours=1)
    office.send_all()
    assert office.history("reminder")[-1] == ("failed", "outcome-unknown")
    assert len(office.server.mails) == 1


def test_a_reminder_that_vanished_before_the_hand_over_is_sent(office, visit):
    office.hear(booked(visit))
    office.send_all()
    office.clock.at = REMINDED
    with office.transactions.work() as work:
        assert storage.claim_due(work, LEASE) is not None
    office.wait(seconds=61)
    office.look_after_lapsed()
    office.wait(seconds=5)
    office.send_all()
    assert "Herinnering" in office.subjects()[-1]


def test_a_reminder_that_met_a_dead_server_and_then_lost_its_sender_is_still_sent(office, visit):
    office.hear(booked(visit))
    office.send_all()
    office.server.down()
    office.clock.at = REMINDED
    assert office.try_to_send()
    office.server.up()
    office.wait(seconds=5)
    with office.transactions.work() as work:
        assert storage.claim_due(work, LEASE) is not None
    office.clock.at += LEASE
    office.look_after_lapsed()
    office.wait(minutes=1)
    office.send_all()
    assert "Herinnering" in office.subjects()[-1]


def test_a_cancellation_takes_a_reminder_out_of_the_hands_of_its_sender(office, visit):
    office.hear(booked(visit))
    office.send_all()
    office.clock.at = REMINDED
    office.town.while_answering = lambda: office.hear(cancelled(visit, 2))
    assert office.sender.send_next()
    office.town.while_answering = lambda: None
    assert office.messages()[1] == ("reminder", "withdrawn")
    assert len(office.server.mails) == 1


# --- many at once ---------------------------------------------------------------------------------------------


def test_eight_senders_at_once_send_each_message_once(office, pool):
    visits = [uuid4() for _ in range(30)]
    for about in visits:
        office.hear(booked(about))
    senders = [Office(pool, office.server) for _ in range(8)]
    start = Barrier(8)

    def send(sender):
        start.wait()
        sender.send_all()

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(send, senders))
    office.send_all()
    ids = [mail["Message-ID"] for mail in office.server.mails]
    assert len(ids) == len(set(ids)) == 30
    assert all(len(recipients) == 1 for recipients in office.server.recipients)


def test_the_same_event_to_two_instances_at_once_makes_one_message(office, pool, visit):
    event = booked(visit)
    start = Barrier(2)

    def hear(one):
        start.wait()
        one.hear(event)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(hear, [Office(pool, office.server), Office(pool, office.server)]))
    assert office.messages() == [("booked", "scheduled"), ("reminder", "scheduled")]


def test_one_can_ask_which_messages_there_are(office, visit):
    office.hear(booked(visit))
    office.send_all()
    with office.transactions.reading() as reading:
        answer = queries.messages_about(reading, appointment_id=visit)
        nobody = queries.messages_about(reading, appointment_id=uuid4())
    assert [(message["kind"], message["state"]) for message in answer["messages"]] == [
        ("booked", "sent"),
        ("reminder", "scheduled"),
    ]
    assert nobody == {"messages": []}


def test_the_schema_is_the_one_that_the_code_expects(office):
    with office.pool.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
