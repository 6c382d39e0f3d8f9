"""Permits to bury, cremate or dissect: given, changed, revoked, forbidden and asked for anew, on a real database."""

from datetime import UTC, datetime

import pytest

from services.civil_registry import queries
from services.civil_registry.domain.death_errors import (
    DissectionNotAllowed,
    FuneralForbidden,
    FuneralTooEarly,
    FuneralTooLate,
    PermitGiven,
)
from services.civil_registry.domain.errors import NotNow, NotYourRole
from services.contracts import civil_registry as contract
from tests.integration.registry_desk import RegistryDesk, population_register
from tests.integration.test_civil_registry_deaths import (
    DELEGATE,
    OFFICER,
    UNDERTAKER,
    death,
    declared,
    permit_of,
    registered,
)

FUNERAL = {"kind": "cremation", "at": "2026-12-01T10:00:00+00:00", "place": "Crematorium Twente"}
SCIENCE = {"kind": "science", "at": "2026-12-15T10:00:00+00:00", "place": "UMC Groningen"}


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def permitted(desk, **changes):
    settled = declared(desk, **changes)
    registered(desk, settled)
    permit = permit_of(desk, settled)
    desk.act(OFFICER, permit, "issue")
    return settled, permit


def states(desk, permit):
    return [paper["state"] for paper in desk.record(UNDERTAKER, permit)["documents"]]


def test_an_amended_permit_stands_in_the_place_of_the_old_one(desk):
    _, permit = permitted(desk)
    desk.clock.forward(minutes=5)
    desk.act(OFFICER, permit, "amend", funeral=FUNERAL, reason="De uitvaart is een dag later")
    assert states(desk, permit) == ["valid", "replaced"]
    new, old = desk.rows("SELECT id FROM document WHERE record_id = :id ORDER BY issued_at DESC", id=permit.record_id)
    assert desk.one("SELECT replaced_by FROM document_event WHERE document_id = :id", id=old.id) == new.id
    seen = desk.record(UNDERTAKER, permit)
    assert seen["decisions"]["amended_because"] == "De uitvaart is een dag later"
    assert str(seen["due_on"]) == "2026-12-01"


def test_a_revoked_permit_does_not_count_and_another_one_can_be_asked_for(desk):
    settled, permit = permitted(desk)
    with pytest.raises(NotNow):
        desk.act(UNDERTAKER, settled, "request-permit", funeral=FUNERAL)
    desk.act(OFFICER, permit, "revoke", reason="Verkeerde persoon")
    assert states(desk, permit) == ["withdrawn"]
    assert desk.record(UNDERTAKER, permit)["decisions"] == {"revoked_because": "Verkeerde persoon"}
    desk.clock.forward(minutes=1)
    desk.act(UNDERTAKER, settled, "request-permit", funeral=FUNERAL)
    first, second = desk.record(UNDERTAKER, settled)["children"]
    assert (first["status"], second["status"]) == ("revoked", "requested")
    assert str(second["due_on"]) == "2026-12-01"


def test_a_refused_permit_says_why(desk):
    settled = declared(desk)
    permit = permit_of(desk, settled)
    desk.act(OFFICER, permit, "refuse", reason="Er is geen verklaring van overlijden")
    seen = desk.record(UNDERTAKER, permit)
    assert (seen["status"], seen["decisions"]["refused_because"]) == ("refused", "Er is geen verklaring van overlijden")


def test_a_declaration_with_a_permit_that_stands_cannot_come_to_nothing(desk):
    settled = declared(desk)
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    permit = permit_of(desk, settled)
    desk.act(OFFICER, permit, "issue", reason="Begrafenis vandaag, de akte volgt")
    for command, who in (("withdraw", UNDERTAKER), ("refuse", OFFICER)):
        with pytest.raises(PermitGiven):
            desk.act(who, settled, command, **({"reason": "x"} if command == "refuse" else {}))
    desk.act(OFFICER, permit, "revoke", reason="De aangifte klopt niet")
    assert desk.act(OFFICER, settled, "refuse", reason="De aangifte klopt niet").status == "refused"


