"""A browser holds one time at most, or one pair: whoever takes another gives the earlier one back."""

import pytest

from tests.pages_double import AppointmentsDouble, StillClock
from tests.pages_visitor import Visitor, make_app

TIME, COLLECTION = "/afspraak/dag-en-tijd", "/afspraak/ophalen"


@pytest.fixture
def double():
    return AppointmentsDouble(StillClock())


@pytest.fixture
def visitor(double):
    return Visitor(make_app(double, double.clock))


def states(double):
    return [hold["state"] for hold in double.holds.values()]


def test_a_second_window_that_was_opened_before_gives_back_what_the_first_one_took(visitor, double):
    visitor.until_time()
    other_window, choices = visitor.form(TIME), visitor.times()
    visitor.sends(TIME, time=choices[0])
    visitor.client.post(TIME, data=other_window | {"time": choices[3]})
    assert states(double) == ["released", "held"]


@pytest.fixture
def of_pair(visitor):
    """Somebody who holds a time to request and one to collect."""
    visitor.until_details(product="passport-abroad")
    return visitor.sends(COLLECTION, time=visitor.times()[1])


def test_another_pair_gives_both_earlier_times_back(of_pair, double):
    of_pair.goes_to(TIME).sends(TIME, time=of_pair.times()[4])
    assert states(double) == ["held", "held"]  # nothing is lost while the second time is being chosen
    of_pair.sends(COLLECTION, time=of_pair.times()[5])
    assert states(double) == ["released", "released", "held", "held"]


def test_one_time_instead_of_two_gives_both_back(of_pair, double):
    of_pair.goes_to(TIME).sends(TIME, time=of_pair.times()[4]).sends(COLLECTION, later="1")
    assert states(double) == ["released", "released", "held"]


def test_two_times_instead_of_one_give_that_one_back(visitor, double):
    visitor.until_details(product="passport-abroad")
    visitor.sends(COLLECTION, later="1")
    visitor.goes_to(TIME).sends(TIME, time=visitor.times()[4])
    visitor.sends(COLLECTION, time=visitor.times()[1])
    assert states(double) == ["released", "held", "held"]


def test_another_product_gives_both_times_of_a_pair_back(of_pair, double):
    of_pair.goes_to("/afspraak/product").sends("/afspraak/product", product="passport")
    of_pair.goes_to(TIME).sends(TIME, time=of_pair.times()[0])
    assert states(double) == ["released", "released", "held"]
