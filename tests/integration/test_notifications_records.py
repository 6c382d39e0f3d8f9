"""What happens to records is told by mail: the registry's own facts and answers, on databases and a mail server."""

from collections import Counter
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from icalendar import Calendar

from services.civil_registry import queries
from services.civil_registry.storage import forgetting
from services.contracts import civil_registry as contract
from services.contracts.base import dump, load
from services.messaging.envelope import decode
from services.messaging.errors import Refusal, RemoteRefusal, Unavailable
from tests.integration import registry_couples as marriages
from tests.integration import test_civil_registry_deaths as deaths
from tests.integration.notifications_office import MailServer, Office, Town, booked
from tests.integration.registry_desk import (
    BRAM,
    SANNE,
    SOFIE,
    RegistryDesk,
    birth,
    notice,
    population_register,
)

OFFICER, CLERK = RegistryDesk.staff("abs-1"), RegistryDesk.staff("medewerker-1", "clerk")
MIDWIFE, UNDERTAKER = RegistryDesk.firm("care-provider", "99000044"), RegistryDesk.firm("undertaker")


class Both(Town):
    """Appointments as in other tests, and the civil registry itself, reached through the contracts as on the wire."""

    def __init__(self, desk):
        super().__init__()
        self.desk = desk
        self.registry_away = False

    def call(self, service, method, request):
        if service != "civil_registry":
            return super().call(service, method, request)
        if self.registry_away:
            raise Unavailable
        assert method == "contact_of_record"
        try:
            answer = self.desk.ask(contract.AboutFact, queries.contact_of_record, **load(contract.AboutFact, request))
        except Refusal as refusal:
            raise RemoteRefusal(refusal.code, "", {}) from None
        return dump(contract.RecordContact, answer)


class Post(Office):
    """An office that hears all that the registry tells."""

    def __init__(self, pool, server, desk):
        super().__init__(pool, server, clock=desk.clock, town=Both(desk))
        self.desk = desk
        self.heard = 0

    def told(self):
        rows = self.desk.rows("SELECT id, body FROM outbox WHERE id > :heard ORDER BY id", heard=self.heard)
        self.heard = max([self.heard, *(row.id for row in rows)])
        return [decode(bytes(row.body)) for row in rows]

    def deliver(self):
        """Hear what is new, and send all that is due."""
        for fact in self.told():
            self.hear(fact)
        self.send_all()

    def sent(self):
        """Return to whom which mails went."""
        return list(zip((only for (only,) in self.server.recipients), self.subjects(), strict=True))

    def calendars(self, to):
        mails = [mail for (only,), mail in zip(self.server.recipients, self.server.mails, strict=True) if only == to]
        parts = [part for mail in mails for part in mail.walk() if part.get_content_type() == "text/calendar"]
        read = [Calendar.from_ical(part.get_content()) for part in parts]
        return [(str(one["METHOD"]), one.walk("VEVENT")[0]) for one in read]


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def server():
    server = MailServer()
    server.up()
    yield server
    server.down()


@pytest.fixture
def post(databases, brp, server, tmp_path):
    desk = RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)
    return Post(databases("notifications"), server, desk)


def declared(post, **changes):
    parent = post.desk.resident(SANNE)
    return post.desk.act(parent, post.desk.start(parent, "birth", **birth(post.desk, **changes)), "submit")


def asked(post, settled, answer_by="2026-11-30"):
    post.desk.act(CLERK, settled, "assign")
    return post.desk.act(
        CLERK, settled, "request-info", reason="Een naam is niet te lezen.", items=["Naam"], answer_by=answer_by
    )


# --- births


