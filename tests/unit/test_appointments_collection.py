"""When a document that was applied for can be collected."""

from datetime import date

import pytest

from services.appointments.domain.closed_days import ClosedDays, Closure
from services.appointments.domain.collection import (
    Term,
    Window,
    check_collection,
    collected,
    collection_window,
    days_off,
    request_window,
)
from services.appointments.domain.errors import CollectionTooEarly, CollectionTooLate, NothingToCollect
from services.appointments.domain.openings import WHOLE_DAY, Span
from services.appointments.domain.policy import CollectionRule, Policy
from services.appointments.domain.visit import Product, Wanted

FIVE = Term(after_working_days=5, within_days=90)
DECREED = date(2027, 5, 7)
NEW_YEARS_EVE, HEERENVEEN_DAY, CHRISTMAS_EVE = date(2026, 12, 31), date(2026, 12, 30), date(2026, 12, 24)
TOWN = ClosedDays(
    country="NL",
    categories=("public", "optional"),
    open_anyway=frozenset(),
    decreed=frozenset({DECREED}),
    closures=(
        Closure(on=NEW_YEARS_EVE, span=WHOLE_DAY, location_id=None),
        Closure(on=HEERENVEEN_DAY, span=WHOLE_DAY, location_id="glanerbrug"),
        Closure(on=CHRISTMAS_EVE, span=Span(192, 288), location_id=None),
    ),
)
OFF = days_off(TOWN, date(2026, 1, 1), date(2027, 12, 31), location_id="stadskantoor")


def first_day(requested_on, off=OFF):
    return collection_window(requested_on, FIVE, off).first_on


@pytest.mark.parametrize(
    ("requested_on", "ready_on", "why"),
    [
        (date(2026, 11, 23), date(2026, 11, 30), "a Monday: the next Monday"),
        (date(2026, 11, 25), date(2026, 12, 2), "a Wednesday: a weekend lies between"),
        (date(2026, 11, 27), date(2026, 12, 4), "a Friday: counting begins on Monday"),
        (date(2026, 11, 28), date(2026, 12, 4), "a Saturday opening: counting begins on Monday"),
        (date(2026, 12, 18), date(2026, 12, 28), "Christmas Day falls on a Friday, Boxing Day in the weekend"),
        (date(2026, 12, 24), date(2027, 1, 5), "Christmas, New Year's Eve (closed by the town) and New Year's Day"),
        (date(2027, 3, 22), date(2027, 3, 31), "Good Friday and Easter Monday"),
        (date(2027, 4, 26), date(2027, 5, 4), "King's Day"),
        (date(2027, 4, 29), date(2027, 5, 11), "5 May, Ascension Day on 6 May, and the day that a decree added"),
        (date(2027, 5, 13), date(2027, 5, 21), "Whit Monday"),
        (date(2027, 3, 26), date(2027, 4, 5), "the clock goes forward in between: days are days"),
        (date(2026, 10, 23), date(2026, 10, 30), "the clock goes back in between"),
    ],
)
def test_a_document_is_ready_after_five_working_days(requested_on, ready_on, why):
    assert first_day(requested_on) == ready_on, why


def test_a_part_of_a_day_closed_is_still_a_working_day_and_another_locations_closing_is_no_concern():
    assert CHRISTMAS_EVE not in OFF
    assert HEERENVEEN_DAY not in OFF
    assert HEERENVEEN_DAY in days_off(TOWN, HEERENVEEN_DAY, HEERENVEEN_DAY, location_id="glanerbrug")


def test_before_the_first_load_there_are_only_weekends():
    assert days_off(None, date(2026, 12, 1), date(2026, 12, 31), location_id="stadskantoor") == frozenset()
    assert first_day(date(2026, 12, 18), frozenset()) == date(2026, 12, 25)


def test_a_document_that_nobody_collects_is_not_kept_for_ever():
    assert collection_window(date(2026, 11, 23), FIVE, OFF).last_on == date(2027, 2, 21)


def test_a_term_that_is_shorter_than_the_making_still_leaves_the_first_day():
    hasty = Term(after_working_days=5, within_days=2)
    assert collection_window(date(2026, 11, 23), hasty, OFF) == Window(date(2026, 11, 30), date(2026, 11, 30))


def test_every_day_of_request_fits_exactly_the_collections_that_its_window_allows():
    collected_on = date(2027, 1, 12)
    window = request_window(collected_on, FIVE, OFF)
    assert window is not None
    fitting = [
        on
        for on in (date.fromordinal(day) for day in range(date(2026, 9, 1).toordinal(), collected_on.toordinal()))
        if collected_on in collection_window(on, FIVE, OFF)
    ]
    assert (window.first_on, window.last_on) == (fitting[0], fitting[-1])
    assert len(fitting) == (fitting[-1] - fitting[0]).days + 1


def test_nothing_can_be_requested_for_a_collection_that_comes_too_soon_after_every_day():
    assert request_window(date(2027, 1, 1), Term(after_working_days=30, within_days=20), OFF) is None


def test_a_collection_that_is_too_early_is_told_the_first_day_and_the_last_day_to_request():
    with pytest.raises(CollectionTooEarly) as refused:
        check_collection(date(2026, 12, 22), date(2026, 12, 29), FIVE, OFF)
    assert refused.value.facts == {"earliest_on": "2026-12-30", "request_by_on": "2026-12-21"}
    check_collection(date(2026, 12, 22), date(2026, 12, 30), FIVE, OFF)
    check_collection(date(2026, 12, 21), date(2026, 12, 29), FIVE, OFF)


def test_a_collection_before_its_request_is_too_early():
    with pytest.raises(CollectionTooEarly):
        check_collection(date(2026, 12, 22), date(2026, 12, 1), FIVE, OFF)


def test_a_collection_that_is_too_late_is_told_the_last_day():
    with pytest.raises(CollectionTooLate) as refused:
        check_collection(date(2026, 11, 23), date(2027, 2, 22), FIVE, OFF)
    assert refused.value.facts == {"last_on": "2027-02-21"}


def product(product_id, *, rule=None):
    return Product(
        product_id=product_id,
        needs=frozenset({"documents"}),
        minutes=30,
        extra_minutes=20,
        max_persons=5,
        setup_minutes=0,
        wrap_minutes=0,
        lead_minutes=0,
        horizon_days=182,
        shared_minutes={},
        policy=Policy(collection=rule),
    )


def test_as_many_collect_as_requested_and_the_strictest_term_counts():
    known = {
        "passport": product("passport", rule=CollectionRule("collect", 5, 90)),
        "visa": product("visa", rule=CollectionRule("collect", 8, 60)),
        "extract": product("extract"),
    }
    wanted, term = collected([Wanted("passport", 2), Wanted("extract", 1), Wanted("visa", 1)], known)
    assert wanted == (Wanted("collect", 3),)
    assert term == Term(after_working_days=8, within_days=60)


def test_a_visit_that_makes_nothing_has_nothing_to_collect():
    with pytest.raises(NothingToCollect):
        collected([Wanted("extract", 1)], {"extract": product("extract")})
