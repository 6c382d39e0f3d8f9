"""The simulated year: what it counts is right, and the rules differ in the direction that the documents claim."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.appointments.domain.ticks import FULL, mask, run_starts, to_text
from services.appointments.storage.calendar import span
from tests.bench.policies import (
    AGENDA_HEADER,
    LOT_HEADER,
    WAITING_HEADER,
    cancelled_places,
    counters,
    offering,
    scarce_product,
    world,
)
from tests.bench.simulation import lot, rules
from tests.bench.simulation.agenda import Agenda, Place, bookable
from tests.bench.simulation.demand import (
    CANCELS,
    DAY,
    SHORTEST,
    WARM_UP,
    Person,
    calendar,
    open_ticks,
    start_of,
)
from tests.bench.simulation.figures import gini, percentile, table
from tests.bench.simulation.waiting import By, InListOrder, PublicAtOnce, Wish, contact_time
from tests.bench.simulation.year import Year

MONTH = world(load=1.1, days=28, desks=4)
MORNING = span("08:30", "12:00").bits
bits = st.binary(min_size=36, max_size=36).map(int.from_bytes)


def _month(**kinds):
    return MONTH.year(Agenda(MONTH.openings, **{"offer": rules.every_tick, "choose": rules.best_fit} | kinds))


@pytest.fixture(scope="module")
def every_tick():
    return _month()


@pytest.fixture(scope="module")
def no_hole():
    return _month(offer=rules.no_hole)


def test_the_people_want_what_the_load_says():
    wanted = sum(person.ticks for person in MONTH.people) * (1 - CANCELS)
    assert wanted / open_ticks(MONTH.openings[: MONTH.days]) == pytest.approx(1.1, rel=0.05)


def test_counters_rest_at_noon_one_after_another_and_on_holidays():
    openings = calendar(days=40, desks=3)
    monday, christmas = openings[0], openings[32]
    assert [bits.bit_count() for bits in monday.values()] == [96, 96, 96]
    assert monday["desk-1"] | monday["desk-2"] | monday["desk-3"] == span("08:30", "17:00").bits
    assert not any(christmas.values())


def test_a_quarter_grid_leaves_a_sixth_of_the_time_empty(no_hole):
    grid = _month(offer=rules.quarter_grid)
    assert grid.occupancy == pytest.approx(0.80, abs=0.03)
    assert no_hole.occupancy > grid.occupancy + 0.12
    assert no_hole.refused < grid.refused - 0.05


def test_starts_that_leave_no_hole_fill_the_day_better_than_every_start(no_hole, every_tick):
    assert no_hole.occupancy == pytest.approx(0.97, abs=0.02)
    assert no_hole.occupancy > every_tick.occupancy + 0.02


def test_a_fuller_day_is_an_earlier_day_and_an_earlier_day_is_kept(no_hole, every_tick):
    assert no_hole.tnaa < every_tick.tnaa
    assert no_hole.no_shows < every_tick.no_shows


def test_repacking_lets_in_more_than_best_fit(every_tick):
    repacked = _month(repack=True)
    assert repacked.occupancy > every_tick.occupancy + 0.005
    assert repacked.refused < every_tick.refused


def test_best_fit_is_no_worse_than_chance(every_tick):
    assert every_tick.occupancy > _month(choose=rules.random_counter(Random(1))).occupancy - 0.005


def test_a_counter_without_a_new_hole_is_better_than_the_tightest(every_tick, no_hole):
    assert _month(choose=rules.hole_free).occupancy > every_tick.occupancy + 0.01
    assert _month(offer=rules.no_hole, choose=rules.hole_free).occupancy > no_hole.occupancy + 0.003


def test_a_visit_goes_first_where_it_leaves_no_hole():
    hole, whole = span("09:00", "09:20").bits, span("09:00", "10:00").bits
    assert rules.best_fit({"hole": hole, "whole": whole}, 108, 3) == ["hole", "whole"]
    assert rules.hole_free({"hole": hole, "whole": whole}, 108, 3) == ["whole", "hole"]


def test_the_same_seed_gives_the_same_year(every_tick):
    again = _month()
    assert (again.occupancy, again.third_next, again.waits) == (
        every_tick.occupancy,
        every_tick.third_next,
        every_tick.waits,
    )


def test_the_third_next_time_is_counted_from_ten_o_clock_and_not_less_than_an_hour_ahead():
    openings = calendar(days=WARM_UP + 250, desks=1)
    agenda = Agenda(openings, offer=rules.quarter_grid, choose=rules.best_fit)
    agenda.take(-1, Place(WARM_UP, "desk-1", 138, 6))
    agenda.take(-2, Place(WARM_UP, "desk-1", 150, 54))
    outcome = Year([_person()], agenda, days=WARM_UP + 31).run()
    assert outcome.third_next[:2] == [1, 0], "two quarters are left today, so the third is tomorrow's first"


def _person(**kinds):
    wanted = {"number": 1, "at": WARM_UP * DAY + 540, "ticks": 3, "earliest": WARM_UP + 20, "latest": WARM_UP + 30}
    draws = {"choice": 0.0, "cancels": 1.0, "cancels_when": 0.0, "hopes_for_earlier": 1.0, "watches": 1.0}
    return Person(**{**wanted, **draws, "weekdays": frozenset(range(5)), "hours": FULL, **kinds})


def test_what_begins_within_the_hour_cannot_be_booked_any_more():
    first = to_text(bookable(3, 3 * DAY + 9 * 60 + 1)).find("1")
    assert start_of(3, first) == 3 * DAY + 10 * 60 + 5
    assert bookable(4, 3 * DAY + 9 * 60) == FULL


def _gaps(free, first, ticks):
    text = to_text(free)
    before = text[:first]
    behind = text[first + ticks :]
    return len(before) - len(before.rstrip("1")), len(behind) - len(behind.lstrip("1"))


@settings(deadline=None)
@given(bits, st.sampled_from([2, 3, 4, 6]))
def test_a_start_that_is_shown_leaves_no_hole_unless_all_do(free, ticks):
    possible = run_starts(free, ticks)
    shown = rules.no_hole([free], ticks)
    good = {
        first
        for first in range(288)
        if possible & mask(first, 1)
        and all(gap == 0 or gap >= SHORTEST for gap in _gaps(free, first, ticks))
        and (0 in _gaps(free, first, ticks) or first % 6 == 0)
    }
    expected = sum(mask(first, 1) for first in good) or possible
    assert shown == expected


VISITS = st.lists(st.tuples(st.integers(102, 142), st.sampled_from([2, 3, 4, 6])), max_size=60)


@settings(deadline=None)
@given(VISITS)
def test_repacking_never_refuses_what_best_fit_takes_and_moves_nobody_in_time(wanted):
    opening = {"a": MORNING, "b": MORNING & ~span("10:00", "10:30").bits, "c": MORNING}
    agenda = Agenda([opening], offer=rules.every_tick, choose=rules.best_fit, repack=True)
    taken = {}
    for number, (first, ticks) in enumerate(wanted):
        fits = any(shown & mask(first, 1) for shown in [agenda.shown(0, ticks)])
        booked = agenda.book(number, day=0, first=first, ticks=ticks)
        assert booked or not fits
        if booked:
            taken[number] = (first, ticks)
    assert {number: (place.first, place.ticks) for number, place in agenda.places.items()} == taken
    for line, open_bits in opening.items():
        runs = [mask(place.first, place.ticks) for place in agenda.places.values() if place.line == line]
        assert sum(runs) & ~open_bits == 0
        assert sum(run.bit_count() for run in runs) == sum(runs).bit_count(), "two visits share a tick"


def test_repacking_joins_two_gaps_at_two_counters():
    opening = {"a": span("09:00", "10:00").bits, "b": span("09:00", "10:00").bits}
    agenda = Agenda([opening], offer=rules.every_tick, choose=rules.best_fit, repack=True)
    agenda.take(1, Place(0, "a", 108, 6))
    agenda.take(2, Place(0, "b", 114, 6))
    agenda.take(3, Place(0, "b", 108, 3))
    assert not agenda.shown(0, 9)
    assert agenda.book(4, day=0, first=111, ticks=9)


@pytest.mark.parametrize("visits", [[(109, 2), (109, 6)], [(108, 2), (109, 4), (111, 4)]])
def test_repacking_walks_twice_because_each_walk_alone_loses_a_visit_that_fits(visits):
    opening = {"a": span("09:00", "10:00").bits, "b": span("09:00", "09:30").bits}
    seated = {number: ("", run) for number, run in enumerate(visits[:-1])}
    found = rules.repacked(opening, seated, visits[-1])
    assert found is not None
    assert set(found) == {"a", "b"}


def _lists(kind, **kinds):
    agenda = Agenda(MONTH.openings, offer=rules.no_hole, choose=rules.best_fit)
    run = kind(MONTH.people, agenda, days=MONTH.days, **kinds)
    run.run()
    return run


@pytest.fixture(scope="module")
def public():
    return _lists(PublicAtOnce)


@pytest.fixture(scope="module")
def listed():
    return _lists(InListOrder, window=480)


def test_nobody_is_passed_who_stands_before_on_the_list(public, listed):
    offered = [move for move in listed.moves if move.by is By.OFFER]
    assert len(offered) > 20
    assert sum(move.passed for move in offered) == 0
    assert sum(move.passed for move in public.moves) > 3 * len(public.moves)


def test_who_was_just_asked_rests_and_the_next_one_has_the_turn():
    agenda = Agenda(MONTH.openings, offer=rules.no_hole, choose=rules.best_fit)
    agenda.take(1, Place(WARM_UP + 25, "desk-1", 108, 3))
    run = InListOrder([], agenda, days=MONTH.days, window=480)
    wish, sooner = Wish(_person(), (0, 0.0), script=False), Place(WARM_UP + 21, "desk-1", 108, 3)
    assert run.could_take(wish, sooner)
    wish.rests_until = 1.0
    assert not run.could_take(wish, sooner)


def test_who_moves_comes_earlier(public, listed):
    assert min(move.days_gained for run in (public, listed) for move in run.moves) >= 1


def test_scripts_take_a_smaller_share_of_freed_places_where_a_list_is(public, listed):
    scripts = [sum(move.by is By.SCRIPT for move in run.moves) for run in (public, listed)]
    assert scripts[1] < scripts[0]


def test_a_list_gives_back_nearly_as_much_as_the_public_takes(public, listed):
    assert listed.reused() == pytest.approx(public.reused(), abs=0.05)


def test_a_deadline_counts_from_eight_to_eight():
    evening = 3 * DAY + 19 * 60 + 30
    assert contact_time(evening, 60) == 4 * DAY + 8 * 60 + 30
    assert contact_time(3 * DAY + 60, 30) == 3 * DAY + 8 * 60 + 30
    assert contact_time(3 * DAY + 9 * 60, 30) == 3 * DAY + 9 * 60 + 30


def test_under_the_lot_a_slow_person_has_the_same_chance_and_a_broker_has_no_more():
    draw = lot.simulate(lot.by_lot, load=1.2, weeks=52, seed=5)
    assert draw.success(slowest=True) == pytest.approx(draw.success(slowest=False), abs=0.05)
    assert draw.to_brokers / draw.given == pytest.approx(lot.BROKER_CLIENTS, abs=0.02)
    assert draw.unused == 0


def test_in_the_race_the_slow_lose_and_brokers_win():
    race = lot.simulate(lot.by_speed, load=1.2, weeks=52, seed=5)
    assert race.success(slowest=True) < race.success(slowest=False) - 0.3
    assert race.to_brokers / race.given > 2 * lot.BROKER_CLIENTS
    assert race.unused > 0


def test_gini_is_nothing_among_equals_and_much_where_one_has_all():
    assert gini([3, 3, 3]) == pytest.approx(0)
    assert gini([0, 0, 0, 8]) == pytest.approx(0.75)


def test_half_of_the_values_lie_below_the_median():
    assert percentile(range(101), 0.5) == 50
    assert percentile([], 0.5) == 0


def test_columns_of_a_table_stand_under_one_another():
    assert table("T", ("", "n"), [("long name", "1")]) == "T\n             n\n  long name  1\n"


def test_every_cell_of_every_table_has_its_heading():
    small = world(load=1.3, days=14, desks=1)
    for header, rows in (
        (AGENDA_HEADER, offering(small)),
        (AGENDA_HEADER, counters(small)),
        (WAITING_HEADER, cancelled_places(small)),
        (LOT_HEADER, scarce_product()),
    ):
        assert {len(row) for row in rows} == {len(header)}
