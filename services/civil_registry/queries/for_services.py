"""What other services may know about a record that they heard of: whom to write to, and who died."""

from typing import Any
from uuid import UUID

from services.civil_registry import contents
from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.actor import TIME
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.errors import RecordUnknown
from services.civil_registry.domain.legal_moments import moments_of
from services.civil_registry.domain.record import Kind, Status
from services.civil_registry.office import Office
from services.civil_registry.storage import looks, records
from services.messaging.work import Reading

_DIED = (Status.REGISTERED, Status.DEED_SIGNED, Status.DEED_PRINTED, Status.DEED_DRAWN)


def contact_of_record(reading: Reading, office: Office, *, record_id: UUID) -> dict[str, Any]:
    """Return where the declarant hears from us, and what a mail about the record's present state may say.

    Raises: RecordUnknown (there is none, or its contact data are gone).
    """
    found = records.find(reading, office.secrets, record_id)
    about = (
        found if found is None or found.parent_id is None else records.find(reading, office.secrets, found.parent_id)
    )
    contact = about.part("contact") if about is not None else {}
    if found is None or not contact:
        raise RecordUnknown
    case = case_of(reading, office, found, TIME)
    return {
        "email": contact["email"],
        "phone": contact.get("phone"),
        "language": contact["language"],
        "receipt": found.receipt,
        "kind": found.kind,
        "status": found.status,
        "partner_email": found.part("partner_2").get("email"),
        "facts": _facts(case, office),
    }


def departed(reading: Reading, office: Office, *, record_id: UUID) -> dict[str, Any]:
    """Return who died, for a service that must stop writing to him; the look is logged.

    Raises: RecordUnknown (no death was registered under this id).
    """
    found = records.find(reading, office.secrets, record_id)
    if found is None or found.kind is not Kind.DEATH or found.status not in _DIED:
        raise RecordUnknown
    looks.note(
        reading,
        office.secrets,
        actor=TIME,
        purpose="control",
        record_id=found.id,
        persons=found.parties.values(),
    )
    content = contents.typed(found, office.secrets)
    deceased, death = content["deceased"], content["death"]
    return {
        "first_names": deceased["first_names"],
        "surname_prefix": deceased["surname_prefix"],
        "surname": deceased["surname"],
        "born_on": deceased["born_on"],
        "died_on": death["on"],
    }


def _facts(case: Case, office: Office) -> dict[str, Any]:
    record = case.record
    facts: dict[str, Any] = {name: moment.isoformat() for name, moment in moments_of(case).items()}
    if record.question is not None:
        facts |= record.question.told()
    for name in ("refused_because", "revoked_because", "amended_because", "planned", "duplicate_of"):
        if name in record.extra:
            facts[name] = record.extra[name]
    if record.kind is Kind.MARRIAGE and "starts_at" in record.extra:
        room = office.town.rooms.get(str(record.extra.get("room_id")))
        facts |= {"starts_at": record.extra["starts_at"], "room": room.name if room else ""}
    return facts
