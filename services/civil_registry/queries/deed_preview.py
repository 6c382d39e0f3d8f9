"""How a deed will read, before it takes a number: for the officer who is about to draw it up."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from services.civil_registry.commands.cases import case_of
from services.civil_registry.commands.deed_making import content_of
from services.civil_registry.domain import guards
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.deed_contents import Parts, birth_parts, bond_parts, death_parts
from services.civil_registry.domain.deed_text import deed_text
from services.civil_registry.domain.errors import NotNow, NotYourRole, RecordUnknown
from services.civil_registry.domain.machine import Guard
from services.civil_registry.domain.record import Kind
from services.civil_registry.office import Office
from services.civil_registry.storage import deeds, looks, records
from services.messaging.errors import Refusal
from services.messaging.work import Reading

_READERS = frozenset({Role.OFFICER, Role.SPECIAL_OFFICER})
NO_NUMBER = "(volgt)"
_GUARDS: Mapping[Kind, tuple[Guard, ...]] = {
    Kind.BIRTH: (guards.competent("birth"), guards.not_a_party, guards.brp_was_checked),
    Kind.DEATH: (guards.competent("death"), guards.not_a_party, guards.brp_was_checked),
    Kind.MARRIAGE: (guards.competent("ceremony"), guards.not_a_party),
}


def deed_preview(
    reading: Reading, office: Office, *, actor: Mapping[str, Any], record_id: UUID, purpose: str, first_names: str
) -> dict[str, Any]:
    """Return the text of a record's deed: as it stands, or as the asker would draw it up now. No number is taken.

    Raises: NotYourRole, RecordUnknown (also of a kind without a deed), NotNow (it is not submitted).
    Source: BW 1:18, 1:23a.
    """
    who = office.actor(actor)
    if not who.may(_READERS):
        raise NotYourRole(roles=sorted(map(str, _READERS)))
    found = records.find(reading, office.secrets, record_id)
    if found is None or found.kind not in _GUARDS:
        raise RecordUnknown
    if found.submitted_at is None:
        raise NotNow(command="draw-deed", status=str(found.status))
    looks.note(reading, office.secrets, actor=who, purpose="deed", record_id=found.id, persons=found.parties.values())
    stored = deeds.by_id(reading, found.deed_id) if found.deed_id else None
    if stored is not None:
        where = {"register_year": stored.number.year, "number": stored.number.written}
        return {"text": stored.text, "problems": [], "drawn": True, **where}
    case = case_of(reading, office, found, who)
    problems = list(_refused(case))
    text = None
    try:
        parts = _parts(case, town=office.town.name, first_names=first_names)
        if case.officer is not None:
            content = content_of(office, parts, number=NO_NUMBER, on=case.today, officer_id=case.officer.staff_id)
            text = deed_text(content).plain
    except Refusal as refusal:
        problems.append(refusal)
    told = {one.code: {"code": one.code, "facts": one.facts} for one in problems}
    return {"text": text, "problems": list(told.values()), "drawn": False, "register_year": None, "number": None}


def _refused(case: Case) -> Iterator[Refusal]:
    """Yield what would be refused to this officer, whatever the deed says."""
    for guard in _GUARDS[case.record.kind]:
        try:
            guard(case, {})
        except Refusal as refusal:
            yield refusal


def _parts(case: Case, *, town: str, first_names: str) -> Parts:
    if case.record.kind is Kind.BIRTH:
        return birth_parts(case, town=town, given_first_names=first_names)
    if case.record.kind is Kind.DEATH:
        return death_parts(case, town=town)
    ceremony = case.content.get("ceremony")
    return bond_parts(
        case,
        town=town,
        on=ceremony["on"] if ceremony else case.today,
        present=range(len(case.content["witnesses"])),
    )
