"""Two records of one fact, and two facts that only look alike."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.duplicates import KnownBirth, KnownDeath, Likeness, births_alike, deaths_alike
from tests.unit.civil_registry_people import but

SOFIE = KnownBirth("mother", date(2026, 11, 19), time(3, 7), "Sofie Anna")
ANNA = KnownDeath("digest", "Anna Maria", "Jansen", date(1940, 5, 17), date(2026, 11, 19))


@pytest.mark.parametrize(
    ("different", "likeness"),
    [
        ({}, Likeness.SAME),
        ({"first_names": "SOFIE  Anna"}, Likeness.SAME),
        ({"mother": "another"}, Likeness.UNRELATED),
        # twins: another minute and another name, on either side of midnight too
        ({"born_at": time(3, 19), "first_names": "Bram"}, Likeness.TWIN),
        ({"first_names": "Bram"}, Likeness.TWIN),
        ({"born_on": date(2026, 11, 20), "born_at": time(0, 2), "first_names": "Bram"}, Likeness.TWIN),
        # father and mother declare one child
        ({"first_names": "Sophie Anna"}, Likeness.SUSPECT),
        ({"born_at": time(3, 8)}, Likeness.SUSPECT),
        ({"born_at": None}, Likeness.SUSPECT),
        # nobody bears two children within 270 days
        ({"born_on": date(2026, 11, 17), "first_names": "Bram"}, Likeness.SUSPECT),
        ({"born_on": date(2027, 8, 16), "first_names": "Bram"}, Likeness.SUSPECT),
        ({"born_on": date(2027, 8, 17), "first_names": "Bram"}, Likeness.UNRELATED),
    ],
)
def test_a_birth_beside_that_of_sofie_is(different, likeness):
    other = but(SOFIE, **different)
    assert births_alike(SOFIE, other) is likeness
    assert births_alike(other, SOFIE) is likeness


def test_of_two_nameless_children_the_minute_decides():
    nameless = but(SOFIE, first_names="")
    assert births_alike(nameless, nameless) is Likeness.SAME
    assert births_alike(nameless, but(nameless, born_at=time(3, 19))) is Likeness.TWIN


@given(st.integers(-600, 600), st.sampled_from(["Sofie Anna", "Bram", ""]))
def test_births_of_one_mother_are_never_unrelated_within_270_days(days, first_names):
    other = but(SOFIE, born_on=SOFIE.born_on + timedelta(days=days), first_names=first_names)
    assert (births_alike(SOFIE, other) is Likeness.UNRELATED) == (abs(days) > 270)


@pytest.mark.parametrize(
    ("different", "likeness"),
    [
        ({}, Likeness.SAME),
        ({"first_names": "Somebody", "died_on": date(2020, 1, 1)}, Likeness.SAME),
        ({"bsn": "another"}, Likeness.UNRELATED),
        ({"bsn": None}, Likeness.SUSPECT),
        ({"bsn": None, "first_names": "Anna"}, Likeness.SUSPECT),
        ({"bsn": None, "born_on": None, "died_on": date(2026, 11, 24)}, Likeness.SUSPECT),
        ({"bsn": None, "died_on": date(2026, 11, 25)}, Likeness.UNRELATED),
        ({"bsn": None, "born_on": date(1941, 5, 17)}, Likeness.SUSPECT),  # a year mistyped
        ({"bsn": None, "born_on": date(1941, 5, 18)}, Likeness.UNRELATED),
        ({"bsn": None, "surname": "Bakker"}, Likeness.UNRELATED),
        ({"bsn": None, "first_names": "Maria"}, Likeness.UNRELATED),
    ],
)
def test_a_death_beside_that_of_anna_is(different, likeness):
    other = but(ANNA, **different)
    assert deaths_alike(ANNA, other) is likeness
    assert deaths_alike(other, ANNA) is likeness
