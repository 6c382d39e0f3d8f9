"""How long a visit takes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.errors import TooManyPersons, VisitTooLong
from services.appointments.domain.place import slot_at
from services.appointments.domain.visit import Product, Size, Wanted, plan_visit, visit_minutes


def product(product_id="passport", **changes):
    return Product(
        **{
            "product_id": product_id,
            "needs": frozenset({"travel-documents"}),
            "minutes": 15,
            "extra_minutes": 10,
            "max_persons": 8,
            "setup_minutes": 0,
            "wrap_minutes": 0,
            "lead_minutes": 60,
            "horizon_days": 182,
            "shared_minutes": {},
        }
        | changes
    )


PASSPORT = product(shared_minutes={"card": 5})
CARD = product("card", minutes=12, lead_minutes=120, horizon_days=30)
EXTRACT = product("extract", minutes=10, extra_minutes=0, needs=frozenset({"extracts"}))
KNOWN = {entry.product_id: entry for entry in (PASSPORT, CARD, EXTRACT)}


def plan(*wanted, most_minutes=120, known=KNOWN):
    return plan_visit([Wanted(*part) for part in wanted], known, most_minutes=most_minutes)


def test_three_passports_and_one_extract_do_not_cost_three_times_both():
    assert visit_minutes([(PASSPORT, 3), (EXTRACT, 1)]) == 15 + 10 + 10 + 10


def test_identity_is_checked_once_for_two_products_that_share_it():
    assert visit_minutes([(PASSPORT, 1), (CARD, 1)]) == visit_minutes([(CARD, 1), (PASSPORT, 1)]) == 22


def test_a_visit_is_never_shorter_than_its_longest_part():
    greedy = product("greedy", shared_minutes={"card": 100})
    assert visit_minutes([(greedy, 1), (CARD, 1)]) == 15


def test_minutes_are_rounded_up_to_ticks_once():
    assert plan(("card", 1), ("passport", 1)).size == Size(setup_ticks=0, visit_ticks=5, wrap_ticks=0)


def test_naming_a_product_twice_means_more_persons():
    assert plan(("passport", 1), ("passport", 2)).wanted == (Wanted("passport", 3),)


def test_a_visit_needs_all_skills_and_takes_the_strictest_bounds():
    visit = plan(("passport", 1), ("card", 1), ("extract", 1))
    assert visit.needs == {"travel-documents", "extracts"}
    assert (visit.lead, visit.horizon_days) == (timedelta(minutes=120), 30)


def test_preparation_is_that_of_the_first_and_wrapping_up_that_of_the_last():
    known = {
        "a": product("a", setup_minutes=5, wrap_minutes=30),
        "b": product("b", setup_minutes=30, wrap_minutes=10),
    }
    assert plan(("a", 1), ("b", 1), known=known).size == Size(setup_ticks=1, visit_ticks=6, wrap_ticks=2)


def test_too_many_persons_for_a_product_is_refused_with_the_limit():
    with pytest.raises(TooManyPersons) as refused:
        plan(("a", 3), known={"a": product("a", max_persons=2)})
    assert refused.value.facts == {"product_id": "a", "most_persons": 2}
    assert refused.value.code == "visit-too-long"


def test_a_visit_longer_than_the_location_allows_is_refused():
    with pytest.raises(VisitTooLong) as refused:
        plan(("passport", 8), most_minutes=60)
    assert refused.value.facts == {"minutes": 85, "most_minutes": 60}


@given(st.integers(1, 8), st.integers(1, 8))
def test_more_persons_never_make_a_visit_shorter(fewer, more):
    fewer, more = sorted((fewer, more))
    assert visit_minutes([(PASSPORT, fewer), (CARD, 1)]) <= visit_minutes([(PASSPORT, more), (CARD, 1)])


def test_a_slot_shows_the_visit_and_owns_what_the_counter_needs_around_it():
    zone = ZoneInfo("Europe/Amsterdam")
    size = Size(setup_ticks=1, visit_ticks=4, wrap_ticks=2)
    slot = slot_at(zone, location_id="x", on=date(2026, 11, 24), start_tick=108, size=size)
    assert slot is not None
    assert (slot.first_tick, slot.ticks, slot.size) == (107, 7, size)
    assert slot.starts_at - slot.owned_from == timedelta(minutes=5)
    assert slot.owned_until - slot.ends_at == timedelta(minutes=10)


@pytest.mark.parametrize("tick", [0, 283, 287])
def test_a_slot_that_would_leave_the_day_is_none(tick):
    size = Size(setup_ticks=1, visit_ticks=4, wrap_ticks=2)
    zone = ZoneInfo("Europe/Amsterdam")
    assert slot_at(zone, location_id="x", on=date(2026, 11, 24), start_tick=tick, size=size) is None
