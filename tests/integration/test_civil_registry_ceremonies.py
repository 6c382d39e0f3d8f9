"""Day, time, room and officer of a ceremony: wished, kept, planned, checked again and held; on a real database."""

import threading
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from prometheus_client import REGISTRY

from services.civil_registry import queries, timers
from services.civil_registry.domain.errors import BrpNotChecked, NotNow, NotYourRole, RecordUnknown, RoomNotFree
from services.civil_registry.domain.marriage_errors import (
    AssentIncomplete,
    CapacityCertificateExpired,
    CeremonyTooNear,
    DeedMentionsMissing,
    MarriageTooSoon,
    NoticeElsewhere,
    ResidenceNotVerified,
)
from services.contracts import civil_registry as contract
from services.messaging.errors import Refusal
from tests.integration.registry_couples import (
    DAY,
    HALL,
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
from tests.integration.registry_desk import (
    BRAM,
    DAAN,
    HENDRIK,
    LOTTE,
    SANNE,
    SOFIE,
    THOMAS,
    RegistryDesk,
    population_register,
)

CLERK = RegistryDesk.staff("medewerker-1", "clerk")
FEMKE, LIEKE, JEROEN, STEFAN = "999980208", "999980221", "999980233", "999980245"
ANNA, EMRE = "999980154", "999980166"


@pytest.fixture(scope="module")
def brp():
    with population_register() as settings:
        yield settings


@pytest.fixture
def desk(databases, brp, tmp_path):
    return RegistryDesk(databases("civil_registry", pool_size=20), brp, tmp_path)


def times(desk, who, settled, on=DAY, **chosen):
    asked = {"actor": who, "record_id": settled.record_id, "on": on, **chosen}
    return desk.ask(contract.FindCeremonyTimes, queries.ceremony_times, **asked)


def free_at(desk, settled, time="14:00", room_id=HALL):
    """Whether somebody else could have the room then."""
    other = desk.start(desk.resident(JEROEN), "marriage")
    found = times(desk, desk.resident(JEROEN), other, room_id=room_id)["times"]
    return time in {one["time"] for one in found}


def terms(desk, settled):
    return desk.record(OFFICER, settled)["terms"]


# --- options


def test_the_wished_time_is_kept_for_two_days_until_the_partner_confirms(desk):
    asked = invited(desk)
    assert not free_at(desk, asked)
    assert terms(desk, asked)["option_until"] == "2026-11-28T09:00:00+00:00"
    with pytest.raises(RoomNotFree):
        invited(desk, JEROEN, STEFAN, time="14:30")
    desk.clock.forward(days=2)
    assert free_at(desk, asked)
    desk.let_time_act()
    assert "option_until" not in terms(desk, asked)


def test_an_option_that_is_over_is_nobodys_even_while_nothing_deletes_it(desk):
    asked = invited(desk)
    desk.clock.forward(days=2)
    assert invited(desk, JEROEN, STEFAN).status == "awaiting-partner"
    done = desk.act(desk.resident(SOFIE), asked, "assent", agrees=True)
    assert done.status == "submitted"
    assert "option_until" not in terms(desk, asked)


def test_a_partner_who_confirms_late_gets_the_wished_time_back_when_it_is_still_free(desk):
    asked = invited(desk)
    desk.clock.forward(days=3)
    desk.let_time_act()
    desk.act(desk.resident(SOFIE), asked, "assent", agrees=True)
    assert not free_at(desk, asked)


def test_who_confirms_too_late_for_the_wished_day_keeps_the_notice_without_option(desk):
    asked = invited(desk)
    desk.clock.forward(days=9)
    desk.act(desk.resident(SOFIE), asked, "assent", agrees=True)
    assert desk.record(OFFICER, asked)["status"] == "submitted"
    assert desk.rows("SELECT * FROM ceremony") == []


def test_the_option_lasts_while_we_look_and_two_weeks_after_we_accept(desk):
    settled = given(desk, on="2027-03-27")
    desk.clock.forward(days=10)
    desk.let_time_act()
    accepted(desk, settled)
    assert terms(desk, settled)["option_until"] == "2026-12-20T09:00:00+00:00"
    desk.clock.forward(days=14)
    desk.let_time_act()
    assert "option_until" not in terms(desk, settled)
    assert desk.record(OFFICER, settled)["status"] == "accepted"


def test_what_is_planned_is_no_option_any_more(desk):
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled)
    desk.clock.forward(days=15)
    desk.let_time_act()
    assert "option_until" not in terms(desk, settled)
    assert desk.one("SELECT held_until IS NULL FROM ceremony") is True


