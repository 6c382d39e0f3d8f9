"""Where children are born here, and how a birth deed will read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain import birth_preview as preview
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_guards import obstacles_of
from services.civil_registry.domain.birth_surname import Persons
from services.civil_registry.domain.case import BrpCheck, Case
from services.civil_registry.domain.deed_text import Section
from services.civil_registry.domain.errors import NotYourRole, RecordUnknown
from services.civil_registry.domain.names import written
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.record import Kind
from services.civil_registry.domain.visibility import may_see
from services.civil_registry.office import Office
from services.civil_registry.outside.brp import RESIDENT, Brp
from services.civil_registry.persons import told as told_person
from services.civil_registry.queries.obstacles import told
from services.civil_registry.storage import looks, records
from services.messaging.errors import Unavailable
from services.messaging.work import Reading

_ROLES = ("mother", "other_parent")


def birth_places(reading: Reading, office: Office) -> dict[str, Any]:
    """Return the town in which births are declared, and where most children are born in it."""
    here = office.offering.policies.on(office.today(reading.now)).municipality
    return {"municipality": here.code, "town": here.name, "places": list(office.town.birth_places)}


def birth_preview(
    reading: Reading, office: Office, brp: Brp, *, actor: Mapping[str, Any], record_id: UUID
) -> dict[str, Any]:
    """Return how a birth deed will read, with what its declarant may see of both parents.

    He sees himself, and of the other parent names and birth when they are partners, live together, or have a child
    together in the BRP. When the BRP is away, the rest is told all the same: a legal term does not wait.

    Raises: NotYourRole, RecordUnknown (also when it is not the asker's to see).
    """
    who = office.actor(actor)
    if who.bsn is None:
        raise NotYourRole(roles=[str(Role.RESIDENT)])
    found = records.find(reading, office.secrets, record_id)
    if found is None or found.kind is not Kind.BIRTH or not may_see(found, who, office.owner(who)):
        raise RecordUnknown
    case = case_of(reading, office, found, who)
    numbers = {role: found.parties[role] for role in _ROLES if role in found.parties}
    trace = looks.note(
        reading, office.secrets, actor=who, purpose="prefill", record_id=found.id, persons=numbers.values()
    )
    persons = _asked(brp, numbers, trace)
    shown = preview.seen(persons, who.bsn)
    return {
        "brp": bool(persons) or not numbers,
        "parents": {role: _person(office, shown.get(role)) for role in _ROLES},
        "hidden": [role for role, person in persons.items() if person is not None and shown[role] is None],
        "noticed": case.notice is not None,
        **_told(replace(case, brp=BrpCheck(reading.now, persons, ())), persons, shown, town=office.town.name),
    }


def _asked(brp: Brp, numbers: Mapping[str, str], trace: str) -> dict[str, Person | None]:
    try:
        known = brp.persons(numbers.values(), on_behalf_of=RESIDENT, traceparent=trace)
    except Unavailable:
        return {}
    return {role: known.get(bsn) for role, bsn in numbers.items()}


def _told(case: Case, persons: Persons, shown: Persons, *, town: str) -> dict[str, Any]:
    facts, names = BirthFacts.of(case.content), preview.veiled(persons, shown)
    surname = preview.surname(facts, names)
    refusals = preview.problems(case, persons)
    return {
        "surnames": [
            {"choice": one.choice, "surname": one.surname, "refusal": one.refusal}
            for one in preview.options(facts, persons, names)
        ],
        "surname": written(surname.name) if surname is not None else None,
        "surname_to_verify": surname is not None and surname.to_verify,
        "sections": [_section(section) for part in preview.deed(case, names, town=town) for section in part],
        "obstacles": [told(obstacle) for obstacle in obstacles_of(case)],
        "problems": [{"code": refusal.code, "facts": refusal.facts} for refusal in refusals],
    }


def _section(section: Section) -> dict[str, Any]:
    lines = [{"key": line.key, "label": line.label, "value": line.value} for line in section.lines]
    return {"heading": section.heading, "lines": lines}


def _person(office: Office, person: Person | None) -> dict[str, Any] | None:
    return None if person is None else told_person(person, office.secrets.sealer)
