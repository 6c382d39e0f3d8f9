"""Whose visit it was: when a visit is surely that of somebody who died, when it may be, and when it is not."""

from datetime import date

import pytest

from services.appointments.domain.departed import Departed, Likeness
from services.contracts.appointments import GROUNDS

BORN = date(1944, 5, 5)
HENDRIK = Departed.of(
    {"first_names": "Hendrik Jan", "surname_prefix": "van der", "surname": "Brûggen", "born_on": BORN, "died_on": BORN}
)


@pytest.mark.parametrize(
    ("name", "birth_on", "likeness"),
    [
        ("Hendrik Jan van der Brûggen", BORN, Likeness.SAME),
        ("hendrik-jan VAN DER BRUGGEN", BORN, Likeness.SAME),
        ("Hendrik van der Bruggen", BORN, Likeness.SAME),
        ("H.J. van der Bruggen", BORN, Likeness.BIRTH_AND_SURNAME),  # his twin may be Hermina Johanna
        ("Henk van der Bruggen", BORN, Likeness.BIRTH_AND_SURNAME),
        ("Hendrik Jan van der Bruggen-Smit", BORN, Likeness.BIRTH_AND_SURNAME),
        ("Hendrik Jan Smit", BORN, None),
        ("Hendrik Jan van der Bruggen", date(1944, 5, 6), None),
        ("Hendrik Jan van der Bruggen", None, Likeness.NAME),
        ("Hendrik van der Bruggen", None, Likeness.NAME),
        ("Henk van der Bruggen", None, None),
        ("", None, None),
    ],
)
def test_only_the_same_name_and_birth_date_are_sure(name, birth_on, likeness):
    assert HENDRIK.likeness(name, birth_on) is likeness


def test_of_who_has_no_birth_date_nothing_is_sure():
    unknown = Departed("Hendrik Jan", "Bruggen", None)
    assert unknown.likeness("Hendrik Jan Bruggen", BORN) is Likeness.NAME
    assert unknown.likeness("Hendrik Jan Bruggen", None) is Likeness.NAME
    assert unknown.likeness("Jan Bruggen", BORN) is None


def test_who_has_no_first_names_is_like_nobody_by_name():
    child = Departed("", "Bruggen", BORN)
    assert child.likeness("Bruggen", None) is None
    assert child.likeness("Bruggen", BORN) is Likeness.BIRTH_AND_SURNAME


def test_who_died_is_not_written_into_a_log_by_accident():
    assert "Hendrik" not in f"{HENDRIK!r} {HENDRIK}"


def test_the_contract_knows_every_ground_for_doubt():
    assert set(GROUNDS) == set(Likeness) - {Likeness.SAME}