@pytest.mark.parametrize("end", ["decline", "withdraw", "refuse", "lapse"])
def test_what_comes_to_nothing_keeps_no_room(desk, end):
    settled = given(desk) if end == "refuse" else invited(desk)
    if end == "decline":
        desk.act(desk.resident(SOFIE), settled, "decline", note="Liever niet")
    elif end == "withdraw":
        desk.act(desk.resident(BRAM), settled, "withdraw")
    elif end == "lapse":
        desk.clock.forward(days=30)
        desk.let_time_act()
        assert desk.record(OFFICER, settled)["status"] == "lapsed"
    else:
        desk.act(OFFICER, settled, "assign")
        desk.act(OFFICER, settled, "refuse", reason="Al getrouwd")
    assert desk.rows("SELECT * FROM ceremony") == []


def test_the_wished_day_is_one_that_the_law_allows(desk):
    with pytest.raises(MarriageTooSoon):
        invited(desk, on="2026-12-09")
    draft = desk.start(desk.resident(BRAM), "marriage", **notice(desk, on="2026-12-09"))
    desk.attach(desk.resident(BRAM), draft, "exemption")
    assert desk.act(desk.resident(BRAM), draft, "invite-partner").status == "awaiting-partner"


def test_of_many_who_want_one_room_at_once_one_gets_it_and_nobody_waits_for_another(desk):
    people = [BRAM, SOFIE, FEMKE, LIEKE, JEROEN, STEFAN, ANNA, EMRE, LOTTE, DAAN]
    drafts = [desk.start(CLERK, "marriage", **notice(desk, person, HENDRIK)) for person in people]
    outcomes: Counter[str] = Counter()
    gate = threading.Barrier(len(drafts))

    def want(draft):
        gate.wait()
        try:
            outcomes[str(desk.act(CLERK, draft, "invite-partner").status)] += 1
        except Refusal as refusal:
            outcomes[refusal.code] += 1

    threads = [threading.Thread(target=want, args=(draft,)) for draft in drafts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert outcomes == {"awaiting-partner": 1, "room-not-free": 9}


# --- one notice at a time, and who knows of it


def test_who_gave_notice_gives_no_other_one(desk):
    invited(desk)
    with pytest.raises(NoticeElsewhere) as refused:
        invited(desk, BRAM, SANNE, time="10:00")
    assert refused.value.facts == {"partners": ["partner_1"]}


def test_who_was_only_invited_may_give_notice_with_somebody_else_and_then_not_confirm(desk):
    asked = invited(desk)
    assert invited(desk, SOFIE, THOMAS, time="10:00").status == "awaiting-partner"
    with pytest.raises(NoticeElsewhere) as refused:
        desk.act(desk.resident(SOFIE), asked, "assent", agrees=True)
    assert refused.value.facts == {"partners": ["partner_2"]}


def test_a_stranger_whose_number_was_typed_sees_nothing_before_he_is_invited_nor_after_he_declined(desk):
    sofie = desk.resident(SOFIE)
    draft = desk.start(desk.resident(BRAM), "marriage", **notice(desk))
    with pytest.raises(RecordUnknown):
        desk.record(sofie, draft)
    desk.act(desk.resident(BRAM), draft, "invite-partner")
    assert desk.record(sofie, draft)["status"] == "awaiting-partner"
    desk.act(sofie, draft, "decline", note="Ik ken deze persoon niet")
    assert "Ik ken deze persoon niet" in {entry["note"] for entry in desk.record(desk.resident(BRAM), draft)["history"]}
    desk.act(desk.resident(BRAM), draft, "withdraw")
    with pytest.raises(RecordUnknown):
        desk.record(sofie, draft)
    mine = desk.ask(contract.MyRecords, queries.my_records, actor=sofie)
    assert mine["records"] == []


def test_a_withdrawn_draft_is_not_shown_to_whose_number_stands_in_it(desk):
    draft = desk.start(desk.resident(BRAM), "marriage", **notice(desk))
    desk.act(desk.resident(BRAM), draft, "withdraw")
    with pytest.raises(RecordUnknown):
        desk.record(desk.resident(SOFIE), draft)


def test_only_the_first_partner_takes_back_what_the_second_has_not_confirmed(desk):
    asked = invited(desk)
    with pytest.raises(NotYourRole):
        desk.act(desk.resident(SOFIE), asked, "withdraw")
    desk.act(desk.resident(SOFIE), asked, "assent", agrees=True)
    assert desk.act(desk.resident(SOFIE), asked, "withdraw").status == "withdrawn"


def test_before_the_second_partner_confirms_only_the_first_one_is_looked_up(desk):
    asked = invited(desk)
    desk.check_brp()
    looked_at = {row[0] for row in desk.rows("SELECT person_digest FROM access_log WHERE person_digest IS NOT NULL")}
    assert {bytes(digest) for digest in looked_at} == {desk.secrets.digest(BRAM)}
    assert desk.record(desk.resident(SOFIE), asked)["names"] == {"partner_1": "Bram Hendriks"}
    desk.act(desk.resident(SOFIE), asked, "assent", agrees=True)
    desk.check_brp()
    names = {"partner_1": "Bram Hendriks", "partner_2": "Sofie Dekker"}
    assert desk.record(desk.resident(BRAM), asked)["names"] == names


def test_a_second_partner_without_log_in_confirms_at_the_counter_with_a_passport(desk):
    asked = invited(desk)
    with pytest.raises(AssentIncomplete):
        desk.act(CLERK, asked, "assent", agrees=True)
    assert desk.act(CLERK, asked, "assent", agrees=True, identified=True).status == "submitted"


# --- days and times


def test_free_days_and_times_are_those_of_the_chosen_room_and_officer(desk):
    who = desk.resident(BRAM)
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled, officer_id="babs-1")
    other = desk.start(desk.resident(JEROEN), "marriage")
    found = times(desk, desk.resident(JEROEN), other, room_id=HALL)
    assert "14:00" not in {one["time"] for one in found["times"]}
    assert {"12:30", "13:00", "15:00"} <= {one["time"] for one in found["times"]}
    assert found["times"][-1]["time"] == "22:00"
    assert (found["first_on"], found["last_on"]) == (date(2026, 12, 10), date(2027, 11, 26))
    assert found["officers"] == [{"officer_id": "babs-1", "name": "B. Peters"}]
    small = times(desk, desk.resident(JEROEN), other, room_id="stadskantoor-kamer", officer_id="babs-1")
    assert "14:00" not in {one["time"] for one in small["times"]}
    assert small["times"][-1]["time"] == "22:30"
    own = times(desk, who, settled, room_id=HALL)
    assert "14:00" in {one["time"] for one in own["times"]}


