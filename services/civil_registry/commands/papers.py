"""The papers that commands give out: sheets to sign, permits, receipts, extracts."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.civil_registry.commands import documents as issuing
from services.civil_registry.commands.effects.step import Step
from services.civil_registry.commands.registers import found_deed
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.deed_content import DeathFirst, DeedContent
from services.civil_registry.domain.deed_contents import death_first
from services.civil_registry.domain.errors import (
    CopyInterestMissing,
    DeedNotRegistered,
    ExtractBlocked,
    NotYourRole,
    OfficerNotCompetent,
)
from services.civil_registry.domain.extracts import extract_content
from services.civil_registry.domain.funerals import SCIENCE
from services.civil_registry.domain.mentions import Mention
from services.civil_registry.domain.permit_guards import allowed_window
from services.civil_registry.domain.record import Record
from services.civil_registry.domain.registrars import check_competent
from services.civil_registry.office import Office
from services.civil_registry.paper_contents import death_facts, extract_paper, laid_out, multilingual_paper
from services.civil_registry.papers import contents as paper
from services.civil_registry.storage import deeds, documents, looks, records
from services.civil_registry.storage.deeds import StoredDeed
from services.civil_registry.storage.documents import StoredDocument
from services.messaging.work import Work

_PERMIT = "burial-permit"


def print_sheet(step: Step) -> None:
    """Make the sheet of a deed that is to be signed by hand."""
    deed_id = step.record.deed_id
    found = deeds.by_id(step.work, deed_id) if deed_id else None
    if found is None:
        raise RuntimeError("a record in this status has a deed")
    sheet = paper.Deed(issuer=issuer_of(step.office), deed=laid_out(DeedContent.of(found.content)))
    issuing.issue(
        step.work,
        step.office.desk,
        sheet,
        language="nl",
        issued_by=step.by,
        record_id=step.record.id,
        deed_id=found.id,
    )


def issue_receipt(step: Step, after: Record, *, about: tuple[str, ...], declaration: str) -> None:
    """Make the receipt of what was declared (*ontvangstbewijs*)."""
    receipt = paper.Receipt(
        issuer=issuer_of(step.office),
        number=after.receipt,
        declaration=declaration,
        received_at=step.case.now,
        about=about,
        papers=tuple(dict.fromkeys(row.kind for row in records.evidence_rows(step.work, [after.id]))),
        due_on=after.due_on,
    )
    issuing.issue(step.work, step.office.desk, receipt, language=after.language, issued_by="system", record_id=after.id)


def issue_permit(step: Step, after: Record) -> StoredDocument:
    """Make the permit to bury, cremate or dissect (*verlof*), for the plan that the record says."""
    parent, funeral = step.case.parent, after.part("funeral")
    allowed = allowed_window(step.case, funeral["kind"])
    deed = deeds.by_id(step.work, parent.deed_id) if parent is not None and parent.deed_id else None
    term = after.extra.get("term") if funeral["kind"] != SCIENCE else None
    permit = paper.FuneralPermit(
        issuer=issuer_of(step.office),
        number=after.receipt,
        funeral=paper.Funeral(funeral["kind"]),
        place=funeral.get("place", ""),
        deceased=death_facts(_deceased(step, deed)),
        deed=paper.DeedReference(deed.number.written, deed.number.year) if deed else None,
        not_before=allowed.possible_from,
        not_after=allowed.last_on,
        term_decision=str(term["reason"]) if term else "",
        officer=_officer(step.office, step.by),
    )
    return issuing.issue(
        step.work,
        step.office.desk,
        permit,
        language="nl",
        issued_by=step.by,
        record_id=after.id,
        deed_id=deed.id if deed else None,
    )


def replace_permit(step: Step, after: Record) -> None:
    """Make the permit anew, and let it stand in the place of the one that was given."""
    standing = _standing_permits(step)
    new = issue_permit(step, after)
    for one in standing:
        issuing.replace(step.work, one.id, replaced_by=new.id, by=step.by, reason=step.particulars["reason"])


def withdraw_permit(step: Step) -> None:
    """Let the permit that was given not count any more."""
    for one in _standing_permits(step):
        issuing.withdraw(step.work, one.id, by=step.by, reason=step.particulars["reason"])


def _standing_permits(step: Step) -> list[StoredDocument]:
    given = documents.of_record(step.work, step.record.id)
    return [one for one in given if one.kind == _PERMIT and documents.state_of(step.work, one.id) == "valid"]


def issue_extract(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    register_year: int,
    number: str,
    kind: str,
    language: str,
    interest: str,
) -> dict[str, Any]:
    """Give out an extract, a multilingual one, or a full copy of a deed as it is after its mentions.

    Raises: NotYourRole, OfficerNotCompetent, DeedUnknown, DeedNotRegistered, ExtractBlocked, CopyInterestMissing,
    DeedCancelled.
    Source: BW 1:23b; BBS art. 26, 48, 59.
    """
    who = office.actor(actor)
    _check_may_extract(office, who.staff_id, who.roles, office.today(work.now))
    found = found_deed(work, register_year, number)
    if not deeds.is_registered(work, found.id):
        raise DeedNotRegistered
    reason = deeds.blocked_because(work, found.id)
    if reason is not None:
        raise ExtractBlocked(reason=reason)
    if kind == "full-copy" and not interest.strip():
        raise CopyInterestMissing
    about = records.find(work, office.secrets, found.record_id)
    issued = issuing.issue(
        work,
        office.desk,
        _paper_of(work, office, found, kind, who.subject),
        language=language,
        issued_by=who.subject,
        record_id=found.record_id,
        deed_id=found.id,
    )
    persons = about.parties.values() if about else ()
    looks.note(work, office.secrets, actor=who, purpose="extract", record_id=found.record_id, persons=persons)
    return {"document_id": issued.id}


def issuer_of(office: Office) -> paper.Issuer:
    """Return who gives papers out."""
    return paper.Issuer(office.town.name, office.town.address, office.town.telephone)


def _paper_of(work: Work, office: Office, found: StoredDeed, kind: str, staff_id: str) -> paper.Paper:
    content, officer, issuer = DeedContent.of(found.content), _officer(office, staff_id), issuer_of(office)
    rows = deeds.mentions_of(work, found.id)
    if kind == "full-copy":
        added = tuple(
            paper.Mention(row.text, office.today(row.added_at), _officer(office, row.added_by).name) for row in rows
        )
        return paper.FullCopy(issuer=issuer, deed=laid_out(content), mentions=added, officer=officer)
    now = extract_content(content, [Mention(row.kind, row.text, row.changes) for row in rows])
    shape = extract_paper if kind == "extract" else multilingual_paper
    return shape(now, issuer=issuer, officer=officer)


def _deceased(step: Step, deed: StoredDeed | None) -> DeathFirst:
    """Return who died: as the deed says; of a stillborn child, or before there is a deed, as was declared."""
    first = DeedContent.of(deed.content).first if deed is not None else None
    return first if isinstance(first, DeathFirst) else death_first(step.case.of_parent(), town=step.office.town.name)


def _officer(office: Office, staff_id: str) -> paper.Officer:
    town = office.town
    return paper.Officer(town.officer_names.get(staff_id) or town.delegate_names.get(staff_id, staff_id))


def _check_may_extract(office: Office, staff_id: str | None, roles: frozenset[Role], on: date) -> None:
    if Role.OFFICER not in roles:
        raise NotYourRole(roles=["officer"])
    officer = office.town.officers.get(staff_id or "")
    if officer is None:
        raise OfficerNotCompetent(task="extract")
    check_competent(officer, task="extract", on=on)
