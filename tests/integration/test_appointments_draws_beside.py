"""Draws beside everything else: quotas, the waiting list, pairs of visits, and files that a town loads anew."""

import hashlib
import json
from datetime import date, timedelta

import pytest

from services.appointments.town_files import TownFilesError, read_town
from tests.integration.appointments_desk import ABROAD, DEMO, at, refused
from tests.integration.draw_desk import MONDAY, STARTS, WEDDING, DrawDesk

BEFORE = MONDAY - timedelta(days=7)
ROOM = "stadskantoor-trouwkamer"


@pytest.fixture(scope="module")
def pool(databases):
    return databases("appointments")


@pytest.fixture
def desk(pool):
    fresh = DrawDesk(pool)
    fresh.clear()
    fresh.reload()
    yield fresh
    drift = fresh.drift()
    assert (drift["drifts"], drift["miscounted_quotas"]) == ([], [])
    fresh.clear()
    fresh.reload()


def town_with(change):
    """Return the demo town after a change of its free weddings."""
    town = read_town(DEMO)
    [wedding] = [product for product in town.products if product["id"] == WEDDING]
    change(town, wedding["policy"])
    return town


# --- quotas


def half_for_the_web(town, _):
    rules = {"kind": "at_most", "products": [], "channels": ["web"], "needs": ["ceremonies"], "share": 50}
    town.quotas.append(
        {"id": "web", "location_id": "stadskantoor", "rules": rules | {"release_days": None, "release_at": "08:00"}}
    )


def test_a_quota_holds_in_the_draw_and_is_published_with_it(desk):
    desk.reload(town_with(half_for_the_web))
    draw_id = desk.open_draw()
    desk.many_enter(draw_id, 3)
    for number in range(5):  # as if they had come by the web
        entered = desk.enters(draw_id, email=f"web{number}@example.nl")
        desk.one("UPDATE draw_request SET channel = 'web' WHERE id = :id", id=entered["request_id"])
    [listed] = [draw for draw in desk.listed() if draw["draw_id"] == str(draw_id)]
    assert listed["places"] == 2  # on the web
    desk.holds_the_draw(draw_id)
    said = desk.said(draw_id)
    assert [limit for limit in said["limits"] if limit["date"] == MONDAY.isoformat()] == [
        {"quotaId": "web", "locationId": "stadskantoor", "date": MONDAY.isoformat(), "minutes": 40}
    ]
    placed = [bool(one["quotaIds"]) for one in said["requests"] if one["place"]]
    assert len(placed) == 4 and placed.count(True) <= 2
    used = desk.one("SELECT used_ticks FROM quota_day WHERE quota_id = 'web' AND \"on\" = :on", on=MONDAY)
    assert used.used_ticks == 4 * placed.count(True)


# --- no other way in


def test_the_waiting_list_offers_nothing_of_a_day_that_is_not_drawn(desk):
    desk.reload(town_with(lambda _, policy: policy.update(waiting_list={})))
    draw_id = desk.open_draw()
    earlier = desk.open_draw(BEFORE)
    desk.one("UPDATE draw_batch SET draws_at = draws_at + INTERVAL '14 days' WHERE id = :id", id=earlier)
    entered = desk.enters(draw_id)
    desk.holds_the_draw(draw_id)
    [turn] = desk.looks_at(entered)["entries"]
    desk.join(turn["appointment"], earliest_on=BEFORE.isoformat())
    desk.sweep_the_list()
    assert desk.work_the_list() == 0
    desk.holds_the_draw(earlier)
    desk.sweep_the_list()
    assert desk.work_the_list() == 1
    assert desk.offer_for(turn["appointment"])["starts_at"] == at(BEFORE, "09:00").isoformat()


def test_two_visits_at_once_are_no_way_round_a_draw(desk):
    def draw_it(town, policy):
        [abroad] = [product for product in town.products if product["id"] == ABROAD]
        abroad["policy"]["draw"] = policy["draw"]

    desk.reload(town_with(draw_it))
    desk.work_the_draws()
    days = desk.free_pairs()["days"]
    assert days and max(day["on"] for day in days) < BEFORE.isoformat()
    refusal = refused(lambda: desk.hold_pair(at(MONDAY, "09:00"), at(MONDAY + timedelta(days=10), "09:00")))
    assert (refusal.code, refusal.facts["visit"]) == ("to-be-drawn", "request")


