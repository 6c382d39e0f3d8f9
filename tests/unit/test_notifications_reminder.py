"""A reminder comes at the same time on the clock the day before, or not at all."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.notifications.domain.message import NEXT, State
from services.notifications.domain.reminder import reminder_at, reminder_window
from services.notifications.domain.trouble import pause_when_postponed, pause_while_unreachable

ENSCHEDE = ZoneInfo("Europe/Amsterdam")


def wall(year, month, day, hour, minute):
    return datetime(year, month, day, hour, minute, tzinfo=ENSCHEDE).astimezone(UTC)


def test_a_visit_on_thursday_afternoon_is_reminded_of_on_wednesday_afternoon():
    assert reminder_at(wall(2026, 12, 3, 14, 20), ENSCHEDE) == wall(2026, 12, 2, 14, 20)


def test_after_the_night_that_is_an_hour_longer_the_day_before_is_25_hours_away():
    start = wall(2026, 10, 25, 10, 0)
    assert reminder_at(start, ENSCHEDE) == wall(2026, 10, 24, 10, 0) == start - timedelta(hours=25)


def test_after_the_night_that_is_an_hour_shorter_the_day_before_is_23_hours_away():
    start = wall(2026, 3, 29, 10, 0)
    assert reminder_at(start, ENSCHEDE) == wall(2026, 3, 28, 10, 0) == start - timedelta(hours=23)


def test_a_time_that_does_not_exist_the_night_before_falls_an_hour_later_on_the_clock():
    assert reminder_at(wall(2026, 3, 30, 2, 30), ENSCHEDE) == wall(2026, 3, 29, 3, 30)


def test_a_visit_on_new_years_day_is_reminded_of_in_the_old_year():
    assert reminder_at(wall(2027, 1, 1, 9, 0), ENSCHEDE) == wall(2026, 12, 31, 9, 0)


def test_who_books_for_tomorrow_morning_this_afternoon_is_not_reminded():
    start = wall(2026, 12, 3, 9, 0)
    assert reminder_window(start, known_at=wall(2026, 12, 2, 15, 0), zone=ENSCHEDE) is None
    assert reminder_window(start, known_at=wall(2026, 12, 2, 9, 0), zone=ENSCHEDE) is None


def test_a_reminder_is_worthless_in_the_last_hour():
    start = wall(2026, 12, 3, 9, 0)
    window = reminder_window(start, known_at=wall(2026, 11, 23, 9, 0), zone=ENSCHEDE)
    assert window is not None
    assert (window.not_before, window.expires_at) == (wall(2026, 12, 2, 9, 0), start - timedelta(hours=1))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2036, 1, 1)))
def test_the_clock_always_shows_the_same_time_or_the_hour_that_spring_skipped(naive):
    start = naive.replace(tzinfo=UTC, microsecond=0)
    due = reminder_at(start, ENSCHEDE)
    local, local_due = start.astimezone(ENSCHEDE), due.astimezone(ENSCHEDE)
    assert local_due.date() == local.date() - timedelta(days=1)
    assert timedelta(hours=22) < start - due < timedelta(hours=26)
    if local_due.time() != local.time():
        assert local_due.replace(tzinfo=None) - timedelta(hours=1) == local.replace(tzinfo=None) - timedelta(days=1)


def test_waiting_grows_and_then_stays():
    assert [pause_when_postponed(n).total_seconds() for n in range(1, 9)] == [5, 15, 60, 300, 900, 3600, 3600, 3600]
    assert [pause_while_unreachable(n).total_seconds() for n in (0, 1, 2, 3, 500)] == [5, 5, 15, 30, 30]


def test_what_was_sent_or_failed_stays_so():
    assert NEXT[State.SENT] == NEXT[State.FAILED] == frozenset()
    assert set(NEXT) == set(State)
