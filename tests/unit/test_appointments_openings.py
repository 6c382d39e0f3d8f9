"""When counters are open, and what happens to visits when that changes."""

from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.closed_days import ClosedDays, Closure
from services.appointments.domain.openings import WHOLE_DAY, Span, Weekly, open_bits, refit
from services.appointments.domain.ticks import NIGHT, instant_of, mask
from services.appointments.storage.calendar import span

MONDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 29)
WORKDAYS = frozenset(range(5))
HOURS = (Weekly(WORKDAYS, span("08:30", "17:00")),)
SHIFT = Weekly(WORKDAYS, span("08:00", "18:00"), breaks=(span("12:00", "12:30"),))

bits = st.binary(min_size=36, max_size=36).map(int.from_bytes)


def opened(on, *, hours=HOURS, shifts=(SHIFT,), closures=()):
    return open_bits(on, location_hours=hours, shifts=shifts, closures=closures)


def test_a_counter_is_open_in_its_shift_inside_the_hours_of_its_location():
    assert opened(MONDAY) == span("08:30", "12:00").bits | span("12:30", "17:00").bits


def test_a_counter_is_closed_on_days_without_hours():
    assert opened(SUNDAY) == 0


def test_a_closing_takes_away_its_part_of_the_day():
    assert opened(MONDAY, closures=[span("16:00", "24:00")]) == opened(MONDAY) & ~span("16:00", "17:00").bits
    assert opened(MONDAY, closures=[WHOLE_DAY]) == 0


def test_hours_hold_from_their_first_to_their_last_day():
    summer = Weekly(WORKDAYS, span("09:00", "12:00"), valid_from=MONDAY, valid_until=date(2026, 11, 24))
    assert opened(date(2026, 11, 20), hours=[summer]) == 0
    assert opened(MONDAY, hours=[summer]) == span("09:00", "12:00").bits
    assert opened(date(2026, 11, 25), hours=[summer]) == 0


def test_nothing_is_open_while_the_clock_may_change():
    always = Weekly(frozenset(range(7)), WHOLE_DAY)
    for on in (date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28)):
        assert opened(on, hours=[always], shifts=[always]) == WHOLE_DAY.bits & ~NIGHT


def test_on_the_nights_of_change_opening_times_stay_those_on_the_wall():
    zone = ZoneInfo("Europe/Amsterdam")
    utc_hours = [
        instant_of(zone, on, span("08:30", "17:00").first).strftime("%H:%M")
        for on in (date(2026, 10, 24), date(2026, 10, 26), date(2027, 3, 27), date(2027, 3, 29))
    ]
    assert utc_hours == ["06:30", "07:30", "07:30", "06:30"]


@given(bits, bits)
def test_a_changed_opening_never_drops_a_visit_and_never_books_one_twice(new, occupied):
    free, conflicts = refit(new, occupied)
    assert free & occupied == 0
    assert free & ~new == 0
    assert free | (new & occupied) == new
    assert conflicts == occupied & ~new


def calendar(**changes):
    return ClosedDays(
        **{
            "country": "NL",
            "categories": ("public", "optional"),
            "open_anyway": frozenset(),
            "decreed": frozenset({date(2027, 5, 7)}),
            "closures": (),
        }
        | changes
    )


def test_legal_holidays_and_decreed_days_are_closed():
    closed = calendar().holidays_between(date(2026, 12, 1), date(2027, 5, 31))
    assert {
        date(2026, 12, 25),
        date(2026, 12, 26),
        date(2027, 1, 1),
        date(2027, 3, 26),  # Good Friday
        date(2027, 3, 29),  # Easter Monday
        date(2027, 4, 27),  # King's Day
        date(2027, 5, 5),  # Liberation Day, every year
        date(2027, 5, 6),  # Ascension Day
        date(2027, 5, 7),  # royal decree
        date(2027, 5, 17),  # Whit Monday
    } <= closed
    assert date(2026, 12, 24) not in closed


def test_the_town_may_open_on_a_holiday():
    good_friday = date(2027, 3, 26)
    assert good_friday not in calendar(open_anyway=frozenset({good_friday})).holidays_between(good_friday, good_friday)


def test_a_local_closing_concerns_its_location():
    training = Closure(on=MONDAY, span=Span(150, 288), location_id="glanerbrug")
    assert calendar(closures=(training,)).closures_by_day(MONDAY, MONDAY) == {MONDAY: [training]}
    assert mask(150, 138) == training.span.bits