def test_parents_read_of_every_step_of_their_declaration(post):
    desk = post.desk
    settled = declared(post)
    post.deliver()
    desk.confirm_birth(MIDWIFE, **notice(desk))
    desk.check_brp()
    post.deliver()
    desk.act(OFFICER, settled, "assign")
    desk.act(OFFICER, settled, "approve", compared=True)
    for step, particulars in (
        ("draw-deed", {}),
        ("print-deed", {}),
        ("sign-deed", {"signed_on": "2026-11-26"}),
        ("register", {"sheet_is_filed": True}),
    ):
        desk.act(OFFICER, settled, step, **particulars)
    post.deliver()
    assert post.sent() == [
        ("sanne@example.org", "Wij hebben uw geboorteaangifte ontvangen"),
        ("sanne@example.org", "Uw geboorteaangifte is compleet"),
        ("sanne@example.org", "De geboorte is ingeschreven"),
    ]
    for mail in post.server.mails:
        body = mail.get_body(("plain",)).get_content()
        assert settled.receipt in body and "/mijn-zaken" in body
        assert not any(word in mail.as_string() for word in ("Emma", "Johanna", SANNE))
    assert post.rows("SELECT DISTINCT record_id, appointment_id FROM message") == [(settled.record_id, None)]


def test_an_english_speaking_parent_reads_english(post):
    parent = post.desk.resident(SANNE)
    content = birth(post.desk, contact={"language": "en"})
    post.desk.act(parent, post.desk.start(parent, "birth", **content), "submit")
    post.deliver()
    assert post.subjects() == ["We received your birth declaration"]
    assert "/en/my-cases" in post.server.mails[0].get_body(("plain",)).get_content()


def test_a_question_is_reminded_of_two_days_before_the_answer_is_due(post):
    desk = post.desk
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(post)
    asked(post, settled)
    post.deliver()
    post.clock.at = datetime(2026, 11, 28, 7, 59, tzinfo=UTC)
    post.send_all()
    assert len(post.server.mails) == 2
    post.clock.at = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)
    post.send_all()
    assert post.subjects()[1:] == [
        "Wij hebben een vraag over uw geboorteaangifte",
        f"Wij wachten nog op uw antwoord ({settled.receipt})",
    ]
    assert "maandag 30 november 2026" in post.server.mails[2].get_body(("plain",)).get_content()


def test_who_has_answered_is_not_reminded(post):
    desk = post.desk
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(post)
    asked(post, settled)
    post.deliver()
    desk.act(desk.resident(SANNE), settled, "supply-info", note="Emma")
    post.deliver()
    post.wait(days=10)
    post.send_all()
    assert post.history("answer-reminder") == [("scheduled", "event"), ("withdrawn", "answered")]
    assert len(post.server.mails) == 2


def test_a_question_that_was_answered_before_its_mail_could_leave_is_not_put(post):
    desk = post.desk
    desk.confirm_birth(MIDWIFE, **notice(desk))
    settled = declared(post)
    post.deliver()
    asked(post, settled)
    for fact in post.told():
        post.hear(fact)
    desk.act(desk.resident(SANNE), settled, "supply-info", note="Emma")
    post.send_all()
    assert post.history("birth-question")[-1] == ("withdrawn", "answered")
    assert len(post.server.mails) == 1


def test_a_reminder_whose_day_is_over_is_not_sent(post):
    desk = post.desk
    desk.confirm_birth(MIDWIFE, **notice(desk))
    asked(post, declared(post))
    post.deliver()
    post.clock.at = datetime(2026, 11, 30, 23, 0, tzinfo=UTC)
    post.send_all()
    assert post.history("answer-reminder")[-1] == ("withdrawn", "expired")


def test_a_draft_without_an_address_is_written_to_nobody_and_nothing_has_failed(post):
    parent = post.desk.resident(SANNE)
    post.desk.act(parent, post.desk.start(parent, "birth"), "withdraw")
    post.deliver()
    assert post.history("birth-withdrawn")[-1] == ("withdrawn", "no-address")
    assert post.events() == []


def test_a_message_whose_receiver_was_forgotten_fails_for_all_to_see(post):
    settled = declared(post)
    with post.desk.transactions.work() as work:
        forgetting.forget(work, settled.record_id)
    post.deliver()
    assert post.history("birth-awaits-confirmation")[-1] == ("failed", "contact-gone")
    ((body,),) = post.rows("SELECT body FROM outbox")
    failed = decode(bytes(body))
    assert failed.type.endswith("bericht-mislukt")
    assert (failed.data["record_id"], failed.data["appointment_id"]) == (str(settled.record_id), None)


