"""A visit is bound to a time, not to a desk: visits change desks so that one more fits, and nobody sees it."""

from collections import Counter
from datetime import timedelta

import pytest

from tests.integration.appointments_desk import TUESDAY, Desk, at, at_once, refused

WELL: dict[str, list[object]] = {
    "drifts": [],
    "miscounted_quotas": [],
    "outside_openings": [],
    "claims_out_of_step": [],
}
HERE = {"location": "glanerbrug"}  # two desks, both open from 09:00 to 12:00


@pytest.fixture(scope="module")
def enschede(databases):
    desk = Desk(databases("appointments"))
    desk.reload()
    return desk


@pytest.fixture
def desk(enschede):
    enschede.clear()
    return enschede


def line_of(desk, reference):
    row = desk.one("SELECT line_id FROM appointment WHERE reference = :r", r=reference.replace("-", ""))
    return row.line_id


def booked_on_both(desk, wall):
    """Book a time at both desks; return the keys by desk."""
    keys = [desk.book(at(TUESDAY, wall), **HERE)[0] for _ in range(2)]
    return {line_of(desk, key["reference"]): key for key in keys}


def split(desk, wall="09:00"):
    """Leave a quarter free at one desk, and the next quarter at the other; return the keys of the two who stay."""
    hour = int(wall[:2])
    first, second = booked_on_both(desk, wall), booked_on_both(desk, f"{hour:02}:15")
    desk.cancel(first["glanerbrug-1"])
    desk.cancel(second["glanerbrug-2"])
    return first["glanerbrug-2"], second["glanerbrug-1"]


def test_half_an_hour_that_lies_in_two_pieces_at_two_desks_is_found(desk):
    split(desk)
    _, reply = desk.book(at(TUESDAY, "09:00"), persons=2, **HERE)
    assert reply["state"] == "booked"
    assert desk.drift() == WELL


def test_who_changed_desks_keeps_time_version_and_link_and_hears_nothing(desk):
    keys = split(desk)
    before = [desk.look_up(key) for key in keys]
    told = desk.events()
    desk.hold(at(TUESDAY, "09:00"), persons=2, **HERE)
    assert [desk.look_up(key) for key in keys] == before
    assert desk.events() == told
    assert desk.one("SELECT count(*) AS n FROM appointment_history WHERE deed = 'reassign'").n == 1


def test_a_full_quarter_is_refused_without_touching_anything(desk):
    booked_on_both(desk, "09:00")
    split(desk, "10:00")
    booked_on_both(desk, "09:15")
    before = desk.bits()
    assert refused(lambda: desk.hold(at(TUESDAY, "09:00"), persons=2, **HERE)).code == "slot-taken"
    assert desk.bits() == before


@pytest.mark.parametrize(("wall", "answer"), [("11:00", "booked"), ("11:10", "slot-taken")])
def test_only_a_visit_that_has_not_begun_changes_desks(desk, wall, answer):
    keys = [desk.book(at(TUESDAY, "11:05"), persons=5, **HERE)[0] for _ in range(2)]
    desk.cancel({line_of(desk, key["reference"]): key for key in keys}["glanerbrug-1"])
    desk.clock.at = at(TUESDAY, wall)
    # Desk 1 closes at 12:00, so only desk 2 can take this one; there the long visit sits, which desk 1 could take.
    start = at(TUESDAY, "11:40")
    [outcome] = at_once(1, lambda _: desk.book(start, product="extract", persons=4, **HERE)[1]["state"])
    assert outcome == answer


def test_one_who_moves_or_cancels_after_a_change_of_desks_frees_the_right_one(desk):
    first, second = split(desk)
    key, _ = desk.book(at(TUESDAY, "09:00"), persons=2, **HERE)
    desk.cancel(first)
    desk.move(second, at(TUESDAY, "10:00"))
    desk.cancel(key)
    assert desk.drift() == WELL


def test_of_many_who_want_the_split_half_hour_one_gets_it(desk):
    for _ in range(5):
        split(desk)
        outcomes = at_once(16, lambda _: bool(desk.hold(at(TUESDAY, "09:00"), persons=2, **HERE)))
        # Repacking waits for nobody: at worst everybody is told the time is taken, never two that they have it.
        assert Counter(outcomes)[True] <= 1
        assert set(outcomes) <= {True, "slot-taken"}
        assert desk.drift() == WELL
        desk.clear()


def test_sixteen_who_book_move_and_cancel_on_a_day_that_is_repacked_all_the_time_lose_nothing(desk):
    def live(n):
        keys: list[dict[str, str]] = []
        for turn in range(12):
            start = at(TUESDAY, "09:00") + timedelta(minutes=5 * ((7 * n + 11 * turn) % 30))
            try:
                if turn % 4 == 3 and keys:
                    desk.cancel(keys.pop(0))
                elif turn % 4 == 2 and keys:
                    desk.move(keys[0], start)
                else:
                    keys.append(desk.book(start, persons=1 + turn % 2, **HERE)[0])
            except Exception as error:
                if getattr(error, "code", None) != "slot-taken":
                    raise
        return "done"

    assert Counter(at_once(16, live)) == {"done": 16}
    assert desk.drift() == WELL
    doubles = desk.one(
        "SELECT count(*) AS n FROM appointment a JOIN appointment b ON a.line_id = b.line_id AND a.id < b.id"
        " AND a.owned && b.owned WHERE a.state IN ('held', 'booked') AND b.state IN ('held', 'booked')"
    )
    assert doubles.n == 0
