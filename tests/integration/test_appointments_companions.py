"""Visits that need a room, a device or their turn besides a counter: they get all of it or nothing."""

from datetime import date, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from services.appointments import check
from services.appointments.domain.appointment import OCCUPYING, State
from services.appointments.domain.ticks import FULL, mask
from services.appointments.load import load
from services.appointments.queries import list_products
from services.appointments.town_files import TownFilesError
from tests.integration.appointments_desk import ABROAD, ABROAD_LINE, THURSDAY, TUESDAY, WEDNESDAY, at, refused
from tests.integration.appointments_rooms import ROOMS, WELL, Hall, also, line, town_with

PASSPORT_TICKS = 3
NINE = 108


@pytest.fixture(scope="module")
def hall(databases):
    hall = Hall(databases("appointments"))
    hall.reload(town_with(passport=[also()]))
    hall.open_to_all()
    return hall


@pytest.fixture
def desk(hall):
    hall.clear()
    hall.strokes = 0
    yield hall
    assert hall.drift() == WELL


def without_rooms(desk, on, *rooms):
    """Let rooms be taken all day, by nobody: the caller must give them back."""
    desk.one('UPDATE line_day SET free = CAST(0 AS bit(288)) WHERE line_id = ANY(:ids) AND "on" = :on',
             ids=list(rooms), on=on)  # fmt: skip


def with_rooms(desk):
    desk.one("UPDATE line_day SET free = open WHERE line_id = ANY(:ids)", ids=list(ROOMS))


# --- searching


def test_every_time_on_offer_can_be_held_and_no_more_visits_fit_than_there_are_rooms(desk):
    visits = 0
    while times := desk.free_times(TUESDAY):
        desk.hold(times[0])
        visits += 1
    # Two rooms, open as long as the location is (08:30 to 17:00), a quarter of an hour each.
    assert visits == 2 * 34
    assert TUESDAY.isoformat() not in [day["on"] for day in desk.free_days()["days"]]
    assert desk.at_a_time(ROOMS, TUESDAY) == 2
    assert desk.free_times(TUESDAY, product="identity-card"), "the counters are not full"


def test_the_number_of_times_on_a_day_is_the_number_of_times_shown(desk):
    for wall in ("09:00", "09:05", "10:30", "10:35"):
        desk.hold(at(TUESDAY, wall))
    counted = {day["on"]: day["starts"] for day in desk.free_days()["days"]}
    assert counted[TUESDAY.isoformat()] == len(desk.free_times(TUESDAY))
    assert not {at(TUESDAY, "09:00"), at(TUESDAY, "10:30")} & set(desk.free_times(TUESDAY))


def test_who_finds_the_rooms_taken_is_told_the_nearest_times_with_a_room(desk):
    for _ in ROOMS:
        desk.hold(at(TUESDAY, "10:00"))
    refusal = refused(lambda: desk.hold(at(TUESDAY, "10:05")))
    assert refusal.code == "slot-taken"
    assert at(TUESDAY, "10:15").isoformat() in refusal.facts["alternatives"]
    assert at(TUESDAY, "10:00").isoformat() not in refusal.facts["alternatives"]


def test_a_place_without_rooms_does_not_offer_what_needs_one(desk):
    refusal = refused(lambda: desk.free_days(location="glanerbrug"))
    assert (refusal.code, refusal.facts) == ("not-offered-here", {"location_ids": ["stadskantoor"]})
    products = desk.ask(list_products)["products"]
    places = {product["product_id"]: product["location_ids"] for product in products}
    assert (places["passport"], places["identity-card"]) == (["stadskantoor"], ["stadskantoor", "glanerbrug"])


def test_what_is_shown_for_one_product_is_not_shown_for_another_that_needs_more(desk):
    for wall in ("09:00", "09:20"):
        desk.hold(at(TUESDAY, wall), product="identity-card")
    desk.free_times(TUESDAY, product="identity-card")
    without_rooms(desk, TUESDAY, *ROOMS)
    assert desk.free_times(TUESDAY) == []
    with_rooms(desk)


# --- a life