def test_a_plan_outside_the_term_is_refused_at_once_unless_another_term_is_asked_for(desk):
    early, late = "2026-11-26T20:00:00+00:00", "2026-12-08T10:00:00+00:00"
    with pytest.raises(FuneralTooEarly):
        declared(desk, funeral={"at": early})
    settled = declared(desk, funeral={"at": None})
    permit = permit_of(desk, settled)
    assert str(desk.record(OFFICER, permit)["due_on"]) == "2026-12-03"
    with pytest.raises(FuneralTooLate):
        desk.act(UNDERTAKER, permit, "plan", funeral={**FUNERAL, "at": late})
    assert desk.record(OFFICER, permit)["queue"] == "permit-to-issue"
    asked = {**FUNERAL, "at": late, "plan": "later", "reason": "Familie uit Australië"}
    desk.act(UNDERTAKER, permit, "plan", funeral=asked)
    assert desk.record(OFFICER, permit)["queue"] == "mayor-to-decide"
    decided = {"plan": "later", "last_on": "2026-12-10", "doctor": "J. Arts", "reason": "Familie reist"}
    desk.act(DELEGATE, permit, "decide-term", **decided)
    seen = desk.record(UNDERTAKER, permit)
    assert seen["queue"] == "permit-to-issue"
    assert seen["terms"]["funeral_by"] == "2026-12-10"
    assert seen["decisions"]["term"]["reason"] == "Familie reist"
    assert "doctor" not in seen["decisions"]["term"]


def test_a_body_for_science_needs_the_mayors_permit_and_not_a_registrars(desk):
    settled = declared(desk, funeral=SCIENCE)
    registered(desk, settled)
    permit = permit_of(desk, settled)
    seen = desk.record(DELEGATE, permit)
    assert (seen["queue"], str(seen["due_on"])) == ("mayor-to-decide", "2026-11-30")
    assert "funeral_by" not in seen["terms"]
    with pytest.raises(NotYourRole):
        desk.act(OFFICER, permit, "issue")
    with pytest.raises(DissectionNotAllowed) as refused:
        desk.act(DELEGATE, permit, "issue")
    assert refused.value.facts == {"missing": ["will-or-consent"]}
    desk.attach(UNDERTAKER, permit, "body-donation")
    assert desk.act(DELEGATE, permit, "issue").status == "issued"
    with pytest.raises(NotYourRole):
        desk.act(OFFICER, permit, "amend", funeral={**FUNERAL}, reason="Toch een crematie")


def test_no_permit_is_given_while_the_prosecutor_forbids_it(desk):
    settled = declared(desk)
    registered(desk, settled)
    permit = permit_of(desk, settled)
    desk.act(OFFICER, permit, "record-measure", forbids=["cremation"], reference="OM 2026/7")
    seen = desk.record(UNDERTAKER, permit)
    assert (seen["queue"], seen["decisions"]["forbidden"]) == ("prosecutor", ["cremation"])
    with pytest.raises(FuneralForbidden):
        desk.act(OFFICER, permit, "issue")
    desk.act(UNDERTAKER, permit, "plan", funeral={**FUNERAL, "kind": "burial"})
    assert desk.act(OFFICER, permit, "issue").status == "issued"


def test_a_measure_that_is_lifted_stops_nothing(desk):
    settled = declared(desk)
    registered(desk, settled)
    permit = permit_of(desk, settled)
    desk.act(OFFICER, permit, "record-measure", forbids=["burial", "cremation"], reference="OM 2026/7")
    desk.act(OFFICER, permit, "record-measure", forbids=[], reference="OM 2026/8")
    assert desk.act(OFFICER, permit, "issue").status == "issued"


def test_an_officer_is_told_on_the_fifth_working_day_that_a_permit_is_missing(desk):
    settled = declared(desk, funeral={"at": None})
    permit = permit_of(desk, settled)
    desk.clock.at = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)  # the fifth working day, eight o'clock
    desk.let_time_act()
    assert desk.record(OFFICER, permit)["queue"] == "permit-escalated"
    desk.clock.forward(hours=1)
    desk.act(UNDERTAKER, permit, "plan", funeral={**FUNERAL, "at": "2026-12-03T10:00:00+00:00"})
    desk.let_time_act()
    assert [row.command for row in desk.rows("SELECT command FROM record_history WHERE command = 'escalate'")] == [
        "escalate"
    ]
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    desk.act(OFFICER, permit, "issue", reason="De akte volgt vandaag")
    assert desk.record(OFFICER, permit)["flags"] == []


