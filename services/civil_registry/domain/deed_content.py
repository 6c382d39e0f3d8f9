"""What stands on each deed, by the parts that the law divides it into. Source: BBS art. 36, 43, 57, 57a, 61, 66.

The first part is all that an extract tells, the second is parentage, the third whatever else the law wants. Surnames
are written with their prefix. What is not known or not applicable is None or empty. A place names its municipality.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.person import PartialDate
from services.civil_registry.domain.plain import read, told


@dataclass(frozen=True, slots=True)
class Names:
    """Surname and first names."""

    surname: str
    first_names: str


@dataclass(frozen=True, slots=True)
class Born:
    """Place and day of birth, as far as they are known."""

    place: str
    on: PartialDate | None


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody with names and birth, such as who declares (*aangever*)."""

    names: Names
    born: Born


# --- the first parts: nothing in them may ever tell parentage (BW 1:23b lid 1)


@dataclass(frozen=True, slots=True)
class BirthFirst:
    """Source: BBS art. 43 lid 1, art. 45; for a stillborn child (art. 66) the names are empty if the parents wish so.

    `sex` is `female`, `male` or `undetermined`.
    """

    surname: str
    first_names: str
    born_on: date
    born_at: time | None
    born_place: str
    sex: str


@dataclass(frozen=True, slots=True)
class DeathFirst:
    """Source: BBS art. 61 lid 1. `partner`: to whom the deceased was married or a registered partner."""

    surname: str
    first_names: str
    born: Born
    sex: str
    residence: str
    died_on: date
    died_at: time | None
    died_place: str
    partner: Names | None


@dataclass(frozen=True, slots=True)
class Spouse:
    """One of the two, before and after. Source: BBS art. 57 lid 1, 57a lid 1."""

    surname_before: str
    surname_after: str
    first_names: str
    sex: str
    born: Born


@dataclass(frozen=True, slots=True)
class BondFirst:
    """Source: BBS art. 57 lid 1, 57a lid 1."""

    partner_1: Spouse
    partner_2: Spouse
    on: date
    place: str


# --- the second parts: parentage


@dataclass(frozen=True, slots=True)
class BirthSecond:
    """Source: BBS art. 43 lid 2. `other_parent`: the father, or the mother who did not give birth."""

    other_parent: Names | None
    mother: Names | None


@dataclass(frozen=True, slots=True)
class DeathSecond:
    """Source: BBS art. 61 lid 2."""

    parents: tuple[Names, ...]


@dataclass(frozen=True, slots=True)
class BondSecond:
    """Source: BBS art. 57 lid 2, 57a lid 2."""

    parents_1: tuple[Names, ...]
    parents_2: tuple[Names, ...]


# --- the third parts


@dataclass(frozen=True, slots=True)
class BirthThird:
    """Source: BBS art. 43 lid 3, art. 44 lid 3. `ordered`: the prosecutor's order by which the deed was made."""

    surname_chosen: bool
    other_parent_born: Born | None
    mother_born: Born | None
    declarant: Party
    first_names_by_officer: bool
    ordered: str


@dataclass(frozen=True, slots=True)
class DeathThird:
    """Source: BBS art. 61 lid 3."""

    earlier_partners: tuple[Names, ...]
    declarant: Party


@dataclass(frozen=True, slots=True)
class BondThird:
    """Source: BBS art. 57 lid 3, 57a lid 3; BW 1:45 lid 2 (a sworn statement is mentioned).

    `nationality_1`, `nationality_2`: what a partner who is not Dutch probably has, else empty.
    """

    witnesses: tuple[Names, ...]
    consents: tuple[str, ...]
    nationality_1: str
    nationality_2: str
    sworn_statements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Official:
    """The fourth part. Source: BBS art. 40 lid 1. `officer`: surname and initials, as the law wants them."""

    officer: str
    place: str
    drawn_on: date


First = BirthFirst | DeathFirst | BondFirst
Second = BirthSecond | DeathSecond | BondSecond
Third = BirthThird | DeathThird | BondThird

PARTS: dict[DeedKind, tuple[type[First], type[Second], type[Third]]] = {
    DeedKind.BIRTH: (BirthFirst, BirthSecond, BirthThird),
    DeedKind.STILLBIRTH: (BirthFirst, BirthSecond, BirthThird),
    DeedKind.DEATH: (DeathFirst, DeathSecond, DeathThird),
    DeedKind.MARRIAGE: (BondFirst, BondSecond, BondThird),
    DeedKind.PARTNERSHIP: (BondFirst, BondSecond, BondThird),
}


@dataclass(frozen=True, slots=True)
class DeedContent:
    """A deed (*akte*): its head and its parts. `number` has six positions.

    Raises: TypeError (parts of another kind of deed).
    """

    kind: DeedKind
    number: str
    year: int
    first: First
    second: Second
    third: Third
    official: Official

    def __post_init__(self) -> None:
        """Check that the parts are those of the kind.

        Raises: TypeError.
        """
        parts = (self.first, self.second, self.third)
        if any(type(part) is not wanted for part, wanted in zip(parts, PARTS[self.kind], strict=True)):
            raise TypeError(f"These are not the parts of a deed of {self.kind}.")

    def told(self) -> dict[str, Any]:
        """Return the deed as plain data, to be stored as it is for ever."""
        plain: dict[str, Any] = told(self)
        return plain

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "DeedContent":
        """Return the deed that was stored as plain data.

        Raises: ValueError, KeyError (it is no deed).
        """
        kind = DeedKind(plain["kind"])
        first, second, third = PARTS[kind]
        return cls(
            kind=kind,
            number=plain["number"],
            year=plain["year"],
            first=read(first, plain["first"]),
            second=read(second, plain["second"]),
            third=read(third, plain["third"]),
            official=read(Official, plain["official"]),
        )
