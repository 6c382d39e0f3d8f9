"""Declaring a birth: where, when, by whom, and what leads to the counter."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.civil_registry.domain.birth_errors import (
    BirthConfirmationDiffers,
    BirthDeclarantNotAllowedOnline,
    BirthInFuture,
    BirthNotConfirmed,
    BirthNotHere,
    BirthNotOnline,
)
from services.civil_registry.domain.birth_facts import BirthFacts, NoticedBirth
from services.civil_registry.domain.birth_notice import compared, notice_of
from services.civil_registry.domain.birth_online import check_online, eligibility
from services.civil_registry.domain.birth_rules import (
    check_born_here,
    check_confirmed,
    check_declarant,
    check_not_ahead,
    is_late,
)
from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.errors import TimeDoesNotExist
from services.civil_registry.domain.policy import BY_LAW, BirthCondition
from services.civil_registry.domain.short_lives import route_of
from services.contracts.civil_registry import OBSTACLES
from tests.unit.civil_registry_people import FATHER, MOTHER, NOON, PARENTS, POLICY, TERMS, birth, but, person

EMPTY = BirthFacts.of({})


def _obstacles(facts, persons=PARENTS, *, policy=POLICY, now=NOON):
    found = {one.text: one for one in eligibility(facts, persons, policy=policy, terms=TERMS, now=now)}
    assert set(found) <= set(OBSTACLES)
    return found


# --- online or at the counter


def test_married_parents_who_live_together_can_declare_online():
    assert _obstacles(birth()) == {}


def test_an_empty_draft_has_no_obstacles_yet():
    assert _obstacles(EMPTY, {}) == {}


@pytest.mark.parametrize(
    ("text", "facts", "persons"),
    [
        ("birth-by-other", birth(declarant="midwife"), PARENTS),
        ("birth-not-alive", birth(answers__alive=False), PARENTS),
        ("birth-mother-unknown", birth(), PARENTS | {"mother": None}),
        ("birth-not-acknowledged", birth(answers__acknowledgement="to-do"), PARENTS),
        ("birth-without-professional", birth(answers__professional_present=False), PARENTS),
        ("birth-name-choice", birth(answers__name_choice="wanted"), PARENTS),
        ("birth-parent-abroad", birth(), PARENTS | {"mother": person(municipality="1999", address=FATHER.address)}),
        ("birth-parent-abroad", birth(), PARENTS | {"mother": person(suspended="emigrated")}),
        ("birth-two-addresses", birth(), PARENTS | {"mother": person(address="Markt 2, 7511 GA Enschede")}),
        ("birth-no-dutch-parent", birth(), {role: but(one, nationalities=("0055",)) for role, one in PARENTS.items()}),
        ("birth-sex-undetermined", birth(child__sex="undetermined"), PARENTS),
        ("birth-foreign-name-law", birth(answers__foreign_name_law=True), PARENTS),
    ],
)  # fmt: skip
def test_each_condition_that_is_missed_leads_to_the_counter(text, facts, persons):
    obstacle = _obstacles(facts, persons)[text]
    assert obstacle.to_counter and obstacle.blocks
    with pytest.raises(BirthNotOnline) as refused:
        check_online([obstacle])
    assert refused.value.facts == {"reasons": [text]}


def test_what_the_town_switches_off_is_no_obstacle_and_what_the_law_asks_stays_one():
    lenient = but(POLICY, birth=but(POLICY.birth, online=frozenset(one for one in BirthCondition if one in BY_LAW)))
    facts = birth(
        declarant="friend",
        answers={"alive": False, "acknowledgement": "to-do", "professional_present": False, "foreign_name_law": True},
        child__sex="undetermined",
    )
    assert set(_obstacles(facts, PARENTS | {"mother": None}, policy=lenient)) == {
        "birth-by-other",
        "birth-not-alive",
        "birth-not-acknowledged",
        "birth-mother-unknown",
    }


def test_a_mother_alone_needs_no_address_in_common():
    alone = birth(declarant="mother", other_parent=None)
    assert _obstacles(alone, {"mother": person()}) == {}
    assert set(_obstacles(alone, {"mother": person(nationalities=("0055",))})) == {"birth-no-dutch-parent"}


def test_nothing_is_said_about_a_parent_whom_nobody_looked_up_yet():
    assert _obstacles(birth(), {"mother": person(nationalities=("0055",), address="")}) == {}


def test_an_unknown_address_is_not_an_address_in_common():
    nowhere = {role: but(one, address="") for role, one in PARENTS.items()}
    assert "birth-two-addresses" in _obstacles(birth(), nowhere)


def test_a_choice_of_surname_is_only_an_obstacle_for_the_first_child():
    assert "birth-name-choice" not in _obstacles(birth(answers__name_choice="wanted", answers__first_child=False))


def test_a_birth_elsewhere_is_no_matter_for_our_counter():
    obstacle = _obstacles(birth(child__municipality="0164"))["birth-elsewhere"]
    assert not obstacle.to_counter
    assert obstacle.facts == {"municipality": "0164"}


def test_a_late_declaration_is_warned_of_and_goes_on():
    obstacles = _obstacles(birth(), now=datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert obstacles["birth-late"].facts == {"last_on": "2026-11-23"}
    check_online(list(obstacles.values()))


@pytest.mark.parametrize(("day", "at"), [(date(2026, 11, 21), "03:07"), (date(2027, 3, 28), "02:30")])
def test_a_time_of_birth_that_is_not_yet_or_never_was_is_told_at_once(day, at):
    assert set(_obstacles(birth(child__born_on=day, child__born_time=at))) == {"birth-time-impossible"}


# --- the rules that hold at the counter too


def test_only_a_parent_declares_online():
    for declarant in ("mother", "father", "other-mother"):
        check_declarant(birth(declarant=declarant))
    with pytest.raises(BirthDeclarantNotAllowedOnline):
        check_declarant(EMPTY)


def test_a_birth_is_declared_where_the_child_was_born():
    check_born_here(birth(), POLICY.municipality)
    with pytest.raises(BirthNotHere):
        check_born_here(birth(child__municipality="0164"), POLICY.municipality)


def test_a_birth_is_declared_from_its_minute_on():
    born = datetime(2026, 11, 19, 2, 7, tzinfo=UTC)  # 03:07 in winter
    check_not_ahead(birth(), born)
    with pytest.raises(BirthInFuture):
        check_not_ahead(birth(), born - timedelta(seconds=1))


def test_in_the_night_with_an_hour_twice_a_birth_may_have_been_in_the_first_one():
    twice = birth(child__born_on=date(2026, 10, 25), child__born_time="02:30")
    check_not_ahead(twice, datetime(2026, 10, 25, 0, 31, tzinfo=UTC))
    with pytest.raises(TimeDoesNotExist):
        check_not_ahead(
            birth(child__born_on=date(2027, 3, 28), child__born_time="02:30"), datetime.max.replace(tzinfo=UTC)
        )


def test_a_birth_without_a_time_yet_is_judged_by_its_day():
    check_not_ahead(birth(child__born_time=None, child__born_on=date(2026, 11, 20)), NOON)
    with pytest.raises(BirthInFuture):
        check_not_ahead(birth(child__born_time=None, child__born_on=date(2026, 11, 21)), NOON)


def test_late_is_after_midnight_of_the_last_day_in_the_netherlands():
    thursday = date(2026, 11, 19)
    assert not is_late(thursday, datetime(2026, 11, 23, 22, 59, tzinfo=UTC), TERMS)
    assert is_late(thursday, datetime(2026, 11, 23, 23, 0, tzinfo=UTC), TERMS)


def test_a_birth_is_confirmed_by_a_notice_that_agrees_or_by_a_filed_statement():
    check_confirmed(noticed=True, statement_on_file=False, differs=())
    check_confirmed(noticed=True, statement_on_file=True, differs=("sex",))
    check_confirmed(noticed=False, statement_on_file=True, differs=())
    with pytest.raises(BirthNotConfirmed):
        check_confirmed(noticed=False, statement_on_file=False, differs=())
    with pytest.raises(BirthConfirmationDiffers) as refused:
        check_confirmed(noticed=True, statement_on_file=False, differs=("sex",))
    assert refused.value.facts == {"fields": ["sex"]}


# --- what doctor or midwife say


def _notice(**different) -> NoticedBirth:
    usual = {
        "mother_bsn": "sealed",
        "sex": "female",
        "born_on": date(2026, 11, 19),
        "born_time": "03:07",
        "municipality": "0153",
        "place": "Medisch Spectrum Twente",
    }
    return NoticedBirth.of(usual | different, mother="m")


@pytest.mark.parametrize(
    ("different", "fields"),
    [
        ({}, ()),
        ({"sex": "male"}, ("sex",)),
        ({"born_time": "03:08"}, ("born_time",)),
        ({"born_on": date(2026, 11, 18), "municipality": "0164"}, ("born_on", "municipality")),
    ],
)
def test_a_notice_contradicts_the_declaration_in(different, fields):
    assert compared(birth(), "m", _notice(**different)).differs == fields


def test_another_mother_is_a_contradiction():
    assert compared(birth(), "somebody else", _notice()).differs == ("mother",)


def test_a_place_in_other_words_is_left_to_whoever_reviews():
    assert compared(birth(), "m", _notice(place="medisch  spectrum twente.")).to_review == ()
    assert compared(birth(), "m", _notice(place="MST")).to_review == ("place",)
    assert compared(birth(), "m", _notice(place="MST")).differs == ()


def test_the_minute_tells_which_notice_is_about_which_twin():
    first, second = _notice(born_time="03:07", sex="male"), _notice(born_time="03:19")
    assert notice_of(birth(), "m", [second, first]) is first
    assert notice_of(birth(child__born_time="03:19"), "m", [first, second]) is second


def test_a_notice_of_another_mother_or_another_birth_is_about_somebody_else():
    assert notice_of(birth(), "n", [_notice()]) is None
    assert notice_of(birth(), "m", [_notice(born_on=date(2026, 11, 17))]) is None
    assert notice_of(EMPTY, "m", [_notice()]) is None


# --- short lives


def test_a_stillborn_child_has_one_deed_in_the_register_of_deaths():
    route = route_of(alive_at_birth=False, born_on=date(2026, 11, 19), died_on=None, terms=TERMS)
    assert [deed.register for deed in route.deeds] == ["death"]
    assert route.as_death and route.statistics_form


@pytest.mark.parametrize(("died_on", "deeds"), [("2026-11-23", ["birth", "death"]), ("2026-11-24", ["birth"])])
def test_a_child_that_died_within_the_term_and_undeclared_has_two_deeds(died_on, deeds):
    route = route_of(alive_at_birth=True, born_on=date(2026, 11, 19), died_on=date.fromisoformat(died_on), terms=TERMS)
    assert route.deeds == tuple(map(DeedKind, deeds))
    assert route.as_death == (len(deeds) > 1)


# --- properties


@given(st.sampled_from(sorted(BirthCondition)), st.booleans(), st.booleans(), st.booleans())
def test_a_condition_that_is_switched_on_never_makes_it_easier(condition, alive, professional, foreign):
    facts = birth(answers__alive=alive, answers__professional_present=professional, answers__foreign_name_law=foreign)
    without = but(POLICY, birth=but(POLICY.birth, online=POLICY.birth.online - {condition}))
    assert set(_obstacles(facts, policy=without)) <= set(_obstacles(facts))


def test_the_mother_and_father_of_these_tests_are_married_to_each_other():
    assert MOTHER.partners[0].bsn == FATHER.bsn and FATHER.partners[0].bsn == MOTHER.bsn
