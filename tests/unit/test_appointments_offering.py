"""Which times are shown, and which counter takes a visit."""

from functools import reduce
from operator import or_

from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.fitting import best_fits, rooms
from services.appointments.domain.offering import offered_starts, room_of, starts_on, ticks_of
from services.appointments.domain.ticks import FULL, mask, run_starts, to_text
from services.appointments.storage.calendar import span

bits = st.binary(min_size=36, max_size=36).map(int.from_bytes)
lengths = st.integers(1, 30)


def room(free, ticks, *, shortest=None, opened=None, setup=0):
    """Return what one counter has to give."""
    return room_of(
        free,
        1,
        ticks=ticks,
        shortest=shortest or ticks,
        setup_ticks=setup,
        open_ticks=(opened or free).bit_count(),
    )


def times(starts):
    return [f"{tick // 12:02}:{tick % 12 * 5:02}" for tick in ticks_of(starts)]


def test_while_a_day_is_roomy_people_see_quarters_of_an_hour():
    free = span("08:30", "10:00").bits
    assert times(offered_starts(room(free, 4), setup_ticks=0)) == ["08:30", "08:45", "09:00", "09:15", "09:30"]


def test_what_people_see_is_tidy_not_what_the_counter_needs_before():
    free = span("08:30", "10:00").bits
    shown = offered_starts(room(free, 4, setup=1), setup_ticks=1)
    assert times(shown) == ["08:40", "08:55", "09:10", "09:25", "09:40"]  # seen at 08:45, 09:00 and so on


def test_when_a_day_fills_only_times_without_holes_are_shown():
    opened = span("08:30", "12:00").bits
    free = span("09:00", "10:20").bits
    day = room(free, 4, opened=opened)
    assert not day.roomy
    assert times(offered_starts(day, setup_ticks=0)) == ["09:00", "09:30", "10:00"]
    long_gaps = room(free, 4, shortest=7, opened=opened)
    assert times(offered_starts(long_gaps, setup_ticks=0)) == ["09:00", "10:00"]


def test_a_gap_that_fits_only_with_a_hole_is_still_shown():
    free = span("09:00", "09:25").bits
    day = room(free, 4, shortest=3, opened=span("08:30", "12:00").bits)
    assert times(offered_starts(day, setup_ticks=0)) == ["09:00", "09:05"]
    middle = room(span("09:00", "09:30").bits, 4, shortest=4, opened=span("08:30", "12:00").bits)
    assert times(offered_starts(middle, setup_ticks=0)) == ["09:00", "09:05", "09:10"]


def gaps(free, start, ticks):
    """Return the lengths of the free runs before and behind a visit, counted on the fingers."""
    text = to_text(free)
    before = text[:start]
    behind = text[start + ticks :]
    return len(before) - len(before.rstrip("1")), len(behind) - len(behind.lstrip("1"))


@given(bits, lengths, st.integers(1, 12), st.integers(0, 3))
def test_a_snug_start_leaves_no_gap_in_which_nobody_fits(free, ticks, shortest, setup):
    possible, snug = starts_on(free, ticks, shortest=shortest, setup_ticks=setup)
    assert possible == run_starts(free, ticks)
    for start in ticks_of(snug):
        assert free & mask(start, ticks) == mask(start, ticks)
        before, behind = gaps(free, start, ticks)
        assert before == 0 or before >= shortest
        assert behind == 0 or behind >= shortest
        assert 0 in (before, behind) or (start + setup) % 6 == 0


@given(bits, lengths, st.integers(1, 12))
def test_no_start_that_touches_and_leaves_no_hole_is_forgotten(free, ticks, shortest):
    possible, snug = starts_on(free, ticks, shortest=shortest, setup_ticks=0)
    for start in ticks_of(possible):
        before, behind = gaps(free, start, ticks)
        if (before == 0 and (behind == 0 or behind >= shortest)) or (behind == 0 and before >= shortest):
            assert snug & mask(start, 1)


@given(st.lists(bits, min_size=1, max_size=5), st.integers(1, 288), st.integers(1, 100), st.integers(0, 3))
def test_counters_side_by_side_give_what_each_gives_by_itself(counters, ticks, shortest, setup):
    side_by_side = int.from_bytes(b"".join(free.to_bytes(36) for free in counters))
    rule = {"ticks": ticks, "shortest": shortest, "setup_ticks": setup}
    together = room_of(side_by_side, len(counters), **rule, open_ticks=0)
    alone = [room_of(free, 1, **rule, open_ticks=0) for free in counters]
    assert together.possible == reduce(or_, (day.possible for day in alone))
    assert together.snug == reduce(or_, (day.snug for day in alone))
    assert together.free_ticks == sum(day.free_ticks for day in alone)


@given(bits, lengths, st.integers(0, 3))
def test_whenever_something_is_possible_something_is_offered(free, ticks, setup):
    day = room(free, ticks, setup=setup, opened=FULL)
    shown = offered_starts(day, setup_ticks=setup)
    assert bool(shown) == bool(day.possible)
    assert shown & day.possible == shown


@given(bits)
def test_the_ticks_of_bits_are_those_that_are_set(free):
    assert sum(mask(tick, 1) for tick in ticks_of(free)) == free
    assert ticks_of(free) == sorted(ticks_of(free))


def test_a_visit_goes_where_it_leaves_the_least_room():
    roomy, tight = span("09:00", "12:00").bits, span("09:00", "09:30").bits
    assert best_fits({"roomy": roomy, "tight": tight, "full": 0}, 108, 4) == ["tight", "roomy"]


def test_equals_keep_their_order_so_that_chance_can_decide():
    day = span("09:00", "12:00").bits
    assert best_fits({"b": day, "a": day}, 108, 4) == ["b", "a"]


def test_a_counter_on_which_a_gap_would_be_lost_comes_last_though_it_is_tighter():
    tight, whole = span("09:00", "09:25").bits, span("09:00", "10:00").bits
    assert best_fits({"tight": tight, "whole": whole}, 108, 4) == ["tight", "whole"]
    assert best_fits({"tight": tight, "whole": whole}, 108, 4, shortest=3) == ["whole", "tight"]


@given(bits, st.integers(0, 280), st.integers(1, 8))
def test_rooms_count_the_free_ticks_that_touch_the_visit(free, first, ticks):
    free |= mask(first, ticks)
    assert rooms(free, first, ticks) == gaps(free, first, ticks)
