"""Deeds: their numbers, their text, and how they are kept for a century."""

import json
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.deed import REGISTER_DIGITS, DeedKind, DeedNumber, FactLetter, FactLetters
from services.civil_registry.domain.deed_content import DeedContent
from services.civil_registry.domain.deed_text import deed_text
from services.civil_registry.domain.dutch import clock, in_digits_and_words, partly_in_digits
from services.civil_registry.domain.errors import DeedNumberInvalid
from services.civil_registry.domain.words import day_in_words
from tests.unit.civil_registry_deeds import ALL, BIRTH, DEATH, MARRIAGE, PARTNERSHIP, STILLBIRTH
from tests.unit.civil_registry_people import OFFERING, but, on

# --- numbers


@pytest.mark.parametrize(
    ("number", "written", "for_brp"),
    [
        (DeedNumber("birth", "A", 2026, 100, "Q"), "1A0100", "1AQ0100"),
        (DeedNumber("death", "0", 2026, 1, "A"), "200001", "20A0001"),
        (DeedNumber("marriage", "B", 2026, 9999, "A"), "3B9999", "3BA9999"),
        (DeedNumber("partnership", "X", 2026, 1111, "C"), "5X1111", "5XC1111"),
    ],
)
def test_a_deed_has_six_positions_and_seven_for_the_brp(number, written, for_brp):
    assert (number.written, number.for_brp) == (written, for_brp)
    assert DeedNumber.read(for_brp, year=2026) == number
    assert DeedNumber.read(written, year=2026) == but(number, fact_letter="")


def test_a_number_is_read_as_people_type_it():
    assert DeedNumber.read(" 1 a 0123 ", year=2026) == DeedNumber("birth", "A", 2026, 123)


@pytest.mark.parametrize(
    "typed", ["", "1A012", "1A01234", "4A0123", "6A0123", "1Z0123", "1A0000", "1AA", "0123", "1A１２３４", "1A0123x"]
)
def test_what_is_no_number_of_a_deed(typed):
    with pytest.raises(DeedNumberInvalid):
        DeedNumber.read(typed, year=2026)


@pytest.mark.parametrize(("part", "number"), [("A", 0), ("A", 10000), ("Z", 1), ("AB", 1), ("", 1)])
def test_nobody_makes_a_number_that_the_rules_do_not_know(part, number):
    with pytest.raises(DeedNumberInvalid):
        DeedNumber("birth", part, 2026, number)


@given(
    st.sampled_from(sorted(REGISTER_DIGITS)),
    st.sampled_from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXY"),
    st.integers(1, 9999),
    st.sampled_from("ABCJQRV"),
)
def test_every_number_is_read_back_as_it_was_written(register, part, number, letter):
    deed = DeedNumber(register, part, 2026, number, letter)
    assert DeedNumber.read(deed.for_brp, year=2026) == deed
    assert len(deed.written) == 6 and len(deed.for_brp) == 7


def test_the_letters_of_facts_are_dated():
    old = FactLetter("birth", "birth", "A", date(2023, 1, 1), date(2026, 12, 31))
    letters = FactLetters([FactLetter("birth", "birth", "D", date(2027, 1, 1), None), old])
    days = (date(2000, 1, 1), date(2026, 12, 31), date(2027, 1, 1))
    assert [letters.letter("birth", "birth", day) for day in days] == ["A", "A", "D"]
    with pytest.raises(KeyError):
        letters.letter("birth", "adoption", date(2026, 1, 1))


@pytest.mark.parametrize("kind", DeedKind)
def test_every_kind_of_deed_has_a_register_and_a_letter(kind):
    assert kind.register in REGISTER_DIGITS
    assert OFFERING.fact_letters.letter(kind.register, kind, date(2026, 11, 23)).isalpha()


# --- days and times


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-03-05", "vijf maart tweeduizend zesentwintig"),
        ("2000-01-01", "een januari tweeduizend"),
        ("1984-02-29", "negenentwintig februari negentienhonderdvierentachtig"),
        ("1900-12-31", "eenendertig december negentienhonderd"),
        ("1953-08-22", "tweeëntwintig augustus negentienhonderddrieënvijftig"),
        ("2100-11-13", "dertien november eenentwintighonderd"),
        ("1811-07-08", "acht juli achttienhonderdelf"),
    ],
)
def test_a_day_in_words(day, words):
    assert day_in_words(date.fromisoformat(day)) == words


@given(st.dates(date(1811, 1, 1), date(2399, 12, 31)), st.dates(date(1811, 1, 1), date(2399, 12, 31)))
def test_two_days_never_have_the_same_words(one, other):
    assert (day_in_words(one) == day_in_words(other)) == (one == other)


def test_days_and_times_are_not_abbreviated():
    assert in_digits_and_words(date(2026, 3, 5)) == "05-03-2026 (vijf maart tweeduizend zesentwintig)"
    assert [clock(time(0, 1)), clock(time(23, 59)), clock(time(1, 0)), clock(None)] == [
        "0 uur en 1 minuut",
        "23 uur en 59 minuten",
        "1 uur en 0 minuten",
        "–",
    ]
    assert [partly_in_digits(on(known)) for known in ("1990-05-17", "1990-05", "1990", "")] == [
        "17-05-1990",
        "mei 1990",
        "1990",
        "–",
    ]


# --- texts


