"""The waiting list on a real database: one person at a time, in order, without ever losing the visit that one has."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.appointments import timers
from services.appointments.domain.waiting_list import MOST_OFFERS_A_MINUTE
from tests.integration.appointments_desk import (
    ABROAD,
    ABROAD_LINE,
    THURSDAY,
    TUESDAY,
    WEDNESDAY,
    Desk,
    at,
    at_once,
    refused,
)

LATE = TUESDAY + timedelta(days=28)
NO_DRIFT: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


@pytest.fixture
def desk(enschede):
    enschede.clear()
    yield enschede
    assert enschede.drift() == NO_DRIFT
    assert enschede.all("SELECT id FROM offer WHERE passed > 0") == []


def book(desk, on, wall, **visit):
    return desk.book(at(on, wall), product=ABROAD, **visit)[0]


def kept(desk):
    """Return for whom places are kept, by kind."""
    rows = desk.all(
        "SELECT kept_for, count(*) AS number FROM appointment"
        " WHERE state = 'held' AND kept_for <> 'visitor' GROUP BY kept_for"
    )
    return {row.kept_for: row.number for row in rows}


def closed_otherwise(desk):
    """Take all that is free, so that only what comes free can be offered."""
    desk.one("UPDATE line_day SET open = open & ~free, free = CAST(0 AS bit(288)) WHERE line_id = :id", id=ABROAD_LINE)


@pytest.fixture
def full(desk):
    """A town that is full until its visits are cancelled, in which four people hold visits."""
    desk.early = book(desk, THURSDAY, "10:00")
    desk.mine = book(desk, LATE, "10:00")
    desk.other = book(desk, LATE, "11:00")
    desk.third = book(desk, LATE, "13:30")
    closed_otherwise(desk)
    yield desk
    assert desk.drift() == NO_DRIFT
    desk.clear()
    desk.reload()


def offered(desk, key):
    desk.wait(seconds=61)
    desk.work_the_list()
    return desk.offer_for(key)


def test_who_waits_is_offered_what_comes_free_and_moves_there_with_the_same_reference(full):
    full.join(full.mine)
    full.cancel(full.early)
    assert full.free_times(THURSDAY, product=ABROAD) == []
    assert full.waiting_list(full.mine)["wish"]["state"] == "waiting"
    offer = offered(full, full.mine)
    assert datetime.fromisoformat(offer["starts_at"]) == at(THURSDAY, "10:00")
    assert kept(full) == {"offer": 1}
    assert full.free_times(THURSDAY, product=ABROAD) == []

    before = full.look_up(full.mine)
    moved = full.answer(full.mine, offer["offer_id"], "accept")
    assert datetime.fromisoformat(moved["starts_at"]) == at(THURSDAY, "10:00")
    assert (moved["appointment_id"], moved["reference"]) == (before["appointment_id"], before["reference"])
    assert (moved["sequence"], moved["version"]) == (before["sequence"] + 1, before["version"] + 1)
    assert full.waiting_list(full.mine)["wish"] is None
    told = [kind for kind, _ in full.events()]
    assert told[-3:] == ["aanbod-gedaan", "aanbod-beeindigd", "afspraak-verzet"]


def test_the_place_that_is_left_behind_goes_on_along_the_list(full):
    full.join(full.third)
    full.cancel(full.early)
    offer = offered(full, full.third)
    last = full.clock.at
    much_later = book_after_opening(full, LATE + timedelta(days=7))
    full.join(much_later)
    full.answer(full.third, offer["offer_id"], "accept")
    offer = offered(full, much_later)
    assert datetime.fromisoformat(offer["starts_at"]) == at(LATE, "13:30")
    assert full.clock.at > last


def book_after_opening(desk, on):
    desk.one(
        'UPDATE line_day SET open = open | :bits, free = free | :bits WHERE line_id = :id AND "on" = :on',
        bits="0" * 120 + "1" * 7 + "0" * 161,
        id=ABROAD_LINE,
        on=on,
    )
    return book(desk, on, "10:00")


def test_a_no_keeps_the_visit_and_the_next_is_asked_at_once(full):
    full.join(full.mine)
    full.wait(days=1)
    full.join(full.other)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    assert full.offer_for(full.other) is None
    full.answer(full.mine, offer["offer_id"], "decline")
    full.work_the_list()
    assert full.offer_for(full.mine) is None
    assert full.waiting_list(full.mine)["wish"]["state"] == "waiting"
    assert full.offer_for(full.other)["starts_at"] == offer["starts_at"]
    assert datetime.fromisoformat(full.look_up(full.mine)["starts_at"]) == at(LATE, "10:00")


def test_who_does_not_answer_loses_the_offer_only(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.clock.at = datetime.fromisoformat(offer["expires_at"]) + timedelta(seconds=1)
    full.work_the_list()
    assert full.offer_for(full.mine) is None
    assert kept(full) == {"delay": 1}
    assert full.look_up(full.mine)["state"] == "booked"
    refusal = refused(lambda: full.answer(full.mine, offer["offer_id"], "accept"))
    assert refusal.code == "offer-over"


def test_three_silences_pause_a_wish_until_it_is_taken_up_again(full):
    full.join(full.mine)
    full.one("UPDATE wish SET ignored = 2")
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.clock.at = datetime.fromisoformat(offer["expires_at"]) + timedelta(seconds=1)
    full.work_the_list()
    assert full.waiting_list(full.mine)["wish"]["state"] == "paused"
    assert full.join(full.mine)["wish"]["state"] == "waiting"


def test_a_late_yes_still_counts_while_nobody_else_has_the_time(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.clock.at = datetime.fromisoformat(offer["expires_at"]) + timedelta(seconds=1)
    full.work_the_list()
    full.wait(hours=7)
    full.work_the_list()
    assert kept(full) == {}
    assert full.free_times(THURSDAY, product=ABROAD) == [at(THURSDAY, "10:00")]
    moved = full.answer(full.mine, offer["offer_id"], "accept")
    assert datetime.fromisoformat(moved["starts_at"]) == at(THURSDAY, "10:00")
    assert full.waiting_list(full.mine)["wish"] is None


def test_a_yes_after_the_deadline_wins_as_long_as_the_place_is_still_kept(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.clock.at = datetime.fromisoformat(offer["expires_at"]) + timedelta(minutes=1)
    moved = full.answer(full.mine, offer["offer_id"], "accept")
    assert datetime.fromisoformat(moved["starts_at"]) == at(THURSDAY, "10:00")


def test_two_devices_that_accept_at_once_move_the_visit_once(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    outcomes = at_once(8, lambda _: full.answer(full.mine, offer["offer_id"], "accept")["version"])
    assert outcomes == [2] * 8
    assert [kind for kind, _ in full.events()].count("afspraak-verzet") == 1


def test_yes_and_no_at_once_end_in_one_of_the_two(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    at_once(6, lambda n: full.answer(full.mine, offer["offer_id"], "accept" if n % 2 else "decline"))
    moved = datetime.fromisoformat(full.look_up(full.mine)["starts_at"]) == at(THURSDAY, "10:00")
    ended = full.one("SELECT state FROM offer").state
    assert ended == ("accepted" if moved else "declined")


def test_a_yes_at_the_very_moment_of_the_deadline_counts_or_does_not_but_nothing_breaks(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.clock.at = datetime.fromisoformat(offer["expires_at"])
    at_once(
        6,
        lambda n: full.answer(full.mine, offer["offer_id"], "accept") if n % 3 == 0 else full.work_the_list(),
    )
    moved = datetime.fromisoformat(full.look_up(full.mine)["starts_at"]) == at(THURSDAY, "10:00")
    ended = full.one("SELECT state FROM offer WHERE id = :id", id=offer["offer_id"]).state
    assert ended == ("accepted" if moved else "expired")


def test_cancelling_and_offering_at_once_never_offers_to_who_has_no_visit(full):
    for key in (full.mine, full.other, full.third):
        full.join(key)
    full.cancel(full.early)
    full.wait(seconds=61)
    at_once(4, lambda n: full.cancel(full.mine) if n == 0 else full.work_the_list())
    full.work_the_list()
    assert full.offer_for(full.mine) is None
    assert (
        full.all(
            "SELECT 1 FROM offer JOIN appointment ON appointment.id = appointment_id"
            " WHERE offer.state = 'open' AND appointment.state <> 'booked'"
        )
        == []
    )


def test_an_offer_is_taken_back_when_the_visit_is_cancelled(full):
    full.join(full.mine)
    full.join(full.other)
    full.cancel(full.early)
    full.wait(seconds=61)
    full.work_the_list()
    holder, next_one = (full.mine, full.other) if full.offer_for(full.mine) else (full.other, full.mine)
    offer = full.offer_for(holder)
    full.cancel(holder)
    assert full.one("SELECT state FROM offer WHERE id = :id", id=offer["offer_id"]).state == "revoked"
    full.work_the_list()
    assert full.offer_for(next_one)["starts_at"] == offer["starts_at"]
    assert refused(lambda: full.answer(holder, offer["offer_id"], "accept")).code == "appointment-over"


def test_an_offer_is_taken_back_when_the_counter_closes(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    opened = full.one('SELECT open::text AS open FROM line_day WHERE line_id = :id AND "on" = :on',
                      id=ABROAD_LINE, on=THURSDAY).open  # fmt: skip
    full.one('UPDATE line_day SET open = CAST(0 AS bit(288)), free = CAST(0 AS bit(288))'
             ' WHERE line_id = :id AND "on" = :on', id=ABROAD_LINE, on=THURSDAY)  # fmt: skip
    assert full.drift()["outside_openings"] == []
    assert refused(lambda: full.answer(full.mine, offer["offer_id"], "accept")).code == "offer-over"
    full.work_the_list()
    assert full.offer_for(full.mine) is None
    assert full.one("SELECT state FROM offer").state == "revoked"
    full.one('UPDATE line_day SET open = CAST(:open AS bit(288)) WHERE line_id = :id AND "on" = :on',
             open=opened, id=ABROAD_LINE, on=THURSDAY)  # fmt: skip
    full.wait(hours=8)
    full.work_the_list()


def test_whoever_moves_early_enough_himself_leaves_the_list(desk):
    mine = book(desk, LATE, "10:00")
    desk.join(mine)
    desk.move(mine, at(LATE - timedelta(days=1), "10:00"))
    assert desk.waiting_list(mine)["wish"]["state"] == "waiting"
    desk.move(mine, at(THURSDAY, "10:00"))
    assert desk.waiting_list(mine)["wish"] is None
    assert desk.one("SELECT ended_because FROM wish").ended_because == "moved"


def test_what_is_free_for_all_is_offered_by_the_sweep_to_those_whom_nobody_told(desk):
    mine = book(desk, LATE, "10:00")
    desk.join(mine, weekdays=[3], parts_of_day=["afternoon"])
    assert desk.sweep_the_list() > 0
    desk.work_the_list()
    offer = desk.offer_for(mine)
    assert datetime.fromisoformat(offer["starts_at"]) == at(THURSDAY, "13:15")
    assert desk.sweep_the_list() == 0


def test_the_sweep_ends_wishes_that_nothing_can_fulfil(full):
    full.join(full.mine)
    full.clock.at = at(LATE, "09:00")
    full.sweep_the_list()
    assert full.one("SELECT ended_because FROM wish").ended_because == "passed"


def test_a_cancelled_place_of_a_scarce_product_is_shown_hours_later(desk):
    early = book(desk, THURSDAY, "10:00")
    desk.cancel(early)
    assert refused(lambda: book(desk, THURSDAY, "10:00")).code == "slot-taken"
    assert kept(desk) == {"delay": 1}
    desk.wait(minutes=14)
    desk.work_the_list()
    assert kept(desk) == {"delay": 1}
    desk.wait(hours=6)
    desk.work_the_list()
    assert book(desk, THURSDAY, "10:00")


def test_within_a_day_of_the_visit_a_cancelled_place_is_shown_at_once(desk):
    early = book(desk, THURSDAY, "10:00")
    desk.clock.at = at(WEDNESDAY, "11:00")
    desk.cancel(early)
    assert kept(desk) == {}


def test_the_delay_of_each_place_differs(desk):
    for hour in (9, 10, 11, 14, 15):
        desk.cancel(book(desk, THURSDAY, f"{hour:02}:00"))
    assert len({row.expires_at for row in desk.all("SELECT expires_at FROM appointment WHERE kept_for = 'delay'")}) == 5


def test_a_hold_that_runs_out_is_no_news_of_the_list_and_its_ticks_may_go_to_the_list(full):
    full.join(full.mine)
    full.one(
        'UPDATE line_day SET open = open | :bits, free = free | :bits WHERE line_id = :id AND "on" = :on',
        bits="0" * 150 + "1" * 7 + "0" * 131,
        id=ABROAD_LINE,
        on=THURSDAY,
    )
    full.hold(at(THURSDAY, "12:30"), product=ABROAD)
    full.wait(minutes=11)
    assert full.expire() == 1
    assert kept(full) == {"list": 1}
    offer = offered(full, full.mine)
    assert datetime.fromisoformat(offer["starts_at"]) == at(THURSDAY, "12:30")
    assert full.expire() == 0
    assert [kind for kind, _ in full.events()].count("reservering-verlopen") == 1


def test_nothing_changes_for_products_without_a_list(desk):
    key, _ = desk.book(at(THURSDAY, "10:00"))
    desk.cancel(key)
    assert kept(desk) == {}
    late, _ = desk.book(at(LATE, "10:00"))
    assert desk.waiting_list(late)["possible"] is False
    assert refused(lambda: desk.join(late)).code == "no-waiting-list"


def test_a_wish_that_cannot_be_fulfilled_is_refused(desk):
    late = book(desk, LATE, "10:00")
    assert refused(lambda: desk.join(late, earliest_on=str(LATE))).code == "wish-impossible"
    assert refused(lambda: desk.join(late, location_ids=["glanerbrug"])).code == "not-offered-here"
    soon = book(desk, WEDNESDAY, "10:00")
    assert desk.waiting_list(soon)["possible"] is True
    desk.clock.at = at(WEDNESDAY, "09:00")
    assert desk.waiting_list(soon)["possible"] is False
    assert refused(lambda: desk.join(soon)).code == "wish-impossible"


def test_an_offer_goes_when_its_owner_wishes_something_else(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    assert full.join(full.mine, parts_of_day=["morning"])["wish"]["offer"] == offer
    assert full.join(full.mine, parts_of_day=["evening"])["wish"]["offer"] is None
    assert refused(lambda: full.answer(full.mine, offer["offer_id"], "accept")).code == "offer-over"


def test_leaving_the_list_twice_is_leaving_it_once(desk):
    late = book(desk, LATE, "10:00")
    desk.join(late)
    desk.leave(late)
    desk.leave(late)
    assert desk.waiting_list(late)["wish"] is None
    assert desk.join(late)["wish"]["state"] == "waiting"


def test_the_offer_of_somebody_else_cannot_be_answered(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    assert refused(lambda: full.answer(full.other, offer["offer_id"], "accept")).code == "wish-unknown"
    assert refused(lambda: full.answer(full.mine, UUID(int=5), "accept")).code == "wish-unknown"


def test_no_more_offers_go_out_in_a_minute_than_mail_and_counters_can_bear(desk):
    mine = book(desk, LATE, "10:00")
    desk.join(mine)
    desk.sweep_the_list()
    desk.one(
        'INSERT INTO offer (id, wish_id, appointment_id, hold_id, location_id, "on", first_tick, ticks, starts_at,'
        " ends_at, owned_from, owned_until, made_at, expires_at, passed, state, ended_at)"
        " SELECT gen_random_uuid(), wish.id, appointment_id, appointment_id, 'stadskantoor', '2026-11-26', 1, 1, :now,"
        "  :now, :now, :now, :now, :now, 0, 'declined', :now FROM wish, generate_series(1, :many)",
        now=desk.clock.at,
        many=MOST_OFFERS_A_MINUTE,
    )
    assert desk.work_the_list() == 0
    desk.wait(seconds=61)
    assert desk.work_the_list() == 1


def test_two_processes_at_once_offer_each_place_once(desk):
    keys = [book(desk, LATE, wall) for wall in ("09:00", "10:00", "11:00", "13:30", "14:30")]
    for key in keys:
        desk.join(key)
    desk.sweep_the_list()
    at_once(4, lambda _: timers.give_out(desk.transactions))
    while desk.work_the_list():
        pass
    offers = [desk.offer_for(key) for key in keys]
    assert len({offer["starts_at"] for offer in offers}) == 5
