"""Many people, few counters: who wins, what the constraint stops, and how a wrong bit is found."""

import random
from collections import Counter
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from services.appointments import check
from services.appointments.domain.appointment import OCCUPYING, State
from services.appointments.openings import lay_out
from services.appointments.tables import metadata
from services.messaging.errors import Refusal
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

WELL: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    desk.open_to_all()
    return desk


@pytest.fixture(params=[True, False], ids=["in one statement", "the thorough way"])
def desk(enschede, request):
    enschede.clear()
    enschede.fast_lane = request.param
    return enschede


# --- at the same instant


def test_of_thirty_two_who_want_one_slot_one_gets_it(desk):
    outcomes = at_once(32, lambda _: bool(desk.hold(at(TUESDAY, "10:00"), product=ABROAD)))
    assert Counter(outcomes) == {True: 1, "slot-taken": 31}
    assert desk.drift() == WELL


def test_of_thirty_two_who_want_one_time_as_many_get_it_as_there_are_counters(desk):
    outcomes = at_once(32, lambda _: bool(desk.hold(at(TUESDAY, "10:00"))))
    assert Counter(outcomes) == {True: 5, "slot-taken": 27}
    assert desk.drift() == WELL


def test_nobody_is_refused_because_another_is_booking_another_time_at_the_same_counter(desk):
    for _ in range(3):
        outcomes = at_once(
            10, lambda n: bool(desk.hold(at(TUESDAY, "09:00") + timedelta(minutes=35 * (n % 6)), product=ABROAD))
        )
        assert Counter(outcomes) == {True: 6, "slot-taken": 4}
        assert desk.drift() == WELL
        desk.clear()


def test_times_that_overlap_only_in_part_never_share_a_counter(desk):
    outcomes = at_once(
        32, lambda n: bool(desk.hold(at(TUESDAY, "10:00") + timedelta(minutes=5 * (n % 6)), product=ABROAD))
    )
    assert Counter(outcomes)[True] == 1
    assert desk.drift() == WELL


def test_two_confirmations_of_one_hold_are_one_appointment(desk):
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    answers = at_once(8, lambda _: desk.confirm(held)["reference"])
    assert len(set(answers)) == 1
    assert desk.events() == [("afspraak-gemaakt", 1)]


def test_two_cancellations_give_the_time_back_once(desk):
    before = desk.bits()
    key, _ = desk.book(at(TUESDAY, "10:00"))
    assert at_once(8, lambda _: desk.cancel(key)["version"]) == [2] * 8
    assert desk.bits() == before
    assert [kind for kind, _ in desk.events()] == ["afspraak-gemaakt", "afspraak-geannuleerd"]


def test_many_opposite_moves_at_once_never_wait_for_each_other(desk):
    keys = [desk.book(at(TUESDAY if n % 2 else WEDNESDAY, f"{9 + n // 2}:00"), product=ABROAD)[0] for n in range(6)]

    def there_and_back(n):
        for turn in range(8):
            on = (TUESDAY, WEDNESDAY)[(n + turn) % 2]
            desk.move(keys[n], at(on, f"{9 + n // 2}:{'00' if turn % 4 < 2 else '05'}"))
        return "moved"

    outcomes = at_once(6, there_and_back)
    assert set(outcomes) <= {"moved", "slot-taken"}
    assert desk.drift() == WELL


def test_two_who_want_each_others_place_both_keep_one(desk):
    one, _ = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    other, _ = desk.book(at(WEDNESDAY, "10:00"), product=ABROAD)
    outcomes = at_once(2, lambda n: desk.move((one, other)[n], at((WEDNESDAY, TUESDAY)[n], "10:00"))["state"])
    assert outcomes == ["slot-taken", "slot-taken"]
    assert desk.drift() == WELL


def test_a_hold_is_either_confirmed_or_expired_and_its_time_is_never_lost(desk):
    for _ in range(10):
        held, _ = desk.hold(at(TUESDAY, "10:00"), product=ABROAD)
        desk.wait(minutes=10)
        outcomes = at_once(2, lambda n, held=held: desk.confirm(held)["state"] if n else desk.expire())
        assert outcomes[1] == "booked"
        assert desk.drift() == WELL
        desk.clear()


