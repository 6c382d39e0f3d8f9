"""Whether two records, or a record and a deed, are about one fact. Twins are two facts."""

from dataclasses import dataclass
from datetime import date, time
from difflib import SequenceMatcher
from enum import StrEnum

from services.civil_registry.domain.names import comparable

_BETWEEN_BIRTHS_DAYS = 270
"""Nobody bears two children that are not of one birth within so many days."""
_ONE_BIRTH_DAYS = 1
_SPELLING = 0.75
"""First names that are alike to this degree may be one name in two spellings: Sofie, Sophie."""
_NEAR_DEATH_DAYS = 5
_NEAR_BIRTH_DAYS = 366


class Likeness(StrEnum):
    """How two facts are related."""

    UNRELATED = "unrelated"
    TWIN = "twin"
    """Another child of the same birth (*meerling*): one deed per child."""
    SUSPECT = "suspect"
    """May be the same fact: an officer decides."""
    SAME = "same"


@dataclass(frozen=True, slots=True)
class KnownBirth:
    """A birth of a record or of a deed. `mother` names her without doubt, such as a digest of her BSN."""

    mother: str
    born_on: date
    born_at: time | None
    first_names: str


@dataclass(frozen=True, slots=True)
class KnownDeath:
    """A death of a record or of a deed. `bsn` is a digest, None for who has no number."""

    bsn: str | None
    first_names: str
    surname: str
    born_on: date | None
    died_on: date


def births_alike(one: KnownBirth, other: KnownBirth) -> Likeness:
    """Return how two births are related.

    Of one mother within 270 days there is one birth. In it, another minute or another first name is another child.
    Suspect are one name at two minutes, and one minute with a name in two spellings: so may father and mother declare
    one child.

    Source: BBS art. 43 lid 1 c (hour and minute set the order of twins).
    """
    if one.mother != other.mother:
        return Likeness.UNRELATED
    apart = abs((one.born_on - other.born_on).days)
    if apart > _BETWEEN_BIRTHS_DAYS:
        return Likeness.UNRELATED
    if apart > _ONE_BIRTH_DAYS:
        return Likeness.SUSPECT
    same_minute = (one.born_on, one.born_at) == (other.born_on, other.born_at)
    names = comparable(one.first_names), comparable(other.first_names)
    if names[0] == names[1]:
        return _of_one_name(same_minute=same_minute, named=bool(names[0]))
    if same_minute and SequenceMatcher(None, *names).ratio() >= _SPELLING:
        return Likeness.SUSPECT
    return Likeness.TWIN


def _of_one_name(*, same_minute: bool, named: bool) -> Likeness:
    """Two children of one birth hardly have one name, so that a minute may be mistyped; without names it decides."""
    if same_minute:
        return Likeness.SAME
    return Likeness.SUSPECT if named else Likeness.TWIN


def deaths_alike(one: KnownDeath, other: KnownDeath) -> Likeness:
    """Return how two deaths are related: one number is one person; without it, name and days tell."""
    if one.bsn is not None and other.bsn is not None:
        return Likeness.SAME if one.bsn == other.bsn else Likeness.UNRELATED
    same_name = comparable(one.surname) == comparable(other.surname) and _one_begins_the_other(one, other)
    near = abs((one.died_on - other.died_on).days) <= _NEAR_DEATH_DAYS
    born = one.born_on is None or other.born_on is None or abs((one.born_on - other.born_on).days) < _NEAR_BIRTH_DAYS
    return Likeness.SUSPECT if same_name and near and born else Likeness.UNRELATED


def _one_begins_the_other(one: KnownDeath, other: KnownDeath) -> bool:
    first, second = comparable(one.first_names), comparable(other.first_names)
    return first.startswith(second) or second.startswith(first)
