"""A marriage from both partners' notice to the register, on a real database."""

from datetime import UTC, datetime

import pytest

from services.civil_registry.domain.errors import FindingsOpen, NotYourRole, RoomNotFree
from services.civil_registry.domain.marriage_errors import MarriageTooSoon, NotTheWeddingDay, WitnessCount
from tests.integration.registry_desk import BRAM, SANNE, SOFIE, THOMAS, RegistryDesk, population_register

OFFICER, SPECIAL = RegistryDesk.staff("abs-1"), RegistryDesk.staff("babs-1", "special-officer")
DAY = "2026-12-18"


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def witness(first_names):
    return {"first_names": first_names, "surname": "Getuige", "born_on": "1990-01-01", "address": "Markt 1, Enschede"}


def notice(desk, one=BRAM, other=SOFIE, **changes):
    content = {
        "bond": "marriage",
        "partner_1": {"bsn": desk.seal(one)},
        "partner_2": {"bsn": desk.seal(other), "email": "sofie@example.org"},
        "kinship": "none",
        "witnesses": [witness("Anna"), witness("Bea")],
        "ceremony": {"on": DAY, "time": "14:00", "room_id": "stadhuis-trouwzaal"},
        "contact": {"email": "bram@example.org", "language": "nl"},
        "confirmed": True,
    }
    return {**content, **changes}


def given(desk, one=BRAM, other=SOFIE, **changes):
    first = desk.resident(one)
    draft = desk.start(first, "marriage", **notice(desk, one, other, **changes))
    desk.act(first, draft, "invite-partner")
    return desk.act(desk.resident(other), draft, "assent", agrees=True)


def accepted(desk, settled):
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    return desk.act(OFFICER, settled, "accept", compared=True)


def planned(desk, settled, who=None, **changes):
    ceremony = {"on": DAY, "time": "14:00", "room_id": "stadhuis-trouwzaal", **changes}
    return desk.act(who or desk.resident(BRAM), settled, "schedule", ceremony=ceremony)


def test_two_give_notice_and_are_married_on_their_day(desk):
    settled = given(desk)
    assert settled.status == "submitted"
    accepted(desk, settled)
    assert desk.record(OFFICER, settled)["terms"] == {"marry_from": "2026-12-10", "marry_by": "2027-11-26"}
    planned(desk, settled, officer_id="babs-1")
    desk.clock.at = datetime(2026, 12, 16, 9, 0, tzinfo=UTC)
    desk.act(OFFICER, settled, "recheck")
    desk.check_brp()
    desk.act(OFFICER, settled, "final-check")
    held = {
        "both_present": True,
        "both_identified": True,
        "both_said_yes": True,
        "witnesses": [0, 1],
        "held_time": "14:05",
    }
    with pytest.raises(NotTheWeddingDay):
        desk.act(SPECIAL, settled, "record-ceremony", **held)
    desk.clock.at = datetime(2026, 12, 18, 13, 20, tzinfo=UTC)
    desk.act(SPECIAL, settled, "record-ceremony", **held)
    desk.act(SPECIAL, settled, "print-deed")
    desk.act(SPECIAL, settled, "sign-deed", signed_on=DAY)
    done = desk.act(SPECIAL, settled, "register", sheet_is_filed=True)
    assert done.status == "registered"
    assert desk.record(OFFICER, settled)["deed_number"] == "3A0001"
    text = desk.one("SELECT text FROM deed")
    assert "Hendriks" in text and "Dekker" in text and "Getuige" in text
    assert desk.told(settled.record_id)[-1] == "huwelijk-geregistreerd"


def test_the_second_partner_confirms_with_a_log_in_of_his_own(desk):
    first = desk.resident(BRAM)
    draft = desk.start(first, "marriage", **notice(desk))
    desk.act(first, draft, "invite-partner")
    with pytest.raises(NotYourRole):
        desk.act(first, draft, "assent", agrees=True)


def test_one_witness_is_too_few(desk):
    first = desk.resident(BRAM)
    draft = desk.start(first, "marriage", **notice(desk, witnesses=[witness("Anna")]))
    with pytest.raises(WitnessCount):
        desk.act(first, draft, "invite-partner")


def test_who_is_married_cannot_marry(desk):
    settled = given(desk, BRAM, SANNE)
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    with pytest.raises(FindingsOpen) as refused:
        desk.act(OFFICER, settled, "accept", compared=True)
    assert refused.value.facts["codes"] == ["marriage-existing-bond"]


def test_no_ceremony_before_the_fourteenth_day(desk):
    settled = given(desk)
    accepted(desk, settled)
    with pytest.raises(MarriageTooSoon):
        planned(desk, settled, on="2026-12-09")


def test_a_room_has_one_ceremony_at_a_time(desk):
    one, other = given(desk), given(desk, THOMAS, "999980208")
    desk.check_brp()
    for settled in (one,):
        desk.act(OFFICER, settled, "assign")
        desk.act(OFFICER, settled, "accept", compared=True)
    planned(desk, one)
    second = given(desk, "999980233", "999980245")
    accepted(desk, second)
    with pytest.raises(RoomNotFree):
        planned(desk, second, desk.resident("999980233"), time="14:30")
    assert planned(desk, second, desk.resident("999980233"), time="15:00").status == "scheduled"
    assert other


def test_a_notice_is_good_for_a_year(desk):
    settled = given(desk)
    accepted(desk, settled)
    desk.clock.at = datetime(2027, 11, 27, 9, 0, tzinfo=UTC)
    desk.let_time_act()
    assert desk.record(OFFICER, settled)["status"] == "expired"


def test_a_partner_who_does_not_answer_is_reminded_twice(desk):
    first = desk.resident(BRAM)
    draft = desk.start(first, "marriage", **notice(desk))
    desk.act(first, draft, "invite-partner")
    for day in (29, 30):
        desk.clock.at = datetime(2026, 11, day, 12, 0, tzinfo=UTC)
        desk.let_time_act()
    desk.clock.at = datetime(2026, 12, 20, 12, 0, tzinfo=UTC)
    desk.let_time_act()
    assert desk.told(draft.record_id).count("partner-herinnerd") == 2
