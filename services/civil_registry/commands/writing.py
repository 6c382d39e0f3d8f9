"""What is written beside a record when it changes: history, timers, the fact for others; and records that begin."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from services.civil_registry.domain.actor import TIME, Actor
from services.civil_registry.domain.deadlines import due_commands
from services.civil_registry.domain.machine import Transition
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.receipt import new_receipt
from services.civil_registry.domain.record import ENDED, Kind, Record, Status
from services.civil_registry.office import Office
from services.civil_registry.storage import records
from services.contracts.civil_registry.events import EVENT_OF_WORD
from services.messaging.work import Work

_RECEIPT_BYTES = 5


def write_down(
    work: Work, office: Office, after: Record, row: Transition, came_from: Status | None, who: Actor, words: str
) -> None:
    """Write the line of the history, set the timers, and tell others, after a record was stored."""
    role = min(str(role) for role in row.roles & who.roles)
    records.note(work, after, command=row.command, came_from=came_from, actor=who, role=role, words=words)
    policy = office.offering.policies.on(office.today(work.now))
    records.set_timers(work, after.id, due_commands(after, now=work.now, terms=office.offering.terms, policy=policy))
    if row.event:
        work.publish(
            EVENT_OF_WORD[row.event],
            about=after.id,
            version=after.facts,
            record_id=after.id,
            kind=after.kind,
            status=after.status,
            channel=after.channel,
        )


def keeping(after: Record, office: Office, now: datetime) -> Record:
    """Return a record that knows until when what it says is kept, once it has ended."""
    if after.status not in ENDED:
        return replace(after, destroy_on=None)
    ended_on = office.today(after.ended_at or now)
    return replace(after, destroy_on=office.offering.retention.last_on(after, ended_on))


def free_receipt(work: Work, kind: Kind) -> str:
    """Return a receipt number that no record has."""
    while True:
        receipt = new_receipt(kind, work.now.year, work.token(_RECEIPT_BYTES))
        if records.receipt_is_free(work, receipt):
            return receipt


def settle_child(work: Work, office: Office, before: Record, command: str) -> None:
    """Let time give a command to a record that belongs to another one; its row of the table knows no conditions."""
    row = MACHINES[before.kind].rows(before.status, command)[0]
    after = replace(
        before, status=row.target, version=before.version + 1, facts=before.facts + bool(row.event), ended_at=work.now
    )
    after = keeping(after, office, work.now)
    records.change(work, office.secrets, before, after)
    write_down(work, office, after, row, before.status, TIME, "")


def begin_child(
    work: Work,
    office: Office,
    parent: Record,
    kind: Kind,
    *,
    content: Mapping[str, Any],
    extra: Mapping[str, Any],
    due_on: date | None,
) -> Record:
    """Return a record that belongs to another one and begins by itself, such as the permit of a death."""
    row = MACHINES[kind].rows(None, "request")[0]
    new = Record(
        id=work.new_id(),
        kind=kind,
        status=row.target,
        version=1,
        facts=1,
        source=parent.source,
        language=parent.language,
        receipt=free_receipt(work, kind),
        owner=parent.owner,
        content=content,
        parties={},
        started_at=work.now,
        facts_since=work.now,
        submitted_at=work.now,
        parent_id=parent.id,
        extra=extra,
        due_on=due_on,
    )
    records.add(work, office.secrets, new)
    write_down(work, office, new, row, None, TIME, "")
    return new
