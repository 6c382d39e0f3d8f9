"""Whose visit it was: when a visit is that of somebody who died, when it may be, and when it is not.

A visit that is called off by mistake is somebody's who lives. So only the same name and the same birth date are
enough; where one of them is missing a person judges.

Source: domain/civil_registry.md 6.3.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from services.appointments.domain.person import bare_name


class Likeness(StrEnum):
    """How a visit is like somebody who died. All but the first are the `GROUNDS` of contracts.appointments."""

    SAME = "same"
    NAME = "name"
    """The same name; the birth date of one of them is not known."""
    BIRTH_AND_SURNAME = "birth-and-surname"
    """The same birth date and surname, and another first name: a twin, or a name that people use daily."""
    PARTY = "party"
    """His, and others come with him: they may still want to."""


@dataclass(frozen=True, slots=True)
class Departed:
    """Somebody who died. Kept in memory only, for as long as his visits are looked for."""

    first_names: str
    surname: str
    """With its prefix."""
    born_on: date | None

    def __repr__(self) -> str:
        return "Departed(*****)"

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> "Departed":
        """Return who died, from what the civil registry tells."""
        surname = " ".join(filter(None, (told["surname_prefix"], told["surname"])))
        return cls(told["first_names"], surname, told["born_on"])

    @property
    def written(self) -> frozenset[str]:
        """Return the names under which he may have come, with all first names or the first one.

        Initials are none of them: brothers, sisters and twins may share those.
        """
        if not self.first_names.split():
            return frozenset()
        return frozenset({f"{self.first_names} {self.surname}", f"{self.first_names.split()[0]} {self.surname}"})

    def likeness(self, name: str, birth_on: date | None) -> Likeness | None:
        """Return how a visit in a name, and perhaps with a birth date, is like him; None: it is somebody else's."""
        bare = bare_name(name)
        same_name = bare in {bare_name(written) for written in self.written}
        if birth_on is None or self.born_on is None:
            return Likeness.NAME if same_name else None
        if birth_on != self.born_on:
            return None
        if same_name:
            return Likeness.SAME
        return Likeness.BIRTH_AND_SURNAME if bare_name(self.surname) in bare else None
