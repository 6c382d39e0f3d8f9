"""The rules on births as guards and conditions of the transition table; what they say stands in the birth modules."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.civil_registry.domain.actor import STAFF
from services.civil_registry.domain.birth_errors import BirthDeclarantNotAllowedOnline
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_online import check_online, eligibility
from services.civil_registry.domain.birth_rules import (
    check_born_here,
    check_confirmed,
    check_declarant,
    check_not_ahead,
)
from services.civil_registry.domain.birth_surname import check_surname
from services.civil_registry.domain.case import Alike, Case
from services.civil_registry.domain.duplicates import KnownBirth, Likeness, births_alike
from services.civil_registry.domain.errors import CanBeDeclaredOnline
from services.civil_registry.domain.first_names import read_first_names
from services.civil_registry.domain.machine import Particulars
from services.civil_registry.domain.obstacles import Obstacle
from services.messaging.errors import Refusal

STATEMENT = "birth-statement"


def obstacles_of(case: Case) -> list[Obstacle]:
    """Return what stands in the way of declaring this birth online."""
    persons = case.brp.persons if case.brp is not None else {}
    facts = BirthFacts.of(case.content)
    return eligibility(facts, persons, policy=case.policy, terms=case.terms, now=case.now)


def declarant_is_competent(case: Case, _: Particulars) -> None:
    """Online a parent declares, and is who logged in (BW 1:19e lid 1, 8, 13)."""
    if case.actor.may(STAFF):
        return
    facts = BirthFacts.of(case.content)
    check_declarant(facts)
    role = "mother" if facts.declarant == "mother" else "other_parent"
    if case.record.parties.get(role) != case.actor.bsn:
        raise BirthDeclarantNotAllowedOnline


def place_and_time_are_possible(case: Case, _: Particulars) -> None:
    """The child was born here, and its time of birth has passed (BW 1:19, 1:19a)."""
    facts = BirthFacts.of(case.content)
    check_born_here(facts, case.policy.municipality)
    check_not_ahead(facts, case.now)


def can_be_declared_online(case: Case, _: Particulars) -> None:
    """Nothing of the law or the town's policy leads to the counter; a clerk at the counter is there already."""
    if not case.actor.may(STAFF):
        check_online(obstacles_of(case))


def cannot_be_declared_online(case: Case, _: Particulars) -> None:
    """Something leads to the counter: else the declaration can go on online."""
    if not any(obstacle.blocks for obstacle in obstacles_of(case)):
        raise CanBeDeclaredOnline


def names_are_lawful(case: Case, _: Particulars) -> None:
    """First names can be written in the register, and the surname follows the law (BW 1:4, 1:5)."""
    facts = BirthFacts.of(case.content)
    read_first_names(facts.first_names or "", case.policy.birth)
    persons = case.brp.persons if case.brp is not None else {}
    check_surname(facts, persons, both_in_person=case.record.source == "counter")


def confirmed_by_professional(case: Case, _: Particulars) -> bool:
    """A doctor or midwife confirmed the birth, or their statement is on file."""
    try:
        must_be_confirmed(case, _)
    except Refusal:
        return False
    return True


def must_be_confirmed(case: Case, _: Particulars) -> None:
    """A doctor or midwife confirmed the birth, or their statement is on file (BW 1:19e lid 10-11; BBS art. 27)."""
    check_confirmed(noticed=case.notice is not None, statement_on_file=case.has(STATEMENT), differs=case.notice_differs)


def notice_agrees(case: Case, _: Particulars) -> bool:
    """The notice says the same day, time, sex and mother as the declaration."""
    return not case.notice_differs


def notice_differs(case: Case, _: Particulars) -> bool:
    """The notice says something else than the declaration."""
    return bool(case.notice_differs)


def likeness_of(case: Case, other: Alike) -> Likeness:
    """Return how this birth and that of another record of the same mother are related."""
    return births_alike(_known(case.content), _known(other.content))


def _known(content: Mapping[str, Any]) -> KnownBirth:
    facts = BirthFacts.of(content)
    return KnownBirth("the same", facts.born_on or date.min, facts.born_at, facts.first_names or "")
