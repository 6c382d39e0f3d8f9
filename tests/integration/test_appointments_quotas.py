"""Reserved capacity on a real database: nobody takes a share that is kept for others, whatever way he books."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from services.appointments.town_files import read_town
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    DEMO,
    THURSDAY,
    WEDNESDAY,
    at,
    at_once,
    refused,
)
from tests.integration.appointments_staff import Staff

LIMIT = {"kind": "at_most", "products": [ABROAD], "channels": [], "needs": ["nationals-abroad"], "share": 40}
NEVER = {"release_days": None, "release_at": "08:00"}


def with_quotas(*rules):
    quotas = [
        {"id": f"quota-{number}", "location_id": "stadskantoor", "rules": NEVER | rule}
        for number, rule in enumerate(rules)
    ]
    return replace(read_town(DEMO), quotas=quotas)


@pytest.fixture(params=[True, False], ids=["in one statement", "the thorough way"])
def desk(databases, request):
    desk = Staff(databases("appointments"))
    desk.fast_lane = request.param
    desk.reload(with_quotas(LIMIT))
    yield desk
    assert desk.drift() == {"drifts": [], "miscounted_quotas": [], "outside_openings": [], "claims_out_of_step": []}


def used(desk, on, quota="quota-0"):
    return tuple(
        desk.one('SELECT used_ticks, limit_ticks FROM quota_day WHERE quota_id = :q AND "on" = :on', q=quota, on=on)
    )


def fill(desk, on):
    """Book until nothing is on offer; return the visits."""
    visits = []
    while times := desk.free_times(on, product=ABROAD):
        visits.append(desk.book(times[0], product=ABROAD))
    return visits


def test_a_group_gets_its_share_and_not_a_tick_more(desk):
    visits = fill(desk, THURSDAY)
    taken, limit = used(desk, THURSDAY)
    assert taken == 7 * len(visits) <= limit < taken + 7
    assert THURSDAY.isoformat() not in [day["on"] for day in desk.free_days(product=ABROAD)["days"]]
    refusal = refused(lambda: desk.hold(at(THURSDAY, "15:00"), product=ABROAD))
    assert refusal.code == "slot-taken"
    assert refusal.facts["alternatives"]


def test_what_is_cancelled_or_moved_away_gives_its_share_back(desk):
    (key, _), (other, _), *_ = fill(desk, THURSDAY)
    before, _ = used(desk, THURSDAY)
    desk.cancel(key)
    desk.move(other, at(WEDNESDAY, "14:00"))
    assert used(desk, THURSDAY)[0] == before - 14
    assert used(desk, WEDNESDAY)[0] == 7
    assert desk.hold(at(THURSDAY, "15:00"), product=ABROAD)


def test_a_visit_moves_within_a_day_whose_quota_is_full(desk):
    (key, _), *_ = fill(desk, THURSDAY)
    desk.move(key, at(THURSDAY, "15:00"))


def test_nobody_moves_into_a_day_whose_quota_is_full(desk):
    fill(desk, THURSDAY)
    key, _ = desk.book(at(WEDNESDAY, "14:00"), product=ABROAD)
    assert refused(lambda: desk.move(key, at(THURSDAY, "15:00"))).code == "slot-taken"


def test_a_hold_counts_until_it_expires(desk):
    desk.hold(at(THURSDAY, "10:00"), product=ABROAD)
    assert used(desk, THURSDAY)[0] == 7
    desk.wait(minutes=11)
    desk.expire()
    assert used(desk, THURSDAY)[0] == 0


def test_a_reserve_is_kept_from_others_until_its_day_comes(desk):
    reserve = LIMIT | {"kind": "reserve", "products": ["passport"], "share": 100, "release_days": 2}
    desk.reload(with_quotas(reserve))
    assert refused(lambda: desk.hold(at(THURSDAY, "14:00"), product=ABROAD)).code == "slot-taken"
    assert desk.free_times(THURSDAY, product=ABROAD) == []
    later = THURSDAY + timedelta(days=4)
    assert desk.free_times(later, product=ABROAD) == []
    assert THURSDAY.isoformat() not in [day["on"] for day in desk.free_days(product=ABROAD)["days"]]
    desk.wait(days=1)  # Tuesday 09:00: Thursday is open to all since 08:00
    assert desk.free_times(THURSDAY, product=ABROAD)
    assert desk.hold(at(THURSDAY, "14:00"), product=ABROAD)


def test_of_many_at_once_only_as_many_get_in_as_the_quota_has_room_for(desk):
    outcomes = at_once(
        24, lambda n: bool(desk.hold(at(THURSDAY, "09:00") + timedelta(minutes=35 * (n % 12)), product=ABROAD))
    )
    taken, limit = used(desk, THURSDAY)
    assert Counter(outcomes)[True] == taken // 7
    assert taken <= limit
    assert set(outcomes) <= {True, "slot-taken", "day-closed"}


def test_a_quota_that_left_the_files_bounds_nobody(desk):
    fill(desk, THURSDAY)
    desk.reload(with_quotas())
    assert desk.hold(at(THURSDAY, "15:00"), product=ABROAD)
    assert desk.one("SELECT count(*) AS n FROM quota_day").n == 0


def test_a_changed_opening_changes_the_share(desk):
    _, limit = used(desk, THURSDAY)
    town = with_quotas(LIMIT)
    for line in town.lines:
        if line["id"] == ABROAD_LINE:
            line["shifts"] = [{**shift, "until": "12:00", "breaks": []} for shift in line["shifts"]]
    desk.reload(town)
    assert used(desk, THURSDAY)[1] < limit


def test_visits_of_a_closed_counter_find_another_though_the_closing_lowers_the_share_below_what_is_booked(desk):
    desk.reload(with_quotas(LIMIT | {"products": ["passport"], "needs": ["travel-documents"], "share": 10}))
    for quarter in range(used(desk, THURSDAY)[1] // 3):
        desk.book(at(THURSDAY, "09:00") + timedelta(minutes=15 * quarter))
    taken, limit = used(desk, THURSDAY)
    line_id = desk.one("SELECT line_id FROM appointment LIMIT 1").line_id
    assert desk.change("close-line", THURSDAY, line=line_id)["affected"] == 0
    assert used(desk, THURSDAY)[0] == taken > used(desk, THURSDAY)[1] < limit


def test_a_time_that_the_town_itself_proposed_is_not_refused_for_a_quota_that_others_used_up_since(desk):
    desk.reload(with_quotas(LIMIT | {"products": ["passport"], "needs": ["travel-documents"], "share": 10}))
    key, _ = desk.book(at(THURSDAY, "10:00"))
    desk.change("close-location", THURSDAY)
    desk.follow()
    [visit] = desk.list_affected()
    proposed = datetime.fromisoformat(visit["proposed_starts_at"])
    while times := desk.free_times(proposed.date()):
        desk.hold(times[0])
    assert desk.answer_affected(key, accept=True)["starts_at"] == visit["proposed_starts_at"]
