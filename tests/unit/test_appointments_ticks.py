"""Ticks of a wall-clock day: bits, runs and the nights on which the clock is changed."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain import ticks

ENSCHEDE = ZoneInfo("Europe/Amsterdam")
SPRING_2026, AUTUMN_2026, SPRING_2027 = date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)

days = st.binary(min_size=36, max_size=36).map(int.from_bytes)


def free_ticks(bits):
    return {tick for tick, sign in enumerate(ticks.to_text(bits)) if sign == "1"}


def test_the_leftmost_bit_is_midnight():
    assert ticks.to_text(ticks.mask(0, 1)) == "1" + "0" * 287
    assert ticks.to_text(ticks.mask(287, 1)) == "0" * 287 + "1"


@pytest.mark.parametrize(("first", "number"), [(-1, 1), (0, 0), (287, 2), (288, 1)])
def test_no_run_is_empty_or_crosses_midnight(first, number):
    with pytest.raises(ValueError, match="inside a day"):
        ticks.mask(first, number)


@given(days)
def test_bits_survive_the_way_to_the_database_and_back(bits):
    assert ticks.from_text(ticks.to_text(bits)) == bits


@given(days, st.integers(1, 40))
def test_run_starts_are_exactly_those_that_counting_finds(bits, number):
    free = free_ticks(bits)
    counted = {tick for tick in range(288) if all(tick + step in free for step in range(number))}
    assert free_ticks(ticks.run_starts(bits, number)) == counted


@given(st.integers(1, 288))
def test_doubling_needs_only_a_few_shifts(number):
    shifts = ticks.doublings(number)
    assert 1 + sum(shifts) == number
    assert len(shifts) <= (number - 1).bit_length()


@pytest.mark.parametrize("on", [SPRING_2026, AUTUMN_2026, SPRING_2027, date(2026, 11, 23), date(2028, 2, 29)])
def test_every_tick_outside_the_night_is_one_instant_and_back(on):
    for tick in [*range(ticks.NIGHT_FROM), *range(ticks.NIGHT_UNTIL, ticks.TICKS)]:
        assert ticks.locate(ENSCHEDE, ticks.instant_of(ENSCHEDE, on, tick)) == (on, tick)


@pytest.mark.parametrize(
    ("on", "hours"), [(SPRING_2026, 23), (AUTUMN_2026, 25), (SPRING_2027, 23), (date(2026, 11, 23), 24)]
)
def test_a_day_is_as_long_as_the_clock_makes_it(on, hours):
    length = ticks.instant_of(ENSCHEDE, on, 288) - ticks.instant_of(ENSCHEDE, on, 0)
    assert length == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("on", "utc_hour"),
    [
        (SPRING_2026 - timedelta(days=1), 8),
        (SPRING_2026, 7),
        (AUTUMN_2026 - timedelta(days=1), 7),
        (AUTUMN_2026, 8),
        (SPRING_2027 - timedelta(days=1), 8),
        (SPRING_2027, 7),
    ],
)
def test_nine_in_the_morning_follows_the_rule_of_that_very_day(on, utc_hour):
    nine = ticks.tick_of(time(9))
    assert ticks.instant_of(ENSCHEDE, on, nine) == datetime(on.year, on.month, on.day, utc_hour, tzinfo=UTC)


def test_late_in_the_evening_utc_it_is_the_next_day_in_enschede():
    assert ticks.local_day(ENSCHEDE, datetime(2026, 11, 23, 23, 30, tzinfo=UTC)) == date(2026, 11, 24)


@pytest.mark.parametrize("wall", [time(9, 1), time(9, 0, 30), time(9, 0, 0, 1)])
def test_a_time_between_two_ticks_is_none(wall):
    with pytest.raises(ValueError, match="5-minute mark"):
        ticks.tick_of(wall)