def test_who_declares_on_the_fifth_day_is_escalated_at_once(desk):
    desk.clock.at = datetime(2026, 12, 2, 9, 0, tzinfo=UTC)
    settled = declared(desk, funeral={"at": None})
    desk.let_time_act()
    assert desk.record(OFFICER, permit_of(desk, settled))["queue"] == "permit-escalated"


def test_the_paper_originals_are_asked_for_after_a_week(desk):
    settled = declared(desk)
    registered(desk, settled)
    assert desk.record(UNDERTAKER, settled)["terms"]["originals_by"] == "2026-12-03"
    desk.clock.at = datetime(2026, 12, 4, 6, 59, tzinfo=UTC)
    assert "originele-stukken-herinnerd" not in told_after(desk, settled)
    desk.clock.forward(minutes=1)
    assert "originele-stukken-herinnerd" in told_after(desk, settled)


def told_after(desk, settled):
    desk.let_time_act()
    return desk.told(settled.record_id)


# --- another permit than the one that was given

WISH = {"funeral": FUNERAL, "reason": "De familie wil een dag later"}


def test_an_undertaker_asks_for_another_permit_and_the_one_that_was_given_counts_until_then(desk):
    _, permit = permitted(desk)
    desk.act(UNDERTAKER, permit, "request-amendment", **WISH)
    seen = desk.record(OFFICER, permit)
    assert (seen["status"], seen["queue"], states(desk, permit)) == ("issued", "permit-to-issue", ["valid"])
    assert seen["decisions"]["wish"]["funeral"]["at"] == "2026-12-01T10:00:00+00:00"
    assert funerals(desk)["open"][0]["permit"]["flags"] == ["amendment-asked"]
    desk.clock.forward(minutes=5)
    desk.act(OFFICER, permit, "amend", **WISH)
    seen = desk.record(UNDERTAKER, permit)
    assert (seen["queue"], seen["flags"]) == ("permit-in-use", [])
    assert "wish" not in seen["decisions"]
    assert states(desk, permit) == ["valid", "replaced"]


def test_an_officer_leaves_a_permit_as_it_is_and_says_why(desk):
    _, permit = permitted(desk)
    with pytest.raises(NotNow):
        desk.act(OFFICER, permit, "decline-amendment", reason="Niemand vroeg erom")
    desk.act(UNDERTAKER, permit, "request-amendment", **WISH)
    desk.act(OFFICER, permit, "decline-amendment", reason="De oven is die dag dicht")
    seen = desk.record(UNDERTAKER, permit)
    assert seen["decisions"] == {"amendment_declined_because": "De oven is die dag dicht"}
    assert (seen["queue"], states(desk, permit)) == ("permit-in-use", ["valid"])
    assert seen["history"][-1]["note"] == "De oven is die dag dicht"


def test_another_permit_after_the_term_waits_for_the_mayor_first(desk):
    _, permit = permitted(desk)
    late = {**FUNERAL, "at": "2026-12-08T10:00:00+00:00"}
    with pytest.raises(FuneralTooLate):
        desk.act(UNDERTAKER, permit, "request-amendment", funeral=late, reason="Familie reist")
    asked = {**late, "plan": "later", "reason": "Familie reist"}
    desk.act(UNDERTAKER, permit, "request-amendment", funeral=asked, reason="Familie reist")
    assert desk.record(DELEGATE, permit)["queue"] == "mayor-to-decide"
    decided = {"plan": "later", "last_on": "2026-12-10", "doctor": "J. Arts", "reason": "Familie reist"}
    desk.act(DELEGATE, permit, "decide-term", **decided)
    assert desk.record(OFFICER, permit)["queue"] == "permit-to-issue"
    desk.clock.forward(minutes=5)
    desk.act(OFFICER, permit, "amend", funeral=asked, reason="Familie reist")
    assert str(desk.record(UNDERTAKER, permit)["due_on"]) == "2026-12-08"


# --- the firm's list


