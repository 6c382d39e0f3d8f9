"""Every cell of every transition table: who may give which command in which status."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.civil_registry.describe import FILE, document
from services.civil_registry.domain.actor import TIME, Actor, Level, Role
from services.civil_registry.domain.errors import AssignedToOther, AssuranceTooLow, NotNow, NotYourRole
from services.civil_registry.domain.machine import check_version
from services.civil_registry.domain.machines import MACHINES
from services.civil_registry.domain.queues import QUEUES, queue_of
from services.civil_registry.domain.record import ENDED, Flag, Kind, Record, Source, Status
from services.contracts.civil_registry.events import EVENT_OF_WORD
from services.contracts.civil_registry.particulars import PARTICULARS

ROLES = [Role.RESIDENT, Role.UNDERTAKER, Role.CARE_PROVIDER, Role.CLERK, Role.OFFICER, Role.SPECIAL_OFFICER]
ROLES += [Role.MAYOR_DELEGATE, Role.MANAGER, Role.SYSTEM]


def actor(role, level=Level.SUBSTANTIAL, subject="someone"):
    return TIME if role is Role.SYSTEM else Actor(subject, frozenset({role}), level)


def record(kind, status, **more):
    return Record(
        id=UUID(int=1),
        kind=kind,
        status=status,
        version=3,
        facts=1,
        source=Source.ONLINE,
        language="nl",
        receipt="G-2026-000000",
        owner="x",
        content={},
        parties={},
        started_at=datetime(2026, 11, 26, tzinfo=UTC),
        assignee="someone",
        **more,
    )


CELLS = [
    (kind, status, command, role)
    for kind, machine in MACHINES.items()
    for status in machine.statuses
    for command in machine.commands
    if command not in ("start", "request")
    for role in ROLES
]


@pytest.mark.parametrize(("kind", "status"), [(k, s) for k, m in MACHINES.items() for s in m.statuses])
def test_each_cell_of_a_table_answers_as_its_rows_say(kind, status):
    """From the rows themselves: a cell without row is refused, one with rows is open to their roles only."""
    machine = MACHINES[kind]
    for _, __, command, role in (cell for cell in CELLS if cell[:2] == (kind, status)):
        rows = [row for row in machine.transitions if (row.source, row.command) == (status, command)]
        who = actor(role)
        if not rows:
            with pytest.raises(NotNow):
                machine.permitted(record(kind, status), command, who)
        elif any(role in row.roles for row in rows):
            assert machine.permitted(record(kind, status), command, who)
            assert command in machine.allowed(record(kind, status), who)
        else:
            with pytest.raises(NotYourRole):
                machine.permitted(record(kind, status), command, who)
            assert command not in machine.allowed(record(kind, status), who)


@pytest.mark.parametrize("kind", list(Kind))
def test_somebody_who_is_not_staff_needs_two_factors(kind):
    machine = MACHINES[kind]
    for row in machine.transitions:
        for role in row.roles & {Role.RESIDENT, Role.UNDERTAKER, Role.CARE_PROVIDER}:
            if row.source is None:
                continue
            with pytest.raises(AssuranceTooLow) as refused:
                machine.permitted(record(kind, row.source), row.command, actor(role, Level.BASIC))
            assert refused.value.facts == {"level": "two-factor"}


@pytest.mark.parametrize("kind", list(Kind))
def test_a_record_in_somebody_elses_hands_stays_there(kind):
    machine = MACHINES[kind]
    for row in machine.transitions:
        if row.assigned:
            mine = record(kind, row.source)
            for role in row.roles - {Role.SYSTEM}:
                with pytest.raises(AssignedToOther):
                    machine.permitted(replace(mine, assignee="another"), row.command, actor(role))


def test_who_read_an_older_version_is_told():
    with pytest.raises(Exception, match="Read the record again"):
        check_version(record(Kind.BIRTH, Status.DRAFT), 2)
    check_version(record(Kind.BIRTH, Status.DRAFT), 3)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_status_can_be_reached_and_every_life_can_end(kind):
    machine = MACHINES[kind]
    reached: set[Status | None] = {None}
    while True:
        more = {row.target for row in machine.transitions if row.source in reached} - reached
        if not more:
            break
        reached |= more
    assert reached == {None, *machine.statuses}
    for status in machine.statuses:
        onward = {row.target for row in machine.transitions if row.source is status} - {status}
        assert onward or status in ENDED, status


def test_every_event_of_a_table_has_a_contract_and_every_contract_is_told():
    told = {row.event for machine in MACHINES.values() for row in machine.transitions if row.event}
    assert told == set(EVENT_OF_WORD)


def test_particulars_are_only_described_for_commands_that_exist():
    assert set(PARTICULARS) <= {command for machine in MACHINES.values() for command in machine.commands}


def test_a_record_waits_in_exactly_one_queue_or_in_none():
    flags = [frozenset(), *(frozenset({flag}) for flag in Flag), frozenset(Flag)]
    for kind, machine in MACHINES.items():
        for status in machine.statuses:
            for some in flags:
                queue = queue_of(record(kind, status, flags=some))
                assert queue is None or queue in QUEUES
                assert (queue is None) == (
                    status in {*ENDED, Status.DRAFT, Status.AWAITING_PARTNER}
                    and (status is not Status.REGISTERED or queue is None)
                )


def test_the_document_says_what_the_tables_say():
    assert FILE.read_text(encoding="utf-8") == document()
