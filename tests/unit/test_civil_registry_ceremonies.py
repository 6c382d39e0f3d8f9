"""When, where and before whom somebody marries (BW 1:16a, 1:46, 1:62-67)."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain import marriage_errors as errors
from services.civil_registry.domain.ceremonies import (
    check_certificates,
    check_couple_may_change,
    check_couple_may_plan,
    check_day,
    check_held,
    check_hours,
    check_today,
    check_witness_count,
    check_witnesses,
    is_free,
    possible_days,
)
from tests.unit.civil_registry_people import POLICY, TERMS, but, name, notice, on, person, witness

MARRIAGE = POLICY.marriage
COMPLETE_ON = date(2026, 11, 20)
WEDDING = date(2026, 12, 18)


def _day(wedding_on, *, exempted=False):
    check_day(wedding_on, complete_on=COMPLETE_ON, terms=TERMS, exempted=exempted)


def test_the_fourteenth_day_is_the_first_and_a_year_later_the_last():
    _day(date(2026, 12, 4))
    _day(date(2027, 11, 20))
    with pytest.raises(errors.MarriageTooSoon) as soon:
        _day(date(2026, 12, 3))
    assert soon.value.facts == {"earliest_on": "2026-12-04"}
    with pytest.raises(errors.MarriageNoticeExpired) as late:
        _day(date(2027, 11, 21))
    assert late.value.facts == {"last_on": "2027-11-20"}


def test_the_prosecutor_may_waive_the_fourteen_days_but_not_the_notice():
    _day(COMPLETE_ON, exempted=True)
    with pytest.raises(errors.MarriageTooSoon):
        _day(date(2026, 11, 19), exempted=True)


@pytest.mark.parametrize(("at", "minutes"), [(time(9), 30), (time(14, 5), 60), (time(22, 30), 30), (time(22), 60)])
def test_a_ceremony_begins_and_ends_within_the_hours(at, minutes):
    check_hours(at, minutes, MARRIAGE.hours)


@pytest.mark.parametrize(
    ("at", "minutes"), [(time(8, 59), 30), (time(22, 31), 30), (time(22, 1), 60), (time(23, 59), 30), (time(0), 30)]
)
def test_no_ceremony_is_held_at_night(at, minutes):
    with pytest.raises(errors.CeremonyTimeImpossible) as refused:
        check_hours(at, minutes, MARRIAGE.hours)
    assert refused.value.facts == {"opens_at": "09:00", "closes_at": "23:00"}


@pytest.mark.parametrize(
    ("on_day", "at", "room", "free"),
    [
        (date(2026, 12, 14), "09:00", "stadskantoor-kamer", True),
        (date(2026, 12, 14), "09:30", "stadskantoor-kamer", False),
        (date(2026, 12, 16), "09:00", "stadskantoor-kamer", False),
        (date(2026, 12, 14), "09:00", "elsewhere", False),
    ],
)
def test_some_moments_of_the_week_are_free_of_charge(on_day, at, room, free):
    ceremony = notice(ceremony__on=on_day, ceremony__time=at, ceremony__room_id=room).ceremony
    assert ceremony is not None
    assert is_free(ceremony, MARRIAGE) is free


def test_the_couple_changes_the_ceremony_until_two_weeks_before_and_then_calls():
    check_couple_may_change(WEDDING, date(2026, 12, 4), MARRIAGE)
    with pytest.raises(errors.CeremonyTooNear) as refused:
        check_couple_may_change(WEDDING, date(2026, 12, 5), MARRIAGE)
    assert refused.value.facts == {"changed_until": "2026-12-04"}


def test_the_couple_plan_until_a_week_before_and_then_call():
    check_couple_may_plan(WEDDING, date(2026, 12, 11), MARRIAGE)
    with pytest.raises(errors.CeremonyTooNear) as refused:
        check_couple_may_plan(WEDDING, date(2026, 12, 12), MARRIAGE)
    assert refused.value.facts == {"changed_until": "2026-12-11"}


def test_a_certificate_of_capacity_ends_the_days_of_the_wedding_sooner():
    assert possible_days(COMPLETE_ON, TERMS) == (date(2026, 12, 4), date(2027, 11, 20))
    assert possible_days(COMPLETE_ON, TERMS, exempted=True)[0] == COMPLETE_ON
    certified_on = [date(2026, 10, 1), date(2026, 11, 1)]
    assert possible_days(COMPLETE_ON, TERMS, certified_on=certified_on)[1] == date(2027, 4, 1)
    check_certificates(date(2027, 4, 1), certified_on, TERMS)
    check_certificates(date(2037, 4, 1), [], TERMS)
    with pytest.raises(errors.CapacityCertificateExpired) as refused:
        check_certificates(date(2027, 4, 2), certified_on, TERMS)
    assert refused.value.facts == {"last_on": "2027-04-01"}


def _witnesses(*named):
    return notice(witnesses=list(named)).witnesses


@pytest.mark.parametrize(("count", "special", "allowed"), [
    (0, False, False), (1, False, False), (2, False, True), (4, False, True), (5, False, False), (6, False, False),
    (5, True, False), (6, True, True), (7, True, False), (2, True, False),
])  # fmt: skip
def test_two_to_four_witnesses_are_enough_and_six_in_a_special_house(count, special, allowed):
    named = _witnesses(*(witness(f"Name{letter}") for letter in "abcdefg"[:count]))
    if allowed:
        check_witnesses(named, WEDDING, special_house=special)
        return
    with pytest.raises(errors.WitnessCount) as refused:
        check_witnesses(named, WEDDING, special_house=special)
    assert refused.value.facts["adults"] == count


def test_a_witness_is_adult_on_the_day_and_a_minor_cannot_be_named():
    eighteen, seventeen = witness("Bo", born_on=date(2008, 12, 18)), witness("Bo", born_on=date(2008, 12, 19))
    check_witnesses(_witnesses(witness("Karel"), eighteen), WEDDING)
    with pytest.raises(errors.WitnessCount) as refused:
        check_witnesses(_witnesses(witness("Karel"), witness("Lotte"), seventeen), WEDDING)
    assert refused.value.facts == {"least": 2, "most": 4, "adults": 2, "minors": 1}


def test_nobody_is_a_witness_of_his_own_marriage_or_twice():
    bride = person(name=name("Eva", "Groot", "de"), born=on("1985-03-01"))
    with pytest.raises(errors.WitnessIsPartner):
        check_witnesses(_witnesses(witness("eva"), witness("Karel")), WEDDING, partners=[bride])
    with pytest.raises(errors.WitnessIsPartner):
        check_witnesses(_witnesses(witness("Karel"), witness(" karel ")), WEDDING)
    father_and_son = _witnesses(witness("Karel"), witness("Karel", born_on=date(1955, 3, 1)))
    check_witnesses(father_and_son, WEDDING, partners=[but(bride, born=on("1985"))])


def test_as_many_as_were_named_are_there():
    check_witness_count(3)
    with pytest.raises(errors.WitnessCount):
        check_witness_count(1)


def test_a_marriage_needs_presence_identity_and_yes_and_a_partnership_no_yes():
    check_held(bond="marriage", both_present=True, both_identified=True, both_said_yes=True)
    check_held(bond="partnership", both_present=True, both_identified=True, both_said_yes=False)
    with pytest.raises(errors.CeremonyIncomplete) as refused:
        check_held(bond="marriage", both_present=True, both_identified=False, both_said_yes=False)
    assert refused.value.facts == {"missing": ["identity", "yes"]}


def test_a_ceremony_is_recorded_on_its_day():
    check_today(WEDDING, WEDDING)
    with pytest.raises(errors.NotTheWeddingDay):
        check_today(WEDDING, date(2026, 12, 19))


@given(st.dates(date(2024, 1, 1), date(2040, 12, 31)))
def test_both_ends_of_every_window_are_wedding_days(complete_on):
    for wedding_on in (TERMS.marry_from(complete_on), TERMS.marry_by(complete_on)):
        check_day(wedding_on, complete_on=complete_on, terms=TERMS, exempted=False)
