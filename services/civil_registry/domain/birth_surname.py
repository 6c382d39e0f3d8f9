"""The surname that follows from a declaration and from what the BRP knows of both parents."""

from collections.abc import Mapping
from dataclasses import replace

from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.parentage import Acknowledgement, common_children, second_parent
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.surnames import (
    ChildsSurname,
    Choice,
    SurnameQuestion,
    check_name_choice_deed,
    surname_of_child,
)

Persons = Mapping[str, Person | None]
"""By the path of the part: `mother`, `other_parent`."""


def check_surname(facts: BirthFacts, persons: Persons, *, both_in_person: bool = False) -> None:
    """The surname follows the law, as far as can be said: without the BRP only the number of a deed is looked at.

    Raises: as `surname_of_child` and `second_parent`, NameChoiceDeedInvalid.
    """
    if facts.name_choice_deed is not None:
        check_name_choice_deed(facts.name_choice_deed)
    declared_surname(facts, persons, both_in_person=both_in_person)


def declared_surname(
    facts: BirthFacts,
    persons: Persons,
    *,
    both_in_person: bool = False,
    one_name_each: bool = False,
    donor_statement: bool = False,
) -> ChildsSurname | None:
    """Return the surname of the child; None while a parent, the day of birth or the choice is not known yet.

    `both_in_person`, `one_name_each`: see `SurnameQuestion`. `donor_statement`: see `Acknowledgement`.

    Raises: as `surname_of_child` and `second_parent`.
    Source: BW 1:5.
    """
    mother, other = persons.get("mother"), persons.get("other_parent")
    known = mother is not None and (other is not None) == facts.has_other_parent
    if not known or mother is None or facts.born_on is None or facts.surname_choice is None:
        return None
    acknowledged = Acknowledgement(done=facts.answers.acknowledgement == "done", donor_statement=donor_statement)
    # the declarant's role tells which kind of parent the second one is, unless the mother declares
    role = "other-mother" if facts.declarant == "other-mother" or (other and other.sex == "female") else "father"
    second = second_parent(mother, other, born_on=facts.born_on, role=role, acknowledged=acknowledged)
    question = SurnameQuestion(
        mother=mother.name,
        other=other.name if other is not None else None,
        ground=second.ground,
        choice=Choice(facts.surname_choice),
        name_choice_deed=facts.name_choice_deed,
        both_in_person=both_in_person,
        one_name_each=one_name_each,
        sole_choice=other is not None and _cannot_choose(other),
    )
    return surname_of_child(_after_siblings(question, facts, mother, other))


def _after_siblings(
    question: SurnameQuestion, facts: BirthFacts, mother: Person, other: Person | None
) -> SurnameQuestion:
    """Return the question with the first child of both, whom the BRP knows better than the declarant."""
    siblings = common_children(mother, other) if other is not None else []
    if siblings:
        return replace(question, first_child=False, first_childs_name=siblings[0].name)
    return replace(question, first_child=facts.answers.first_child is not False)


def _cannot_choose(parent: Person) -> bool:
    """Source: BW 1:5 lid 9."""
    return parent.guardianship or parent.suspended == "deceased"
