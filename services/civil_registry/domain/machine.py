"""Transitions as data: from one table per kind come what may happen, who may do it, the documentation and the tests."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.civil_registry.domain.actor import Actor, Level, Role
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.errors import (
    AssignedToOther,
    AssuranceTooLow,
    NotNow,
    NotYourRole,
    VersionConflict,
)
from services.civil_registry.domain.record import Kind, Record, Status

Particulars = Mapping[str, Any]
Guard = Callable[[Case, Particulars], None]
"""Does nothing when the rules allow it. Raises: Refusal."""
Condition = Callable[[Case, Particulars], bool]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table. `event` is the last word of its type on the wire; empty: nothing that others need to know."""

    command: str
    source: Status | None
    target: Status
    roles: frozenset[Role]
    event: str = ""
    guards: tuple[Guard, ...] = ()
    when: Condition | None = None
    """Of several rows with one source and command the first whose condition holds is taken."""
    complete: bool = False
    """Everything that the kind's content must say has to be there."""
    assigned: bool = False
    """Only for whom the record is assigned to."""
    level: Level = Level.TWO_FACTOR
    """How sure we must be of who somebody is who is not staff. Source: Besluit elektronische dienstverlening art. 2."""


@dataclass(frozen=True, slots=True)
class Machine:
    """The life of one kind of record."""

    kind: Kind
    transitions: tuple[Transition, ...]
    by_step: Mapping[tuple[Status | None, str], tuple[Transition, ...]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the rows by where they begin."""
        steps: dict[tuple[Status | None, str], list[Transition]] = {}
        for row in self.transitions:
            steps.setdefault((row.source, row.command), []).append(row)
        object.__setattr__(self, "by_step", {step: tuple(rows) for step, rows in steps.items()})

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Return the statuses that a record of this kind can have, in the order of the table."""
        return tuple(dict.fromkeys(row.target for row in self.transitions))

    @property
    def commands(self) -> tuple[str, ...]:
        """Return all commands, in the order of the table."""
        return tuple(dict.fromkeys(row.command for row in self.transitions))

    def rows(self, status: Status | None, command: str) -> tuple[Transition, ...]:
        """Return the rows for a command in a status.

        Raises: NotNow (there is none).
        """
        found = self.by_step.get((status, command))
        if found is None:
            raise NotNow(command=command, status=None if status is None else str(status))
        return found

    def permitted(self, record: Record, command: str, actor: Actor) -> tuple[Transition, ...]:
        """Return the rows for a command that this actor may give on this record, before any look at its content.

        Raises: NotNow, NotYourRole, AssuranceTooLow, AssignedToOther.
        """
        rows = self.rows(record.status, command)
        return permitted_rows(rows, actor, record)

    def allowed(self, record: Record, actor: Actor) -> tuple[str, ...]:
        """Return the commands that this actor may give now, as far as role, level and assignment decide."""
        return tuple(command for command in self.commands if self._open_to(record, command, actor))

    def _open_to(self, record: Record, command: str, actor: Actor) -> bool:
        rows = self.by_step.get((record.status, command), ())
        try:
            permitted_rows(rows, actor, record)
        except (NotYourRole, AssuranceTooLow, AssignedToOther):
            return False
        return bool(rows)


def permitted_rows(rows: Iterable[Transition], actor: Actor, record: Record | None = None) -> tuple[Transition, ...]:
    """Return those of the rows that an actor may take.

    Raises: NotYourRole, AssuranceTooLow, AssignedToOther.
    """
    known = tuple(rows)
    fitting = tuple(row for row in known if actor.may(row.roles))
    if not fitting and known:
        raise NotYourRole(roles=sorted({str(role) for row in known for role in row.roles}))
    if actor.staff_id is None:
        least = min((row.level for row in fitting), default=Level.BASIC)
        if actor.level < least:
            raise AssuranceTooLow(level=least.label)
    elif record is not None and any(row.assigned for row in fitting) and record.assignee != actor.staff_id:
        raise AssignedToOther(assignee=record.assignee)
    return fitting


def chosen(rows: Iterable[Transition], case: Case, particulars: Particulars) -> Transition:
    """Return the row whose condition holds, when its guards allow it.

    Raises: Refusal (of a guard).
    """
    row = next(row for row in rows if row.when is None or row.when(case, particulars))
    for guard in row.guards:
        guard(case, particulars)
    return row


def check_version(record: Record, expected_version: int) -> None:
    """Do nothing when nobody changed the record since it was read.

    Raises: VersionConflict.
    """
    if record.version != expected_version:
        raise VersionConflict(version=record.version)
