"""A marriage from both partners' notice to the register, on a real database."""

from datetime import UTC, datetime

import pytest

from services.civil_registry.domain.errors import FindingsOpen, NotYourRole, RoomNotFree
from services.civil_registry.domain.marriage_errors import MarriageTooSoon, NotTheWeddingDay, WitnessCount
from tests.integration.registry_couples import (
    DAY,
    HELD,
    OFFICER,
    SPECIAL,
    accepted,
    given,
    notice,
    planned,
    ready,
    witness,
)
from tests.integration.registry_desk import BRAM, SANNE, RegistryDesk, population_register


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=10), brp, tmp_path)


def test_two_give_notice_and_are_married_on_their_day(desk):
    settled = given(desk)
    assert settled.status == "submitted"
    accepted(desk, settled)
    terms = desk.record(OFFICER, settled)["terms"]
    assert (terms["marry_from"], terms["marry_by"]) == ("2026-12-10", "2027-11-26")
    planned(desk, settled, officer_id="babs-1")
    ready(desk, settled)
    with pytest.raises(NotTheWeddingDay):
        desk.act(SPECIAL, settled, "record-ceremony", **HELD)
    desk.clock.at = datetime(2026, 12, 18, 13, 20, tzinfo=UTC)
    desk.act(SPECIAL, settled, "record-ceremony", **HELD)
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
    one, other = given(desk), given(desk, "999980233", "999980245", time="10:00")
    accepted(desk, one)
    accepted(desk, other)
    planned(desk, one)
    with pytest.raises(RoomNotFree) as refused:
        planned(desk, other, desk.resident("999980233"), time="14:30")
    assert refused.value.facts == {"what": "room"}
    assert planned(desk, other, desk.resident("999980233"), time="15:00").status == "scheduled"


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
