"""Declaring a death: by whom, with which paper, and whose death it is."""

from datetime import UTC, date, datetime

import pytest

from services.civil_registry.domain.death_errors import (
    AlreadyDeceased,
    DeathAuthorisationMissing,
    DeathCertificateMissing,
    DeathInFuture,
    DeathNotHere,
    DeathNotOnline,
)
from services.civil_registry.domain.death_facts import DeathFacts
from services.civil_registry.domain.death_match import MatchQuality, check_not_deceased, matched
from services.civil_registry.domain.death_rules import (
    check_authorised,
    check_death_online,
    check_died_here,
    check_not_ahead,
    check_papers,
    check_submittable,
    death_eligibility,
    papers_needed,
)
from services.civil_registry.domain.policy import BY_LAW, DeathCondition
from services.contracts.civil_registry import OBSTACLES
from tests.unit.civil_registry_people import NOON, POLICY, TERMS, but, death, name, on, person

VAN_DIJK = person(name=name(surname="van Dijk"))
LENIENT = but(POLICY, death=but(POLICY.death, online=frozenset(DeathCondition) & BY_LAW))


def _obstacles(facts, *, by_undertaker=True, policy=POLICY, now=NOON):
    found = death_eligibility(facts, by_undertaker=by_undertaker, policy=policy, terms=TERMS, now=now)
    assert {one.text for one in found} <= set(OBSTACLES)
    return {one.text: one for one in found}


# --- online or at the counter


def test_an_authorised_undertaker_declares_online():
    assert _obstacles(death()) == {}
    check_death_online([])


def test_an_empty_draft_has_no_obstacles_yet():
    assert _obstacles(DeathFacts.of({}, bsn_given=None)) == {}


def test_a_relative_declares_at_the_counter():
    assert set(_obstacles(death(), by_undertaker=False)) == {"death-not-by-undertaker"}


def test_after_the_last_day_for_the_funeral_the_mayor_declares():
    assert _obstacles(death(), now=datetime(2026, 11, 27, 22, 59, tzinfo=UTC)) == {}
    late = _obstacles(death(), now=datetime(2026, 11, 27, 23, 0, tzinfo=UTC))
    with pytest.raises(DeathNotOnline) as refused:
        check_death_online(list(late.values()))
    assert refused.value.facts == {"reasons": ["death-term-over"]}


def test_a_town_may_want_the_number_and_keep_the_stillborn_at_its_counter():
    nameless = death(bsn_given=False, death__stillborn=True)
    assert set(_obstacles(nameless)) == {"death-without-bsn", "death-stillborn"}
    assert _obstacles(nameless, policy=LENIENT) == {}


def test_a_death_elsewhere_or_not_yet_is_told_at_once():
    assert not _obstacles(death(death__municipality="0164"))["death-elsewhere"].to_counter
    assert set(_obstacles(death(death__on=date(2026, 11, 21)))) == {"death-time-impossible"}


def test_place_and_time_hold_at_the_counter_too():
    check_died_here(death(), POLICY.municipality)
    check_not_ahead(death(), NOON)
    check_not_ahead(death(death__on=date(2026, 11, 20), death__time=None), NOON)
    with pytest.raises(DeathNotHere):
        check_died_here(death(death__municipality="0164"), POLICY.municipality)
    for day, at in ((date(2026, 11, 20), "13:01"), (date(2026, 11, 21), None)):
        with pytest.raises(DeathInFuture):
            check_not_ahead(death(death__on=day, death__time=at), NOON)


def test_somebody_with_own_knowledge_authorised_the_undertaker():
    check_authorised(death())
    with pytest.raises(DeathAuthorisationMissing):
        check_authorised(death(authorised=None))


# --- papers


@pytest.mark.parametrize(
    ("manner", "any_of", "coroner", "prosecutor"),
    [
        ("natural", ("a-certificate", "no-objection"), False, False),
        ("unclear", ("a-certificate", "no-objection"), True, True),
        ("not-natural", ("no-objection",), True, True),
        ("euthanasia", ("no-objection",), True, True),
    ],
)
def test_the_manner_of_death_decides_which_paper_is_needed(manner, any_of, coroner, prosecutor):
    papers = papers_needed(death(death__manner=manner))
    assert (papers.any_of, papers.coroner, papers.prosecutor) == (any_of, coroner, prosecutor)


@pytest.mark.parametrize(
    ("born_on", "said_minor", "coroner"),
    [(date(2008, 11, 20), False, True), (date(2008, 11, 19), False, False), (None, True, True), (None, False, False)],
)
def test_of_a_minor_the_coroner_is_asked(born_on, said_minor, coroner):
    facts = death(deceased__born_on=born_on, death__minor=said_minor)
    assert papers_needed(facts).coroner is coroner


def test_nobody_is_buried_without_a_paper():
    check_papers(death(), {"a-certificate", "other"})
    check_papers(death(death__manner="euthanasia"), {"no-objection"})
    check_papers(death(death__manner="unclear"), (), prosecutor_cleared=True)
    with pytest.raises(DeathCertificateMissing) as refused:
        check_papers(death(death__manner="euthanasia"), {"a-certificate"})
    assert refused.value.facts == {"any_of": ["no-objection"]}


def test_a_declaration_comes_in_with_its_certificate_or_while_the_prosecutor_decides():
    check_submittable(death(), {"a-certificate"})
    check_submittable(death(death__manner="not-natural"), ())
    with pytest.raises(DeathCertificateMissing):
        check_submittable(death(), ())


# --- whose death it is


@pytest.mark.parametrize(
    ("facts", "found", "quality", "differs", "second"),
    [
        (death(), person(), MatchQuality.EXACT, (), False),
        (death(deceased__first_names="ANNA  MARIA"), person(), MatchQuality.EXACT, (), False),
        (death(deceased__surname_prefix="van", deceased__surname="Dijk"), VAN_DIJK, MatchQuality.EXACT, (), False),
        (death(deceased__surname="Bakker"), person(), MatchQuality.DIFFERS, ("surname",), True),
        (death(deceased__born_on=date(1990, 5, 18)), person(), MatchQuality.DIFFERS, ("born_on",), True),
        (death(deceased__sex="male"), person(), MatchQuality.DIFFERS, ("sex",), True),
        (death(deceased__born_on=None), person(), MatchQuality.BSN_ONLY, (), True),
        (death(), person(born=on("1990-05")), MatchQuality.BSN_ONLY, (), True),
        (death(), person(born=on("1991")), MatchQuality.DIFFERS, ("born_on",), True),
        (death(), None, MatchQuality.UNKNOWN, (), True),
        (death(bsn_given=False), None, MatchQuality.NO_BSN, (), False),
    ],
)  # fmt: skip
def test_the_deceased_is_matched_with_the_brp(facts, found, quality, differs, second):
    match = matched(facts, found)
    assert (match.quality, match.differs, match.needs_second_officer) == (quality, differs, second)


def test_nobody_dies_twice():
    check_not_deceased(None)
    check_not_deceased(person(suspended="emigrated"))
    with pytest.raises(AlreadyDeceased):
        check_not_deceased(person(suspended="deceased"))
