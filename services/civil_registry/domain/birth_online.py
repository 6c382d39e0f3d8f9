"""Whether a birth can be declared online: the law's conditions, and those that the town switched on."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from services.civil_registry.domain.birth_errors import (
    BirthAcknowledgementNeeded,
    BirthDeclarantNotAllowedOnline,
    BirthInFuture,
    BirthNotHere,
    BirthNotOnline,
    SurnameChoiceInPerson,
)
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_rules import ONLINE_DECLARANTS, check_born_here, check_not_ahead, is_late
from services.civil_registry.domain.errors import TimeDoesNotExist
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.obstacles import Obstacle, texts_of_blocking
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.policy import BirthCondition, Policy
from services.civil_registry.domain.residence import is_resident

Persons = Mapping[str, Person | None]
"""Who the BRP knows, by the path of the part; None: it knows nobody with that number. Missing: not asked yet."""

_Holds = Callable[[BirthFacts, Persons], bool | None]
"""Says whether a condition holds; None: that cannot be known yet."""

_PARENTS = ("mother", "other_parent")

TERM_PASSED = "birth-term-passed"
"""A warning only: late declarations are taken all the same."""


def eligibility(
    facts: BirthFacts, persons: Persons, *, policy: Policy, terms: LegalTerms, now: datetime
) -> list[Obstacle]:
    """Return what stands in the way of declaring this birth online, as far as it is known; empty: nothing.

    Source: BW 1:19, 1:19e; the town's policy for the rest.
    """
    return [*_place_and_time(facts, policy, terms, now), *_conditions(facts, persons, policy)]


def check_online(obstacles: list[Obstacle]) -> None:
    """Nothing stands in the way of declaring online.

    Raises: BirthNotOnline.
    """
    blocking = texts_of_blocking(obstacles)
    if blocking:
        raise BirthNotOnline(reasons=blocking)


def _place_and_time(facts: BirthFacts, policy: Policy, terms: LegalTerms, now: datetime) -> Iterator[Obstacle]:
    try:
        check_born_here(facts, policy.municipality)
    except BirthNotHere as refusal:
        yield Obstacle(refusal.code, "birth-elsewhere", to_counter=False, facts=refusal.facts)
    try:
        check_not_ahead(facts, now)
    except (BirthInFuture, TimeDoesNotExist) as refusal:
        yield Obstacle(refusal.code, "birth-time-impossible", to_counter=False)
        return
    if facts.born_on is not None and is_late(facts.born_on, now, terms):
        last_on = terms.declare_birth_by(facts.born_on).isoformat()
        yield Obstacle(TERM_PASSED, "birth-late", to_counter=False, blocks=False, facts={"last_on": last_on})


def _conditions(facts: BirthFacts, persons: Persons, policy: Policy) -> Iterator[Obstacle]:
    for condition, (holds, code, text) in _TABLE.items():
        if condition in policy.birth.online and holds(facts, persons) is False:
            yield Obstacle(code, text)


def _parent_declares(facts: BirthFacts, _: Persons) -> bool | None:
    return None if facts.declarant is None else facts.declarant in ONLINE_DECLARANTS


def _mother_known(_: BirthFacts, persons: Persons) -> bool | None:
    return persons["mother"] is not None if "mother" in persons else None


def _acknowledged(facts: BirthFacts, _: Persons) -> bool | None:
    return None if facts.answers.acknowledgement is None else facts.answers.acknowledgement != "to-do"


def _no_choice_wanted(facts: BirthFacts, _: Persons) -> bool | None:
    """Source: BW 1:5 lid 4 (both parents together) and lid 8 (only for the first child)."""
    if facts.answers.name_choice is None or facts.answers.first_child is None:
        return None
    return facts.answers.name_choice != "wanted" or not facts.answers.first_child


def _parents_in_brp(_: BirthFacts, persons: Persons) -> bool | None:
    asked = [persons[role] for role in _PARENTS if role in persons]
    return all(person is not None and is_resident(person) for person in asked) if asked else None


def _one_address(facts: BirthFacts, persons: Persons) -> bool | None:
    if not facts.has_other_parent or not all(role in persons for role in _PARENTS):
        return None
    addresses = {person.address if person is not None else "" for person in map(persons.get, _PARENTS)}
    return len(addresses) == 1 and "" not in addresses


def _one_parent_dutch(facts: BirthFacts, persons: Persons) -> bool | None:
    if any(person is not None and person.is_dutch for person in persons.values()):
        return True
    return False if "mother" in persons and facts.has_other_parent == ("other_parent" in persons) else None


def _sex_determined(facts: BirthFacts, _: Persons) -> bool | None:
    return None if facts.sex is None else facts.sex != "undetermined"


def _no_foreign_name_law(facts: BirthFacts, _: Persons) -> bool | None:
    return None if facts.answers.foreign_name_law is None else not facts.answers.foreign_name_law


_NOT_ONLINE = BirthNotOnline.code

_TABLE: Mapping[BirthCondition, tuple[_Holds, str, str]] = {
    BirthCondition.PARENT_DECLARES: (_parent_declares, BirthDeclarantNotAllowedOnline.code, "birth-by-other"),
    BirthCondition.ALIVE: (lambda facts, _: facts.answers.alive, _NOT_ONLINE, "birth-not-alive"),
    BirthCondition.MOTHER_KNOWN: (_mother_known, _NOT_ONLINE, "birth-mother-unknown"),
    BirthCondition.ACKNOWLEDGED: (_acknowledged, BirthAcknowledgementNeeded.code, "birth-not-acknowledged"),
    BirthCondition.PROFESSIONAL_PRESENT: (
        lambda facts, _: facts.answers.professional_present,
        _NOT_ONLINE,
        "birth-without-professional",
    ),
    BirthCondition.NO_CHOICE_WANTED: (_no_choice_wanted, SurnameChoiceInPerson.code, "birth-name-choice"),
    BirthCondition.PARENTS_IN_BRP: (_parents_in_brp, _NOT_ONLINE, "birth-parent-abroad"),
    BirthCondition.ONE_ADDRESS: (_one_address, _NOT_ONLINE, "birth-two-addresses"),
    BirthCondition.ONE_PARENT_DUTCH: (_one_parent_dutch, _NOT_ONLINE, "birth-no-dutch-parent"),
    BirthCondition.SEX_DETERMINED: (_sex_determined, _NOT_ONLINE, "birth-sex-undetermined"),
    BirthCondition.NO_FOREIGN_NAME_LAW: (_no_foreign_name_law, _NOT_ONLINE, "birth-foreign-name-law"),
}
