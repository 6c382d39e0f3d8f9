"""Who lost a race is told of the nearest times, wherever on the calendar they are."""

from datetime import date, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.ticks import instant_of
from services.appointments.queries import search
from services.appointments.queries.search import MOST_ALTERNATIVES, Agenda, nearest_starts
from services.messaging.work import Reading
from tests.unit.test_appointments_visit import plan

TOWN = ZoneInfo("Europe/Amsterdam")
NOTHING = cast(Reading, None)
TODAY, DAYS = date(2026, 10, 1), 182
WANTED_ON = date(2026, 10, 26)  # the day after the night with an hour more
AGENDA = Agenda(
    location_id="stadskantoor",
    zone=TOWN,
    visit=plan(("passport", 1)),
    today=TODAY,
    earliest_at=instant_of(TOWN, TODAY, 0),
    last_on=TODAY + timedelta(days=DAYS),
    shortest=3,
)


def offered_days(first, last):
    """Some days, as numbers after today, with the ticks at which visits begin."""
    days = st.integers(first, last).map(lambda number: TODAY + timedelta(days=number))
    return st.dictionaries(days, st.sets(st.integers(96, 215), min_size=1, max_size=12).map(sorted), max_size=8)


def looking_at(offered, looks):
    """Return what stands for the look at the calendar, and notes each one."""

    def look(_, __, first, last):
        looks.append(first)
        return {on: ticks for on, ticks in sorted(offered.items()) if first <= on <= last}

    return look


@given(far=offered_days(0, DAYS), near=offered_days(20, 30), tick=st.integers(96, 215))
def test_the_nearest_of_all_are_found_however_far_one_has_to_look(far, near, tick):
    offered, wanted_at = far | near, instant_of(TOWN, WANTED_ON, tick)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "offered_by_day", looking_at(offered, []))
        found = nearest_starts(NOTHING, AGENDA, wanted_at)
    everything = [instant_of(TOWN, on, each) for on, ticks in offered.items() for each in ticks]
    nearest = sorted(everything, key=lambda start: (abs(start - wanted_at), start))[:MOST_ALTERNATIVES]
    assert found == sorted(nearest)


@pytest.mark.parametrize(("days_away", "looks_wanted"), [(1, 1), (-1, 1), (3, 2), (20, 3)])
def test_one_looks_no_further_than_one_has_to(monkeypatch, days_away, looks_wanted):
    looks: list[date] = []
    offered = {WANTED_ON + timedelta(days=days_away): [100, 103, 106, 109, 112]}
    monkeypatch.setattr(search, "offered_by_day", looking_at(offered, looks))
    assert len(nearest_starts(NOTHING, AGENDA, instant_of(TOWN, WANTED_ON, 110))) == MOST_ALTERNATIVES
    assert len(looks) == looks_wanted
