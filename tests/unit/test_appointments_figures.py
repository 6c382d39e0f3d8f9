"""What is counted about a day, and what several days say together."""

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.appointments.domain.figure_summary import by_week, median, percentile, summaries
from services.appointments.domain.figures import (
    Booking,
    Cancellation,
    Cell,
    CounterDay,
    Figure,
    Noted,
    Outcome,
    Tally,
    count_bookings,
    count_cancellations,
    count_counters,
    count_outcomes,
    days_between,
    lead_bucket,
    wait_of,
)

ENSCHEDE = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 11, 23)
BOOKED = datetime(2026, 11, 23, 9, tzinfo=UTC)
TWO = frozenset({"passport", "driving-licence"})


def counted(tally, product_id=""):
    return {(cell.figure, cell.bucket): cell.value for cell in tally.cells() if cell.product_id == product_id}


def wait(starts):
    starts_by_day = {MONDAY + timedelta(days=days): number for days, number in starts.items()}
    found = wait_of(location_id="x", product_id="passport", norm_days=14, today=MONDAY, starts_by_day=starts_by_day)
    return found.first_next_days, found.third_next_days, found.passes_norm


def test_a_start_today_is_no_days_away():
    assert wait({0: 3, 1: 9}) == (0, 0, False)


def test_the_third_next_start_may_lie_on_another_day_than_the_first():
    assert wait({2: 1, 5: 1, 12: 4}) == (2, 12, False)
    assert wait({2: 2, 15: 1}) == (2, 15, True)


def test_weekends_count_as_days_of_waiting():
    assert wait({7: 3}) == (7, 7, False)


def test_two_starts_in_the_whole_horizon_are_a_wait_beyond_it():
    assert wait({3: 2}) == (3, None, True)
    assert wait({}) == (None, None, True)


def test_exactly_the_norm_keeps_the_norm():
    assert wait({14: 3})[2] is False


def test_days_are_counted_on_the_wall_also_when_the_clock_changes():
    before = datetime(2026, 10, 24, 22, 30, tzinfo=UTC)  # 00:30 on the 25th, the day of 25 hours
    assert days_between(ENSCHEDE, before, datetime(2026, 10, 25, 22, 59, tzinfo=UTC)) == 0
    assert days_between(ENSCHEDE, before, datetime(2026, 10, 25, 23, 0, tzinfo=UTC)) == 1


@pytest.mark.parametrize(
    ("days", "bucket"), [(0, "0-2"), (2, "0-2"), (3, "3-7"), (7, "3-7"), (8, "8-21"), (21, "8-21"), (22, "22+")]
)
def test_lead_times_fall_into_four_groups(days, bucket):
    assert lead_bucket(days) == bucket


def test_a_visit_for_two_products_counts_for_each_and_once_for_the_place():
    tally = Tally(MONDAY)
    count_bookings(tally, [Booking("x", TWO, "web", BOOKED, BOOKED + timedelta(days=3))], ENSCHEDE)
    for product_id in ("", *TWO):
        assert counted(tally, product_id) == {("wait", "3"): 1, ("channel", "web"): 1}


def test_a_cancellation_within_the_term_is_late_and_one_at_the_term_is_not():
    start = BOOKED + timedelta(days=10)
    late_after = {"passport": timedelta(hours=24)}

    def off(**before):
        tally = Tally(MONDAY)
        gone = Cancellation("x", frozenset({"passport"}), BOOKED, start, start - timedelta(**before))
        count_cancellations(tally, [gone], ENSCHEDE, late_after)
        return counted(tally, "passport")

    assert off(hours=24) == {("notice", "24"): 1}
    assert off(hours=23, minutes=59) == {("notice", "23"): 1, ("late-cancel", "8-21"): 1}


def test_a_visit_is_late_only_for_the_product_whose_term_has_begun():
    tally = Tally(MONDAY)
    gone = Cancellation("x", TWO, BOOKED, BOOKED + timedelta(days=1), BOOKED)
    count_cancellations(tally, [gone], ENSCHEDE, {"passport": timedelta(hours=48)})
    assert ("late-cancel", "0-2") in counted(tally, "passport")
    assert ("late-cancel", "0-2") in counted(tally)
    assert ("late-cancel", "0-2") not in counted(tally, "driving-licence")


