"""Rooms under pressure: many at once, rooms that close, visits that change rooms, and the waiting list."""

import random
from collections import Counter
from datetime import date, datetime, timedelta

import pytest

from services.appointments.openings import find_strays
from services.messaging.errors import Refusal
from tests.integration.appointments_desk import ABROAD, ABROAD_LINE, THURSDAY, TUESDAY, WEDNESDAY, at, at_once, refused
from tests.integration.appointments_rooms import ROOMS, WELL, Hall, also, line, town_with
from tests.integration.appointments_staff import NEXT_TUESDAY

TOWN = {"passport": [also()]}


@pytest.fixture(scope="module")
def hall(databases):
    hall = Hall(databases("appointments"))
    hall.reload(town_with(**TOWN))
    hall.open_to_all()
    return hall


@pytest.fixture
def desk(hall):
    hall.clear()
    hall.reload(town_with(**TOWN))  # opens what the test before closed
    hall.open_to_all()
    return hall


# --- at the same instant


def test_of_sixteen_who_want_one_time_as_many_get_it_as_there_are_rooms(desk):
    for _ in range(3):
        outcomes = at_once(16, lambda _: bool(desk.hold(at(TUESDAY, "10:00"))))
        assert Counter(outcomes) == {True: 2, "slot-taken": 14}
        assert desk.drift() == WELL
        desk.clear()


def test_sixteen_who_book_move_and_cancel_around_each_other_are_never_more_than_two_at_a_time(desk):
    def live(n):
        own, keys, done = random.Random(n), list[dict[str, str]](), Counter[str]()
        for turn in range(10):
            on = own.choice([TUESDAY, WEDNESDAY])
            start = at(on, "09:00") + timedelta(minutes=5 * own.randrange(18))
            try:
                if turn % 4 == 3 and keys:
                    desk.cancel(keys.pop(0))
                elif turn % 4 == 2 and keys:
                    desk.move(keys[0], start)
                    done["moved"] += 1
                else:
                    keys.append(desk.book(start, product=own.choice(["passport", "passport", "identity-card"]))[0])
                    done["booked"] += 1
            except Refusal as refusal:
                done[refusal.code] += 1
        return done

    total = sum(at_once(16, live), Counter[str]())
    assert set(total) <= {"booked", "moved", "slot-taken"}, total
    assert total["booked"] > 30
    assert desk.at_a_time(ROOMS, TUESDAY) == desk.at_a_time(ROOMS, WEDNESDAY) == 2
    assert desk.drift() == WELL


def test_many_opposite_moves_at_once_never_wait_for_each_other(desk):
    keys = [desk.book(at(TUESDAY if n % 2 else WEDNESDAY, f"{9 + n // 2}:00"))[0] for n in range(6)]

    def there_and_back(n):
        for turn in range(8):
            on = (TUESDAY, WEDNESDAY)[(n + turn) % 2]
            desk.move(keys[n], at(on, f"{9 + n // 2}:{'00' if turn % 4 < 2 else '05'}"))
        return "moved"

    assert set(at_once(6, there_and_back)) <= {"moved", "slot-taken"}
    assert desk.drift() == WELL


def test_opposite_moves_and_closings_of_a_room_and_a_counter_at_once_lose_nobody(desk):
    days = (NEXT_TUESDAY, NEXT_TUESDAY + timedelta(days=1))
    keys = [desk.book(at(days[n % 2], f"{9 + n // 2}:00"))[0] for n in range(12)]

    def act(n):
        if n == 12:
            return [desk.change("close-line", on, line="kamer-1")["change_id"] for on in days]
        if n == 13:
            return [desk.change("close-line", on, line="stadskantoor-1")["change_id"] for on in reversed(days)]
        done = 0
        for turn in range(4):
            try:
                desk.move(keys[n], at(days[(n + turn) % 2], f"{9 + n // 2}:{5 * (turn % 3):02}"))
                done += 1
            except Refusal as refusal:
                assert refusal.code in ("slot-taken", "day-closed"), refusal
        return done

    at_once(14, act)
    find_strays(desk.transactions)
    desk.follow()
    booked = desk.one("SELECT count(*) AS n FROM appointment WHERE state = 'booked'").n
    assert booked == len(keys)
    outside = {stray["appointment_id"] for stray in desk.drift()["outside_openings"]}
    assert outside == {visit["appointment_id"] for visit in desk.list_affected()}
    assert desk.drift()["drifts"] == desk.drift()["claims_out_of_step"] == []
    # Kamer 1 is closed: who is inside the openings is in kamer 2, one at a time.
    inside = desk.all("SELECT line_id FROM live_claim WHERE NOT appointment_id::text = ANY(:ids)", ids=list(outside))
    assert {row.line_id for row in inside} <= set(ROOMS)


