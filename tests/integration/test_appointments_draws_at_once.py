"""Draws when everything happens at once, or dies in the middle: held once, everybody told once, nothing lost."""

import hashlib
import hmac
from collections import Counter
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from services.appointments.town_files import read_town
from services.appointments.verify_draw import verify, verify_stored
from services.contracts import appointments as contracts
from tests.integration.appointments_desk import DEMO, ENSCHEDE, at, at_once, refused
from tests.integration.draw_desk import MONDAY, STARTS, WEDDING, DrawDesk

PLACES = 4


@pytest.fixture(scope="module")
def pool(databases):
    made = databases("appointments")
    DrawDesk(made).reload()
    return made


@pytest.fixture
def desk(pool):
    fresh = DrawDesk(pool)
    fresh.clear()
    return fresh


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


@contextmanager
def killed_after(pool, statements):
    """Let the process die before one more than so many statements; what it had not committed is gone."""
    left = [statements]

    def count(*_):
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    event.listen(pool, "before_cursor_execute", count)
    try:
        yield
    except Killed:
        pass
    finally:
        event.remove(pool, "before_cursor_execute", count)


def judge(desk, draw_id, entered):
    """Judge what a draw came to: the lots of the stored key, exactly the places, everybody told once."""
    said = desk.said(draw_id)
    assert verify(desk.document(draw_id).encode()) == []
    assert desk.ask(lambda reading: verify_stored(reading, draw_id)) == []
    key = bytes(desk.one("SELECT key FROM draw_batch WHERE id = :id", id=draw_id).key)
    numbers = [one["number"] for one in entered]
    order = sorted(numbers, key=lambda number: hmac.new(key, number.encode(), hashlib.sha256).hexdigest())
    assert [one["number"] for one in said["requests"]] == order
    assert [one["number"] for one in said["requests"] if one["place"]] == order[:PLACES]
    placed = min(PLACES, len(entered))
    assert [start for start, _ in desk.booked()] == STARTS[:placed]
    assert len({name for _, name in desk.booked()}) == placed
    assert len(desk.told(contracts.AppointmentBooked)) == placed
    lost = Counter(fact["request_id"] for fact in desk.told(contracts.DrawLost))
    assert set(lost.values()) <= {1} and len(lost) == len(entered) - placed
    live = desk.all("SELECT request_id, count(*) AS open FROM draw_entry WHERE told_at IS NULL GROUP BY request_id")
    assert {row.open for row in live} <= {1}
    assert desk.one("SELECT count(*) AS held FROM appointment WHERE state = 'held'").held == 0
    drift = desk.drift()
    assert (drift["drifts"], drift["miscounted_quotas"]) == ([], [])


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deaths=st.lists(st.integers(0, 60), max_size=6), requests=st.integers(0, 9))
def test_wherever_the_process_dies_the_draw_is_held_once_and_everybody_is_told_once(desk, deaths, requests):
    desk.clear()
    draw_id = desk.open_draw()
    entered = desk.many_enter(draw_id, requests)
    desk.wait_for_the_draw(draw_id)
    for statements in deaths:
        with killed_after(desk.pool, statements):
            desk.work_the_draws()
        published = desk.one("SELECT state, document FROM draw_batch WHERE id = :id", id=draw_id)
        assert (published.state == "open") == (published.document is None)
    document = desk.one("SELECT document FROM draw_batch WHERE id = :id", id=draw_id).document
    desk.work_the_draws()
    assert document in (None, desk.document(draw_id))  # what was published once stays as it was
    assert desk.state_of(draw_id) == "settled"
    judge(desk, draw_id, entered)


def test_before_the_commit_nothing_was_drawn_and_the_days_stay_closed(desk):
    draw_id = desk.open_draw()
    desk.many_enter(draw_id, 5)
    desk.wait_for_the_draw(draw_id)
    with killed_after(desk.pool, 25):
        desk.casts_lots()
    if desk.state_of(draw_id) == "open":
        assert refused(lambda: desk.hold(STARTS[0], product=WEDDING)).code == "to-be-drawn"
        assert desk.one("SELECT count(*) AS number FROM appointment").number == 0


def test_processes_that_work_at_once_hold_the_draw_once(desk):
    draw_id = desk.open_draw()
    entered = desk.many_enter(draw_id, 12)
    desk.wait_for_the_draw(draw_id)
    at_once(4, lambda _: desk.work_the_draws())
    judge(desk, draw_id, entered)


def test_processes_that_start_at_once_make_each_draw_known_once(desk):
    at_once(4, lambda _: desk.work_the_draws())
    rows = desk.all("SELECT product_id, first_on, count(*) AS number FROM draw_batch GROUP BY 1, 2")
    assert rows and {row.number for row in rows} == {1}


