"""What the civil registry tells other services: whom to write to, what a mail may say, who died."""

import json

import pytest
from sqlalchemy import text

from services.civil_registry import queries
from services.civil_registry.commands import registers
from services.civil_registry.domain.errors import RecordUnknown
from services.civil_registry.storage import forgetting
from services.contracts import civil_registry as contract
from services.contracts.base import dump, load
from services.messaging.envelope import decode
from tests.integration import registry_couples as marriages
from tests.integration import test_civil_registry_deaths as deaths
from tests.integration.registry_desk import BRAM, SANNE, SOFIE, RegistryDesk, birth, population_register

OFFICER, CLERK = RegistryDesk.staff("abs-1"), RegistryDesk.staff("medewerker-1", "clerk")
OFFICE = {"office": "Hengelosestraat 51, 7514 AD Enschede", "telephone": "14 053"}


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def contact_of(desk, settled):
    answer = desk.ask(contract.AboutFact, queries.contact_of_record, record_id=settled.record_id)
    return load(contract.RecordContact, dump(contract.RecordContact, answer))


def departed(desk, settled):
    answer = desk.ask(contract.AboutFact, queries.departed, record_id=settled.record_id)
    return load(contract.Departed, dump(contract.Departed, answer))


def events_of(desk, settled):
    rows = desk.rows("SELECT body FROM outbox WHERE aggregate_id = :id ORDER BY id", id=settled.record_id)
    return [decode(bytes(row.body)) for row in rows]


def declared_birth(desk, **changes):
    parent = desk.resident(SANNE)
    return desk.act(parent, desk.start(parent, "birth", **birth(desk, **changes)), "submit")


# --- whom to write to, and what about


def test_a_refused_birth_says_why_and_until_when_the_court_may_be_asked(desk):
    parent = desk.resident(SANNE)
    draft = desk.start(parent, "birth", **birth(desk))
    desk.attach(parent, draft, "birth-statement")
    settled = desk.act(parent, draft, "submit")
    desk.act(OFFICER, settled, "assign")
    desk.act(OFFICER, settled, "refuse", reason="De voornaam is een achternaam.")
    told = contact_of(desk, settled)
    assert (told["email"], told["language"], told["status"]) == ("sanne@example.org", "nl", "refused")
    assert told["facts"] == {
        **OFFICE,
        "declare_by": "2026-11-30",
        "refused_because": "De voornaam is een achternaam.",
        "remedy_by": "2027-01-07",
    }


def test_a_question_is_told_with_its_last_day_in_the_event_and_withdrawn_when_it_is_answered(desk):
    parent = desk.resident(SANNE)
    draft = desk.start(parent, "birth", **birth(desk))
    desk.attach(parent, draft, "birth-statement")
    settled = desk.act(parent, draft, "submit")
    desk.act(CLERK, settled, "assign")
    question = {"reason": "De naam is niet te lezen.", "items": ["Alle voornamen"], "answer_by": "2026-11-27"}
    desk.act(CLERK, settled, "request-info", **question)
    assert events_of(desk, settled)[-1].data["answer_by"] == "2026-11-27"
    facts = contact_of(desk, settled)["facts"]
    assert {name: facts[name] for name in question} == question
    desk.act(parent, settled, "supply-info", note="Emma Johanna")
    assert events_of(desk, settled)[-1].data["answer_by"] is None
    assert "reason" not in contact_of(desk, settled)["facts"]


def test_a_draft_without_an_address_has_nobody_to_write_to_yet(desk):
    draft = desk.start(desk.resident(SANNE), "birth")
    assert contact_of(desk, draft)["email"] is None


def test_who_was_forgotten_cannot_be_written_to(desk):
    settled = declared_birth(desk)
    with desk.transactions.work() as work:
        forgetting.forget(work, settled.record_id)
    with pytest.raises(RecordUnknown):
        contact_of(desk, settled)


def test_a_permit_is_written_about_to_who_declared_the_death(desk):
    settled = deaths.declared(desk)
    permit = deaths.permit_of(desk, settled)
    told = contact_of(desk, permit)
    assert (told["email"], told["kind"], told["source"]) == ("info@delinde.example", "funeral-permit", "online")
    assert told["facts"] == {**OFFICE, "funeral_from": "2026-11-27T09:10:00+00:00", "funeral_by": "2026-12-03"}
    assert told["receipt"].startswith("L-")