def test_days_are_told_with_how_many_times_are_free_and_which_cost_nothing(desk):
    draft = desk.start(desk.resident(BRAM), "marriage")
    asked = {
        "actor": desk.resident(BRAM),
        "record_id": draft.record_id,
        "room_id": "stadskantoor-kamer",
        "from_on": "2026-12-01",
        "until_on": "2026-12-31",
    }
    found = desk.ask(contract.FindCeremonyDays, queries.ceremony_days, **asked)
    days = {one["on"]: one for one in found["days"]}
    assert min(days) == date(2026, 12, 10)
    assert days[date(2026, 12, 14)] == {"on": date(2026, 12, 14), "starts": 28, "free_of_charge": True}
    assert days[date(2026, 12, 16)]["free_of_charge"] is False
    assert found["first_free"] == datetime(2026, 12, 10, 8, 0, tzinfo=UTC)


def test_a_couple_plans_until_a_week_before_and_staff_later(desk):
    settled = given(desk)
    accepted(desk, settled)
    desk.clock.at = datetime(2026, 12, 12, 9, 0, tzinfo=UTC)
    with pytest.raises(CeremonyTooNear):
        planned(desk, settled)
    assert times(desk, desk.resident(BRAM), settled)["times"] == []
    assert planned(desk, settled, CLERK).status == "scheduled"