def noted(outcome, replaces=None):
    return Noted("x", frozenset({"passport"}), BOOKED, BOOKED + timedelta(days=5), 3, outcome, replaces)


def test_a_correction_leaves_one_outcome():
    tally = Tally(MONDAY)
    count_outcomes(tally, [noted(Outcome.NO_SHOW), noted(Outcome.DONE, Outcome.NO_SHOW)], ENSCHEDE)
    assert counted(tally) == {("done", "3-7"): 1, ("served-ticks", ""): 3}


def test_a_correction_on_a_later_day_leaves_what_was_published_and_the_sum_is_right():
    first, second = Tally(MONDAY), Tally(MONDAY + timedelta(days=1))
    count_outcomes(first, [noted(Outcome.DONE)], ENSCHEDE)
    count_outcomes(second, [noted(Outcome.NO_SHOW, Outcome.DONE)], ENSCHEDE)
    whole = summaries([*first.cells(), *second.cells()])[0]
    lead = whole.leads[1]
    assert (lead.lead, lead.done, lead.no_show, lead.no_show_rate, whole.served_ticks) == ("3-7", 0, 1, 1.0, 0)


def test_late_cancellations_are_not_among_the_visits_that_were_missed():
    cells = [
        Cell(MONDAY, "x", "", Figure.DONE, "0-2", 6),
        Cell(MONDAY, "x", "", Figure.LEFT, "0-2", 1),
        Cell(MONDAY, "x", "", Figure.NO_SHOW, "0-2", 3),
        Cell(MONDAY, "x", "", Figure.LATE_CANCEL, "0-2", 5),
    ]
    lead = summaries(cells)[0].leads[0]
    assert (lead.no_show_rate, lead.late_cancelled) == (0.3, 5)


def test_a_counter_counts_once_for_its_place_and_for_each_product_it_can_do():
    tally = Tally(MONDAY)
    desks = [CounterDay("x", frozenset({"a", "b"}), 100, 40), CounterDay("x", frozenset({"b"}), 100, 10)]
    count_counters(tally, desks, {"one": frozenset({"a"}), "other": frozenset({"b"})})
    found = {summary.product_id: summary.planned_occupancy for summary in summaries(tally.cells())}
    assert found == {"": 0.25, "one": 0.4, "other": 0.25}


def test_the_median_treats_no_start_as_longer_than_any_wait():
    assert median([3, None, 5]) == 5
    assert median([3, None, None]) is None
    assert median([2, 3]) == 2.5
    assert median([]) is None


def test_a_percentile_of_counts_is_that_of_the_waits_one_by_one():
    waits = [random.Random(7).randrange(60) for _ in range(999)]
    counts = {value: waits.count(value) for value in set(waits)}
    for percent in (50, 90):
        rank = -(-len(waits) * percent // 100)
        assert percentile(counts, percent) == sorted(waits)[rank - 1]
    assert percentile({}, 50) is None


def test_weeks_begin_on_monday_and_carry_the_median_of_their_samples():
    days = [0, 1, 2, 3, 4, 7]
    cells = [
        Cell(MONDAY + timedelta(days=offset), "x", "p", Figure.THIRD_NEXT, "", value)
        for offset, value in zip(days, (4, 30, 5, None, 6, 2), strict=True)
    ]
    weeks = by_week(cells)
    assert {week: found[0].third_next_days for week, found in weeks.items()} == {
        MONDAY: 6,
        MONDAY + timedelta(days=7): 2,
    }


def test_the_share_within_two_weeks_includes_the_fourteenth_day():
    cells = [Cell(MONDAY, "x", "", Figure.WAIT, days, 1) for days in ("1", "14", "15", "40")]
    whole = summaries(cells)[0]
    assert (whole.share_within_14_days, whole.wait_p50_days, whole.wait_p90_days) == (0.5, 14, 40)
