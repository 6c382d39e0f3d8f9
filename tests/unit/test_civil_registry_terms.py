"""Legal terms, with the published examples and with the law as properties."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.holidays import WorkingDays, legal_holidays
from services.civil_registry.domain.terms import (
    birth_declaration_deadline,
    funeral_deadline,
    funeral_possible_from,
    marriage_possible_from,
    marriage_possible_until,
)
from services.civil_registry.offering import read_offering

IS_WORKING_DAY = read_offering().is_working_day
DAYS = st.dates(date(2023, 1, 1), date(2060, 12, 31))
ONE_DAY = timedelta(days=1)


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
    assert birth_declaration_deadline(date.fromisoformat(born), IS_WORKING_DAY) == date.fromisoformat(last)


@pytest.mark.parametrize(("died", "last"), [("2026-05-12", "2026-05-22"), ("2026-12-22", "2026-12-31")])
def test_a_funeral_takes_place_by_the_sixth_working_day(died, last):
    assert funeral_deadline(date.fromisoformat(died), IS_WORKING_DAY) == date.fromisoformat(last)


@given(DAYS)
def test_the_term_for_a_birth_never_ends_on_a_day_off(born):
    assert IS_WORKING_DAY(birth_declaration_deadline(born, IS_WORKING_DAY))


@given(DAYS)
def test_the_term_for_a_birth_holds_three_days_and_two_working_days(born):
    last = birth_declaration_deadline(born, IS_WORKING_DAY)
    inside = [born + number * ONE_DAY for number in range(1, (last - born).days + 1)]
    assert len(inside) >= 3
    assert sum(map(IS_WORKING_DAY, inside)) >= 2


@given(DAYS)
def test_the_term_for_a_birth_is_not_longer_than_the_law_makes_it(born):
    day_before = birth_declaration_deadline(born, IS_WORKING_DAY) - ONE_DAY
    inside = [born + number * ONE_DAY for number in range(1, (day_before - born).days + 1)]
    assert len(inside) < 3 or sum(map(IS_WORKING_DAY, inside)) < 2 or not IS_WORKING_DAY(day_before)


@given(DAYS)
def test_who_is_born_later_need_not_be_declared_earlier(born):
    for deadline in (birth_declaration_deadline, funeral_deadline):
        assert deadline(born, IS_WORKING_DAY) <= deadline(born + ONE_DAY, IS_WORKING_DAY)


@given(DAYS)
def test_six_working_days_lie_between_a_death_and_the_last_day_for_a_funeral(died):
    last = funeral_deadline(died, IS_WORKING_DAY)
    inside = [died + number * ONE_DAY for number in range(1, (last - died).days + 1)]
    assert IS_WORKING_DAY(last)
    assert sum(map(IS_WORKING_DAY, inside)) == 6


def test_thirty_six_hours_are_thirty_six_hours_in_the_night_that_the_clock_changes():
    died = datetime(2026, 10, 24, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))
    possible = funeral_possible_from(died)
    assert possible == datetime(2026, 10, 25, 22, 0, tzinfo=UTC)
    assert possible.astimezone(died.tzinfo).strftime("%d %H:%M") == "25 23:00"


def test_a_time_of_death_without_offset_is_refused():
    with pytest.raises(ValueError, match="offset"):
        funeral_possible_from(datetime(2026, 10, 24, 12, 0))


def test_a_wedding_is_possible_from_the_fourteenth_day_also_on_a_saturday():
    assert marriage_possible_from(date(2026, 11, 28)) == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("notice", "last"),
    [("2026-03-01", "2027-03-01"), ("2028-02-29", "2029-02-28"), ("2027-02-28", "2028-02-28")],
)
def test_a_notice_of_marriage_lasts_a_year(notice, last):
    assert marriage_possible_until(date.fromisoformat(notice)) == date.fromisoformat(last)


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
