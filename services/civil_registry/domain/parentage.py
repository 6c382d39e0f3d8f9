"""Who is the second parent of a child by law (*juridisch ouder*), from the BRP and from what was acknowledged."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.civil_registry.domain.birth_errors import AnotherIsParentByLaw, BirthAcknowledgementNeeded
from services.civil_registry.domain.bonds import bonds_on, ended_within, is_person
from services.civil_registry.domain.partial_dates import is_of_age
from services.civil_registry.domain.person import Person, Relative

_DAYS_AFTER_HUSBANDS_DEATH = 306
"""Source: BW 1:199 b, 1:198 lid 1 b."""
_AGE_TO_ACKNOWLEDGE = 16
"""Source: BW 1:204 lid 1 b."""


class Ground(StrEnum):
    """Why somebody is the second parent."""

    NONE = "none"
    """There is only the mother."""
    BOND = "bond"
    """Married to the mother, or in a registered partnership with her, at the birth. Source: BW 1:198, 1:199."""
    ACKNOWLEDGEMENT = "acknowledgement"
    """Acknowledged the child before the birth or its declaration. Source: BW 1:198, 1:199 c, 1:203."""


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """What is known beside the BRP. `donor_statement`: the donor data foundation states that the donor is unknown."""

    done: bool = False
    donor_statement: bool = False


@dataclass(frozen=True, slots=True)
class SecondParent:
    """Whether there is a second parent. `bond_ended_recently`: the officer looks whether it ended by death."""

    ground: Ground
    bond_ended_recently: bool


def second_parent(
    mother: Person, other: Person | None, *, born_on: date, role: str, acknowledged: Acknowledgement
) -> SecondParent:
    """Return on what ground the named second parent is one; `role` is `father` or `other-mother`.

    A husband or registered partner is the father by law, others by acknowledgement, from the age of 16 on. A wife or
    woman partner is the other mother by law only with the statement about an unknown donor, else by acknowledgement.
    A husband who died within 306 days before the birth is the father too; the BRP does not tell death from divorce
    here, so that an officer looks.

    Raises: AnotherIsParentByLaw (the mother has another husband or partner than was named),
        BirthAcknowledgementNeeded.
    Source: BW 1:198, 1:199, 1:203, 1:204.
    """
    partners = list(bonds_on(mother, born_on))
    if any(other is None or not is_person(partner, other) for partner in partners):
        raise AnotherIsParentByLaw
    recent = any(True for _ in ended_within(mother, days=_DAYS_AFTER_HUSBANDS_DEATH, before=born_on))
    if other is None:
        ground = Ground.NONE
    elif partners and (role == "father" or acknowledged.donor_statement):
        ground = Ground.BOND
    elif acknowledged.done and is_of_age(other.born, born_on, _AGE_TO_ACKNOWLEDGE) is not False:
        ground = Ground.ACKNOWLEDGEMENT
    else:
        raise BirthAcknowledgementNeeded
    return SecondParent(ground, recent)


def common_children(mother: Person, other: Person) -> list[Relative]:
    """Return the children that the BRP records with both parents, the eldest first.

    The first one's surname is that of all that follow. Source: BW 1:5 lid 8.
    """
    theirs = {child.bsn for child in other.children if child.bsn is not None}
    return sorted(
        (child for child in mother.children if child.bsn in theirs),
        key=lambda child: child.born.earliest_on or date.min,
    )