def test_a_hold_is_either_confirmed_or_expired_and_its_room_is_never_lost(desk):
    for _ in range(10):
        held, _ = desk.hold(at(TUESDAY, "10:00"))
        desk.wait(minutes=10)
        outcomes = at_once(2, lambda n, held=held: desk.confirm(held)["state"] if n else desk.expire())
        assert outcomes[1] == "booked"
        assert len(desk.locked()) == 1
        assert desk.drift() == WELL
        desk.clear()


def test_two_sweepers_and_those_who_release_give_every_room_back_once(desk):
    before = desk.bits()
    held = [desk.hold(at(TUESDAY, f"1{n % 5}:00"))[0] for n in range(10)]
    desk.wait(minutes=10)
    at_once(8, lambda n: desk.expire() if n < 3 else desk.release(held[n]))
    desk.expire()
    assert (desk.bits(), desk.locked()) == (before, [])


# --- openings that change


def test_who_loses_one_of_two_rooms_gets_the_other_and_notices_nothing(desk):
    key, reply = desk.book(at(NEXT_TUESDAY, "10:00"))
    [room] = desk.lines_of(reply["appointment_id"])[1]
    told, before = desk.events(), desk.look_up(key)
    assert desk.preview("close-line", line=room) == {"rehoused": 1, "affected": []}
    assert desk.change("close-line", line=room)["affected"] == 0
    assert desk.lines_of(reply["appointment_id"])[1] == [other for other in ROOMS if other != room]
    assert (desk.events(), desk.look_up(key)) == (told, before)
    assert desk.drift() == WELL


def test_who_loses_the_only_room_is_offered_another_time_with_a_room(desk):
    desk.change("close-line", line="kamer-2")
    key, reply = desk.book(at(NEXT_TUESDAY, "10:00"))
    seen = desk.preview("close-line", line="kamer-1")
    assert [visit["appointment_id"] for visit in seen["affected"]] == [reply["appointment_id"]]
    assert desk.change("close-line", line="kamer-1")["affected"] == 1
    assert [stray["line_id"] for stray in desk.drift()["outside_openings"]] == ["kamer-1"]
    desk.follow()
    [visit] = desk.list_affected()
    assert visit["state"] == "offered"
    assert len(desk.locked()) == 2, "the visit keeps what it has until it is answered, and the offer has its own room"
    moved = desk.answer_affected(key, accept=True)
    assert moved["starts_at"] == visit["proposed_starts_at"]
    desk.follow()
    assert desk.states() == {"moved": 1}
    assert len(desk.locked()) == 1
    assert desk.drift() == WELL


def test_who_declines_or_is_revoked_gives_every_room_back(desk):
    before = {key: bits for key, bits in desk.bits().items() if key[0] in ROOMS and key[1] != NEXT_TUESDAY}
    key, _ = desk.book(at(NEXT_TUESDAY, "10:00"))
    for room in ROOMS:
        desk.change("close-line", line=room)
    desk.follow()
    desk.answer_affected(key, accept=False)
    [visit] = desk.list_affected()
    desk.revoke(visit["appointment_id"])
    assert desk.locked() == []
    assert {key: bits for key, bits in desk.bits().items() if key in before} == before
    assert desk.drift() == WELL


def test_a_room_that_opens_again_lets_the_visit_stand(desk):
    key, _ = desk.book(at(NEXT_TUESDAY, "10:00"))
    changes = [desk.change("close-line", line=room)["change_id"] for room in ROOMS]
    desk.follow()
    assert desk.look_up(key)["affected"] is not None
    desk.withdraw(changes[0])
    desk.follow()
    assert desk.look_up(key)["affected"] is None
    assert desk.states() == {"kept": 1}
    assert desk.drift() == WELL