def test_releasing_and_sweeping_at_once_gives_the_time_back_once(desk):
    before = desk.bits()
    held, _ = desk.hold(at(TUESDAY, "10:00"))
    desk.wait(minutes=10)
    at_once(4, lambda n: desk.release(held) if n % 2 else desk.expire())
    assert desk.bits() == before


def test_two_sweepers_end_each_hold_once(desk):
    for minute in range(0, 60, 15):
        desk.hold(at(TUESDAY, f"10:{minute:02}"))
    desk.wait(minutes=10)
    assert sum(at_once(4, lambda _: desk.expire())) == 4
    assert desk.events() == [("reservering-verlopen", 1)] * 4


def test_while_a_counter_closes_nobody_is_booked_into_the_closing(desk):
    shifts = desk.one("SELECT shifts::text AS before FROM line WHERE id = :id", id=ABROAD_LINE).before

    def act(n):
        if n == 0:
            desk.one("UPDATE line SET shifts = '[]' WHERE id = :id", id=ABROAD_LINE)
            lay_out(desk.transactions)
            return "closed"
        return bool(desk.hold(at(THURSDAY, "09:00") + timedelta(minutes=35 * (n % 5)), product=ABROAD))

    try:
        outcomes = Counter(at_once(17, act))
        found = desk.drift()
        assert found["drifts"] == []
        assert len(found["outside_openings"]) == outcomes[True]
        assert refused(lambda: desk.hold(at(THURSDAY, "15:00"), product=ABROAD)).code == "day-closed"
    finally:
        desk.one("UPDATE line SET shifts = CAST(:shifts AS jsonb) WHERE id = :id", id=ABROAD_LINE, shifts=shifts)
        lay_out(desk.transactions)
    assert desk.drift() == WELL


def test_after_a_day_of_everything_all_time_is_there_again(desk):
    before = desk.bits()
    chance = random.Random(20261123)

    def somebody(n):
        own = random.Random(n)
        done: Counter[str] = Counter()
        for _ in range(12):
            start = at(own.choice([TUESDAY, WEDNESDAY, THURSDAY]), "09:00") + timedelta(minutes=5 * own.randrange(80))
            try:
                held, _ = desk.hold(start, product=own.choice(["passport", ABROAD]), persons=own.randint(1, 3))
                key = {"reference": desk.confirm(held)["reference"], "secret": held["secret"]}
                done["booked"] += 1
                desk.move(key, start + timedelta(days=own.choice([0, 1]), minutes=own.choice([-15, 5, 40])))
                done["moved"] += 1
                desk.cancel(key)
            except Refusal as refusal:
                done[refusal.code] += 1
        return done

    total: Counter[str] = sum(at_once(8, lambda _: somebody(chance.random())), Counter())
    assert total["booked"] > 30
    assert total["moved"] > 10
    assert desk.drift() == WELL
    for row in _live(desk):
        desk.cancel({"reference": row.reference, "secret": desk.links.secret(row.id)})
    desk.wait(minutes=10)
    desk.expire()
    assert desk.bits() == before


def _live(desk):
    with desk.pool.connect() as connection:
        return connection.execute(text("SELECT id, reference FROM appointment WHERE state = 'booked'")).all()


# --- the second lock


def test_the_constraint_stops_a_double_booking_that_a_wrong_bit_lets_through(desk):
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    desk.one('UPDATE line_day SET free = open WHERE line_id = :id AND "on" = :on', id=ABROAD_LINE, on=TUESDAY)
    refusal = refused(lambda: desk.hold(at(TUESDAY, "10:00"), product=ABROAD))
    assert (refusal.code, refusal.facts) == ("slot-taken", {"alternatives": []})


