"""Kinship between two people, as the BRP tells and as they declare themselves."""

from collections.abc import Collection

from services.civil_registry.domain.bonds import is_person
from services.civil_registry.domain.marriage_errors import KinshipStatementMissing, MarriageKinship
from services.civil_registry.domain.names import comparable, written
from services.civil_registry.domain.person import Person, Relative

SWORN_STATEMENT = "kinship-statement"
"""Of free consent, for relatives in the third or fourth degree. Source: BW 1:41a."""
DISPENSATION = "dispensation"
"""For brothers and sisters by adoption. Source: BW 1:41 lid 2."""


def recorded_kinship(one: Person, other: Person) -> str:
    """Return `direct-line`, `siblings` or `none`, from the parents and children that the BRP records.

    Grandparents do not stand there, and half-siblings are siblings: one parent in common is enough.

    Source: BW 1:41 lid 1.
    """
    lines = ((one.parents, other), (one.children, other), (other.parents, one), (other.children, one))
    if any(is_person(relative, person) for relatives, person in lines for relative in relatives):
        return "direct-line"
    if any(_same_parent(mine, theirs) for mine in one.parents for theirs in other.parents):
        return "siblings"
    return "none"


def check_kinship(declared: str | None, one: Person, other: Person, papers: Collection[str]) -> None:
    """The two may marry: neither in the direct line nor brothers and sisters, and with the papers that others need.

    Brothers and sisters by adoption stand in the BRP like others; with the minister's dispensation they may.

    Raises: MarriageKinship, KinshipStatementMissing.
    Source: BW 1:41, 1:41a.
    """
    found = recorded_kinship(one, other)
    adopted = declared == "siblings-by-adoption"
    if "direct-line" in (found, declared) or declared == "siblings" or (found == "siblings" and not adopted):
        raise MarriageKinship
    if adopted and DISPENSATION not in papers:
        raise KinshipStatementMissing(paper=DISPENSATION)
    if declared == "third-or-fourth-degree" and SWORN_STATEMENT not in papers:
        raise KinshipStatementMissing(paper=SWORN_STATEMENT)


def _same_parent(one: Relative, other: Relative) -> bool:
    if one.bsn is not None and other.bsn is not None:
        return one.bsn == other.bsn
    known = one.born.year is not None and comparable(written(one.name)) != ""
    return (
        known
        and one.born == other.born
        and comparable(written(one.name)) == comparable(written(other.name))
        and comparable(one.name.first_names) == comparable(other.name.first_names)
    )