def test_a_visit_that_misses_only_its_room_is_not_said_to_be_well_while_its_counter_is_open(desk):
    desk.book(at(NEXT_TUESDAY, "10:00"))
    for room in ROOMS:
        desk.change("close-line", line=room)
    desk.follow()
    desk.follow()
    assert desk.states() == {"offered": 1}


def test_a_held_time_in_a_room_that_closes_ends_and_its_visitor_hears_so(desk):
    held, _ = desk.hold(at(NEXT_TUESDAY, "10:00"))
    for room in ROOMS:
        desk.change("close-line", line=room)
    desk.expire()
    assert refused(lambda: desk.confirm(held)).code == "hold-expired"
    assert desk.drift() == WELL


def test_a_counter_that_closes_takes_nobody_out_of_the_room(desk):
    _, reply = desk.book(at(NEXT_TUESDAY, "10:00"))
    counter, rooms = desk.lines_of(reply["appointment_id"])
    assert desk.change("close-line", line=counter)["affected"] == 0
    other, same = desk.lines_of(reply["appointment_id"])
    assert (other != counter, same) == (True, rooms)
    assert desk.drift() == WELL


def test_a_room_that_the_files_no_longer_name_closes_and_its_visits_are_found(desk):
    desk.book(at(NEXT_TUESDAY, "10:00"))
    desk.book(at(NEXT_TUESDAY, "10:00"))
    _, strays = desk.reload(town_with([line("kamer-1")], **TOWN))
    assert [stray.line_id for stray in strays] == ["kamer-2"]
    desk.follow()
    assert len(desk.list_affected()) == 1
    assert desk.drift()["drifts"] == []


# --- changing rooms


def split_rooms(desk):
    """Leave a quarter free in one room, and the next quarter in the other."""
    early = [desk.book(at(TUESDAY, "09:00"))[0] for _ in ROOMS]
    late = [desk.book(at(TUESDAY, "09:15"))[0] for _ in ROOMS]
    rooms = {key["reference"]: desk.lines_of(desk.look_up(key)["appointment_id"])[1][0] for key in (*early, *late)}
    desk.cancel(next(key for key in early if rooms[key["reference"]] == "kamer-1"))
    desk.cancel(next(key for key in late if rooms[key["reference"]] == "kamer-2"))


def test_half_an_hour_that_lies_in_two_pieces_in_two_rooms_is_found(desk):
    split_rooms(desk)
    told = desk.events()
    desk.hold(at(TUESDAY, "09:00"), persons=3)
    assert desk.events() == told
    assert desk.at_a_time(ROOMS, TUESDAY) == 2
    assert desk.one("SELECT count(*) AS n FROM appointment_history WHERE deed = 'reassign'").n == 1
    assert desk.drift() == WELL


def test_of_many_who_want_the_half_hour_in_two_rooms_one_gets_it(desk):
    for _ in range(3):
        split_rooms(desk)
        outcomes = at_once(8, lambda _: bool(desk.hold(at(TUESDAY, "09:00"), persons=2)))
        assert Counter(outcomes)[True] <= 1
        assert set(outcomes) <= {True, "slot-taken"}
        assert desk.drift() == WELL
        desk.clear()


def test_a_full_room_is_refused_without_touching_anything(desk):
    for wall in ("09:00", "09:15"):
        for _ in ROOMS:
            desk.book(at(TUESDAY, wall))
    before = desk.bits()
    assert refused(lambda: desk.hold(at(TUESDAY, "09:05"))).code == "slot-taken"
    assert desk.bits() == before


# --- the waiting list

LATE = date(2026, 12, 10)


@pytest.fixture
def full(databases):
    """One counter, one device, a waiting list: everything is taken until somebody cancels."""
    desk = Hall(databases("appointments"))
    desk.reload(town_with([line("device-1", "device", ["camera"])], passport_abroad=[also("device", ["camera"])]))
    desk.early, desk.mine, _ = (
        desk.book(at(on, wall), product=ABROAD)[0]
        for on, wall in ((THURSDAY, "10:00"), (LATE, "10:00"), (LATE, "13:30"))
    )
    shut(desk, ABROAD_LINE)
    yield desk
    assert desk.drift() == WELL
    assert desk.all("SELECT id FROM offer WHERE passed > 0") == []