def test_a_revoked_permit_says_why_and_a_term_of_the_mayor_only_its_days(desk):
    settled = deaths.declared(desk, funeral={"at": "2026-12-09T10:00:00+00:00", "plan": "later"})
    deaths.registered(desk, settled)
    permit = deaths.permit_of(desk, settled)
    desk.act(
        deaths.DELEGATE, permit, "decide-term", plan="later", last_on="2026-12-10", doctor="J. Arts", reason="Familie"
    )
    assert contact_of(desk, permit)["facts"]["term"] == {"not_before_at": None, "last_on": "2026-12-10"}
    desk.act(OFFICER, permit, "issue")
    desk.act(OFFICER, permit, "revoke", reason="De verklaring is ingetrokken.")
    assert contact_of(desk, permit)["facts"]["revoked_because"] == "De verklaring is ingetrokken."


def test_a_planned_ceremony_is_told_with_its_room_to_both_partners(desk):
    settled = marriages.given(desk)
    marriages.accepted(desk, settled)
    marriages.planned(desk, settled)
    told = contact_of(desk, settled)
    assert (told["email"], told["partner_email"]) == ("bram@example.org", "sofie@example.org")
    facts = {
        **OFFICE,
        "marry_from": "2026-12-10",
        "marry_by": "2027-11-26",
        "bond": "marriage",
        "starts_at": "2026-12-18T13:00:00+00:00",
        "ends_at": "2026-12-18T14:00:00+00:00",
        "room": "Trouwzaal Stadhuis",
    }
    assert facts.items() <= told["facts"].items()
    desk.act(desk.resident(BRAM), settled, "withdraw")
    assert contact_of(desk, settled)["facts"]["starts_at"] == "2026-12-18T13:00:00+00:00"  # the calendar has to know


def test_nothing_that_is_told_holds_a_citizen_service_number(desk):
    settled = marriages.given(desk)
    told = json.dumps(contact_of(desk, settled), default=str)
    assert not any(number in told for number in (BRAM, SOFIE))


# --- who died


def test_who_died_is_told_once_the_deed_stands_in_the_register_and_the_look_is_logged(desk):
    settled = deaths.declared(desk)
    with pytest.raises(RecordUnknown):
        departed(desk, settled)
    deaths.registered(desk, settled)
    before = desk.one("SELECT count(*) FROM access_log")
    told = departed(desk, settled)
    assert (told["first_names"], told["surname"], str(told["born_on"])) == ("Hendrik Jan", "Scholten", "1944-05-05")
    assert str(told["died_on"]) == "2026-11-25"
    assert desk.one("SELECT count(*) FROM access_log") == before + 1


def test_of_a_stillborn_child_nothing_is_told(desk):
    settled = deaths.declared(desk)
    deaths.registered(desk, settled)
    with desk.pool.begin() as connection:
        connection.execute(text("UPDATE record SET content = jsonb_set(content, '{death,stillborn}', 'true')"))
    with pytest.raises(RecordUnknown):
        departed(desk, settled)


def test_a_deed_that_a_court_strikes_out_is_told_once_and_nobody_died_any_more(desk):
    settled = deaths.declared(desk)
    deaths.registered(desk, settled)
    order = {
        "register_year": 2026,
        "number": "2A0001",
        "court": "rechtbank Overijssel",
        "judged_on": "2026-08-20",
        "orders": "doorhaling van deze akte",
        "cancels": True,
    }
    for source in ("Rb. Overijssel 2026/1", "Rb. Overijssel 2026/1", "Rb. Overijssel 2026/2"):
        asked = load(contract.AddCourtOrder, {"actor": OFFICER, "source_reference": source, **order})
        with desk.transactions.work() as work:
            registers.add_court_order(work, desk.office, **asked)
    told = [event for event in events_of(desk, settled) if event.type == contract.DeedCancelledByCourt.type]
    assert len(told) == 1
    assert [event.version for event in events_of(desk, settled)] == list(range(1, told[0].version + 1))
    with pytest.raises(RecordUnknown):
        departed(desk, settled)
