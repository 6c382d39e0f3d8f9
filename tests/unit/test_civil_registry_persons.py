"""Numbers of persons, and dates of which a part is unknown."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.bsn import read_bsn
from services.civil_registry.domain.errors import BsnInvalid, BsnTestRange
from services.civil_registry.domain.person import PartialDate, Person, PersonName, Relative

days = st.dates(date(1800, 1, 1), date(2100, 12, 31))


@st.composite
def partial_dates(draw):
    day = draw(days)
    known = draw(st.integers(0, 3))
    return PartialDate(
        *[part if number < known else None for number, part in enumerate((day.year, day.month, day.day))]
    )


def within(born: PartialDate):
    """Return a strategy for days that a partial date can be."""
    if born.earliest_on is None or born.latest_on is None:
        return days
    return st.dates(born.earliest_on, born.latest_on)


def passes(number: str) -> bool:
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    total = sum(weight * int(digit) for weight, digit in zip(weights, number, strict=True))
    return total % 11 == 0 and int(number) > 0


# --- citizen service numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("111222333", "111222333"),
        ("123456782", "123456782"),
        ("1112.22.333", "111222333"),
        (" 111 222 333\n", "111222333"),
        ("11-12-22-333", "111222333"),
        ("12345672", "012345672"),
    ],
)
def test_a_number_is_read_however_it_is_written(typed, number):
    assert read_bsn(typed, allow_test=False) == number


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "12",
        "000000000",
        "00000000",
        "123456789",
        "1234567",
        "1112223334",
        "11122233x",
        "１１１２２２３３３",
        "٩٩٩٩٩٣٦٥٣",
        "111/222/333",
        "+111222333",
        "111222333\x00",
    ],
)
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(BsnInvalid) as refused:
        read_bsn(typed, allow_test=True)
    assert refused.value.code == "bsn-invalid"


@pytest.mark.parametrize("number", ["000000012", "999990019", "999993653"])
def test_test_persons_exist_outside_production_only(number):
    assert read_bsn(number, allow_test=True) == number
    with pytest.raises(BsnTestRange) as refused:
        read_bsn(number, allow_test=False)
    assert refused.value.code == "bsn-test-range"


def test_a_refusal_does_not_repeat_the_number():
    for typed, error in (("123456789", BsnInvalid), ("999993653", BsnTestRange)):
        with pytest.raises(error) as refused:
            read_bsn(typed, allow_test=False)
        assert typed not in str(refused.value)
        assert refused.value.facts == {}


@given(st.integers(1, 999_999_999).map("{:09d}".format))
def test_exactly_the_numbers_that_pass_the_elfproef_are_read(number):
    if passes(number):
        assert read_bsn(number, allow_test=True) == number
    else:
        with pytest.raises(BsnInvalid):
            read_bsn(number, allow_test=True)


# --- dates that are known in part -------------------------------------------------------------------------------


@given(st.data(), partial_dates(), days)
def test_what_is_certain_holds_for_every_day_that_it_can_be(data, born, day):
    possible = data.draw(within(born))
    if born.certainly_before(day):
        assert possible < day
    if born.certainly_after(day):
        assert possible > day
    age = born.age_on(day)
    if age is not None:
        assert PartialDate.of(possible).age_on(day) == age


@given(partial_dates())
def test_it_is_certainly_before_the_day_after_the_last_that_it_can_be_and_no_earlier(born):
    if born.latest_on is None or born.earliest_on is None:
        assert not born.certainly_before(date.max)
        assert not born.certainly_after(date.min)
        return
    assert born.certainly_before(born.latest_on + timedelta(days=1))
    assert not born.certainly_before(born.latest_on)
    assert born.certainly_after(born.earliest_on - timedelta(days=1))
    assert not born.certainly_after(born.earliest_on)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (PartialDate(2008, 11, 26), date(2026, 11, 25), 17),
        (PartialDate(2008, 11, 26), date(2026, 11, 26), 18),
        (PartialDate(1996, 2, 29), date(2016, 2, 28), 19),
        (PartialDate(1996, 2, 29), date(2016, 2, 29), 20),
        (PartialDate(1996, 2, 29), date(2017, 2, 28), 20),
        (PartialDate(1996, 2, 29), date(2017, 3, 1), 21),
        (PartialDate(2008, 11, None), date(2026, 10, 31), 17),
        (PartialDate(2008, 11, None), date(2026, 11, 1), None),
        (PartialDate(2008, 11, None), date(2026, 11, 29), None),
        (PartialDate(2008, 11, None), date(2026, 11, 30), 18),
        (PartialDate(1980, None, None), date(2026, 12, 31), 46),
        (PartialDate(1980, None, None), date(2026, 12, 30), None),
        (PartialDate(None, None, None), date(2026, 12, 30), None),
        (PartialDate(2026, 11, 26), date(2026, 11, 26), 0),
        (PartialDate(2026, 11, 26), date(2026, 11, 25), None),
        (PartialDate(2026, 11, None), date(2026, 11, 25), None),
    ],
)
def test_an_age_is_told_only_when_no_unknown_part_can_change_it(born, day, age):
    assert born.age_on(day) == age


def test_february_ends_on_its_own_last_day():
    assert PartialDate(2024, 2, None).latest_on == date(2024, 2, 29)
    assert PartialDate(2025, 2, None).latest_on == date(2025, 2, 28)
    assert PartialDate(2025, 2, 3).day_on == date(2025, 2, 3)
    assert PartialDate(2025, 2, None).day_on is None


@pytest.mark.parametrize("parts", [(None, 2, None), (None, None, 3), (2025, None, 3), (2025, 2, 29), (2025, 13, 1)])
def test_parts_that_make_no_date_are_an_error(parts):
    with pytest.raises(ValueError, match=r"date|day|month"):
        PartialDate(*parts)


# --- persons ----------------------------------------------------------------------------------------------------


SUZANNE = Person(
    bsn="999993653",
    name=PersonName("Suzanne", "", "Moulin"),
    sex="female",
    born=PartialDate(1985, 12, 1),
    born_place="Thann",
    born_country="Frankrijk",
    nationalities=("0057",),
    residence_title="",
    municipality="0599",
    address="Boterdiep 31, 3077 AW ROTTERDAM",
    partners=(),
    parents=(),
    children=(),
    suspended=None,
    suspended_on=None,
    secret=False,
    guardianship=False,
    under_investigation=False,
)


def partner(ended_on=None):
    return Relative(
        "999990019", PersonName("Jan", "de", "Boer"), PartialDate(1980, None, None), "", "marriage", None, ended_on
    )


def test_a_repr_shows_nobody():
    assert repr(SUZANNE) == "Person(*****)"
    assert "999990019" not in repr(replace(SUZANNE, partners=(partner(),)))
    assert repr(partner()) == "Relative(*****)"


@pytest.mark.parametrize(
    ("codes", "dutch"), [(("0001",), True), (("0057", "0002"), True), (("0057",), False), ((), False)]
)
def test_who_is_treated_as_dutch_counts_as_dutch(codes, dutch):
    assert replace(SUZANNE, nationalities=codes).is_dutch is dutch


def test_a_bond_that_ended_on_an_unknown_day_has_ended():
    former = partner(ended_on=PartialDate(None, None, None))
    assert replace(SUZANNE, partners=(former, partner())).present_partners == (partner(),)
