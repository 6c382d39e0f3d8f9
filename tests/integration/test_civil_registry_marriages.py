"""A marriage from both partners' notice to the register, on a real database."""

from datetime import UTC, datetime

import pytest

from services.civil_registry import queries
from services.civil_registry.domain.errors import FindingsOpen, NotYourRole, RoomNotFree
from services.civil_registry.domain.marriage_errors import MarriageTooSoon, NotTheWeddingDay, WitnessCount
from services.civil_registry.outside.brp import Brp
from services.civil_registry.settings import BrpSettings
from services.contracts import civil_registry as contract
from services.contracts.base import load
from services.messaging.settings import Secret
from tests.integration.registry_couples import (
    DAY,
    HELD,
    OFFICER,
    SPECIAL,
    accepted,
    given,
    invited,
    notice,
    planned,
    ready,
    witness,
)
from tests.integration.registry_desk import BRAM, SANNE, SOFIE, RegistryDesk, population_register


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


# --- asked beforehand, and told to both


FREE = {
    "bond": "marriage", "both_adult": True, "both_resident": True, "bound": "no", "kinship": "none",
    "guardianship": False, "residence": "dutch",
}  # fmt: skip


def asked_beforehand(desk, who=None, **answers):
    asked = load(contract.CheckMarriage, {"actor": who or desk.resident(BRAM), "answers": FREE | answers})
    with desk.transactions.reading() as reading:
        return queries.check_marriage(reading, desk.office, desk.brp, **asked)


def texts(told):
    return [one["text"] for one in told["obstacles"]]


def mine(desk, who):
    return desk.ask(contract.MyRecords, queries.my_records, actor=who)["records"]


def test_beforehand_two_free_adults_hear_between_which_days_they_can_marry(desk):
    told = asked_beforehand(desk)
    assert told["obstacles"] == []
    assert (str(told["marry_from"]), str(told["marry_by"])) == ("2026-12-10", "2027-11-26")


def test_beforehand_the_population_register_knows_who_is_married(desk):
    assert texts(asked_beforehand(desk, desk.resident(SANNE))) == ["marriage-bound"]


def test_beforehand_a_look_is_written_down_and_of_the_other_one_nothing_is_looked_up(desk):
    asked_beforehand(desk)
    assert desk.one("SELECT count(*) FROM access_log") == 1


def test_when_the_population_register_is_away_the_answers_alone_count(desk):
    desk.brp = Brp(BrpSettings(url="http://127.0.0.1:9/brp", api_key=Secret("key")))
    sanne = desk.resident(SANNE)
    assert texts(asked_beforehand(desk, sanne)) == []
    assert texts(asked_beforehand(desk, sanne, bound="with-another")) == ["marriage-bound"]


def test_staff_is_not_asked_about_a_marriage_of_its_own(desk):
    with pytest.raises(NotYourRole):
        asked_beforehand(desk, OFFICER)


def test_each_partner_says_which_surname_he_uses(desk):
    first = notice(desk)["partner_1"] | {"name_use": "partner-own"}
    settled = invited(desk, partner_1=first)
    desk.act(desk.resident(SOFIE), settled, "assent", agrees=True, name_use="own-partner")
    content = desk.record(OFFICER, settled)["content"]
    assert [content[role]["name_use"] for role in ("partner_1", "partner_2")] == ["partner-own", "own-partner"]


def test_a_notice_asks_the_second_partner_and_nobody_else_and_only_until_he_answered(desk):
    settled = invited(desk)
    assert [one["asks_you"] for one in mine(desk, desk.resident(SOFIE))] == [True]
    assert [one["asks_you"] for one in mine(desk, desk.resident(BRAM))] == [False]
    assert desk.record(desk.resident(SOFIE), settled)["asks_you"] and not desk.record(OFFICER, settled)["asks_you"]
    desk.act(desk.resident(SOFIE), settled, "assent", agrees=True)
    assert [one["asks_you"] for one in mine(desk, desk.resident(SOFIE))] == [False]


def test_until_when_the_second_partner_can_confirm_is_told_to_both_while_it_matters(desk):
    settled = invited(desk)
    for who in (BRAM, SOFIE):
        assert desk.record(desk.resident(who), settled)["terms"]["assent_by"] == "2026-12-25"
    desk.clock.at = datetime(2026, 12, 25, 22, 30, tzinfo=UTC)
    desk.let_time_act()
    assert desk.record(OFFICER, settled)["status"] == "awaiting-partner"
    desk.act(desk.resident(SOFIE), settled, "assent", agrees=True)
    assert "assent_by" not in desk.record(OFFICER, settled)["terms"]