def test_the_constraint_covers_every_state_that_occupies_and_no_other(desk):
    definition = desk.one(
        "SELECT pg_get_constraintdef(oid) AS sql FROM pg_constraint WHERE conname = 'appointment_one_per_counter'"
    ).sql
    assert {state for state in State if f"'{state}'" in definition} == OCCUPYING


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
        "ends_at = starts_at",
        "ends_at = upper(owned) + INTERVAL '1 minute'",
        "state = 'sleeping'",
        "email = NULL",
    ],
)
def test_the_database_refuses_what_would_slip_past_the_constraint(desk, change):
    desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    with pytest.raises(DBAPIError):
        desk.one(f"UPDATE appointment SET {change}")


def test_the_database_refuses_free_time_outside_the_opening(desk):
    with pytest.raises(DBAPIError):
        desk.one("UPDATE line_day SET free = ~open")


def test_history_and_tables_are_those_that_the_code_expects(desk):
    with desk.pool.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


# --- drift


def test_time_that_is_taken_while_nobody_is_there_is_found(desk):
    desk.one('UPDATE line_day SET free = free & ~(B\'111\'::bit(288) >> 120) WHERE line_id = :id AND "on" = :on',
             id=ABROAD_LINE, on=TUESDAY)  # fmt: skip
    assert desk.drift()["drifts"] == [
        {"line_id": ABROAD_LINE, "on": TUESDAY.isoformat(), "lost_ticks": 3, "doubled_ticks": 0}
    ]


def test_time_that_is_free_while_somebody_is_there_is_found(desk):
    desk.book(at(WEDNESDAY, "10:00"), product=ABROAD)
    desk.one('UPDATE line_day SET free = open WHERE line_id = :id AND "on" = :on', id=ABROAD_LINE, on=WEDNESDAY)
    assert desk.drift()["drifts"] == [
        {"line_id": ABROAD_LINE, "on": WEDNESDAY.isoformat(), "lost_ticks": 0, "doubled_ticks": 7}
    ]


def test_a_visit_on_a_day_that_does_not_exist_is_found(desk):
    _, booked = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    desk.one('DELETE FROM line_day WHERE line_id = :id AND "on" = :on', id=ABROAD_LINE, on=TUESDAY)
    assert [stray["appointment_id"] for stray in desk.drift()["outside_openings"]] == [booked["appointment_id"]]
    lay_out(desk.transactions)
    assert desk.drift() == WELL


# --- repairing


def test_a_repair_mends_both_directions_and_touches_no_visit(desk, capsys):
    key, reply = desk.book(at(TUESDAY, "10:00"), product=ABROAD)
    before = desk.bits()
    spoil = 'UPDATE line_day SET free = {} WHERE line_id = :line AND "on" = :on'
    desk.one(spoil.format("open"), line=ABROAD_LINE, on=TUESDAY)
    desk.one(spoil.format("CAST(0 AS bit(288))"), line=ABROAD_LINE, on=WEDNESDAY)
    assert not check.report(desk.transactions)
    check.repair(desk.transactions)
    assert check.report(desk.transactions)
    said = capsys.readouterr().out
    assert f"{TUESDAY} {ABROAD_LINE}: repaired, 0 ticks given back, 7 taken" in said
    assert f"{WEDNESDAY} {ABROAD_LINE}: repaired, 81 ticks given back, 0 taken" in said
    assert desk.bits() == before
    assert desk.look_up(key)["starts_at"] == reply["starts_at"]


def test_a_repair_while_people_book_and_cancel_breaks_nothing(desk):
    desk.one('UPDATE line_day SET free = CAST(0 AS bit(288)) WHERE "on" = :on', on=TUESDAY)

    def act(n):
        if n == 0:
            for _ in range(5):
                check.repair(desk.transactions)
            return "repaired"
        for turn in range(6):
            try:
                key, _ = desk.book(at(TUESDAY, "09:00") + timedelta(minutes=15 * (n + turn)))
                if turn % 2:
                    desk.cancel(key)
            except Refusal:
                continue
        return "lived"

    assert Counter(at_once(9, act)) == {"repaired": 1, "lived": 8}
    assert desk.drift() == WELL