def test_facts_that_come_twice_are_told_once(post):
    declared(post)
    facts = post.told()
    for fact in (*facts, *reversed(facts)):
        post.hear(fact)
    post.send_all()
    assert len(post.server.mails) == 1
    assert post.events() == ["bericht-verzonden"]


def test_while_the_registry_is_silent_mail_about_visits_goes_on(post):
    for minute in ("03:07", "03:12"):  # twins: two messages wait for the registry
        declared(post, child={"born_time": minute})
    post.town.registry_away = True
    for fact in post.told():
        post.hear(fact)
    assert post.try_to_send()
    post.hear(booked(uuid4()))
    post.send_all()
    assert post.subjects() == ["Bevestiging van uw afspraak: donderdag 3 december 2026, 14:20 uur"]
    post.town.registry_away = False
    post.wait(minutes=1)
    post.send_all()
    assert post.subjects()[1:] == ["Wij hebben uw geboorteaangifte ontvangen"] * 2


# --- deaths


def test_an_undertaker_reads_of_the_deed_and_of_the_permit(post):
    desk = post.desk
    settled = deaths.declared(desk)
    deaths.registered(desk, settled)
    permit = deaths.permit_of(desk, settled)
    desk.act(OFFICER, permit, "issue")
    desk.act(OFFICER, permit, "revoke", reason="De verklaring van de arts is ingetrokken.")
    post.deliver()
    number = desk.one("SELECT receipt FROM record WHERE id = :id", id=permit.record_id)
    assert Counter(post.sent()) == {
        ("info@delinde.example", f"Overlijdensaangifte {settled.receipt} is ontvangen"): 1,
        ("info@delinde.example", f"Overlijdensaangifte {settled.receipt}: de akte is klaar"): 1,
        ("info@delinde.example", f"Verlof {number} is afgegeven"): 1,
        ("info@delinde.example", f"Verlof {number} geldt niet meer"): 1,
    }
    said = "".join(mail.get_body(("plain",)).get_content() for mail in post.server.mails)
    assert not any(word in said for word in ("Hendrik", "Scholten"))
    assert "De verklaring van de arts is ingetrokken." in said


def test_an_undertaker_is_warned_before_the_term_ends_and_asked_for_the_originals(post):
    desk = post.desk
    settled = deaths.declared(desk)
    deaths.registered(desk, settled)
    post.deliver()
    desk.clock.at = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    desk.let_time_act()
    post.deliver()
    desk.clock.at = datetime(2026, 12, 10, 8, 0, tzinfo=UTC)
    desk.let_time_act()
    post.deliver()
    assert [subject.partition("(")[0] for subject in post.subjects()[2:]] == [
        "Let op: de termijn voor de uitvaart loopt af ",
        f"Overlijdensaangifte {settled.receipt}: wij missen de originele stukken",
    ]


# --- marriages


def test_the_second_partner_is_invited_and_the_first_told_to_wait(post):
    desk = post.desk
    first = desk.resident(BRAM)
    draft = desk.start(first, "marriage", **marriages.notice(desk))
    desk.act(first, draft, "invite-partner")
    post.deliver()
    assert Counter(post.sent()) == {
        ("bram@example.org", "Uw melding wacht op uw partner"): 1,
        ("sofie@example.org", "Wilt u een melding bij de gemeente bevestigen?"): 1,
    }
    desk.clock.forward(days=3, minutes=1)
    desk.let_time_act()
    desk.act(desk.resident(SOFIE), draft, "decline")
    post.deliver()
    assert Counter(post.sent()[2:]) == {
        ("sofie@example.org", "Herinnering: wilt u een melding bij de gemeente bevestigen?"): 1,
        ("bram@example.org", "Uw partner heeft de melding niet bevestigd"): 1,
    }


