"""How a birth deed will read, shown to the parents before they declare: with what each may see of the other."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_surname import Persons, check_surname, declared_surname
from services.civil_registry.domain.case import BrpCheck, Case
from services.civil_registry.domain.deed_contents import birth_parts
from services.civil_registry.domain.deed_text import Part, parts_text
from services.civil_registry.domain.errors import BrpNotChecked
from services.civil_registry.domain.first_names import read_first_names
from services.civil_registry.domain.looking import as_parent_sees
from services.civil_registry.domain.names import written
from services.civil_registry.domain.person import PartialDate, Person, PersonName
from services.civil_registry.domain.surnames import ChildsSurname, Choice
from services.messaging.errors import Refusal

HIDDEN = "[…]"
"""Stands for what is in the BRP and is not the asker's to see."""

_ANY_DEED = "0001"
"""A number that a deed of name choice can have, while the real one is not typed yet."""
_UNKNOWN = PartialDate(None, None, None)


@dataclass(frozen=True, slots=True)
class Option:
    """One choice of surname: what comes of it, and why the law does not leave it."""

    choice: Choice
    surname: str | None
    refusal: str | None


def seen(persons: Persons, asker: str) -> dict[str, Person | None]:
    """Return of both parents what a parent may see who asks, by his number; None for nobody, or nothing."""
    mine = next((person for person in persons.values() if person is not None and person.bsn == asker), None)
    return {
        role: person if person is None or person.bsn == asker else as_parent_sees(mine, person)
        for role, person in persons.items()
    }


def veiled(persons: Persons, shown: Persons) -> dict[str, Person | None]:
    """Return the parents as they stand in a preview: `HIDDEN` for each who is known and is not to be seen."""
    return {
        role: _veil(person) if person is not None and shown.get(role) is None else person
        for role, person in persons.items()
    }


def options(facts: BirthFacts, persons: Persons, names: Persons) -> list[Option]:
    """Return all choices of surname. `persons` decide which the law leaves, `names` how the result is written."""
    deed = _ANY_DEED if facts.answers.name_choice == "deed" else None
    return [_option(replace(facts, surname_choice=choice, name_choice_deed=deed), persons, names) for choice in Choice]


def surname(facts: BirthFacts, names: Persons) -> ChildsSurname | None:
    """Return the surname that the child gets; None while it cannot be said."""
    try:
        return declared_surname(facts, names)
    except Refusal:
        return None


def problems(case: Case, persons: Persons) -> Iterator[Refusal]:
    """Yield what would be refused of the names."""
    facts = BirthFacts.of(case.content)
    if facts.first_names is not None:
        try:
            read_first_names(facts.first_names, case.policy.birth)
        except Refusal as refusal:
            yield refusal
    try:
        check_surname(facts, persons)
    except Refusal as refusal:
        yield refusal


def deed(case: Case, names: Persons, *, town: str) -> tuple[Part, ...]:
    """Return the parts of the deed that do not depend on the officer; none while something is missing or refused."""
    if not {"child", "surname", "declarant", "answers"} <= set(case.content):
        return ()
    known: Mapping[str, Person | None] = names
    seen_so = replace(case, brp=BrpCheck(case.now, known, ()))
    try:
        _, first, second, third = birth_parts(seen_so, town=town, given_first_names="")
    except (Refusal, BrpNotChecked):
        return ()
    return parts_text(first, second, third)


def _option(facts: BirthFacts, persons: Persons, names: Persons) -> Option:
    choice = Choice(str(facts.surname_choice))
    try:
        declared_surname(facts, persons)
    except Refusal as refusal:
        return Option(choice, None, refusal.code)
    found = surname(facts, names)
    return Option(choice, written(found.name) if found is not None else None, None)


def _veil(person: Person) -> Person:
    return replace(person, name=PersonName(HIDDEN, "", HIDDEN), born=_UNKNOWN, born_place=HIDDEN)