def shut(desk, line_id):
    """Take all that is free of a line, so that only what comes free can be given out."""
    desk.one("UPDATE line_day SET open = open & ~free, free = CAST(0 AS bit(288)) WHERE line_id = :id", id=line_id)


def offered(desk, key):
    desk.wait(seconds=61)
    desk.work_the_list()
    return desk.offer_for(key)


def test_a_place_that_comes_free_is_kept_with_its_device_and_moves_with_it(full):
    shut(full, "device-1")
    full.join(full.mine)
    full.cancel(full.early)
    assert len(full.locked()) == 3
    assert full.free_times(THURSDAY, product=ABROAD) == []
    offer = offered(full, full.mine)
    assert datetime.fromisoformat(offer["starts_at"]) == at(THURSDAY, "10:00")
    moved = full.answer(full.mine, offer["offer_id"], "accept")
    assert full.lines_of(moved["appointment_id"]) == (ABROAD_LINE, ["device-1"])
    [left] = full.all("SELECT id FROM appointment WHERE kept_for = 'delay' AND state = 'held'")
    assert full.lines_of(left.id) == (ABROAD_LINE, ["device-1"])
    assert [run[1:] for run in full.locked()] == [(120, 7), (120, 7), (162, 7)]


def test_who_says_no_leaves_place_and_device_to_everybody_when_the_time_of_the_list_is_over(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.answer(full.mine, offer["offer_id"], "decline")
    for _ in range(2):
        full.wait(hours=20)
        full.work_the_list()
    assert len(full.locked()) == 2


def test_nobody_is_offered_a_counter_without_its_device(full):
    full.join(full.mine)
    full.one('UPDATE line_day SET open = open | :bits, free = free | :bits WHERE line_id = :id AND "on" = :on',
             bits="0" * 120 + "1" * 7 + "0" * 161, id=ABROAD_LINE, on=WEDNESDAY + timedelta(days=6))  # fmt: skip
    full.one('UPDATE line_day SET open = CAST(0 AS bit(288)), free = CAST(0 AS bit(288))'
             " WHERE line_id = 'device-1' AND \"on\" = :on", on=WEDNESDAY + timedelta(days=6))  # fmt: skip
    assert full.sweep_the_list() == 0
    assert full.offer_for(full.mine) is None


def test_an_offer_is_taken_back_when_its_device_closes(full):
    full.join(full.mine)
    full.cancel(full.early)
    offer = offered(full, full.mine)
    full.change("close-line", THURSDAY, line="device-1")
    assert refused(lambda: full.answer(full.mine, offer["offer_id"], "accept")).code == "offer-over"
    full.work_the_list()
    assert full.offer_for(full.mine) is None
    full.wait(hours=30)
    full.work_the_list()
    assert len(full.locked()) == 2


def test_a_kept_device_that_the_offer_does_not_need_goes_to_everybody(full):
    full.join(full.mine)
    full.cancel(full.early)
    full.one("UPDATE product SET also = '[]' WHERE id = :id", id=ABROAD)
    full.one("UPDATE calendar SET edition = gen_random_uuid()")
    assert offered(full, full.mine)
    assert len(full.locked()) == 2


def test_of_a_kept_place_that_is_longer_the_rest_waits_without_a_device(full):
    full.clear()
    full.reload(town_with([line("device-1", "device", ["camera"])], passport_abroad=[also("device", ["camera"])]))
    early, _ = full.book(at(THURSDAY, "10:00"), product=ABROAD, persons=3)
    mine, _ = full.book(at(LATE, "10:00"), product=ABROAD)
    shut(full, ABROAD_LINE)
    shut(full, "device-1")
    full.join(mine)
    full.cancel(early)
    offer = offered(full, mine)
    assert [run[1:] for run in full.locked()] == [(120, 7), (120, 7)]
    full.answer(mine, offer["offer_id"], "accept")
