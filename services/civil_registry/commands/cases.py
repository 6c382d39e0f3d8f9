"""Loads what the rules look at: they themselves ask nobody."""

from collections.abc import Mapping
from typing import Any

from services.civil_registry import contents
from services.civil_registry.domain.actor import Actor
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_notice import compared, notice_of
from services.civil_registry.domain.case import Alike, BrpCheck, Case
from services.civil_registry.domain.marriage_facts import PARTNERS
from services.civil_registry.domain.record import Kind, Record
from services.civil_registry.office import Office
from services.civil_registry.persons import persons_from
from services.civil_registry.storage import checks, notices, records
from services.civil_registry.storage.notices import BirthNotice
from services.messaging.work import Reading

_MAIN_ROLE = {Kind.BIRTH: "mother", Kind.DEATH: "deceased"}
"""Whose other records of the same kind may be about the same fact."""


def case_of(reading: Reading, office: Office, record: Record, actor: Actor) -> Case:
    """Return a record with everything that its rules look at."""
    parent = records.find(reading, office.secrets, record.parent_id) if record.parent_id else None
    family = [one.id for one in (record, parent) if one is not None]
    notice = _notice_of(reading, office, record) if record.kind is Kind.BIRTH else None
    said = notice.content if notice is not None else None
    return Case(
        record=record,
        content=contents.typed(record, office.secrets),
        actor=actor,
        now=reading.now,
        today=office.today(reading.now),
        is_working_day=office.offering.is_working_day,
        evidence=records.evidence_of(reading, family),
        brp=_check_of(reading, office, record if parent is None else parent),
        officer=office.officer(actor),
        party_digests=frozenset(
            office.secrets.digest(bsn).hex() for one in (record, parent) if one for bsn in one.parties.values()
        ),
        notice=said,
        notice_id=notice.id if notice is not None else None,
        notice_differs=notice_differences(office, record, said) if said is not None else (),
        parent=parent,
        parent_content=contents.typed(parent, office.secrets) if parent else {},
        children=records.children_of(reading, office.secrets, record.id),
        alike=_alike(reading, office, record),
        policy=office.offering.policies.on(office.today(reading.now)),
        terms=office.offering.terms,
        rooms=office.town.rooms,
        officers=office.town.officers,
        engaged=_engaged(reading, office, record),
    )


def _notice_of(reading: Reading, office: Office, record: Record) -> BirthNotice | None:
    """Return the notice of a declaration: the one that belongs to it, else one that came before it and fits it best."""
    mother = record.parties.get("mother")
    mine = notices.of_record(reading, record.id)
    if mine is not None or mother is None:
        return mine
    free = [notice for notice in notices.about_mother(reading, office.secrets, mother) if notice.record_id is None]
    said = {contents.noticed(notice.content, mother): notice for notice in free}
    best = notice_of(BirthFacts.of(contents.typed(record, office.secrets)), mother, said)
    return said[best] if best is not None else None


def notice_differences(office: Office, record: Record, said: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the fields in which a notice contradicts a declaration."""
    mother = record.parties.get("mother", "")
    facts = BirthFacts.of(contents.typed(record, office.secrets))
    return compared(facts, mother, contents.noticed(said, mother)).differs


def _engaged(reading: Reading, office: Office, record: Record) -> frozenset[str]:
    """Return which partners take part in another notice that has not ended."""
    if record.kind is not Kind.MARRIAGE:
        return frozenset()
    return frozenset(
        role
        for role in PARTNERS
        if role in record.parties
        and records.takes_part_in_another(reading, record.id, office.secrets.digest(record.parties[role]))
    )


def _check_of(reading: Reading, office: Office, record: Record) -> BrpCheck | None:
    found = checks.of_record(reading, office.secrets, record.id)
    if found is None or (record.facts_since is not None and found["asked_at"] < record.facts_since):
        return None
    done_at = found["done_at"]
    pending = done_at is not None and done_at < found["asked_at"]
    return BrpCheck(done_at, persons_from(found["persons"]), tuple(found["findings"]), pending)


def _alike(reading: Reading, office: Office, record: Record) -> tuple[Alike, ...]:
    role = _MAIN_ROLE.get(record.kind)
    bsn = record.parties.get(role) if role else None
    if role is None or bsn is None:
        return ()
    found = records.like_it(reading, office.secrets, record, role, office.secrets.digest(bsn))
    return tuple(Alike(one, contents.typed(one, office.secrets)) for one in found)