def test_a_visit_takes_a_counter_and_a_room_and_gives_both_back_whatever_ends_it(desk):
    before = desk.bits()
    held, reply = desk.hold(at(TUESDAY, "09:00"))
    counter, rooms = desk.lines_of(reply["hold_id"])
    assert counter.startswith("stadskantoor-")
    assert set(rooms) < set(ROOMS)
    assert desk.locked() == [(rooms[0], NINE, PASSPORT_TICKS)]
    assert desk.free_bits(rooms[0], TUESDAY) & mask(NINE, PASSPORT_TICKS) == 0
    desk.release(held)
    assert (desk.bits(), desk.locked()) == (before, [])
    desk.hold(at(TUESDAY, "09:00"))
    desk.wait(minutes=11)
    assert desk.expire() == 1
    assert (desk.bits(), desk.locked()) == (before, [])
    key, _ = desk.book(at(TUESDAY, "09:00"))
    assert len(desk.locked()) == 1
    desk.cancel(key)
    desk.cancel(key)
    assert (desk.bits(), desk.locked()) == (before, [])


def test_holding_with_a_room_is_not_one_statement_but_confirming_is_and_ordinary_visits_are(desk):
    desk.free_days()
    held, _ = desk.hold(at(TUESDAY, "09:00"))
    assert desk.strokes == 0
    desk.confirm(held)
    assert desk.strokes == 1
    desk.book(at(TUESDAY, "09:00"), product="identity-card")
    assert desk.strokes == 3


def test_a_late_confirmation_takes_a_room_once_more_while_there_is_one(desk):
    held, reply = desk.hold(at(TUESDAY, "09:00"))
    desk.wait(minutes=11)
    desk.expire()
    [[room]] = [desk.lines_of(reply["hold_id"])[1]]
    without_rooms(desk, TUESDAY, room)
    booked = desk.confirm(held)
    assert desk.lines_of(booked["appointment_id"])[1] == [other for other in ROOMS if other != room]
    desk.one("UPDATE line_day SET free = open WHERE line_id = :id", id=room)


def test_a_late_confirmation_is_refused_when_only_the_rooms_are_gone(desk):
    held, _ = desk.hold(at(TUESDAY, "09:00"))
    desk.wait(minutes=11)
    desk.expire()
    for _ in ROOMS:
        desk.hold(at(TUESDAY, "09:00"))
    before = desk.bits()
    assert refused(lambda: desk.confirm(held)).code == "hold-expired"
    assert desk.bits() == before


def test_a_visit_may_move_by_less_than_its_own_length_in_the_only_room(desk):
    key, reply = desk.book(at(TUESDAY, "09:00"))
    others = [room for room in ROOMS if room not in desk.lines_of(reply["appointment_id"])[1]]
    without_rooms(desk, TUESDAY, *others)
    moved = desk.move(key, at(TUESDAY, "09:05"))
    assert (moved["reference"], moved["sequence"], moved["version"]) == (reply["reference"], 1, 2)
    assert [run[1:] for run in desk.locked()] == [(NINE + 1, PASSPORT_TICKS)]
    desk.one("UPDATE line_day SET free = open WHERE line_id = ANY(:ids)", ids=others)


def test_moving_there_and_back_changes_no_bit(desk):
    key, _ = desk.book(at(TUESDAY, "09:00"))
    before = {line_id: bits for line_id, bits in desk.bits().items() if line_id[1] != TUESDAY}
    desk.move(key, at(THURSDAY, "18:00"))
    desk.move(key, at(TUESDAY, "09:00"))
    assert {line_id: bits for line_id, bits in desk.bits().items() if line_id[1] != TUESDAY} == before
    assert [run[1:] for run in desk.locked()] == [(NINE, PASSPORT_TICKS)]


def test_a_move_without_a_room_leaves_everything_as_it_was(desk):
    key, _ = desk.book(at(TUESDAY, "09:00"))
    for _ in ROOMS:
        desk.hold(at(WEDNESDAY, "09:00"))
    before = desk.bits()
    assert refused(lambda: desk.move(key, at(WEDNESDAY, "09:10"))).code == "slot-taken"
    assert desk.bits() == before