def test_only_the_chosen_days_of_the_week_are_drawn_and_the_others_are_for_everybody(desk):
    def mondays_only(town, policy):
        policy["draw"][0]["weekdays"] = [0]
        [room] = [line for line in town.lines if line["id"] == ROOM]
        room["shifts"].append(room["shifts"][0] | {"weekdays": [1]})

    desk.reload(town_with(mondays_only))
    draw_id = desk.open_draw()
    tuesday = MONDAY + timedelta(days=1)
    desk.book(at(tuesday, "09:00"), product=WEDDING)
    desk.many_enter(draw_id, 6)
    desk.holds_the_draw(draw_id)
    assert [start for start, _ in desk.booked()] == [*STARTS, at(tuesday, "09:00")]


def test_no_more_places_are_given_than_the_rule_says_and_the_rest_is_for_everybody(desk):
    desk.reload(town_with(lambda _, policy: policy["draw"][0].update(most_places=3)))
    draw_id = desk.open_draw()
    desk.many_enter(draw_id, 6)
    desk.holds_the_draw(draw_id)
    assert len(desk.booked()) == 3
    desk.book(STARTS[3], product=WEDDING)


# --- files that are loaded anew


@pytest.mark.parametrize(
    "change",
    [
        lambda policy: policy.pop("draw"),
        lambda policy: policy["draw"][0].update(weekdays=[1, 2]),
        lambda policy: policy["draw"][0].update(every="month"),
        lambda policy: policy["draw"][0].update(valid_until=BEFORE.isoformat()),
    ],
)
def test_a_draw_to_which_people_can_ask_cannot_be_taken_away_by_loading_files(desk, change):
    desk.open_draw()
    with pytest.raises(TownFilesError) as refused_files:
        desk.reload(town_with(lambda _, policy: change(policy)))
    assert any(
        "free-wedding.policy.draw: people can ask for places from 2027-01-11 to 2027-01-17 already" in line
        for line in refused_files.value.errors
    )
    assert refused(lambda: desk.hold(STARTS[0], product=WEDDING)).code == "to-be-drawn"


def test_a_rule_may_end_after_the_draws_that_are_promised_and_what_follows_is_for_everybody(desk):
    desk.open_draw()
    last = desk.one("SELECT max(first_on) AS on FROM draw_batch").on
    desk.reload(town_with(lambda _, policy: policy["draw"][0].update(valid_until=last.isoformat())))
    desk.work_the_draws()
    assert refused(lambda: desk.hold(STARTS[0], product=WEDDING)).code == "to-be-drawn"
    desk.book(at(last + timedelta(days=7), "09:00"), product=WEDDING)


def test_moments_that_were_promised_stay_when_the_files_say_others(desk):
    draw_id = desk.open_draw()
    promised = desk.document(draw_id)
    desk.reload(town_with(lambda _, policy: policy["draw"][0]["closes"].update(days_ahead=50)))
    desk.work_the_draws()
    assert desk.document(draw_id) == promised


def test_a_process_that_stood_still_for_days_opens_late_and_leaves_people_their_day(desk):
    desk.open_draw()
    last = desk.one("SELECT max(first_on) AS on FROM draw_batch").on
    late = last + timedelta(days=7)
    desk.clock.at = at(late - timedelta(days=43), "18:00")  # it should have closed at noon
    desk.reload()
    draw_id = desk.open_draw(late)
    batch = desk.one("SELECT opens_at, closes_at, draws_at FROM draw_batch WHERE id = :id", id=draw_id)
    assert batch.opens_at == desk.clock.at
    assert batch.closes_at - batch.opens_at == timedelta(hours=24)
    assert batch.draws_at - batch.closes_at == timedelta(hours=24)
    desk.enters(draw_id)


def test_the_key_is_random_for_each_draw_and_is_not_told_before(desk):
    draw_id = desk.open_draw()
    rows = desk.all("SELECT key, commitment FROM draw_batch")
    assert len({bytes(row.key) for row in rows}) == len(rows) > 1
    assert all(hashlib.sha256(bytes(row.key)).hexdigest() == row.commitment for row in rows)
    told = json.dumps(desk.listed()) + desk.document(draw_id)
    assert not any(bytes(row.key).hex() in told for row in rows)


def test_holidays_in_a_batch_have_nothing_to_give_and_nobody_can_ask_for_them(desk):
    easter = date(2027, 3, 29)
    desk.clock.at = at(easter - timedelta(days=56), "12:00")
    desk.reload()
    draw_id = desk.open_draw(easter)
    assert refused(lambda: desk.enters(draw_id)).code == "draw-wish-impossible"
    desk.holds_the_draw(draw_id)
    assert desk.state_of(draw_id) == "settled"
