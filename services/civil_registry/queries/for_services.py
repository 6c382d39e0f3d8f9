"""What other services may know about a record that they heard of: whom to write to, and who died."""

from typing import Any
from uuid import UUID

from services.civil_registry import contents
from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.actor import TIME
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.errors import RecordUnknown
from services.civil_registry.domain.legal_moments import moments_of
from services.civil_registry.domain.local_time import local_day
from services.civil_registry.domain.record import Kind, Record, Status
from services.civil_registry.office import Office
from services.civil_registry.storage import deeds, looks, records
from services.messaging.work import Reading

_REASONS = ("refused_because", "revoked_because", "amended_because")
_TERM = ("not_before_at", "last_on")


def contact_of_record(reading: Reading, office: Office, *, record_id: UUID) -> dict[str, Any]:
    """Return where the declarant hears from us, and what a mail about the record's present state may say.

    A draft may have no address yet. A permit belongs to whoever declared the death.

    Raises: RecordUnknown (there is none, or its contact data are gone).
    """
    found = records.find(reading, office.secrets, record_id)
    if found is None:
        raise RecordUnknown
    case = case_of(reading, office, found, TIME)
    about = case.parent or found
    contact = about.part("contact")
    if not contact and about.submitted_at is not None:
        raise RecordUnknown
    return {
        "email": contact.get("email"),
        "phone": contact.get("phone"),
        "language": contact.get("language") or about.language,
        "receipt": found.receipt,
        "kind": found.kind,
        "status": found.status,
        "partner_email": found.part("partner_2").get("email"),
        "source": found.source,
        "facts": _facts(case, office),
    }


def departed(reading: Reading, office: Office, *, record_id: UUID) -> dict[str, Any]:
    """Return who died, for a service that must stop writing to him; the look is logged.

    Raises: RecordUnknown (no death stands in the register under this id, or none of somebody who was born alive).
    """
    found = records.find(reading, office.secrets, record_id)
    if found is None or not _stands_in_register(reading, found):
        raise RecordUnknown
    content = contents.typed(found, office.secrets)
    deceased, death = content.get("deceased"), content.get("death")
    if deceased is None or death is None or death["stillborn"]:
        raise RecordUnknown
    looks.note(
        reading,
        office.secrets,
        actor=TIME,
        purpose="control",
        record_id=found.id,
        persons=found.parties.values(),
    )
    return {
        "first_names": deceased["first_names"],
        "surname_prefix": deceased["surname_prefix"],
        "surname": deceased["surname"],
        "born_on": deceased["born_on"],
        "died_on": death["on"],
    }


def _stands_in_register(reading: Reading, found: Record) -> bool:
    return (
        found.kind is Kind.DEATH
        and found.status is Status.REGISTERED
        and found.deed_id is not None
        and not deeds.is_cancelled(reading, found.deed_id)
    )


def _facts(case: Case, office: Office) -> dict[str, Any]:
    record = case.record
    facts: dict[str, Any] = {"office": office.town.address, "telephone": office.town.telephone}
    facts |= {name: moment.isoformat() for name, moment in moments_of(case).items()}
    if record.question is not None:
        facts |= record.question.told()
    facts |= {name: record.extra[name] for name in _REASONS if name in record.extra}
    if "term" in record.extra:
        facts["term"] = {name: record.extra["term"][name] for name in _TERM}
    if record.status is Status.REFUSED and record.kind is not Kind.PERMIT and record.ended_at is not None:
        facts["remedy_by"] = case.terms.go_to_court_by(local_day(record.ended_at)).isoformat()
    return facts | (_of_marriage(record, office) if record.kind is Kind.MARRIAGE else {})


def _of_marriage(record: Record, office: Office) -> dict[str, Any]:
    facts = {name: record.extra[name] for name in ("starts_at", "ends_at") if name in record.extra}
    room = office.town.rooms.get(str(record.extra.get("room_id")))
    return facts | {"bond": record.content.get("bond", "marriage"), "room": room.name if room else ""}
