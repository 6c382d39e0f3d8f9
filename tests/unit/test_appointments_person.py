"""Who is one person, and how many visits he may have."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from services.appointments.domain.person import limits_of, person_text
from services.appointments.domain.policy import USUAL_MOST_LIVE, Policy, read_policy, together
from services.appointments.domain.visit import Product
from services.appointments.exempt import entry
from services.appointments.people import LENGTH, People
from services.messaging.settings import Secret

BORN = date(1985, 3, 27)


def product(product_id, **policy):
    return Product(
        product_id=product_id,
        needs=frozenset({"x"}),
        minutes=15,
        extra_minutes=0,
        max_persons=1,
        setup_minutes=0,
        wrap_minutes=0,
        lead_minutes=0,
        horizon_days=90,
        shared_minutes={},
        policy=read_policy(policy),
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Noor de Wit", "noor  DE wit"),
        ("J.P. O'Neill", "jp oneill"),
        ("José Núñez", "Jose\u0301 Nun\u0303ez"),
        ("José Núñez", "Jose Nunez"),
        ("De Wit-Jansen", "de wit jansen"),
        ("Straße", "STRASSE"),
        ("李 雷", "李雷"),
    ],
)
def test_two_ways_to_write_a_name_are_one_person(one, other):
    assert person_text(one, BORN) == person_text(other, BORN)


@pytest.mark.parametrize(("name", "born"), [("Noor de Witt", BORN), ("Noor de Wit", date(1985, 3, 28))])
def test_another_name_or_birth_date_is_another_person(name, born):
    assert person_text(name, born) != person_text("Noor de Wit", BORN)


@given(st.text(max_size=100), st.dates())
def test_no_name_breaks_the_comparison(name, born):
    people = People(b"k" * 32)
    assert len(people.person(name, born)) == LENGTH


def test_digests_tell_kinds_values_and_installations_apart_and_nothing_else():
    here, there = (People.of(Secret(letter * 40)) for letter in "ab")
    digests = {
        here.email("jan@example.nl"),
        there.email("jan@example.nl"),
        here.email("piet@example.nl"),
        here.phone("+31612345678"),
        here.person("jan@example.nl", BORN),
    }
    assert len(digests) == 5
    assert here.email(" Jan@EXAMPLE.nl ") == here.email("jan@example.nl")
    assert here.email("jan@straße.example.nl") == here.email("jan@xn--strae-oqa.example.nl")
    assert here.phone("06-12345678") == here.phone("+31 6 1234 5678")
    assert here.phone("nobody") is here.phone(None) is None


def test_two_coming_visits_per_product_are_usual_and_a_scarce_one_is_bound():
    assert read_policy({}) == Policy()
    assert (Policy().most_live, Policy().bound) == (USUAL_MOST_LIVE, False)
    assert read_policy({"most_live": None}).most_live is None
    assert read_policy({"scarce": True}).bound
    assert not read_policy({"scarce": True, "bound": False}).bound
    assert read_policy({"bound": True}).bound
    assert together([read_policy({}), read_policy({"bound": True})]).bound


def test_each_product_sets_its_own_limits():
    limits = limits_of([product("a", most_live=1), product("b", most_live=None), product("c", scarce=True)])
    assert limits.most_by_contact == (("a", 1), ("c", 2))
    assert limits.one_by_person == ("c",)
    assert limits.product_ids == ["a", "c"]
    assert limits.by_person_only().product_ids == ["c"]


@pytest.mark.parametrize("typed", ["Team@Example.nl", "053 4818181"])
def test_the_entry_of_an_exempt_address_is_a_digest_that_names_nobody(typed):
    people = People(b"k" * 32)
    [row] = yaml.safe_load(entry(people, typed))
    assert bytes.fromhex(row["digest"]) in (people.email("team@example.nl"), people.phone("+31534818181"))
    assert typed not in entry(people, typed)


def test_what_is_no_address_and_no_number_has_no_entry():
    with pytest.raises(ValueError, match="nobody"):
        entry(People(b"k" * 32), "nobody")