def test_a_booked_visit_follows_what_its_product_needs_when_it_moves_and_not_before(desk):
    key, reply = desk.book(at(TUESDAY, "09:00"))
    other, _ = desk.book(at(TUESDAY, "09:00"), product="identity-card")
    try:
        desk.reload(town_with(passport=[], identity_card=[also()]))
        assert len(desk.locked()) == 1
        desk.move(key, at(TUESDAY, "10:00"))
        assert (desk.locked(), desk.lines_of(reply["appointment_id"])[1]) == ([], [])
        desk.move(other, at(TUESDAY, "11:00"))
        assert [run[1:] for run in desk.locked()] == [(NINE + 24, PASSPORT_TICKS)]
    finally:
        desk.reload(town_with(passport=[also()]))
        desk.open_to_all()


# --- other shapes


@pytest.fixture
def shaped(databases):
    def made(town):
        hall = Hall(databases("appointments"))
        hall.reload(town)
        hall.open_to_all()
        return hall

    return made


def test_a_room_that_is_needed_for_a_part_serves_another_in_the_meantime(shaped):
    desk = shaped(town_with([line("kamer-1")], passport=[also(from_minutes=5, minutes=5)]))
    for wall in ("09:00", "09:05", "09:10"):
        desk.hold(at(TUESDAY, wall))
    assert desk.locked() == [("kamer-1", NINE + tick, 1) for tick in (1, 2, 3)]
    assert refused(lambda: desk.hold(at(TUESDAY, "09:05"))).code == "slot-taken"
    assert desk.drift() == WELL


def test_what_the_counter_needs_before_and_after_the_room_sees_too(shaped):
    desk = shaped(town_with(passport_abroad=[also()]))
    desk.hold(at(TUESDAY, "09:00"), product=ABROAD, persons=2)
    [(_, first, ticks)] = desk.locked()
    assert (first, ticks) == (NINE, 10 + 1)


def test_a_limit_of_two_lets_two_begin_and_the_third_wait(shaped):
    limits = [line(name, "limit", ["intake"]) for name in ("intake", "intake-2")]
    desk = shaped(town_with(limits, passport=[also("limit", ["intake"])]))
    for _ in range(2):
        desk.hold(at(TUESDAY, "09:00"))
    assert refused(lambda: desk.hold(at(TUESDAY, "09:00"))).code == "slot-taken"
    assert desk.hold(at(TUESDAY, "09:15"))


def test_two_needs_that_one_line_could_meet_get_two_lines(shaped):
    devices = [line("device-1", "device", ["camera", "fingers"]), line("device-2", "device", ["camera"])]
    desk = shaped(town_with(devices, passport=[also("device", ["camera"]), also("device", ["fingers"])]))
    _, reply = desk.hold(at(TUESDAY, "09:00"))
    assert desk.lines_of(reply["hold_id"])[1] == ["device-2", "device-1"]
    assert at(TUESDAY, "09:00") not in desk.free_times(TUESDAY)
    assert refused(lambda: desk.hold(at(TUESDAY, "09:00"))).code == "slot-taken"
    assert desk.drift() == WELL


def test_a_visit_for_two_products_needs_what_either_needs(shaped):
    devices = [*(line(room) for room in ROOMS), line("device-1", "device", ["camera"])]
    desk = shaped(town_with(devices, passport=[also(minutes=5)], identity_card=[also("device", ["camera"])]))
    hold = {"location_id": "stadskantoor", "starts_at": at(TUESDAY, "09:00"), "channel": "web"}
    both = [{"product_id": product_id, "persons": 1} for product_id in ("passport", "identity-card")]
    from services.appointments import commands

    reply = desk.do(lambda work: commands.hold_slot(work, products=both, **hold))
    assert desk.lines_of(reply["hold_id"])[1][0] == "device-1"
    assert [run[2] for run in desk.locked()] == [5, 1]


def test_a_pair_of_visits_gets_its_rooms_or_is_not_held_at_all(shaped):
    desk = shaped(town_with([line("kamer-1")], passport_abroad=[also()], collect_travel_document=[also()]))
    later = date(2026, 12, 3)
    before = desk.bits()
    pair, _ = desk.hold_pair(at(TUESDAY, "09:00"), at(later, "09:00"))
    assert [run[2] for run in desk.locked()] == [7, 2]
    desk.release_pair(pair)
    assert (desk.bits(), desk.locked()) == (before, [])
    without_rooms(desk, later, "kamer-1")
    refusal = refused(lambda: desk.hold_pair(at(TUESDAY, "09:00"), at(later, "09:00")))
    assert (refusal.code, refusal.facts["visit"]) == ("slot-taken", "collection")
    desk.one("UPDATE line_day SET free = open WHERE line_id = 'kamer-1'")
    request, _ = desk.book_pair(at(TUESDAY, "09:00"), at(later, "09:00"))
    desk.cancel(request)
    assert (desk.bits(), desk.locked()) == (before, [])


