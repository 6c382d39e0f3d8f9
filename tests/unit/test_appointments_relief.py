"""Which counters' days a product with a long wait is given, and how many."""

from datetime import date

from services.appointments.domain.relief import Candidate, choose, visits_that_fit
from services.appointments.domain.ticks import mask

TUESDAY, WEDNESDAY, NEXT_MONDAY = date(2026, 11, 24), date(2026, 11, 25), date(2026, 11, 30)
WEEK = date(2026, 11, 23)
FROM, HOURS = 102, 96  # 08:30, eight hours


def day(line_id, on, taken=0):
    opened = mask(FROM, HOURS)
    return Candidate(line_id, on, opened, opened & ~mask(FROM, taken) if taken else opened)


def chosen(candidates, *, existing=0, hours=40, given=None, ticks=7):
    found = choose(
        candidates,
        ticks=ticks,
        starts_within_norm=existing,
        most_minutes_per_week=hours * 60,
        minutes_by_week=given or {},
    )
    return [(choice.candidate.line_id, choice.candidate.on) for choice in found]


def test_the_emptiest_day_is_given_first_and_one_that_suffices_is_enough():
    assert chosen([day("a", TUESDAY, taken=40), day("b", WEDNESDAY, taken=10)]) == [("b", WEDNESDAY)]


def test_of_equal_days_the_earliest_is_given():
    assert chosen([day("b", WEDNESDAY), day("a", WEDNESDAY), day("b", TUESDAY)]) == [("b", TUESDAY)]


def test_nothing_is_given_when_three_starts_lie_within_the_norm():
    assert chosen([day("a", TUESDAY)], existing=3) == []


def test_days_are_added_until_three_starts_lie_within_the_norm():
    full = [day("a", TUESDAY, taken=HOURS - 7), day("a", WEDNESDAY, taken=HOURS - 8), day("a", NEXT_MONDAY, taken=86)]
    assert chosen(full, existing=1) == [("a", NEXT_MONDAY), ("a", WEDNESDAY)]


def test_a_day_on_which_no_visit_fits_is_not_given():
    assert chosen([day("a", TUESDAY, taken=HOURS - 6)]) == []


def test_no_week_gets_more_hours_than_the_manager_allows():
    big_visit = 48  # only two fit into a day
    days = [day("a", TUESDAY), day("b", TUESDAY), day("a", NEXT_MONDAY)]
    assert chosen(days, hours=15, ticks=big_visit) == [("a", TUESDAY), ("a", NEXT_MONDAY)]
    assert chosen(days, hours=7, ticks=big_visit) == []


def test_what_was_given_in_a_week_counts_against_its_bound():
    assert chosen([day("a", TUESDAY)], hours=15, given={WEEK: 8 * 60}) == []
    assert chosen([day("a", TUESDAY)], hours=16, given={WEEK: 8 * 60}) == [("a", TUESDAY)]


def test_visits_fit_one_after_the_other_and_not_across_a_break():
    assert visits_that_fit(mask(FROM, 20) | mask(FROM + 21, 6), 7) == 2
    assert visits_that_fit(0, 7) == 0
