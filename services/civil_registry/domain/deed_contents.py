"""From a record and what the BRP says of its people to the parts of its deed."""

from collections.abc import Iterable
from datetime import date

from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_surname import declared_surname
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.death_guards import facts_of
from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.deed_content import (
    BirthFirst,
    BirthSecond,
    BirthThird,
    BondFirst,
    BondSecond,
    BondThird,
    Born,
    DeathFirst,
    DeathSecond,
    DeathThird,
    First,
    Names,
    Party,
    Second,
    Spouse,
    Third,
)
from services.civil_registry.domain.errors import BrpNotChecked
from services.civil_registry.domain.first_names import names_for_deed, read_first_names
from services.civil_registry.domain.local_time import clock_time
from services.civil_registry.domain.names import written
from services.civil_registry.domain.person import PartialDate, Person, PersonName, Relative

Parts = tuple[DeedKind, First, Second, Third]


def birth_parts(case: Case, *, town: str, given_first_names: str) -> Parts:
    """Return the parts of a birth deed (*geboorteakte*). `given_first_names`: by the officer, when there are none.

    Raises: BrpNotChecked, FirstNamesMissing, FirstNamesGiven, FirstNamesInvalid, and what the surname's rules refuse.
    Source: BBS art. 43.
    """
    facts, child = BirthFacts.of(case.content), case.content["child"]
    mother, other = person_of(case, "mother"), persons(case).get("other_parent")
    surname = declared_surname(facts, persons(case), both_in_person=_both_at_counter(case))
    if surname is None or facts.born_on is None:
        raise BrpNotChecked
    names = names_for_deed(
        read_first_names(facts.first_names or "", case.policy.birth),
        refused=(),
        given=read_first_names(given_first_names, case.policy.birth),
    )
    declarant = mother if facts.declarant == "mother" or other is None else other
    first = BirthFirst(
        surname=written(surname.name),
        first_names=names.written,
        born_on=facts.born_on,
        born_at=facts.born_at,
        born_place=town,
        sex=child["sex"],
    )
    second = BirthSecond(other_parent=_names(other), mother=_names(mother))
    third = BirthThird(
        surname_chosen=surname.chosen,
        other_parent_born=_born(other),
        mother_born=_born(mother),
        declarant=_party(declarant),
        first_names_by_officer=names.by_officer,
        ordered="",
    )
    return DeedKind.BIRTH, first, second, third


def death_parts(case: Case, *, town: str) -> Parts:
    """Return the parts of a death deed (*overlijdensakte*), of a stillborn child those of BBS art. 66.

    Raises: BrpNotChecked (the mother of a stillborn child is not known).
    Source: BW 1:19i lid 1; BBS art. 61, 66.
    """
    if facts_of(case).stillborn:
        return _stillbirth_parts(case, town)
    person = persons(case).get("deceased")
    second = DeathSecond(parents=tuple(map(_relative, person.parents)) if person else ())
    ended = [relative for relative in person.partners if relative.ended_on is not None] if person else []
    third = DeathThird(earlier_partners=tuple(map(_relative, ended)), declarant=declarant_of(case))
    return DeedKind.DEATH, death_first(case, town=town), second, third


def death_first(case: Case, *, town: str) -> DeathFirst:
    """Return who died, when and where, as a death deed or a permit says it.

    Source: BBS art. 61 lid 1.
    """
    facts, deceased, death = facts_of(case), case.content["deceased"], case.content["death"]
    person = persons(case).get("deceased")
    partner = person.present_partners[0] if person is not None and person.present_partners else None
    born_on = death["on"] if facts.stillborn else facts.born_on
    return DeathFirst(
        surname=written(person.name if person else _declared_name(case)),
        first_names=person.name.first_names if person else facts.first_names,
        born=_born(person) or Born(town if facts.stillborn else deceased["born_place"], _partial(born_on)),
        sex=deceased["sex"],
        residence=(person.address if person else "") or deceased["last_address"],
        died_on=death["on"],
        died_at=clock_time(death["time"]) if death["time"] else None,
        died_place=town,
        partner=_relative(partner) if partner else _typed_partner(deceased["partner_name"]),
    )