def test_a_room_is_closed_when_its_shift_says_so(shaped):
    early = line("kamer-1")
    early["shifts"][0]["until"] = "12:00"
    desk = shaped(town_with([early], passport=[also()]))
    assert max(desk.free_times(TUESDAY)) == at(TUESDAY, "11:45")
    assert refused(lambda: desk.hold(at(TUESDAY, "12:00"))).code == "day-closed"
    assert desk.free_times(THURSDAY + timedelta(days=1))
    early["shifts"][0]["weekdays"] = [3]
    desk.reload(town_with([early], passport=[also()]))
    assert refused(lambda: desk.free_times(TUESDAY)).code == "day-closed"


def test_a_line_never_becomes_something_else(shaped):
    desk = shaped(town_with(passport=[also()]))
    with pytest.raises(TownFilesError) as refusal:
        load(desk.transactions, town_with([line("kamer-1", "device"), line("kamer-2")], passport=[also()]))
    assert refusal.value.errors == ["lines.yaml: kamer-1.kind: was room; give a new id to a device"]


def test_rooms_are_no_counters_where_counters_are_counted(shaped):
    rooms = [line("kamer-1", skills=["talk", "travel-documents", "nationals-abroad"])]
    town = town_with(rooms, passport=[also()])
    town.quotas.append({
        "id": "abroad", "location_id": "stadskantoor",
        "rules": {"kind": "at_most", "products": [ABROAD], "channels": [], "needs": ["nationals-abroad"],
                  "share": 40, "release_days": None, "release_at": "08:00"},
    })  # fmt: skip
    desk = shaped(town)
    open_ticks = desk.one('SELECT open FROM line_day WHERE line_id = :id AND "on" = :on', id=ABROAD_LINE, on=TUESDAY)
    limit = desk.one("SELECT limit_ticks FROM quota_day WHERE quota_id = 'abroad' AND \"on\" = :on", on=TUESDAY)
    assert limit.limit_ticks == open_ticks.open.count("1") * 40 // 100
    for _ in range(5):
        desk.book(at(TUESDAY, "09:00"), product="identity-card")
    assert refused(lambda: desk.hold(at(TUESDAY, "09:00"), product="identity-card")).code == "slot-taken"
    assert desk.drift() == WELL


# --- the second lock


def test_the_constraint_stops_two_in_one_room_that_a_wrong_bit_lets_through(desk):
    for _ in ROOMS:
        desk.book(at(TUESDAY, "09:00"))
    with_rooms(desk)
    refusal = refused(lambda: desk.hold(at(TUESDAY, "09:05")))
    assert (refusal.code, refusal.facts) == ("slot-taken", {"alternatives": []})
    key, _ = desk.book(at(TUESDAY, "10:00"))
    assert refused(lambda: desk.move(key, at(TUESDAY, "09:05"))).facts == {"alternatives": []}
    check.repair(desk.transactions)


@pytest.mark.parametrize("state", State)
def test_the_second_lock_holds_the_rooms_of_every_state_that_occupies_and_of_no_other(desk, state):
    key, _ = desk.book(at(TUESDAY, "09:00"))
    desk.one("UPDATE appointment SET state = :state", state=state)
    assert bool(desk.locked()) == (state in OCCUPYING)
    desk.one("UPDATE appointment SET state = 'booked'")
    assert len(desk.locked()) == 1
    assert desk.look_up(key)["state"] == "booked"


