"""First names of a child (*voornamen*): how they are written, and what the officer may refuse or has to give."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from services.civil_registry.domain.birth_errors import (
    FirstNameRefused,
    FirstNamesGiven,
    FirstNamesInvalid,
    FirstNamesMissing,
)
from services.civil_registry.domain.names import comparable
from services.civil_registry.domain.policy import BirthPolicy

_INSIDE = "'’-"
"""Signs that may stand inside a name, never at its end: D'Arcy, Jan-Willem."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class DeedFirstNames:
    """The first names as they stand on the deed. `by_officer`: the deed says that the officer gave them."""

    names: tuple[str, ...]
    by_officer: bool

    @property
    def written(self) -> str:
        """Return them in order, with spaces between."""
        return " ".join(self.names)


def read_first_names(typed: str, policy: BirthPolicy) -> tuple[str, ...]:
    """Return the first names in order from what was typed; none at all means that the officer gives one.

    Nothing is abbreviated on a deed, so that a single letter with a dot is no name (BBS art. 18 lid 1).

    Raises: FirstNamesInvalid (`problem`: `too-many`, `too-long`, `digit`, `initial`, `sign`).
    """
    names = tuple(unicodedata.normalize("NFC", typed).split())
    problem = _problem(names, policy)
    if problem is not None:
        raise FirstNamesInvalid(problem=problem)
    return names


def to_point_out(names: Collection[str], *, surnames: Collection[str]) -> list[str]:
    """Return those of the names that are existing surnames and no usual first names, for the officer to judge.

    `surnames`: those that the town lists, and the parents' own.

    Source: BW 1:4 lid 2.
    """
    known = set(map(comparable, surnames))
    return [name for name in names if comparable(name) in known]


def check_accepted(declared: Collection[str], *, refused: Collection[str], reason: str, answer_by: date | None) -> None:
    """None of the names is one that an officer refused; `answer_by`: until when others can be given.

    Raises: FirstNameRefused.
    Source: BW 1:4 lid 2.
    """
    if {comparable(name) for name in declared} & {comparable(name) for name in refused}:
        raise FirstNameRefused(reason=reason, answer_by=answer_by)


def names_for_deed(
    declared: tuple[str, ...], *, refused: Collection[str], given: tuple[str, ...] = ()
) -> DeedFirstNames:
    """Return the first names for the deed: what was declared and not refused, else what the officer gave.

    Raises: FirstNamesMissing (none is left and the officer gave none), FirstNamesGiven (he may not give any).
    Source: BW 1:4 lid 2 and 3.
    """
    left = tuple(name for name in declared if name not in refused)
    if left and given:
        raise FirstNamesGiven
    if not left and not given:
        raise FirstNamesMissing
    return DeedFirstNames(left or given, by_officer=not left)


def _problem(names: tuple[str, ...], policy: BirthPolicy) -> str | None:
    if len(names) > policy.most_first_names:
        return "too-many"
    if len(" ".join(names)) > policy.most_signs_of_first_names:
        return "too-long"
    if any(map(_DIGIT.search, names)):
        return "digit"
    if any("." in name for name in names):
        return "initial"
    return None if all(map(_is_name, names)) else "sign"


def _is_name(name: str) -> bool:
    inside = name.translate({ord(sign): None for sign in _INSIDE})
    begins_well = name[0].isalpha() or name[0] in "'’"
    return begins_well and name[-1].isalpha() and inside.isalpha() and all(map(_is_latin, inside))


def _is_latin(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith("LATIN ")