def test_a_draft_says_what_keeps_it_from_being_sent(desk):
    draft = desk.start(UNDERTAKER, "death", death=death(desk)["death"])
    assert funerals(desk)["open"][0]["stops"] == "not-complete"
    rest = {name: part for name, part in death(desk).items() if name != "confirmed"}
    desk.save(UNDERTAKER, draft, **rest)
    assert funerals(desk)["open"][0]["stops"] == "death-certificate-missing"
    desk.attach(UNDERTAKER, draft, "a-certificate")
    assert funerals(desk)["open"][0]["stops"] == ""
    desk.save(UNDERTAKER, draft, confirmed=True)
    desk.act(UNDERTAKER, draft, "submit")
    assert funerals(desk)["open"][0]["stops"] is None


def funerals(desk, who=UNDERTAKER, **asked):
    return desk.ask(contract.MyFunerals, queries.my_funerals, actor=who, **asked)


def named(desk, surname, **changes):
    return {**death(desk)["deceased"], "surname": surname, "bsn": None, "no_bsn": "visitor"} | changes


def test_a_firm_sees_first_what_it_has_to_do_and_what_is_nearly_too_late(desk):
    handed_in = declared(desk)
    desk.clock.forward(minutes=1)
    draft = desk.start(UNDERTAKER, "death", death=death(desk)["death"])
    desk.clock.forward(minutes=1)
    asked = declared(desk)
    desk.act(OFFICER, asked, "assign")
    desk.act(OFFICER, asked, "request-info", reason="Klopt het?", items=["naam"], answer_by="2026-11-27")
    listed = funerals(desk)["open"]
    assert [one["record_id"] for one in listed] == [asked.record_id, draft.record_id, handed_in.record_id]
    assert [one["urgency"] for one in listed] == ["act", "act", "waiting"]
    assert str(listed[0]["answer_by"]) == "2026-11-27"
    desk.clock.at = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)  # a Friday; the funeral is on Monday
    assert funerals(desk)["open"][0]["urgency"] == "soon"
    assert listed[-1]["permit"]["funeral"]["kind"] == "cremation"
    assert funerals(desk, desk.firm("undertaker", "99000022"))["open"] == []


def test_a_firm_finds_a_declaration_by_its_number_or_that_of_its_permit(desk):
    settled, permit = permitted(desk)
    number = desk.one("SELECT receipt FROM record WHERE id = :id", id=permit.record_id)
    for receipt in (settled.receipt, settled.receipt.lower().replace("-", ""), number):
        assert [one["record_id"] for one in funerals(desk, receipt=receipt)["open"]] == [settled.record_id]
    other = desk.firm("undertaker", "99000022")
    assert funerals(desk, other, receipt=settled.receipt)["open"] == []
    assert funerals(desk, receipt="O-2026-000000")["open"] == []


def test_what_needs_nobody_any_more_stands_apart(desk):
    settled, permit = permitted(desk)
    desk.clock.forward(minutes=1)
    gone = desk.start(UNDERTAKER, "death")
    desk.act(UNDERTAKER, gone, "withdraw")
    assert [one["record_id"] for one in funerals(desk)["done"]] == [gone.record_id]
    desk.act(OFFICER, settled, "record-originals", received_on="2026-11-26")
    assert [one["urgency"] for one in funerals(desk)["open"]] == ["none"]  # the funeral lies ahead
    desk.act(OFFICER, permit, "record-funeral", held_on="2026-11-30")
    listed = funerals(desk)
    assert listed["open"] == []
    assert [one["record_id"] for one in listed["done"]] == [gone.record_id, settled.record_id]
    assert not listed["more"]


def test_the_declarant_is_taken_over_from_the_firms_last_declaration(desk):
    assert last(desk) == {"declarant": None, "contact": None}
    declared(desk)
    desk.clock.forward(minutes=1)
    desk.start(UNDERTAKER, "death", death=death(desk)["death"])
    assert last(desk)["declarant"]["surname"] == "Linde"
    assert last(desk)["contact"]["email"] == "info@delinde.example"
    assert last(desk, desk.firm("undertaker", "99000022"))["declarant"] is None


def last(desk, who=UNDERTAKER):
    return desk.ask(contract.LastDeclarant, queries.last_declarant, actor=who)


def test_residents_ask_none_of_this(desk):
    resident = desk.resident("999980348")
    for request, query, asked in (
        (contract.MyFunerals, queries.my_funerals, {}),
        (contract.CheckDeath, queries.check_death, {}),
        (contract.LastDeclarant, queries.last_declarant, {}),
    ):
        with pytest.raises(NotYourRole):
            desk.ask(request, query, actor=resident, **asked)
