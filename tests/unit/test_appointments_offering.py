"""Which times are shown, and which counter takes a visit."""

from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.fitting import best_fits, room_left
from services.appointments.domain.offering import offered_starts
from services.appointments.domain.ticks import FULL, mask, run_starts, to_text
from services.appointments.storage.calendar import span

bits = st.binary(min_size=36, max_size=36).map(int.from_bytes)
lengths = st.integers(1, 30)


def test_an_empty_morning_is_offered_shoulder_to_shoulder():
    free = span("08:30", "10:00").bits
    assert offered_starts(run_starts(free, 4), 4) == [102, 106, 110, 114]


def test_after_a_visit_the_times_begin_anew_where_it_ends():
    free = span("08:30", "10:00").bits & ~span("08:50", "09:05").bits
    assert offered_starts(run_starts(free, 4), 4) == [102, 109, 113]


@given(bits, lengths)
def test_what_is_offered_can_be_booked(free, ticks):
    for start in offered_starts(run_starts(free, ticks), ticks):
        assert free & mask(start, ticks) == mask(start, ticks)


@given(bits, lengths)
def test_whenever_something_is_possible_something_is_offered(free, ticks):
    possible = run_starts(free, ticks)
    assert bool(offered_starts(possible, ticks)) == bool(possible)


@given(bits, lengths)
def test_offered_times_are_in_order_and_never_overlap_within_a_block(free, ticks):
    offered = offered_starts(run_starts(free, ticks), ticks)
    assert offered == sorted(set(offered))


def test_the_whole_day_free_is_offered_to_its_end():
    assert offered_starts(FULL, 1) == list(range(288))


def test_a_visit_goes_where_it_leaves_the_least_room():
    roomy, tight = span("09:00", "12:00").bits, span("09:00", "09:30").bits
    assert best_fits({"roomy": roomy, "tight": tight, "full": 0}, 108, 4) == ["tight", "roomy"]


def test_equals_keep_their_order_so_that_chance_can_decide():
    day = span("09:00", "12:00").bits
    assert best_fits({"b": day, "a": day}, 108, 4) == ["b", "a"]


@given(bits, st.integers(0, 280), st.integers(1, 8))
def test_room_left_counts_the_free_ticks_that_touch_the_visit(free, first, ticks):
    free |= mask(first, ticks)
    text = to_text(free)
    before = len(text[:first]) - len(text[:first].rstrip("1"))
    behind = text[first + ticks :]
    assert room_left(free, first, ticks) == before + len(behind) - len(behind.lstrip("1"))
