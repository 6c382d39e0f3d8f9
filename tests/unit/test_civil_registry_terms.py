"""Legal terms, with the published examples and with the law as properties."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.errors import TimeDoesNotExist
from services.civil_registry.domain.holidays import WorkingDays, legal_holidays
from services.civil_registry.domain.legal_terms import DatedLength, LegalTerms, TermName
from services.civil_registry.domain.local_time import earliest_instant, end_of_day, latest_instant
from services.civil_registry.domain.terms import (
    Length,
    Unit,
    counted_back,
    hours_after,
    last_day,
    nth_working_day,
    stretched,
)
from services.civil_registry.offering import read_offering

TERMS = read_offering().terms
IS_WORKING_DAY = TERMS.is_working_day
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
DAYS = st.dates(date(2023, 1, 1), date(2060, 12, 31))
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
ONE_DAY = timedelta(days=1)
COUNTED_IN_DAYS = st.one_of(
    st.builds(Length, st.integers(1, 90), st.just(Unit.DAYS)),
    st.builds(Length, st.integers(1, 12), st.just(Unit.WEEKS)),
    st.builds(Length, st.integers(1, 3), st.just(Unit.MONTHS)),
)


def _local(instant):
    return instant.astimezone(AMSTERDAM).strftime("%Y-%m-%d %H:%M")


# --- the last day to declare a birth


@pytest.mark.parametrize(
    ("born", "last"),
    [
        # a week without holidays: the table that Enschede publishes
        ("2026-11-16", "2026-11-19"),
        ("2026-11-17", "2026-11-20"),
        ("2026-11-18", "2026-11-23"),
        ("2026-11-19", "2026-11-23"),
        ("2026-11-20", "2026-11-24"),
        ("2026-11-21", "2026-11-24"),
        ("2026-11-22", "2026-11-25"),
        # holidays and days equated by decree
        ("2026-04-03", "2026-04-08"),
        ("2026-05-02", "2026-05-06"),
        ("2026-05-13", "2026-05-19"),
        ("2025-12-31", "2026-01-06"),
        ("2026-12-24", "2026-12-29"),
        ("2027-05-04", "2027-05-11"),
        ("2026-04-24", "2026-04-29"),
    ],
)
def test_a_birth_may_be_declared_until(born, last):
    assert TERMS.declare_birth_by(date.fromisoformat(born)) == date.fromisoformat(last)


@given(DAYS)
def test_the_term_for_a_birth_never_ends_on_a_day_off(born):
    assert IS_WORKING_DAY(TERMS.declare_birth_by(born))


@given(DAYS)
def test_the_term_for_a_birth_holds_three_days_and_two_working_days(born):
    inside = _days_after(born, TERMS.declare_birth_by(born))
    assert len(inside) >= 3
    assert sum(map(IS_WORKING_DAY, inside)) >= 2


@given(DAYS)
def test_the_term_for_a_birth_is_not_longer_than_the_law_makes_it(born):
    day_before = TERMS.declare_birth_by(born) - ONE_DAY
    inside = _days_after(born, day_before)
    assert len(inside) < 3 or sum(map(IS_WORKING_DAY, inside)) < 2 or not IS_WORKING_DAY(day_before)


@given(DAYS)
def test_who_is_born_later_need_not_be_declared_earlier(born):
    for deadline in (TERMS.declare_birth_by, TERMS.funeral_by):
        assert deadline(born) <= deadline(born + ONE_DAY)


@given(DAYS, st.sets(DAYS, max_size=6))
def test_a_decree_lengthens_terms_or_leaves_them_and_never_shortens_one(born, decreed):
    with_decree = WorkingDays(decreed)
    for length in (Length(3, Unit.DAYS), Length(6, Unit.WORKING_DAYS), Length(6, Unit.WEEKS)):
        assert last_day(born, length, WorkingDays([])) <= last_day(born, length, with_decree)


# --- the Algemene termijnenwet as such


@given(DAYS, COUNTED_IN_DAYS)
def test_no_term_of_days_weeks_or_months_ends_on_a_day_off(fact, length):
    assert IS_WORKING_DAY(last_day(fact, length, IS_WORKING_DAY))


@given(DAYS, COUNTED_IN_DAYS)
def test_a_later_fact_never_has_an_earlier_last_day(fact, length):
    assert last_day(fact, length, IS_WORKING_DAY) <= last_day(fact + ONE_DAY, length, IS_WORKING_DAY)


def test_a_term_of_two_days_need_not_hold_two_working_days():
    friday = date(2026, 11, 20)
    assert last_day(friday, Length(2, Unit.DAYS), IS_WORKING_DAY) == date(2026, 11, 23)
    assert last_day(friday, Length(3, Unit.DAYS), IS_WORKING_DAY) == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("number", "unit", "stretches"),
    [
        (90, Unit.DAYS, True),
        (91, Unit.DAYS, False),
        (12, Unit.WEEKS, True),
        (13, Unit.WEEKS, False),
        (3, Unit.MONTHS, True),
        (4, Unit.MONTHS, False),
        (1, Unit.YEARS, False),
        (36, Unit.HOURS, False),
    ],
)
def test_the_act_does_not_apply_to_hours_years_and_long_terms(number, unit, stretches):
    assert Length(number, unit).stretches is stretches


def test_a_term_to_which_the_act_does_not_apply_ends_on_a_sunday():
    assert last_day(date(2025, 11, 22), Length(1, Unit.YEARS), IS_WORKING_DAY) == date(2026, 11, 22)
    assert last_day(date(2026, 8, 23), Length(91, Unit.DAYS), IS_WORKING_DAY) == date(2026, 11, 22)


def test_a_term_of_months_ends_on_the_last_day_of_a_shorter_month():
    assert last_day(date(2025, 11, 30), Length(3, Unit.MONTHS), lambda _: True) == date(2026, 2, 28)


def test_a_term_in_hours_has_no_last_day():
    with pytest.raises(ValueError, match="hours"):
        last_day(date(2026, 11, 20), Length(36, Unit.HOURS), IS_WORKING_DAY)


@given(DAYS, st.integers(0, 60))
def test_what_is_counted_backwards_is_never_stretched(event, days):
    assert event - counted_back(event, days) == days * ONE_DAY


@given(DAYS, st.integers(0, 20))
def test_a_stretched_term_is_as_long_as_written_or_longer(begin, days):
    assert stretched(begin, begin + days * ONE_DAY, IS_WORKING_DAY) >= begin + days * ONE_DAY


# --- funerals


@pytest.mark.parametrize(("died", "last"), [("2026-05-12", "2026-05-22"), ("2026-12-22", "2026-12-31")])
def test_a_funeral_takes_place_by_the_sixth_working_day(died, last):
    assert TERMS.funeral_by(date.fromisoformat(died)) == date.fromisoformat(last)


@given(DAYS)
def test_six_working_days_lie_between_a_death_and_the_last_day_for_a_funeral(died):
    last = TERMS.funeral_by(died)
    assert IS_WORKING_DAY(last)
    assert sum(map(IS_WORKING_DAY, _days_after(died, last))) == 6


@given(DAYS, st.integers(1, 12))
def test_the_day_of_the_fact_is_never_a_working_day_of_the_term(fact, number):
    assert nth_working_day(fact, number, IS_WORKING_DAY) > fact


@pytest.mark.parametrize(
    ("died_on", "died_at", "possible"),
    [
        (date(2026, 11, 20), time(10, 15), "2026-11-21 22:15"),
        # the night in which summer time ends has 25 hours, the one in which it begins has 23
        (date(2026, 10, 24), time(12, 0), "2026-10-25 23:00"),
        (date(2027, 3, 27), time(12, 0), "2027-03-29 01:00"),
        # nobody knows the time: from the end of the day
        (date(2026, 11, 20), None, "2026-11-22 12:00"),
        (date(2026, 10, 25), None, "2026-10-27 12:00"),
        (date(2027, 3, 28), None, "2027-03-30 12:00"),
        # half past two comes twice: the second one is the safe side
        (date(2026, 10, 25), time(2, 30), "2026-10-26 14:30"),
    ],
)
def test_a_funeral_is_possible_after_thirty_six_real_hours(died_on, died_at, possible):
    assert _local(TERMS.funeral_from(died_on, died_at)) == possible


@given(DAYS, TIMES)
def test_an_unknown_time_of_death_is_never_better_than_a_known_one(died_on, died_at):
    try:
        known = TERMS.funeral_from(died_on, died_at)
    except TimeDoesNotExist:
        return
    assert known < TERMS.funeral_from(died_on, None)


def test_hours_need_an_instant_with_its_offset():
    with pytest.raises(ValueError, match="offset"):
        hours_after(datetime(2026, 10, 24, 12, 0), 36)


# --- the clock


def test_an_hour_that_comes_twice_has_two_instants():
    day, at = date(2026, 10, 25), time(2, 30)
    assert latest_instant(day, at) - earliest_instant(day, at) == timedelta(hours=1)


def test_an_hour_that_the_clock_skips_is_refused():
    with pytest.raises(TimeDoesNotExist) as refused:
        earliest_instant(date(2027, 3, 28), time(2, 30))
    assert refused.value.facts == {"on": "2027-03-28"}


@given(DAYS)
def test_a_day_ends_where_the_next_one_begins(day):
    assert end_of_day(day) == earliest_instant(day + ONE_DAY, time())


# --- marriages and other terms


def test_a_wedding_is_possible_from_the_fourteenth_day_also_on_a_saturday():
    assert TERMS.marry_from(date(2026, 11, 28)) == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("notice", "last"),
    [("2026-03-01", "2027-03-01"), ("2028-02-29", "2029-02-28"), ("2027-02-28", "2028-02-28")],
)
def test_a_notice_of_marriage_lasts_a_year(notice, last):
    assert TERMS.marry_by(date.fromisoformat(notice)) == date.fromisoformat(last)


def test_a_notice_that_lapses_on_a_sunday_is_not_stretched():
    assert TERMS.marry_by(date(2025, 11, 22)) == date(2026, 11, 22)


@given(DAYS)
def test_every_notice_leaves_time_to_marry(complete_on):
    assert TERMS.marry_from(complete_on) < TERMS.marry_by(complete_on)


def test_the_other_terms_of_civil_status():
    assert TERMS.capacity_certificate_until(date(2026, 8, 31)) == date(2027, 2, 28)
    assert TERMS.new_birth_deed_by(date(2026, 2, 5)) == date(2026, 5, 6)  # 5 May is a holiday
    assert TERMS.mention_court_order_from(date(2026, 8, 22)) == date(2026, 11, 22)
    assert TERMS.go_to_court_by(date(2026, 11, 13)) == date(2026, 12, 28)  # six weeks end on Christmas Day, a Friday


def test_a_bill_changes_terms_from_its_day_on_and_no_earlier():
    def dated(name, length, valid_from, valid_until=None):
        return DatedLength(name, length, "bill", valid_from, valid_until)

    lengths = [dated(name, Length(1, Unit.YEARS), date(2023, 1, 1)) for name in TermName]
    lengths = [one for one in lengths if one.name not in {TermName.FUNERAL_LATEST, TermName.FUNERAL_EARLIEST}]
    lengths += [
        dated(TermName.FUNERAL_LATEST, Length(10, Unit.WORKING_DAYS), date(2027, 1, 1)),
        dated(TermName.FUNERAL_LATEST, Length(6, Unit.WORKING_DAYS), date(2023, 1, 1), date(2026, 12, 31)),
        dated(TermName.FUNERAL_EARLIEST, Length(36, Unit.HOURS), date(2023, 1, 1), date(2026, 12, 31)),
        dated(TermName.FUNERAL_EARLIEST, Length(20, Unit.HOURS), date(2027, 1, 1)),
    ]
    terms = LegalTerms(lengths, WorkingDays([]))
    assert terms.funeral_by(date(2026, 12, 31)) == date(2027, 1, 11)
    assert terms.funeral_by(date(2027, 1, 1)) == date(2027, 1, 15)
    assert terms.funeral_from(date(2026, 12, 31), time(12)) == datetime(2027, 1, 1, 23, tzinfo=UTC)
    assert terms.funeral_from(date(2027, 1, 1), time(12)) == datetime(2027, 1, 2, 7, tzinfo=UTC)
    assert terms.funeral_by(date(1999, 6, 1)) == date(1999, 6, 9)


# --- holidays


@pytest.mark.parametrize("year", range(2023, 2061))
def test_every_year_has_the_holidays_of_the_act(year):
    days = legal_holidays(year)
    assert {date(year, 1, 1), date(year, 5, 5), date(year, 12, 25), date(year, 12, 26)} <= days
    kings_day = date(year, 4, 27)
    assert (kings_day - ONE_DAY if kings_day.weekday() == 6 else kings_day) in days
    on_fridays_mondays_thursdays = {day.weekday() for day in days if day.month in (3, 4, 5, 6)}
    assert {0, 3, 4} <= on_fridays_mondays_thursdays
    assert len(days) >= 10


def test_a_day_equated_by_decree_is_a_day_off_and_a_day_that_the_town_hall_is_closed_is_not():
    assert not IS_WORKING_DAY(date(2026, 1, 2))
    assert WorkingDays([])(date(2026, 1, 2))
    assert IS_WORKING_DAY(date(2026, 2, 16))  # carnival


def _days_after(first, last):
    return [first + number * ONE_DAY for number in range(1, (last - first).days + 1)]