def test_who_asks_while_lots_are_drawn_is_in_or_is_refused_and_never_in_between(desk):
    draw_id = desk.open_draw()
    early = desk.many_enter(draw_id, 3)
    slow = DrawDesk(desk.pool)  # a machine whose clock is behind
    slow.clock.at = desk.one("SELECT closes_at FROM draw_batch WHERE id = :id", id=draw_id).closes_at
    slow.clock.at -= timedelta(seconds=1)
    desk.wait_for_the_draw(draw_id)

    def act(number):
        return desk.casts_lots() if number == 5 else slow.enters(draw_id)

    answers = at_once(12, act)
    entered = early + [answer for answer in answers if isinstance(answer, dict)]
    assert {answer for answer in answers if isinstance(answer, str)} <= {"draw-closed"}
    assert len(desk.said(draw_id)["requests"]) == len(entered)
    desk.work_the_draws()
    judge(desk, draw_id, entered)


def test_who_withdraws_while_lots_are_drawn_is_out_or_has_his_place(desk):
    draw_id = desk.open_draw()
    entered = desk.many_enter(draw_id, 4)
    desk.wait_for_the_draw(draw_id)
    answers = at_once(
        5, lambda number: desk.casts_lots() if number == 2 else desk.withdraws(entered[number - (number > 2)])
    )
    desk.work_the_draws()
    out = sum(answer == {} for answer in answers)
    assert {answer for answer in answers if isinstance(answer, str)} <= {"draw-request-over"}
    assert len(desk.booked()) == 4 - out == len(desk.said(draw_id)["requests"])
    assert [desk.looks_at(one)["state"] for one in entered].count("withdrawn") == out


def test_first_come_first_served_begins_with_the_commit_of_the_draw_and_not_before(desk):
    draw_id = desk.open_draw()
    desk.many_enter(draw_id, 2)
    desk.wait_for_the_draw(draw_id)

    def act(number):
        return desk.casts_lots() if number == 7 else desk.hold(STARTS[number % 4], product=WEDDING)[1]["starts_at"]

    answers = at_once(16, act)
    kinds = Counter(
        answer if answer in ("to-be-drawn", "slot-taken") else "held" for answer in answers[:7] + answers[8:]
    )
    desk.work_the_draws()
    assert [start for start, _ in desk.booked()] == STARTS[:2]
    assert kinds["held"] <= 2
    assert desk.drift()["drifts"] == []


def test_a_draw_that_is_held_days_late_gives_nothing_that_is_too_soon(desk):
    draw_id = desk.open_draw()
    desk.many_enter(draw_id, 5)
    desk.clock.at = STARTS[2] - timedelta(days=14)  # the lead time of a wedding
    desk.work_the_draws()
    assert [start for start, _ in desk.booked()] == STARTS[2:]
    assert verify(desk.document(draw_id).encode()) == []


def test_a_place_that_nobody_was_told_of_in_time_is_given_up_and_its_owner_drawn_again(desk):
    draw_id = desk.open_draw()
    entered = desk.enters(draw_id)
    desk.wait_for_the_draw(draw_id)
    desk.casts_lots()
    desk.clock.at = STARTS[3]
    desk.work_the_draws()
    assert desk.booked() == []
    assert desk.looks_at(entered)["state"] == "live"
    assert desk.one("SELECT count(*) AS held FROM appointment WHERE state = 'held'").held == 0


def test_a_winner_whose_counter_closes_meanwhile_is_a_visit_without_a_counter_and_not_lost(desk):
    draw_id = desk.open_draw()
    desk.enters(draw_id)
    desk.wait_for_the_draw(draw_id)
    desk.casts_lots()
    desk.one(
        "UPDATE line_day SET open = CAST(0 AS bit(288)), free = CAST(0 AS bit(288))"
        " WHERE line_id = 'stadskantoor-trouwkamer' AND \"on\" = :on",
        on=MONDAY,
    )
    desk.work_the_draws()
    assert len(desk.drift()["outside_openings"]) == 1
    desk.reload()


@pytest.mark.parametrize(("first_on", "opens_on"), [(date(2027, 5, 10), 26), (date(2027, 12, 13), 29)])
def test_in_weeks_in_which_the_clock_is_changed_the_draw_is_at_noon(desk, first_on, opens_on):
    """Requests open and close on either side of 28 March and of 31 October 2027."""
    town = read_town(DEMO)
    [wedding] = [product for product in town.products if product["id"] == WEDDING]
    wedding["policy"]["draw"][0]["opens"]["days_ahead"] = 45
    desk.clock.at = datetime(2027, 3 if first_on.month == 5 else 10, opens_on, 10, tzinfo=UTC)
    desk.reload(town)
    draw_id = desk.open_draw(first_on)
    batch = desk.one("SELECT opens_at, closes_at, draws_at FROM draw_batch WHERE id = :id", id=draw_id)
    assert {moment.astimezone(ENSCHEDE).strftime("%H:%M") for moment in batch} == {"12:00"}
    assert batch.closes_at - batch.opens_at == timedelta(hours=47 if first_on.month == 5 else 49)
    desk.clock.at = batch.closes_at - timedelta(seconds=1)
    entered = desk.enters(draw_id)
    desk.holds_the_draw(draw_id)
    assert [start for start, _ in desk.booked()] == [at(first_on, "09:00")]
    assert desk.looks_at(entered)["state"] == "placed"
    desk.clear()
    desk.reload()
