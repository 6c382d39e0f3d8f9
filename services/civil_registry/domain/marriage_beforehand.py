"""What stands in the way of two who want to give notice online, as far as one of them can tell beforehand."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from services.civil_registry.domain.marriage_errors import (
    MarriageByConversion,
    MarriageExistingBond,
    MarriageKinship,
    MarriageNotOnline,
    MarriageTooYoung,
)
from services.civil_registry.domain.obstacles import Obstacle
from services.civil_registry.domain.partial_dates import is_of_age
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.policy import MarriageCondition, Policy
from services.civil_registry.domain.residence import is_resident

_ADULT = 18
"""Source: BW 1:31."""
_FORBIDDEN = ("direct-line", "siblings")
"""Source: BW 1:41 lid 1."""


@dataclass(frozen=True, slots=True)
class Answers:
    """What one of the two says of both; words as in `contracts.civil_registry.MarriageAnswers`."""

    bond: str
    both_adult: bool
    both_resident: bool
    bound: str
    kinship: str
    guardianship: bool
    residence: str


def beforehand(answers: Answers, asker: Person | None, *, policy: Policy, marry_by: date) -> list[Obstacle]:
    """Return what stands in the way, what the law forbids first. `asker`: None when the BRP does not tell.

    `marry_by` is the last day of a wedding on a notice of today: who is of age by then can give notice.

    Source: BW 1:31-33, 1:37, 1:41-44, 1:80a, 1:80g.
    """
    return [*_forbidden(answers, asker, marry_by), *_at_the_counter(answers, asker, policy)]


def _forbidden(answers: Answers, asker: Person | None, marry_by: date) -> Iterator[Obstacle]:
    young = asker is not None and is_of_age(asker.born, marry_by, _ADULT) is False
    if young or not answers.both_adult:
        yield Obstacle(MarriageTooYoung.code, "marriage-too-young", to_counter=False)
    if _is_bound(answers, asker):
        yield Obstacle(MarriageExistingBond.code, "marriage-bound", to_counter=False)
    if answers.kinship in _FORBIDDEN:
        yield Obstacle(MarriageKinship.code, "marriage-forbidden", to_counter=False)


def _is_bound(answers: Answers, asker: Person | None) -> bool:
    if answers.bound == "with-each-other":
        return answers.bond == "partnership"
    return answers.bound == "with-another" or (asker is not None and bool(asker.present_partners))


def _at_the_counter(answers: Answers, asker: Person | None, policy: Policy) -> Iterator[Obstacle]:
    away = asker is not None and not is_resident(asker)
    under_guardianship = asker is not None and asker.guardianship
    table = (
        (MarriageCondition.BOTH_IN_BRP, away or not answers.both_resident, "marriage-partner-abroad"),
        (MarriageCondition.NO_GUARDIANSHIP, under_guardianship or answers.guardianship, "marriage-guardianship"),
        (MarriageCondition.NO_KINSHIP, answers.kinship not in ("none", *_FORBIDDEN), "marriage-kin"),
        (MarriageCondition.RESIDENCE_CLEAR, answers.residence == "other", "marriage-residence"),
    )
    for condition, so, text in table:
        if so and condition in policy.marriage.online:
            yield Obstacle(MarriageNotOnline.code, text)
    converts = answers.bound == "with-each-other" and answers.bond == "marriage"
    if converts and MarriageCondition.NO_CONVERSION in policy.marriage.online:
        yield Obstacle(MarriageByConversion.code, "marriage-conversion")