def test_the_text_of_a_birth_deed():
    assert deed_text(BIRTH).plain == (
        """\
Nederland (NL)
Akte van geboorte
2026
Nummer 1A0123
------------------------------------------------------------
Geslachtsnaam: van Dijk
Voornamen: Sofie Anna
Dag van geboorte: 05-03-2026 (vijf maart tweeduizend zesentwintig)
Uur en minuut van geboorte: 3 uur en 7 minuten
Plaats van geboorte: Enschede
Geslacht: F (vrouwelijk)
------------------------------------------------------------
Vader of moeder uit wie het kind niet is geboren
Geslachtsnaam: van Dijk
Voornamen: Pieter

Moeder uit wie het kind is geboren
Geslachtsnaam: Jansen
Voornamen: Anna Maria
------------------------------------------------------------
Naamskeuze: de geslachtsnaam van het kind is gekozen

Vader of moeder uit wie het kind niet is geboren
Plaats van geboorte: Hengelo
Dag van geboorte: 02-01-1988

Moeder uit wie het kind is geboren
Plaats van geboorte: Aleppo, Syrië
Dag van geboorte: 1990

Aangever
Geslachtsnaam: van Dijk
Voornamen: Pieter
Plaats van geboorte: Hengelo
Dag van geboorte: 02-01-1988

Ambtshalve gegeven voornamen: –
Bevel van het openbaar ministerie: –
------------------------------------------------------------
Ambtenaar van de burgerlijke stand: Bakker, A. B.
Opgemaakt te: Enschede
Opgemaakt op: 09-03-2026
------------------------------------------------------------
"""
    )


def _first(deed):
    return {line.key: line.value for section in deed_text(deed).parts[0] for line in section.lines}


def test_a_stillborn_child_has_names_only_if_the_parents_wish_so():
    told = _first(STILLBIRTH)
    assert (told["surname"], told["first_names"], told["born_at"]) == ("–", "–", "–")
    assert told["sex"] == "het geslacht van het kind is niet kunnen worden vastgesteld"
    assert "levenloos geboren kind" in deed_text(STILLBIRTH).head[1]


def test_a_death_deed_says_day_and_words_and_to_whom_somebody_was_married():
    assert _first(DEATH) == {
        "surname": "Jansen",
        "first_names": "Anna Maria",
        "born_place": "Hengelo",
        "born_on": "mei 1940",
        "sex": "F (vrouwelijk)",
        "residence": "Enschede",
        "died_on": "01-03-2026 (een maart tweeduizend zesentwintig)",
        "died_at": "0 uur en 1 minuut",
        "died_place": "Enschede",
        "partner.surname": "de Groot",
        "partner.first_names": "Karel",
    }


def test_a_marriage_deed_names_both_before_and_after_and_the_witnesses():
    told = _first(MARRIAGE)
    assert (told["partner_1.surname_before"], told["partner_2.surname_after"]) == ("Smit", "Vos")
    assert (told["on"], told["place"], told["partner_2.sex"]) == ("09-03-2026", "Enschede", "M (mannelijk)")
    text = deed_text(MARRIAGE).plain
    assert text.count("Getuige") == 2
    assert "Vermoedelijke nationaliteit van de tweede: Duitse" in text
    witnesses = [line.key for section in deed_text(MARRIAGE).parts[2] for line in section.lines][:4:2]
    assert witnesses == ["witness_1.surname", "witness_2.surname"]
    assert deed_text(PARTNERSHIP).head[1] == "Akte van registratie van een partnerschap"


def test_what_is_given_by_the_officer_or_ordered_by_the_prosecutor_stands_in_the_third_part():
    third = but(BIRTH.third, first_names_by_officer=True, surname_chosen=False, ordered="bevel van 06-03-2026")
    text = deed_text(but(BIRTH, third=third)).plain
    assert "de voornamen zijn ambtshalve door de ambtenaar van de burgerlijke stand gegeven" in text
    assert "Naamskeuze: –" in text
    assert "Bevel van het openbaar ministerie: bevel van 06-03-2026" in text


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed.kind)
def test_every_deed_has_four_parts_full_lines_and_no_key_twice(deed):
    text = deed_text(deed)
    assert len(text.parts) == 4
    lines = [line for part in text.parts for section in part for line in section.lines]
    assert all(line.label and line.value for line in lines)
    for part in text.parts:
        keys = [line.key for section in part for line in section.lines]
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed.kind)
def test_nothing_of_parentage_stands_in_the_first_part(deed):
    parents = {names.first_names for names in _named_in_second(deed) if names}
    assert not parents & set(_first(deed).values())


def _named_in_second(deed):
    for value in (getattr(deed.second, name) for name in deed.second.__slots__):
        yield from value if isinstance(value, tuple) else (value,)


# --- kept for a century


@pytest.mark.parametrize("deed", ALL, ids=lambda deed: deed.kind)
def test_a_deed_is_read_from_json_as_it_was_told(deed):
    assert DeedContent.of(json.loads(json.dumps(deed.told()))) == deed


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("first", "born_on"), "5 maart"),
        (("first", "born_on"), None),
        (("first", "surname"), 7),
        (("first", "colour"), "red"),
        (("second", "mother"), {"surname": "Jansen"}),
        (("third", "surname_chosen"), "yes"),
        (("third", "declarant", "born", "on"), {"year": 1988, "month": None, "day": 2}),
    ],
)
def test_what_is_no_deed_is_not_read_as_one(path, value):
    plain = BIRTH.told()
    inner = plain
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    with pytest.raises(ValueError):
        DeedContent.of(plain)


def test_a_list_that_is_none_is_no_deed():
    with pytest.raises(ValueError, match="list"):
        DeedContent.of(DEATH.told() | {"second": {"parents": None}})


def test_a_birth_deed_cannot_have_the_parts_of_a_death():
    with pytest.raises(TypeError, match="birth"):
        but(BIRTH, first=DEATH.first)
