"""Records as their owners and staff see them. Each look at one is logged before anything comes back."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from services.civil_registry import contents
from services.civil_registry.commands.cases import case_of
from services.civil_registry.domain.actor import STAFF, Actor, Role
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.errors import NotYourRole, RecordUnknown
from services.civil_registry.domain.labels import label_of
from services.civil_registry.domain.legal_moments import moments_of
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.names import full
from services.civil_registry.domain.queues import QUEUES, queue_of
from services.civil_registry.domain.receipt import read_receipt
from services.civil_registry.domain.record import Kind, Record
from services.civil_registry.domain.serving import queues_served
from services.civil_registry.domain.visibility import asks, may_see
from services.civil_registry.office import Office
from services.civil_registry.storage import checks, deeds, documents, looks, records
from services.messaging.errors import Malformed
from services.messaging.work import Reading


def record(
    reading: Reading, office: Office, *, actor: Mapping[str, Any], record_id: UUID, purpose: str
) -> dict[str, Any]:
    """Return one record whole.

    Raises: RecordUnknown (also when it is not the asker's to see).
    """
    who = office.actor(actor)
    found = records.find(reading, office.secrets, record_id)
    if found is None or not may_see(found, who, office.owner(who)):
        raise RecordUnknown
    looks.note(reading, office.secrets, actor=who, purpose=purpose, record_id=found.id, persons=found.parties.values())
    return _told(reading, office, found, who)


def my_records(reading: Reading, office: Office, *, actor: Mapping[str, Any]) -> dict[str, Any]:
    """Return the records of who asks, newest first; staff sees what it started at the counter."""
    who = office.actor(actor)
    digest = office.secrets.digest(who.bsn) if who.bsn else None
    mine = records.of_owner(reading, office.secrets, office.owner(who), digest)
    return {"records": [line_of(one, with_label=True) | {"asks_you": asks(one, who)} for one in mine]}


def work_queue(
    reading: Reading, office: Office, *, actor: Mapping[str, Any], queue: str | None, offset: int
) -> dict[str, Any]:
    """Return how many records wait in each queue that the asker serves, and the first fifty of one.

    Raises: NotYourRole (also for a queue of others), Malformed (no such queue).
    """
    who = office.actor(actor)
    _only_staff(who)
    if queue is not None and queue not in QUEUES:
        raise Malformed({"queue": [f"One of {', '.join(QUEUES)}."]})
    served = queues_served(who.roles)
    if queue is not None and queue not in served:
        raise NotYourRole(roles=[str(Role.CLERK), str(Role.OFFICER)])
    lengths = records.queue_lengths(reading)
    overdue = records.overdue_lengths(reading, office.today(reading.now))
    waiting = records.in_queue(reading, office.secrets, queue, offset) if queue else ()
    if waiting:
        looks.note(reading, office.secrets, actor=who, purpose="handling", record_id=None, persons=(), queue=queue)
    return {
        "counts": [{"queue": name, "count": lengths.get(name, 0), "overdue": overdue.get(name, 0)} for name in served],
        "records": [line_of(one, with_label=True) for one in waiting],
    }


def find_records(
    reading: Reading,
    office: Office,
    *,
    actor: Mapping[str, Any],
    receipt: str | None,
    deed_number: str | None,
    bsn: str | None,
) -> dict[str, Any]:
    """Return the records with a receipt number or of a person; the search is logged.

    Raises: NotYourRole, Malformed (not exactly one of them, or a number that was not sealed here).
    """
    who = office.actor(actor)
    _only_staff(who)
    if sum(value is not None for value in (receipt, deed_number, bsn)) != 1:
        raise Malformed({"receipt": ["Give exactly one of receipt, deed_number and bsn."]})
    number = office.secrets.sealer.open(bsn) if bsn is not None else None
    persons = () if number is None else (number,)
    looks.note(reading, office.secrets, actor=who, purpose="search", record_id=None, persons=persons)
    found: tuple[Record, ...] = ()
    if number is not None:
        found = records.with_person(reading, office.secrets, office.secrets.digest(number))
    elif receipt is not None:
        one = records.by_receipt(reading, office.secrets, read_receipt(receipt))
        found = () if one is None else (one,)
    elif deed_number is not None:
        ids = deeds.records_with_number(reading, deed_number)
        found = tuple(filter(None, (records.find(reading, office.secrets, one) for one in ids)))
    return {"records": [line_of(one, with_label=True) for one in found]}


def line_of(one: Record, *, with_label: bool) -> dict[str, Any]:
    """Return a record as one line of a list."""
    return {
        "record_id": one.id,
        "kind": one.kind,
        "receipt": one.receipt,
        "status": one.status,
        "flags": sorted(one.flags),
        "queue": queue_of(one),
        "source": one.source,
        "version": one.version,
        "assignee": one.assignee,
        "started_at": one.started_at,
        "submitted_at": one.submitted_at,
        "due_on": one.due_on,
        "parent_id": one.parent_id,
        "label": label_of(one) if with_label else "",
    }


def _told(reading: Reading, office: Office, one: Record, who: Actor) -> dict[str, Any]:
    staff = who.may(STAFF)
    case = case_of(reading, office, one, who)
    deed = deeds.by_id(reading, one.deed_id) if one.deed_id else None
    return line_of(one, with_label=True) | {
        "asks_you": asks(one, who),
        "content": contents.joined(one, office.secrets),
        "evidence": [row._asdict() | {"evidence_id": row.id} for row in records.evidence_rows(reading, [one.id])],
        "history": [_entry(row, staff=staff) for row in records.history_of(reading, one.id)],
        "brp": _brp(reading, office, one) if staff else None,
        "allowed": list(MACHINES[one.kind].allowed(one, who)),
        "question": one.question and one.question.told(),
        "decisions": _decisions(one, staff=staff),
        "deed_number": deed.number.written if deed and staff else None,
        "children": [line_of(child, with_label=False) for child in case.children],
        "terms": {name: moment.isoformat() for name, moment in moments_of(case).items()},
        "documents": _documents(reading, one, staff=staff),
        "names": _partners(case),
    }


_DECIDED = ("refused_because", "revoked_because", "amended_because", "amendment_declined_because", "wish")
_DECIDED_FOR_STAFF = (*_DECIDED, "clearance", "second_officer", "duplicate_of", "measure", "term", "reported")


def _decisions(one: Record, *, staff: bool) -> dict[str, Any]:
    """Return what was decided; a declarant reads reasons, the funeral's other term, and what is forbidden."""
    if staff:
        return {name: one.extra[name] for name in _DECIDED_FOR_STAFF if one.extra.get(name) is not None}
    told = {name: one.extra[name] for name in _DECIDED if one.extra.get(name) is not None}
    term, measure = one.extra.get("term"), one.extra.get("measure")
    if term:
        told["term"] = {name: term[name] for name in ("plan", "not_before_at", "last_on", "reason")}
    return told | ({"forbidden": measure["forbids"]} if measure and measure["forbids"] else {})


def _partners(case: Case) -> dict[str, str]:
    """Return how the BRP calls the partners of a marriage: whoever sees the notice may know with whom it is."""
    known = case.brp.persons if case.brp is not None and case.record.kind is Kind.MARRIAGE else {}
    return {role: full(person.name) for role, person in known.items() if person is not None}


_FOR_DECLARANTS = ("receipt", "burial-permit")


def _documents(reading: Reading, one: Record, *, staff: bool) -> list[dict[str, Any]]:
    """Return the papers of a record and of what belongs to it, that the asker may have; the newest first."""
    return [
        {
            "document_id": str(paper.id),
            "kind": paper.kind,
            "number": paper.number,
            "issued_at": paper.issued_at.isoformat(),
            "state": str(documents.state_of(reading, paper.id)),
        }
        for paper in documents.of_record(reading, one.id)
        if staff or paper.kind in _FOR_DECLARANTS
    ]


def _entry(row: Any, *, staff: bool) -> dict[str, Any]:
    shown: dict[str, Any] = row._asdict() | {"by": row.by_role}
    if not staff:
        shown["staff_id"] = None
        if row.by_role not in ("resident", "undertaker", "care-provider") and row.command not in _TOLD_TO_DECLARANT:
            shown["note"] = ""
    return shown


_TOLD_TO_DECLARANT = frozenset(
    {
        "request-info",
        "refuse",
        "mark-duplicate",
        "revoke",
        "amend",
        "decide-term",
        "decline-amendment",
        "record-objection",
        "lift-objection",
    }
)
"""The remarks of staff that the declarant reads; all others are between colleagues."""


def _brp(reading: Reading, office: Office, one: Record) -> dict[str, Any] | None:
    found = checks.of_record(reading, office.secrets, one.id)
    if found is None:
        return None
    return {
        "state": "asked" if found["done_at"] is None or found["done_at"] < found["asked_at"] else "done",
        "checked_at": found["done_at"],
        "findings": found["findings"],
        "persons": found["persons"],
    }


def _only_staff(who: Actor) -> None:
    if not who.may(STAFF):
        raise NotYourRole(roles=sorted(str(role) for role in STAFF if role is not Role.MANAGER))