def _stillbirth_parts(case: Case, town: str) -> Parts:
    death, mother, other = case.content["death"], person_of(case, "mother"), persons(case).get("other_parent")
    first = BirthFirst(
        surname=written(_declared_name(case)),
        first_names=case.content["deceased"]["first_names"],
        born_on=death["on"],
        born_at=clock_time(death["time"]) if death["time"] else None,
        born_place=town,
        sex=case.content["deceased"]["sex"],
    )
    third = BirthThird(
        surname_chosen=False,
        other_parent_born=_born(other),
        mother_born=_born(mother),
        declarant=declarant_of(case),
        first_names_by_officer=False,
        ordered="",
    )
    return DeedKind.STILLBIRTH, first, BirthSecond(_names(other), _names(mother)), third


def bond_parts(
    case: Case,
    *,
    town: str,
    on: date,
    present: Iterable[int],
    consents: Iterable[str] = (),
    sworn_statements: Iterable[str] = (),
) -> Parts:
    """Return the parts of a deed of marriage or partnership; `present` are the places of the witnesses who were there.

    Raises: BrpNotChecked.
    Source: BBS art. 57, 57a.
    """
    one, other = person_of(case, "partner_1"), person_of(case, "partner_2")
    witnesses = [case.content["witnesses"][place] for place in sorted(set(present))]
    first = BondFirst(partner_1=_spouse(one), partner_2=_spouse(other), on=on, place=town)
    second = BondSecond(parents_1=tuple(map(_relative, one.parents)), parents_2=tuple(map(_relative, other.parents)))
    third = BondThird(
        witnesses=tuple(Names(witness["surname"], witness["first_names"]) for witness in witnesses),
        consents=tuple(consents),
        nationality_1=_foreign(one),
        nationality_2=_foreign(other),
        sworn_statements=tuple(sworn_statements),
    )
    kind = DeedKind.PARTNERSHIP if case.content["bond"] == "partnership" else DeedKind.MARRIAGE
    return kind, first, second, third


def persons(case: Case) -> dict[str, Person]:
    """Return whom the BRP knows of a record's people, by the path of the part."""
    found = case.brp.persons if case.brp is not None else {}
    return {role: person for role, person in found.items() if person is not None}


def person_of(case: Case, role: str) -> Person:
    """Return whom the BRP knows in a role.

    Raises: BrpNotChecked.
    """
    found = persons(case).get(role)
    if found is None:
        raise BrpNotChecked
    return found


def _both_at_counter(case: Case) -> bool:
    """A choice of surname that a clerk took down at the counter was made by both parents there (BW 1:5 lid 4)."""
    return case.record.source == "counter" and case.content["answers"]["name_choice"] == "wanted"


def _spouse(person: Person) -> Spouse:
    surname = written(person.name)
    return Spouse(surname, surname, person.name.first_names, person.sex, Born(person.born_place, person.born))


def _foreign(person: Person) -> str:
    if person.is_dutch or not person.nationalities:
        return ""
    return f"nationaliteit {person.nationalities[0]} volgens landelijke tabel 32"


def _declared_name(case: Case) -> PersonName:
    facts = facts_of(case)
    return PersonName(facts.first_names, facts.surname_prefix, facts.surname)


def declarant_of(case: Case) -> Party:
    """Return who declares a death, as he stands on the deed (BBS art. 61 lid 3)."""
    told = case.content["declarant"]
    names = Names(written(PersonName("", told["surname_prefix"], told["surname"])), told["first_names"])
    return Party(names, Born(told["born_place"], _partial(told["born_on"])))


def _party(person: Person) -> Party:
    return Party(Names(written(person.name), person.name.first_names), Born(person.born_place, person.born))


def _names(person: Person | None) -> Names | None:
    return None if person is None else Names(written(person.name), person.name.first_names)


def _born(person: Person | None) -> Born | None:
    return None if person is None else Born(person.born_place, person.born)


def _relative(relative: Relative) -> Names:
    return Names(written(relative.name), relative.name.first_names)


def _typed_partner(name: str) -> Names | None:
    return Names(name, "") if name else None


def _partial(day: date | None) -> PartialDate | None:
    return None if day is None else PartialDate.of(day)