@pytest.mark.parametrize(
    "change",
    [
        "owned = 'empty'",
        "owned = NULL",
        "line_id = NULL",
        "owned = tstzrange(lower(owned), NULL)",
        "owned = tstzrange(NULL, upper(owned))",
        "owned = tstzrange(lower(owned), upper(owned), '[]')",
        "owned = tstzrange(lower(owned), upper(owned) + INTERVAL '5 minutes')",
        "ticks = 0",
        "first_tick = 287",
    ],
)
def test_the_database_refuses_what_would_slip_past_the_constraint_of_rooms(desk, change):
    desk.book(at(TUESDAY, "09:00"))
    with pytest.raises(DBAPIError):
        desk.one(f"UPDATE companion_claim SET {change}")


@pytest.mark.parametrize("claims", ['{"line_id": "x"}', '[{"line_id": null, "offset": 0, "ticks": 3}]', '["x"]'])
def test_the_database_refuses_a_visit_whose_rooms_cannot_be_locked(desk, claims):
    desk.book(at(TUESDAY, "09:00"))
    with pytest.raises(DBAPIError):
        desk.one("UPDATE appointment SET claims = CAST(:claims AS jsonb)", claims=claims)


# --- drift


def test_rooms_that_are_taken_by_nobody_or_free_while_somebody_is_there_are_found_and_mended(desk, capsys):
    _, reply = desk.book(at(TUESDAY, "09:00"))
    [room] = desk.lines_of(reply["appointment_id"])[1]
    other = next(each for each in ROOMS if each != room)
    before = desk.bits()
    desk.one("UPDATE line_day SET free = open WHERE line_id = :id", id=room)
    without_rooms(desk, WEDNESDAY, other)
    found = desk.drift()["drifts"]
    assert {"line_id": room, "on": TUESDAY.isoformat(), "lost_ticks": 0, "doubled_ticks": 3} in found
    assert [drift["line_id"] for drift in found] == [room, other]
    assert not check.report(desk.transactions)
    check.repair(desk.transactions)
    assert f"{TUESDAY} {room}: repaired, 0 ticks given back, 3 taken" in capsys.readouterr().out
    assert desk.bits() == before


def test_a_second_lock_that_was_parted_from_its_visits_is_found_and_mended(desk, capsys):
    _, reply = desk.book(at(TUESDAY, "09:00"))
    held = desk.locked()
    for act in (
        "DELETE FROM companion_claim",
        "UPDATE companion_claim SET line_id = 'elsewhere'",
        "UPDATE companion_claim SET first_tick = first_tick + 1",
    ):
        desk.one(act)
        assert desk.drift()["claims_out_of_step"] == [reply["appointment_id"]]
        assert not check.report(desk.transactions)
        check.repair(desk.transactions)
        assert desk.locked() == held
    assert f"appointment {reply['appointment_id']}: the second lock does not hold" in capsys.readouterr().out


def test_two_in_one_room_are_told_to_a_person_and_never_mended_by_taking_one_away(desk, capsys):
    replies = [desk.book(at(TUESDAY, "09:00"))[1] for _ in ROOMS]
    first, second = (desk.lines_of(reply["appointment_id"])[1][0] for reply in replies)
    desk.one("DELETE FROM companion_claim WHERE line_id = :id", id=second)
    with desk.pool.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE appointment DISABLE TRIGGER appointment_claims")
        connection.exec_driver_sql(
            f"UPDATE appointment SET claims = replace(claims::text, '{second}', '{first}')::jsonb"
        )
        connection.exec_driver_sql("ALTER TABLE appointment ENABLE TRIGGER appointment_claims")
    check.repair(desk.transactions)
    assert "another visit has the same room or device" in capsys.readouterr().out
    assert desk.one("SELECT count(*) AS n FROM appointment WHERE state = 'booked'").n == 2
    assert desk.drift()["claims_out_of_step"] != []
    desk.clear()


def test_who_is_deleted_leaves_no_lock_behind(desk):
    desk.book(at(TUESDAY, "09:00"))
    desk.one("DELETE FROM appointment_history")
    desk.one("DELETE FROM appointment")
    assert desk.locked() == []
    desk.clear()


def test_the_bits_of_a_room_never_say_more_than_its_opening(desk):
    assert all(desk.free_bits(room, TUESDAY) & FULL for room in ROOMS)
    with pytest.raises(DBAPIError):
        desk.one("UPDATE line_day SET free = ~open WHERE line_id = 'kamer-1'")