def test_a_ceremony_stands_in_both_calendars_moves_and_leaves_them(post):
    desk = post.desk
    settled = marriages.given(desk)
    marriages.accepted(desk, settled)
    marriages.planned(desk, settled)
    post.deliver()
    marriages.planned(desk, settled, time="15:00")
    post.deliver()
    desk.act(desk.resident(SOFIE), settled, "withdraw")
    post.deliver()
    for address in ("bram@example.org", "sofie@example.org"):
        told = post.calendars(address)
        assert [method for method, _ in told] == ["REQUEST", "REQUEST", "CANCEL"]
        assert {str(event["UID"]) for _, event in told} == {str(settled.record_id)}
        numbers = [event["SEQUENCE"] for _, event in told]
        assert numbers == sorted(set(numbers))
        assert [event.decoded("DTSTART").hour for _, event in told][:2] == [14, 15]
    subjects = [subject for to, subject in post.sent() if to == "sofie@example.org"]
    assert subjects[-3:] == [
        "De dag staat vast: vrijdag 18 december 2026, 14:00 uur",
        "De dag is veranderd: vrijdag 18 december 2026, 15:00 uur",
        "Uw melding is ingetrokken",
    ]


def test_a_ceremony_that_nobody_was_told_of_leaves_no_calendar(post):
    desk = post.desk
    settled = marriages.given(desk)
    marriages.accepted(desk, settled)
    post.deliver()
    post.server.down()
    marriages.planned(desk, settled)
    desk.act(desk.resident(BRAM), settled, "withdraw")
    for fact in post.told():
        post.hear(fact)
    post.server.up()
    post.send_all()
    assert post.calendars("bram@example.org") == []
    assert post.history("ceremony-scheduled")[-1] == ("withdrawn", "superseded")
    assert post.subjects()[-1] == "Uw melding is ingetrokken"


def test_after_an_objection_the_ceremony_is_off_and_can_be_planned_anew(post):
    desk = post.desk
    settled = marriages.given(desk)
    marriages.accepted(desk, settled)
    marriages.planned(desk, settled)
    post.deliver()
    desk.act(OFFICER, settled, "record-objection", ground="Eerder huwelijk", reference="2026/12")
    post.deliver()
    desk.act(OFFICER, settled, "lift-objection", ground="Ingetrokken", reference="2026/13")
    desk.act(desk.resident(BRAM), settled, "withdraw")
    post.deliver()
    assert [method for method, _ in post.calendars("bram@example.org")] == ["REQUEST", "CANCEL"]
    assert [subject for to, subject in post.sent() if to == "bram@example.org"][-3:] == [
        "Er is nieuws over uw melding",
        "Er is goed nieuws over uw melding",
        "Uw melding is ingetrokken",
    ]
    assert "Eerder huwelijk" not in "".join(mail.as_string() for mail in post.server.mails)


def test_a_couple_with_one_address_gets_each_mail_once(post):
    desk = post.desk
    settled = marriages.given(desk, partner_2={"bsn": desk.seal(SOFIE), "email": "bram@example.org"})
    marriages.accepted(desk, settled)
    post.deliver()
    assert Counter(subject for _, subject in post.sent()) == {
        "Uw melding wacht op uw partner": 1,
        "Wilt u een melding bij de gemeente bevestigen?": 1,
        "Uw melding is compleet": 1,
        "Uw melding is in orde": 1,
    }


def test_a_couple_that_plans_nothing_is_reminded_and_told_when_the_notice_ends(post):
    desk = post.desk
    settled = marriages.given(desk)
    marriages.accepted(desk, settled)
    post.deliver()
    before = len(post.server.mails)
    for on in (datetime(2027, 1, 4), datetime(2027, 9, 27), datetime(2027, 11, 27)):
        desk.clock.at = on.replace(hour=9, tzinfo=UTC)
        desk.let_time_act()
        post.deliver()
    assert Counter(subject for _, subject in post.sent()[before:]) == {
        "U heeft nog geen dag gekozen": 2,
        "Uw melding is verlopen": 2,
    }