def test_of_several_officers_the_one_with_the_fewest_ceremonies_that_day_holds_it(desk):
    one, other = given(desk), given(desk, JEROEN, STEFAN, time="10:00")
    accepted(desk, one)
    accepted(desk, other)
    planned(desk, one)
    planned(desk, other, desk.resident(JEROEN), time="10:00")
    held_by = desk.rows("SELECT officer_id FROM ceremony ORDER BY during")
    assert len({row[0] for row in held_by}) == 2


# --- the last weeks


def test_the_brp_is_asked_again_by_itself_and_the_ceremony_waits_for_an_officer(desk):
    settled = given(desk, on="2027-03-27")
    accepted(desk, settled)
    planned(desk, settled, on="2027-03-27")
    assert desk.record(OFFICER, settled)["queue"] == "scheduled"
    desk.clock.at = datetime(2027, 3, 13, 8, 0, tzinfo=UTC)
    desk.let_time_act()
    assert desk.record(OFFICER, settled)["queue"] == "final-check"
    with pytest.raises(BrpNotChecked):
        desk.act(OFFICER, settled, "final-check")
    desk.check_brp()
    assert desk.act(OFFICER, settled, "final-check").status == "ready"
    assert desk.record(OFFICER, settled)["queue"] == "ceremonies"
    desk.clock.at = datetime(2027, 3, 25, 8, 0, tzinfo=UTC)
    desk.let_time_act()
    desk.check_brp()
    assert desk.record(OFFICER, settled)["status"] == "ready"


def test_a_ceremony_that_was_cleared_is_not_when_the_brp_says_something_else_two_days_before(desk):
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled)
    desk.let_time_act()
    desk.check_brp()
    desk.act(OFFICER, settled, "final-check")
    desk.clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    desk.let_time_act()
    with desk.pool.begin() as connection:  # meanwhile he turns out to be somebody who is married already
        connection.exec_driver_sql("DELETE FROM party WHERE role = 'partner_1'")
    with desk.transactions.work() as work:
        married = desk.secrets.lock_bsn(THOMAS, bound_to=f"party.bsn.{settled.record_id}.partner_1")
        work.connection.exec_driver_sql(
            "INSERT INTO party VALUES (%s, 'partner_1', %s, %s)",
            (str(settled.record_id), married, desk.secrets.digest(THOMAS)),
        )
    desk.check_brp()
    found = desk.record(OFFICER, settled)
    assert (found["status"], found["queue"]) == ("scheduled", "final-check")
    assert desk.told(settled.record_id)[-1] == "ceremonie-niet-vrijgegeven"
    with pytest.raises(Refusal):
        desk.act(OFFICER, settled, "final-check")


def test_a_brp_that_is_away_in_the_last_days_does_not_stop_a_cleared_ceremony(desk):
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled)
    desk.let_time_act()
    desk.check_brp()
    desk.act(OFFICER, settled, "final-check")
    desk.clock.at = datetime(2026, 12, 16, 8, 0, tzinfo=UTC)
    desk.let_time_act()  # asked again, and no answer comes
    desk.clock.at = datetime(2026, 12, 18, 13, 10, tzinfo=UTC)
    assert desk.act(SPECIAL, settled, "record-ceremony", **HELD).status == "solemnised"


def test_of_who_is_not_dutch_the_officer_looks_up_the_right_of_residence_twice(desk):
    anna = {"partner_1": {"bsn": desk.seal(ANNA), "no_sham": True}}
    settled = desk.act(
        desk.resident(EMRE),
        invited(desk, ANNA, EMRE, **anna),
        "assent",
        agrees=True,
        residence="other",
        no_sham=True,
    )
    desk.check_brp()
    desk.act(OFFICER, settled, "assign")
    with pytest.raises(ResidenceNotVerified) as refused:
        desk.act(OFFICER, settled, "accept", compared=True)
    assert refused.value.facts == {"partners": ["partner_2"]}
    desk.act(OFFICER, settled, "accept", compared=True, residence_verified=True)
    planned(desk, settled, desk.resident(ANNA))
    desk.let_time_act()
    desk.check_brp()
    with pytest.raises(ResidenceNotVerified):
        desk.act(OFFICER, settled, "final-check")
    assert desk.act(OFFICER, settled, "final-check", residence_verified=True).status == "ready"


