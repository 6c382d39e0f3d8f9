"""Which surname a child gets (*geslachtsnaam*), and whether the deed says that it was chosen."""

import re
from dataclasses import dataclass
from enum import StrEnum

from services.civil_registry.domain.birth_errors import (
    BirthAcknowledgementNeeded,
    NameChoiceDeedInvalid,
    SurnameChoiceInPerson,
    SurnameCombinationInvalid,
    SurnameFollowsFirstChild,
)
from services.civil_registry.domain.names import comparable, same_surname, written
from services.civil_registry.domain.parentage import Ground
from services.civil_registry.domain.person import PersonName

_NAME_CHOICE_DEED = re.compile(r"((18|19|20)[0-9]{2}-)?(?!0000)[0-9]{4}")


class Choice(StrEnum):
    """Whose surname, as contracts call it."""

    MOTHER = "mother"
    OTHER_PARENT = "other-parent"
    MOTHER_THEN_OTHER = "mother-then-other"
    OTHER_THEN_MOTHER = "other-then-mother"


class Basis(StrEnum):
    """Where the surname comes from."""

    ONE_PARENT = "one-parent"
    """BW 1:5 lid 1."""
    DEFAULT = "default"
    """Nothing was chosen: the father's or other mother's, after acknowledgement the mother's (BW 1:5 lid 2, 5, 13)."""
    DEED = "deed-of-name-choice"
    """BW 1:5 lid 4."""
    DECLARATION = "declaration"
    """Both parents chose at the declaration or the acknowledgement (BW 1:5 lid 2, 4)."""
    SOLE_CHOICE = "sole-choice"
    """The other parent died or is under guardianship (BW 1:5 lid 9)."""
    FIRST_CHILD = "first-child"
    """BW 1:5 lid 8."""


@dataclass(frozen=True, slots=True)
class SurnameQuestion:
    """What decides about a surname. `other` is who is the second parent by law or by acknowledgement, on `ground`."""

    mother: PersonName
    other: PersonName | None
    ground: Ground
    choice: Choice
    name_choice_deed: str | None = None
    first_child: bool = True
    first_childs_name: PersonName | None = None
    """Of the first child of these parents together; None while nobody has found it."""
    both_in_person: bool = False
    """Both parents stand at the counter, or chose when the child was acknowledged."""
    sole_choice: bool = False
    """The one parent died, or is under guardianship or mentorship for his condition."""
    one_name_each: bool = False
    """An officer saw that a surname of several words is one name, and cannot be divided."""


@dataclass(frozen=True, slots=True)
class ChildsSurname:
    """The surname. `to_verify`: it should be that of the first child, whom nobody has found yet."""

    name: PersonName
    basis: Basis
    to_verify: bool = False

    @property
    def chosen(self) -> bool:
        """Say whether the deed says that the surname was chosen. Source: BW 1:5 lid 4; BBS art. 43 lid 3 a."""
        return self.basis in {Basis.DEED, Basis.DECLARATION, Basis.SOLE_CHOICE}


def surname_of_child(asked: SurnameQuestion) -> ChildsSurname:
    """Return the surname that the child gets.

    Raises: BirthAcknowledgementNeeded (the name of somebody who is no parent), SurnameFollowsFirstChild,
        SurnameChoiceInPerson, SurnameCombinationInvalid, NameChoiceDeedInvalid.
    Source: BW 1:5 lid 1, 2, 4, 5, 8, 9 and 13; Wet introductie gecombineerde geslachtsnaam (1 January 2024).
    """
    if asked.other is None:
        if asked.choice is not Choice.MOTHER:
            raise BirthAcknowledgementNeeded
        return ChildsSurname(_plain(asked.mother), Basis.ONE_PARENT)
    wanted = _wanted(asked, asked.other)
    if not asked.first_child:
        return _like_first_child(asked, wanted)
    if asked.name_choice_deed is not None:
        check_name_choice_deed(asked.name_choice_deed)
        return ChildsSurname(wanted, Basis.DEED)
    if asked.choice is _default(asked.ground):
        return ChildsSurname(wanted, Basis.DEFAULT)
    if asked.sole_choice:
        return ChildsSurname(wanted, Basis.SOLE_CHOICE)
    if asked.both_in_person:
        return ChildsSurname(wanted, Basis.DECLARATION)
    raise SurnameChoiceInPerson


def check_name_choice_deed(number: str) -> None:
    """The text is a number of a deed of name choice: four positions, if need be with the year before them.

    Raises: NameChoiceDeedInvalid.
    Source: Regeling vermelding nummer op akten burgerlijke stand art. 5.
    """
    if not _NAME_CHOICE_DEED.fullmatch(number):
        raise NameChoiceDeedInvalid


def combined(first: PersonName, second: PersonName, *, one_name_each: bool = False) -> PersonName:
    """Return two surnames as one: both with their prefixes, a space between (*gecombineerde geslachtsnaam*).

    A surname of several words may be two names already, of which only one can be passed on; nothing tells that but
    the parent's own deed.

    Raises: SurnameCombinationInvalid (`reason`: `more-than-two`, `same-name`).
    Source: Wet introductie gecombineerde geslachtsnaam.
    """
    if not one_name_each and any(" " in name.surname.strip() for name in (first, second)):
        raise SurnameCombinationInvalid(reason="more-than-two")
    if same_surname(first, second):
        raise SurnameCombinationInvalid(reason="same-name")
    return PersonName("", first.prefix, f"{first.surname} {written(second)}")


def check_combination(text: str, mother: PersonName, other: PersonName) -> None:
    """A surname that somebody typed is one name of each parent, in either order, without hyphen between them.

    Raises: SurnameCombinationInvalid (`reason`: `hyphen`, `not-of-parents`).
    Source: Wet introductie gecombineerde geslachtsnaam.
    """
    orders = {f"{written(one)} {written(two)}" for one, two in ((mother, other), (other, mother))}
    if text in orders:
        return
    joined = comparable(text) in {comparable(order) for order in orders} and "-" in text
    raise SurnameCombinationInvalid(reason="hyphen" if joined else "not-of-parents")


def _wanted(asked: SurnameQuestion, other: PersonName) -> PersonName:
    match asked.choice:
        case Choice.MOTHER:
            return _plain(asked.mother)
        case Choice.OTHER_PARENT:
            return _plain(other)
        case Choice.MOTHER_THEN_OTHER:
            return combined(asked.mother, other, one_name_each=asked.one_name_each)
        case Choice.OTHER_THEN_MOTHER:
            return combined(other, asked.mother, one_name_each=asked.one_name_each)


def _default(ground: Ground) -> Choice:
    return Choice.MOTHER if ground is Ground.ACKNOWLEDGEMENT else Choice.OTHER_PARENT


def _like_first_child(asked: SurnameQuestion, wanted: PersonName) -> ChildsSurname:
    if asked.first_childs_name is None:
        return ChildsSurname(wanted, Basis.FIRST_CHILD, to_verify=True)
    if not same_surname(asked.first_childs_name, wanted):
        raise SurnameFollowsFirstChild(surname=written(asked.first_childs_name))
    return ChildsSurname(_plain(asked.first_childs_name), Basis.FIRST_CHILD)


def _plain(name: PersonName) -> PersonName:
    return PersonName("", name.prefix, name.surname)
