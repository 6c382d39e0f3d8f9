"""Whether notice of a marriage or partnership can be given online, under the conditions that the town switched on."""

from collections.abc import Callable, Mapping

from services.civil_registry.domain.kinship import recorded_kinship
from services.civil_registry.domain.marriage_errors import MarriageNotOnline
from services.civil_registry.domain.marriage_facts import PARTNERS
from services.civil_registry.domain.marriage_rules import Couple, is_conversion, needs_sham_statement
from services.civil_registry.domain.obstacles import Obstacle, texts_of_blocking
from services.civil_registry.domain.policy import MarriageCondition, Policy
from services.civil_registry.domain.residence import is_resident


def marriage_eligibility(couple: Couple, policy: Policy) -> list[Obstacle]:
    """Return what stands in the way of giving notice online; empty: nothing. Impediments are another question."""
    return [
        Obstacle(MarriageNotOnline.code, text)
        for condition, (holds, text) in _TABLE.items()
        if condition in policy.marriage.online and not holds(couple)
    ]


def check_marriage_online(obstacles: list[Obstacle]) -> None:
    """Nothing stands in the way of giving notice online.

    Raises: MarriageNotOnline.
    """
    blocking = texts_of_blocking(obstacles)
    if blocking:
        raise MarriageNotOnline(reasons=blocking)


def _both_in_brp(couple: Couple) -> bool:
    return len(couple.who(lambda _, person: is_resident(person))) == len(PARTNERS)


def _no_guardianship(couple: Couple) -> bool:
    return not couple.who(lambda role, person: person.guardianship or couple.facts.partners[role].guardianship)


def _no_kinship(couple: Couple) -> bool:
    one, other = (couple.persons[role] for role in PARTNERS)
    return couple.facts.kinship in {None, "none"} and recorded_kinship(one, other) == "none"


_TABLE: Mapping[MarriageCondition, tuple[Callable[[Couple], bool], str]] = {
    MarriageCondition.BOTH_IN_BRP: (_both_in_brp, "marriage-partner-abroad"),
    MarriageCondition.NO_GUARDIANSHIP: (_no_guardianship, "marriage-guardianship"),
    MarriageCondition.NO_KINSHIP: (_no_kinship, "marriage-kin"),
    MarriageCondition.NO_CONVERSION: (lambda couple: not is_conversion(couple), "marriage-conversion"),
    MarriageCondition.RESIDENCE_CLEAR: (lambda couple: not needs_sham_statement(couple), "marriage-residence"),
}
