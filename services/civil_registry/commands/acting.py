"""How every command on a record goes: load and lock, ask the table and the rules, do the effect, write it down, tell.

One transaction, opened by the edge. The table says what may happen (`domain/machines.py`); an effect says what else
becomes true by it (`commands/effects.py`).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from services.civil_registry import contents
from services.civil_registry.commands.cases import case_of
from services.civil_registry.commands.effects import EFFECTS, Step
from services.civil_registry.commands.opening import locked_record
from services.civil_registry.commands.writing import free_receipt, keeping, write_down
from services.civil_registry.domain.actor import TIME, Actor
from services.civil_registry.domain.errors import NotNow
from services.civil_registry.domain.machine import Transition, check_version, chosen, permitted_rows
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.record import ENDED, Kind, Record, Status, source_of
from services.civil_registry.office import Office
from services.civil_registry.storage import records
from services.contracts.base import load
from services.contracts.civil_registry.particulars import particulars_of
from services.messaging.log import get_logger
from services.messaging.work import Work

log = get_logger()

_WORDS = ("reason", "ground", "note")
"""Where particulars hold what the history tells."""
_BEFORE_SUBMISSION = (Status.DRAFT, Status.AWAITING_PARTNER)


def start_record(
    work: Work, office: Office, *, actor: Mapping[str, Any], kind: str, language: str, content: Mapping[str, Any]
) -> dict[str, Any]:
    """Begin a draft, perhaps with parts of its content.

    Raises: NotYourRole, AssuranceTooLow, Malformed.
    """
    who = office.actor(actor)
    what = Kind(kind)
    row = permitted_rows(MACHINES[what].rows(None, "start"), who)[0]
    told, numbers = contents.split(contents.checked_parts(what, content), office)
    new = Record(
        id=work.new_id(),
        kind=what,
        status=row.target,
        version=1,
        facts=1,
        source=source_of(who),
        language=language,
        receipt=free_receipt(work, what),
        owner=office.owner(who),
        content=told,
        parties=numbers,
        started_at=work.now,
        facts_since=work.now,
    )
    records.add(work, office.secrets, new)
    write_down(work, office, new, row, None, who, "")
    return settled(new)


def save_draft(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    record_id: UUID,
    expected_version: int,
    content: Mapping[str, Any],
) -> dict[str, Any]:
    """Keep parts of what is declared, as long as nobody reviews it.

    Raises: RecordUnknown, NotNow, NotYourRole, AssuranceTooLow, VersionConflict, Malformed.
    """
    who = office.actor(actor)
    before = locked_record(work, office, record_id, who)
    rows = MACHINES[before.kind].permitted(before, "save", who)
    check_version(before, expected_version)
    told, numbers = contents.split(contents.checked_parts(before.kind, content), office)
    filled = replace(
        before,
        content={**before.content, **told},
        parties={name: bsn for name, bsn in before.parties.items() if name not in told} | numbers,
        facts_since=work.now,
    )
    row = chosen(rows, case_of(work, office, filled, who), {})
    after = _settle(work, office, before, filled, row, who, command="save", words="")
    return settled(after)


def act(
    work: Work,
    office: Office,
    *,
    actor: Mapping[str, Any],
    record_id: UUID,
    command: str,
    expected_version: int,
    particulars: Mapping[str, Any],
) -> dict[str, Any]:
    """Do one of the commands of the record's table.

    Raises: RecordUnknown, NotNow, NotYourRole, AssuranceTooLow, AssignedToOther, VersionConflict, Malformed, and what
    the rules refuse.
    """
    who = office.actor(actor)
    if command in ("start", "save"):
        raise NotNow(command=command, status=None)
    before = locked_record(work, office, record_id, who)
    rows = MACHINES[before.kind].permitted(before, command, who)
    check_version(before, expected_version)
    asked = load(particulars_of(command), particulars)
    return settled(perform(work, office, before, rows, who, command=command, particulars=asked))


def perform(
    work: Work,
    office: Office,
    before: Record,
    rows: tuple[Transition, ...],
    who: Actor,
    *,
    command: str,
    particulars: Mapping[str, Any],
) -> Record:
    """Take the row of a permitted command whose condition holds; the record is locked.

    Raises: Refusal (of a rule).
    """
    if any(row.complete for row in rows):
        contents.whole(before, office.secrets)
    case = case_of(work, office, before, who)
    row = chosen(rows, case, particulars)
    effect = EFFECTS.get((before.kind, command)) or EFFECTS.get((None, command))
    changed = before
    if effect is not None:
        changed = effect(Step(work, office, case, particulars, row))
    words = next((str(particulars[name]) for name in _WORDS if particulars.get(name)), "")
    return _settle(work, office, before, changed, row, who, command=command, words=words)


def let_time_act(work: Work, office: Office, record_id: UUID, command: str) -> Record | None:
    """Give a command because its time has come; None when the record is past it."""
    before = records.lock(work, office.secrets, record_id)
    if before is None:
        return None
    try:
        rows = MACHINES[before.kind].permitted(before, command, TIME)
    except NotNow:
        return None
    return perform(work, office, before, rows, TIME, command=command, particulars={})


def settled(record: Record) -> dict[str, Any]:
    """Return what a command answers."""
    return {
        "record_id": record.id,
        "receipt": record.receipt,
        "status": record.status,
        "version": record.version,
    }


def _settle(
    work: Work,
    office: Office,
    before: Record,
    changed: Record,
    row: Transition,
    who: Actor,
    *,
    command: str,
    words: str,
) -> Record:
    submitted_now = before.submitted_at is None and row.target not in (*_BEFORE_SUBMISSION, *ENDED)
    after = replace(
        changed,
        status=row.target,
        version=before.version + 1,
        facts=before.facts + bool(row.event),
        submitted_at=work.now if submitted_now else changed.submitted_at,
        ended_at=work.now if row.target in ENDED and before.ended_at is None else changed.ended_at,
    )
    after = keeping(after, office, work.now)
    records.change(work, office.secrets, before, after)
    write_down(work, office, after, row, before.status, who, words)
    log.info("record_changed", record_id=after.id, kind=after.kind, state=after.status, method=command)
    return after
