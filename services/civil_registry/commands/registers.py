"""What is added to deeds and registers after they were made: never a change, always a row more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from services.civil_registry.commands.writing import tell
from services.civil_registry.domain.actor import Actor, Role
from services.civil_registry.domain.deed import DeedNumber
from services.civil_registry.domain.deed_content import DeedContent
from services.civil_registry.domain.errors import (
    DeedCancelled,
    DeedNotRegistered,
    DeedUnknown,
    NotYourRole,
    OfficerIsParty,
    OfficerNotCompetent,
    RegisterStillOpen,
)
from services.civil_registry.domain.extracts import changeable, extract_content
from services.civil_registry.domain.mentions import (
    CANCELLED,
    COURT_ORDER,
    Judgment,
    Mention,
    check_final,
    court_order,
    slip_correction,
)
from services.civil_registry.domain.record import Record
from services.civil_registry.domain.registrars import check_competent
from services.civil_registry.office import Office
from services.civil_registry.storage import deeds, documents, looks, records
from services.civil_registry.storage.deeds import StoredDeed
from services.contracts.civil_registry.events import DeedCancelledByCourt
from services.messaging.errors import Malformed
from services.messaging.log import get_logger
from services.messaging.work import Reading, Work

log = get_logger()

_REGISTRAR = frozenset({Role.OFFICER})


def add_mention(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    register_year: int,
    number: str,
    kind: str,
    text: str,
    changes: Mapping[str, str],
    source_reference: str,
) -> dict[str, Any]:
    """Add a later mention (*latere vermelding*) to a deed; the same source twice is one mention.

    Raises: NotYourRole, OfficerNotCompetent, OfficerIsParty, DeedUnknown, Malformed (a change that cannot be).
    Source: BW 1:20-1:20g; BBS art. 21, 22, 41.
    """
    who, deed, _ = _opened(work, office, actor, register_year, number)
    _check_changes(deed, Mention(kind, text, changes))
    mention_id = deeds.add_mention(
        work, deed.id, kind=kind, words=text, changes=changes, source_reference=source_reference, by=who.subject
    )
    log.info("later_mention_added", deed_id=deed.id, mention_id=mention_id, kind=kind)
    return {}


def add_court_order(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    register_year: int,
    number: str,
    court: str,
    country: str,
    judged_on: date,
    orders: str,
    cancels: bool,
    changes: Mapping[str, str],
    source_reference: str,
) -> dict[str, Any]:
    """Mention an order of the court on a deed, once it is final; a deed that it strikes out gives no extracts.

    Raises: NotYourRole, OfficerNotCompetent, OfficerIsParty, DeedUnknown, CourtOrderNotFinal, Malformed (a change that
    cannot be).
    Source: BW 1:20 lid 1, 1:24, 1:24b lid 2; BBS art. 41 lid 3.
    """
    who, deed, about = _opened(work, office, actor, register_year, number)
    stood = not deeds.is_cancelled(work, deed.id)
    judgment = Judgment(court, judged_on, country)
    check_final(judgment, office.today(work.now), office.offering.terms)
    _check_changes(deed, Mention(COURT_ORDER, "", changes))
    mention = court_order(
        judgment=judgment, orders=orders, changes={**changes, **({CANCELLED: "true"} if cancels else {})}
    )
    deeds.add_mention(
        work,
        deed.id,
        kind=mention.kind,
        words=mention.text,
        changes=mention.changes,
        source_reference=source_reference,
        by=who.subject,
    )
    if stood and deeds.is_cancelled(work, deed.id):
        cancelled = replace(about, facts=about.facts + 1)
        records.change(work, office.secrets, about, cancelled)
        tell(work, cancelled, DeedCancelledByCourt)
    log.info("court_order_mentioned", deed_id=deed.id)
    return {}


def correct_slip(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    register_year: int,
    number: str,
    wrong: str,
    right: str,
    changes: Mapping[str, str],
    source_reference: str,
) -> dict[str, Any]:
    """Correct an obvious slip (*kennelijke misslag*) by later mention; the deed itself stays as it is.

    Raises: NotYourRole, OfficerNotCompetent, OfficerIsParty, DeedUnknown, Malformed (a change that cannot be).
    Source: BW 1:24a.
    """
    who, deed, _ = _opened(work, office, actor, register_year, number)
    _check_changes(deed, Mention("", "", changes))
    mention = slip_correction(wrong=wrong, right=right, changes=changes)
    deeds.add_mention(
        work,
        deed.id,
        kind=mention.kind,
        words=mention.text,
        changes=mention.changes,
        source_reference=source_reference,
        by=who.subject,
    )
    log.info("deed_slip_corrected", deed_id=deed.id)
    return {}


def block_extracts(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    register_year: int,
    number: str,
    blocked: bool,
    reason: str,
) -> dict[str, Any]:
    """Let no extract be given of a deed that is in doubt, or let it again.

    Raises: NotYourRole, OfficerNotCompetent, OfficerIsParty, DeedUnknown.
    """
    who, deed, _ = _opened(work, office, actor, register_year, number)
    deeds.block(work, deed.id, blocked=blocked, reason=reason, by=who.subject)
    log.info("extracts_blocked" if blocked else "extracts_allowed", deed_id=deed.id)
    return {}


def close_register(
    work: Work, office: Office, *, actor: Mapping[str, Any], register: str, register_year: int
) -> dict[str, Any]:
    """Close a register of a past year, once all its deeds are signed and registered.

    Raises: NotYourRole, OfficerNotCompetent, RegisterStillOpen.
    Source: BBS art. 7, 16.
    """
    who = office.actor(actor)
    _check_competent(office, who, office.today(work.now))
    deeds.lock_parts(work, register, register_year)
    unsigned = deeds.unsigned(work, register, register_year)
    if register_year >= office.today(work.now).year or unsigned:
        raise RegisterStillOpen(unsigned=unsigned)
    deeds.close_parts(work, register, register_year, by=who.subject)
    log.info("register_closed", kind=register, version=register_year)
    return {}


def registers(reading: Reading, office: Office, *, actor: Mapping[str, Any]) -> dict[str, Any]:
    """Return all parts of all registers.

    Raises: NotYourRole.
    """
    _check_role(office.actor(actor))
    return {
        "parts": [
            {
                "register": row.register,
                "part": row.part,
                "register_year": row.year,
                "last_number": row.last_number,
                "closed_at": row.closed_at,
            }
            for row in deeds.parts(reading)
        ]
    }


def deed(
    reading: Reading, office: Office, *, actor: Mapping[str, Any], register_year: int, number: str
) -> dict[str, Any]:
    """Return a deed with all that was added to it; the look is logged first.

    Raises: NotYourRole, DeedUnknown.
    Source: BW 1:23a (only keepers of the registers and prosecutors see deeds).
    """
    who = office.actor(actor)
    _check_role(who)
    found = found_deed(reading, register_year, number)
    parties = records.find(reading, office.secrets, found.record_id)
    looks.note(
        reading,
        office.secrets,
        actor=who,
        purpose="deed",
        record_id=found.record_id,
        persons=parties.parties.values() if parties else (),
    )
    return told(reading, found)


def told(reading: Reading, found: StoredDeed) -> dict[str, Any]:
    """Return a deed as contracts tell it."""
    steps = {row.step: row.at for row in deeds.steps_of(reading, found.id)}
    rows = deeds.mentions_of(reading, found.id)
    mentions = [Mention(row.kind, row.text, row.changes) for row in rows]
    return {
        "deed_id": found.id,
        "record_id": found.record_id,
        "register": found.number.register,
        "register_year": found.number.year,
        "number": found.number.written,
        "brp_number": found.number.for_brp,
        "text": found.text,
        "drawn_at": found.drawn_at,
        "drawn_by": found.drawn_by,
        "printed_at": steps.get("printed"),
        "signed_at": steps.get("signed"),
        "mentions": [row._asdict() | {"mention_id": row.id} for row in rows],
        "blocked": deeds.blocked_because(reading, found.id),
        "registered_at": steps.get("registered"),
        "cancelled": any(CANCELLED in mention.changes for mention in mentions),
        "now": changeable(DeedContent.of(found.content), mentions),
        "documents": _papers(reading, found),
    }


def _papers(reading: Reading, found: StoredDeed) -> list[dict[str, Any]]:
    return [
        {
            "document_id": str(paper.id),
            "kind": paper.kind,
            "number": paper.number,
            "issued_at": paper.issued_at.isoformat(),
            "state": str(documents.state_of(reading, paper.id)),
        }
        for paper in documents.of_record(reading, found.record_id)
        if paper.deed_id == found.id
    ]


def found_deed(reading: Reading, register_year: int, number: str) -> StoredDeed:
    """Return the deed with a number of six positions.

    Raises: DeedUnknown, DeedNumberInvalid.
    """
    found = deeds.by_number(reading, DeedNumber.read(number, year=register_year))
    if found is None:
        raise DeedUnknown
    return found


def _opened(
    work: Work, office: Office, actor: Mapping[str, Any], register_year: int, number: str
) -> tuple[Actor, StoredDeed, Record]:
    """Return who adds to a deed, the deed and its record, both locked: the record first, as commands on it do."""
    who = office.actor(actor)
    _check_competent(office, who, office.today(work.now))
    found = found_deed(work, register_year, number)
    about = records.lock(work, office.secrets, found.record_id)
    if about is None:
        raise RuntimeError("a deed has a record")
    deeds.lock(work, found.id)
    if not deeds.is_registered(work, found.id):
        raise DeedNotRegistered
    officer = office.officer(who)
    digests = {office.secrets.digest(bsn).hex() for bsn in about.parties.values()}
    if officer is not None and officer.bsn_digest in digests:
        raise OfficerIsParty
    return who, found, about


def _check_changes(found: StoredDeed, mention: Mention) -> None:
    """The extract can tell what a mention changes. Striking a deed out is a court's alone.

    Raises: Malformed.
    """
    try:
        extract_content(DeedContent.of(found.content), [mention])
    except (ValueError, TypeError, DeedCancelled):
        raise Malformed({"changes": ["Name fields of the deed's first part, with what they can hold."]}) from None


def _check_role(who: Actor) -> None:
    if not who.may(_REGISTRAR):
        raise NotYourRole(roles=[str(role) for role in _REGISTRAR])


def _check_competent(office: Office, who: Actor, on: date) -> None:
    _check_role(who)
    officer = office.officer(who)
    if officer is None:
        raise OfficerNotCompetent(task="later-mention")
    check_competent(officer, task="later-mention", on=on)
