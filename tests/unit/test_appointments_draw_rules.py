"""Which days are drawn together and when: on the wall clock, through both nights on which it is changed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.draw_rules import (
    DrawRule,
    Every,
    Moment,
    batch_on,
    batches_between,
    has_later,
    period_of,
)

ENSCHEDE = ZoneInfo("Europe/Amsterdam")
EVERY_DAY = frozenset(range(7))
MONDAY = date(2026, 12, 14)


def rule(**changes: Any) -> Any:
    told: dict[str, Any] = {
        "every": Every.WEEK,
        "weekdays": EVERY_DAY,
        "opens": Moment(21, time(12)),
        "closes": Moment(15, time(12)),
        "draws": Moment(14, time(12)),
        "most_places": None,
        "valid_from": date(2026, 1, 1),
        "valid_until": None,
    }
    return DrawRule(**(told | changes))


def at(year, month, day, hour, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def test_the_days_of_a_week_are_drawn_together_two_weeks_ahead():
    batch = rule().batch_of(date(2026, 12, 16), ENSCHEDE)
    assert (batch.first_on, batch.last_on) == (MONDAY, date(2026, 12, 20))
    assert (batch.opens_at, batch.closes_at, batch.draws_at) == (
        at(2026, 11, 23, 11),
        at(2026, 11, 29, 11),
        at(2026, 11, 30, 11),
    )
    assert batch.days() == [MONDAY + timedelta(days=number) for number in range(7)]


def test_of_a_week_only_the_chosen_days_are_drawn():
    fridays = rule(weekdays=frozenset({4}))
    assert fridays.batch_of(date(2026, 12, 17), ENSCHEDE) is None
    assert fridays.batch_of(date(2026, 12, 18), ENSCHEDE).days() == [date(2026, 12, 18)]


def test_a_month_has_its_own_length_and_no_day_is_in_two_batches():
    monthly = rule(every=Every.MONTH)
    found = list(monthly.batches(date(2027, 1, 31), date(2027, 3, 1), ENSCHEDE))
    assert [(one.first_on, one.last_on) for one in found] == [
        (date(2027, 1, 1), date(2027, 1, 31)),
        (date(2027, 2, 1), date(2027, 2, 28)),
        (date(2027, 3, 1), date(2027, 3, 31)),
    ]


@pytest.mark.parametrize(
    ("first_on", "opens_at", "closes_at"),
    [
        # The clock goes forward on 28 March 2027 and back on 31 October 2027; noon stays noon.
        (date(2027, 4, 12), at(2027, 3, 22, 11), at(2027, 3, 28, 10)),
        (date(2027, 11, 15), at(2027, 10, 25, 10), at(2027, 10, 31, 11)),
    ],
)
def test_moments_are_noon_on_the_wall_whatever_the_clock_does(first_on, opens_at, closes_at):
    batch = rule().batch_of(first_on, ENSCHEDE)
    assert (batch.opens_at, batch.closes_at) == (opens_at, closes_at)


@given(st.dates(date(2026, 1, 1), date(2036, 12, 31)), st.sampled_from(Every), st.sets(st.integers(0, 6), min_size=1))
def test_a_day_is_drawn_with_its_period_and_requests_are_open_for_a_day_at_least(on, every, weekdays):
    some = rule(every=every, weekdays=frozenset(weekdays), opens=Moment(16, time(11)), closes=Moment(15, time(12)))
    batch = some.batch_of(on, ENSCHEDE)
    first_on, _ = period_of(every, on)
    if on.weekday() in weekdays and first_on >= some.valid_from:
        assert on in batch.days()
        assert batch.closes_at - batch.opens_at >= timedelta(hours=24)
        assert batch.opens_at < batch.closes_at <= batch.draws_at
    else:
        assert batch is None


def test_a_batch_is_drawn_under_the_rule_of_its_first_day():
    new_year = rule(every=Every.MONTH, valid_from=date(2027, 1, 4))
    until_then = rule(valid_until=date(2026, 12, 31))
    rules = (until_then, new_year)

    def begins(on):
        batch = batch_on(rules, on, ENSCHEDE)
        return batch and batch.first_on

    assert begins(date(2027, 1, 3)) == date(2026, 12, 28)
    assert begins(date(2027, 1, 4)) is None  # its month began under no rule
    assert begins(date(2027, 2, 4)) == date(2027, 2, 1)
    found = batches_between(rules, date(2026, 12, 27), date(2027, 2, 1), ENSCHEDE)
    assert [one.first_on for one in found] == [date(2026, 12, 21), date(2026, 12, 28), date(2027, 2, 1)]


def test_after_the_last_batch_of_the_last_rule_nothing_is_drawn():
    ending = rule(valid_until=date(2026, 12, 20))
    assert has_later((ending,), date(2026, 12, 7))
    assert not has_later((ending,), MONDAY)
    assert not has_later((), MONDAY)
    assert has_later((ending, rule(valid_from=date(2027, 6, 2))), MONDAY)


def test_a_batch_that_is_made_known_in_time_is_as_planned():
    planned = rule().batch_of(MONDAY, ENSCHEDE)
    assert planned.begun_at(planned.opens_at - timedelta(hours=1), ENSCHEDE) == planned


def test_who_is_late_by_days_still_leaves_people_a_day_and_the_draw_its_distance():
    planned = rule().batch_of(MONDAY, ENSCHEDE)
    soon = planned.opens_at + timedelta(minutes=3)
    begun = planned.begun_at(soon, ENSCHEDE)
    assert (begun.opens_at, begun.closes_at, begun.draws_at) == (soon, planned.closes_at, planned.draws_at)
    late = planned.closes_at + timedelta(hours=20)
    begun = planned.begun_at(late, ENSCHEDE)
    assert begun.closes_at == late + timedelta(hours=24)
    assert begun.draws_at - begun.closes_at == planned.draws_at - planned.closes_at


def test_what_should_have_been_drawn_before_it_was_made_known_is_not_drawn():
    planned = rule().batch_of(MONDAY, ENSCHEDE)
    assert planned.begun_at(planned.draws_at, ENSCHEDE) is None
    tight = rule(closes=Moment(1, time(12)), draws=Moment(0, time(0)), opens=Moment(5, time(12)))
    last_minute = tight.batch_of(MONDAY, ENSCHEDE)
    assert last_minute.begun_at(last_minute.closes_at - timedelta(hours=1), ENSCHEDE) is None
