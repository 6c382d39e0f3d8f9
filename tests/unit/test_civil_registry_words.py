"""Days in Dutch words, as deeds write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.words import day_in_words, number_in_words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 24), "vierentwintig november tweeduizend zesentwintig"),
        (date(2023, 2, 23), "drieëntwintig februari tweeduizend drieëntwintig"),
        (date(2022, 8, 22), "tweeëntwintig augustus tweeduizend tweeëntwintig"),
        (date(2000, 1, 1), "een januari tweeduizend"),
        (date(2001, 3, 31), "eenendertig maart tweeduizend een"),
        (date(1999, 12, 30), "dertig december negentienhonderdnegenennegentig"),
        (date(1900, 5, 8), "acht mei negentienhonderd"),
        (date(1811, 7, 11), "elf juli achttienhonderdelf"),
        (date(2100, 6, 14), "veertien juni eenentwintighonderd"),
    ],
)
def test_a_day_is_written_as_a_deed_does(day, words):
    assert day_in_words(day) == words


@pytest.mark.parametrize(
    ("number", "words"),
    [(0, "nul"), (100, "honderd"), (101, "honderdeen"), (999, "negenhonderdnegenennegentig"), (1000, "duizend")],
)
def test_other_numbers_are_words_too(number, words):
    assert number_in_words(number) == words


@given(st.integers(0, 9999), st.integers(0, 9999))
def test_two_numbers_never_have_the_same_words(one, other):
    assert (number_in_words(one) == number_in_words(other)) == (one == other)


@pytest.mark.parametrize("number", [-1, 10_000])
def test_no_other_number_is_written(number):
    with pytest.raises(ValueError, match="only 0 to 9999"):
        number_in_words(number)