def test_a_certificate_of_capacity_ends_the_time_for_the_wedding(desk):
    settled = given(desk)
    accepted(desk, settled, certificates=[{"partner": "partner_2", "issued_on": "2026-06-01"}])
    assert terms(desk, settled)["marry_by"] == "2026-12-01"
    with pytest.raises(CapacityCertificateExpired):
        planned(desk, settled)


def test_shortly_before_the_day_staff_still_changes_witnesses_and_officer(desk):
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled, officer_id="babs-1")
    ready(desk, settled)
    changed = [witness("Anna"), witness("Cor")]
    with pytest.raises(CeremonyTooNear):
        desk.act(desk.resident(BRAM), settled, "change-witnesses", witnesses=changed)
    assert desk.act(CLERK, settled, "change-witnesses", witnesses=changed).status == "ready"
    assert desk.act(CLERK, settled, "change-officer", officer_id="abs-2").status == "ready"
    assert desk.one("SELECT officer_id FROM ceremony") == "abs-2"


def test_an_objection_takes_the_day_away_and_the_couple_hears_why(desk):
    settled = given(desk)
    accepted(desk, settled)
    planned(desk, settled)
    desk.act(OFFICER, settled, "record-objection", ground="Een van u is nog getrouwd", reference="2026-1")
    seen = desk.record(desk.resident(SOFIE), settled)
    assert seen["due_on"] is None and "starts_at" not in seen["terms"]
    assert "Een van u is nog getrouwd" in {entry["note"] for entry in seen["history"]}
    assert desk.rows("SELECT * FROM ceremony") == []
    desk.act(OFFICER, settled, "lift-objection", ground="Beschikking rechtbank", reference="2026-2")
    assert planned(desk, settled).status == "scheduled"


# --- the deed


def held(desk, settled, **more):
    accepted(desk, settled)
    planned(desk, settled)
    ready(desk, settled)
    desk.clock.at = datetime(2026, 12, 18, 13, 10, tzinfo=UTC)
    return desk.act(SPECIAL, settled, "record-ceremony", **HELD, **more)


def test_the_deed_mentions_consents_and_sworn_statements_that_are_on_file(desk):
    settled = given(desk)
    desk.attach(OFFICER, settled, "guardian-consent")
    desk.attach(OFFICER, settled, "kinship-statement")
    with pytest.raises(DeedMentionsMissing) as refused:
        held(desk, settled)
    assert refused.value.facts == {"papers": ["guardian-consent", "kinship-statement"]}
    said = {
        "consents": ["toestemming van de curator van de eerste echtgenoot"],
        "sworn_statements": ["verklaring onder ede van beiden, artikel 41a"],
    }
    desk.act(SPECIAL, settled, "record-ceremony", **HELD, **said)
    text = desk.one("SELECT text FROM deed")
    assert "toestemming van de curator van de eerste echtgenoot" in text
    assert "verklaring onder ede van beiden, artikel 41a" in text


def test_a_deed_that_is_not_signed_two_hours_after_the_ceremony_is_an_alarm_until_it_is(desk):
    settled = given(desk)
    held(desk, settled)
    desk.act(SPECIAL, settled, "print-deed")
    desk.clock.at = datetime(2026, 12, 18, 15, 4, tzinfo=UTC)
    assert desk.let_time_act() == 0
    desk.clock.at = datetime(2026, 12, 18, 15, 5, tzinfo=UTC)
    assert desk.let_time_act() == 1
    assert desk.record(OFFICER, settled)["flags"] == ["deed-unsigned"]
    assert desk.told(settled.record_id)[-1] == "huwelijksakte-niet-ondertekend"
    assert desk.let_time_act() == 0
    with desk.transactions.reading() as reading:
        timers.show(reading, desk.office.town)
    assert REGISTRY.get_sample_value("balie_registry_deeds_unsigned") == 1
    desk.act(SPECIAL, settled, "sign-deed", signed_on=DAY)
    assert desk.record(OFFICER, settled)["flags"] == []


def test_what_was_held_cannot_be_planned_again(desk):
    settled = given(desk)
    held(desk, settled)
    with pytest.raises(NotNow):
        planned(desk, settled, OFFICER)
