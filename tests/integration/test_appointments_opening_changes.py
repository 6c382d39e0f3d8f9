"""Staff close and open counters; visits change counters unseen, or their holders are offered another time."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from services.appointments import openings_desk
from services.appointments.openings import find_strays, lay_out
from services.appointments.town_files import read_town
from services.messaging.errors import Malformed
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    DEMO,
    SUNDAY,
    TUESDAY,
    at,
    at_once,
    refused,
)
from tests.integration.appointments_staff import NEXT_TUESDAY, PLACE, Staff

WELL: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}


@pytest.fixture(scope="module")
def enschede(databases):
    return Staff(databases("appointments"))


@pytest.fixture
def desk(enschede):
    enschede.clear()
    enschede.reload()  # opens what the test before closed
    return enschede


def kinds(desk):
    return [kind for kind, _ in desk.events()]


def nothing_drifts(desk):
    return desk.drift()["drifts"] == []


# --- closing


def test_a_closed_counters_visit_goes_to_another_and_its_holder_notices_nothing(desk):
    key, _ = desk.book(at(NEXT_TUESDAY, "10:00"))
    line = desk.one("SELECT line_id FROM appointment").line_id
    told = desk.events()
    before = desk.look_up(key)
    assert desk.change("close-line", line=line)["affected"] == 0
    desk.follow()
    assert desk.one("SELECT line_id FROM appointment").line_id != line
    assert desk.look_up(key) == before
    assert desk.events() == told
    assert desk.drift() == WELL


def test_a_visit_without_another_counter_is_offered_the_nearest_other_time(desk):
    key, reply = desk.book(at(NEXT_TUESDAY, "10:00"), product=ABROAD)
    assert desk.change("close-line", line=ABROAD_LINE)["affected"] == 1
    desk.follow()
    [visit] = desk.list_affected()
    assert (visit["state"], visit["reference"]) == ("offered", reply["reference"])
    proposed = datetime.fromisoformat(visit["proposed_starts_at"])
    assert proposed.date() == NEXT_TUESDAY - timedelta(days=1)
    assert desk.look_up(key)["affected"] == {
        "proposed_starts_at": visit["proposed_starts_at"],
        "answer_by": visit["deadline_at"],
    }
    assert datetime.fromisoformat(visit["deadline_at"]) == desk.clock.at + timedelta(hours=72)
    assert desk.events()[-1] == ("afspraak-geraakt", 2)
    assert desk.look_up(key)["state"] == "booked"
    assert nothing_drifts(desk)


def test_the_preview_says_what_then_happens_and_changes_nothing(desk):
    for n in range(6):
        for _ in range(4):
            desk.book(at(NEXT_TUESDAY, "09:00") + timedelta(minutes=15 * n))
        desk.book(at(NEXT_TUESDAY, "09:00") + timedelta(minutes=35 * n), product=ABROAD)
    before = desk.bits()
    seen = desk.preview("close-location", from_time="09:00", until_time="12:00")
    assert desk.bits() == before
    done = desk.change("close-location", from_time="09:00", until_time="12:00")
    assert (seen["rehoused"], len(seen["affected"])) == (0, done["affected"]) == (0, 30)
    assert desk.preview("close-line", line="stadskantoor-1")["affected"] != []


def test_a_day_of_forty_visits_is_closed_and_every_visit_is_either_rehoused_or_offered(desk):
    for n in range(40):
        desk.book(at(NEXT_TUESDAY, "09:00") + timedelta(minutes=15 * (n // 4)))
    lines = ["stadskantoor-1", "stadskantoor-2", "stadskantoor-3"]
    reached: Counter[str] = Counter()
    for line in lines:
        seen = desk.preview("close-line", line=line)
        done = desk.change("close-line", line=line)
        assert len(seen["affected"]) >= done["affected"]
        reached["affected"] += done["affected"]
        assert nothing_drifts(desk)
    desk.follow()
    assert reached["affected"] == len(desk.list_affected()) == 20  # two counters are left, for four at a time
    assert desk.one("SELECT count(*) AS n FROM appointment WHERE state = 'booked'").n == 40
    assert len(desk.drift()["outside_openings"]) == 20
    assert desk.states() == {"offered": 20}
    assert nothing_drifts(desk)


def test_closing_a_part_of_a_day_leaves_the_rest_alone(desk):
    early, _ = desk.book(at(NEXT_TUESDAY, "09:00"), product=ABROAD)
    desk.book(at(NEXT_TUESDAY, "14:00"), product=ABROAD)
    desk.change("close-line", line=ABROAD_LINE, from_time="13:00", until_time="17:00")
    desk.follow()
    assert len(desk.list_affected()) == 1
    assert desk.look_up(early)["affected"] is None
    assert all(start < at(NEXT_TUESDAY, "13:00") for start in desk.free_times(NEXT_TUESDAY, product=ABROAD))


def test_the_same_change_twice_is_once(desk):
    desk.book(at(NEXT_TUESDAY, "10:00"), product=ABROAD)
    first = desk.change("close-line", line=ABROAD_LINE)
    second = desk.change("close-line", line=ABROAD_LINE)
    assert (second["change_id"], second["affected"]) == (first["change_id"], 0)
    desk.follow()
    desk.follow()
    assert kinds(desk).count("afspraak-geraakt") == 1


def test_a_closing_survives_the_reload_of_the_files_and_the_daily_round(desk):
    desk.change("close-line", line=ABROAD_LINE)
    closed = desk.open_bits(ABROAD_LINE, NEXT_TUESDAY)
    assert "1" not in closed
    desk.reload()
    desk.wait(days=1)
    lay_out(desk.transactions)
    assert desk.open_bits(ABROAD_LINE, NEXT_TUESDAY) == closed


def test_closing_a_counter_while_sixteen_book_it_loses_nobody(desk):
    def act(n):
        if n == 8:
            return desk.change("close-line", line="stadskantoor-1")["change_id"]
        return [bool(desk.book(at(NEXT_TUESDAY, "09:00") + timedelta(minutes=15 * (n % 4 + 4 * m)))) for m in range(3)]

    outcomes = at_once(16, act)
    find_strays(desk.transactions)
    desk.follow()
    booked = desk.one("SELECT count(*) AS n FROM appointment WHERE state = 'booked'").n
    assert booked == 3 * sum(1 for outcome in outcomes if isinstance(outcome, list))
    outside = {stray["appointment_id"] for stray in desk.drift()["outside_openings"]}
    assert outside == {visit["appointment_id"] for visit in desk.list_affected()}
    assert nothing_drifts(desk)


def test_a_held_time_at_a_counter_that_closes_ends_and_its_visitor_hears_so(desk):
    held, _ = desk.hold(at(NEXT_TUESDAY, "10:00"), product=ABROAD)
    desk.change("close-line", line=ABROAD_LINE)
    desk.expire()
    assert refused(lambda: desk.confirm(held)).code == "hold-expired"
    assert desk.drift() == WELL


# --- the answer


def offered(desk, on=NEXT_TUESDAY):
    key, _ = desk.book(at(on, "10:00"), product=ABROAD)
    change = desk.change("close-line", on, line=ABROAD_LINE)
    desk.follow()
    [visit] = desk.list_affected()
    return key, visit, change["change_id"]


def test_who_accepts_has_the_proposed_time_and_the_same_reference(desk):
    key, visit, _ = offered(desk)
    reply = desk.answer_affected(key, accept=True)
    assert reply["starts_at"] == visit["proposed_starts_at"]
    assert (reply["reference"], reply["sequence"]) == (key["reference"], 1)
    assert kinds(desk)[-1] == "afspraak-verzet"
    desk.follow()
    assert desk.states() == {"moved": 1}
    assert desk.list_affected() == []
    assert desk.drift() == WELL


def test_who_declines_keeps_the_appointment_and_is_called(desk):
    key, visit, _ = offered(desk)
    assert desk.answer_affected(key, accept=False)["state"] == "booked"
    [left] = desk.list_affected()
    assert (left["state"], left["proposed_starts_at"]) == ("called", visit["proposed_starts_at"])
    assert refused(lambda: desk.answer_affected(key, accept=True)).code == "offer-over"
    assert nothing_drifts(desk)


def test_who_does_not_answer_in_time_is_left_to_the_clerks_and_never_cancelled(desk):
    key, _, _ = offered(desk)
    desk.wait(hours=72)
    assert refused(lambda: desk.answer_affected(key, accept=True)).code == "offer-over"
    desk.expire()
    desk.follow()
    assert [visit["state"] for visit in desk.list_affected()] == ["called"]
    assert desk.look_up(key)["state"] == "booked"
    assert nothing_drifts(desk)


def test_of_an_answer_and_the_deadline_at_one_moment_exactly_one_counts(desk):
    for turn in range(5):
        key, _, _ = offered(desk, NEXT_TUESDAY + timedelta(days=7 * turn))
        at_once(3, lambda n, key=key: (lambda: desk.answer_affected(key, accept=True), desk.follow, desk.expire)[n]())
        desk.follow()
        assert desk.list_affected() == []
        assert desk.drift() == WELL


def test_who_moves_by_himself_needs_no_offer_and_the_held_time_is_free_again(desk):
    key, visit, _ = offered(desk)
    desk.move(key, at(NEXT_TUESDAY + timedelta(days=2), "10:00"))
    assert desk.list_affected() == []
    desk.follow()
    assert desk.states() == {"moved": 1}
    assert datetime.fromisoformat(visit["proposed_starts_at"]) in desk.free_times(
        NEXT_TUESDAY - timedelta(days=1), product=ABROAD
    )
    assert desk.drift() == WELL


def test_who_cancels_leaves_nothing_behind(desk):
    key, _, _ = offered(desk)
    desk.cancel(key)
    desk.follow()
    assert desk.states() == {"cancelled": 1}
    assert desk.drift() == WELL


def test_only_a_clerk_revokes_and_the_holder_hears_that_it_was_the_municipality(desk):
    _, visit, _ = offered(desk)
    assert desk.revoke(visit["appointment_id"])["state"] == "cancelled"
    assert kinds(desk)[-1] == "afspraak-geannuleerd"
    assert desk.states() == {"revoked": 1}
    assert desk.one("SELECT note FROM affected_visit").note == "nobody answers"
    assert desk.drift() == WELL


def test_a_visit_with_a_counter_is_not_revoked(desk):
    _, reply = desk.book(at(NEXT_TUESDAY, "10:00"))
    assert refused(lambda: desk.revoke(reply["appointment_id"])).code == "not-affected"


def test_on_the_day_itself_there_is_no_time_for_an_offer_so_a_clerk_calls(desk):
    key, _ = desk.book(at(TUESDAY, "15:00"), product=ABROAD)
    desk.clock.at = at(TUESDAY, "08:00")
    desk.change("close-line", TUESDAY, line=ABROAD_LINE)
    desk.follow()
    assert [visit["state"] for visit in desk.list_affected()] == ["called"]
    assert desk.look_up(key)["affected"] == {"proposed_starts_at": None, "answer_by": None}
    assert kinds(desk)[-1] == "afspraak-geraakt"


# --- taking back, and opening more


def test_a_withdrawn_closing_gives_everything_back_and_tells_the_holder(desk):
    before = desk.open_bits(ABROAD_LINE, NEXT_TUESDAY)
    key, _, change_id = offered(desk)
    desk.withdraw(change_id)
    desk.follow()
    assert desk.open_bits(ABROAD_LINE, NEXT_TUESDAY) == before
    assert desk.states() == {"kept": 1}
    assert kinds(desk)[-1] == "afspraak-gaat-door"
    assert desk.look_up(key)["affected"] is None
    assert desk.drift() == WELL
    assert desk.withdraw(change_id)["affected"] == 0


def test_an_extra_shift_opens_a_counter_on_a_day_that_is_closed_and_withdrawing_it_affects_its_visits(desk):
    extra = desk.change("open-extra", SUNDAY, line=ABROAD_LINE, from_time="10:00", until_time="12:00")
    desk.book(at(SUNDAY, "10:00"), product=ABROAD)
    assert desk.withdraw(extra["change_id"])["affected"] == 1
    desk.follow()
    assert len(desk.list_affected()) == 1
    assert nothing_drifts(desk)


def test_a_holiday_that_the_town_adds_later_affects_its_visits_by_the_same_path(desk):
    desk.book(at(NEXT_TUESDAY, "10:00"), product=ABROAD)
    desk.book(at(NEXT_TUESDAY, "10:00"))
    town = read_town(DEMO)
    closure = dict.fromkeys(("location_id", "from", "until")) | {
        "on": NEXT_TUESDAY.isoformat(),
        "reason": "storm",
        "source": "mayor",
    }
    closed = replace(town, calendar={**town.calendar, "closures": [*town.calendar["closures"], closure]})
    _, strays = desk.reload(closed)
    assert len(strays) == 2
    desk.follow()
    assert [visit["state"] for visit in desk.list_affected()] == ["offered", "offered"]
    desk.reload(closed)
    desk.follow()
    assert kinds(desk).count("afspraak-geraakt") == 2
    desk.reload(town)
    desk.follow()
    assert desk.states() == {"kept": 2}
    assert desk.drift() == WELL


def test_on_the_days_on_which_the_clock_changes_the_wall_decides(desk):
    spring = date(2027, 3, 28)
    desk.clock.at += timedelta(days=60)
    desk.reload()
    extra = desk.change("open-extra", spring, line=ABROAD_LINE, from_time="00:00", until_time="12:00")
    assert desk.open_bits(ABROAD_LINE, spring).count("1") == (12 - 3) * 12  # never from 01:00 to 04:00
    desk.book(at(spring, "04:00"), product=ABROAD)
    desk.book(at(spring, "09:00"), product=ABROAD)
    done = desk.change("close-line", spring, line=ABROAD_LINE, from_time="08:00", until_time="24:00")
    assert done["affected"] == 1
    assert desk.withdraw(done["change_id"])["affected"] == 0
    assert desk.withdraw(extra["change_id"])["affected"] == 1
    assert nothing_drifts(desk)


def test_a_change_that_cannot_be_is_refused_with_the_reason(desk):
    assert refused(lambda: desk.change("close-line", line="glanerbrug-1")).code == "unknown-line"
    assert refused(lambda: desk.change("close-location", desk.clock.at.date() - timedelta(days=1))).code == (
        "in-the-past"
    )
    assert refused(lambda: desk.withdraw("0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11")).code == "unknown-change"
    with pytest.raises(Malformed):
        desk.change("close-line")
    with pytest.raises(Malformed):
        desk.change("close-location", from_time="12:00")


def test_a_team_lead_does_the_same_on_the_command_line(desk):
    def types(line):
        return openings_desk.act(desk.transactions, openings_desk.read_arguments(line.split()))

    key, reply = desk.book(at(NEXT_TUESDAY, "10:00"), product=ABROAD)
    change = f"close-line {PLACE} {ABROAD_LINE} {NEXT_TUESDAY}"
    assert [visit["appointment_id"] for visit in types(f"preview {change}")["affected"]] == [reply["appointment_id"]]
    done = types(f"apply {change} --reason sickness --by lead")
    assert done["affected"] == 1
    [visit] = types(f"affected {PLACE}")["visits"]
    assert (visit["reference"], visit["reason"]) == (reply["reference"], "sickness")
    types(f"withdraw {done['change_id']} --by lead")
    desk.follow()
    assert desk.look_up(key)["affected"] is None
    types(f"apply {change} --reason sickness --by lead")
    assert types(f"revoke {reply['appointment_id']} --reason unreachable")["state"] == "cancelled"
