"""The rows of changed openings, and of the visits that lost their counter by them."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, insert, select, text, update

from services.appointments.domain.openings import Span
from services.appointments.domain.openings_change import (
    OPEN_STATES,
    AffectedState,
    AffectedVisit,
    ChangeKind,
    OpeningChange,
)
from services.appointments.storage.consistency import outside
from services.appointments.tables import affected_visit as affected
from services.appointments.tables import opening_change as table
from services.messaging.work import Reading, Work


def in_force(reading: Reading, first_on: date, last_on: date) -> list[OpeningChange]:
    """Return the changes that hold on any day between two days, both included, in the order in which they were made."""
    statement = select(table).where(
        table.c.withdrawn_at.is_(None), table.c.first_on <= last_on, table.c.last_on >= first_on
    )
    return [_change(row) for row in reading.connection.execute(statement.order_by(table.c.number))]


def add(work: Work, change: OpeningChange) -> None:
    """Store a new change."""
    work.connection.execute(
        insert(table).values(
            id=change.id,
            at=change.at,
            by=change.by,
            reason=change.reason,
            kind=change.kind,
            location_id=change.location_id,
            line_id=change.line_id,
            first_on=change.first_on,
            last_on=change.last_on,
            from_tick=change.span.first,
            until_tick=change.span.until,
            correlation_id=work.correlation_id,
        )
    )


def by_id(reading: Reading, change_id: UUID) -> OpeningChange | None:
    """Return a change, withdrawn or not."""
    row = reading.connection.execute(select(table).where(table.c.id == change_id)).one_or_none()
    return None if row is None else _change(row)


def withdraw(work: Work, change_id: UUID, *, by: str) -> None:
    """Take back a change; its row stays."""
    changed = update(table).where(table.c.id == change_id, table.c.withdrawn_at.is_(None))
    work.connection.execute(changed.values(withdrawn_at=work.now, withdrawn_by=by))


def find_affected(work: Work, appointment_ids: Collection[UUID], change_id: UUID) -> int:
    """Note that firm visits lost their counter, once; return how many were not known to have."""
    return work.connection.execute(
        text(
            """
            INSERT INTO affected_visit (appointment_id, change_id, state, sequence, at)
            SELECT id, :change_id, 'found', sequence, :at FROM appointment
            WHERE id = ANY(:ids) AND state = 'booked'
            ON CONFLICT DO NOTHING
            """
        ),
        {"ids": list(appointment_ids), "change_id": change_id, "at": work.now},
    ).rowcount


def unknown_strays(reading: Reading, appointment_ids: Iterable[UUID]) -> list[UUID]:
    """Return those of these visits that are firm and not known to have lost their counter."""
    rows = reading.connection.execute(
        text(
            """
            SELECT id FROM appointment WHERE id = ANY(:ids) AND state = 'booked' AND NOT EXISTS (
                SELECT FROM affected_visit WHERE appointment_id = appointment.id AND settled_at IS NULL)
            """
        ),
        {"ids": list(appointment_ids)},
    )
    return [row.id for row in rows]


def end_visitor_holds(work: Work, appointment_ids: Collection[UUID]) -> None:
    """Let held times without a counter end now: the sweeper gives them back. The caller has locked them."""
    work.connection.execute(
        text("UPDATE appointment SET expires_at = :at WHERE id = ANY(:ids) AND state = 'held' AND expires_at > :at"),
        {"ids": list(appointment_ids), "at": work.now},
    )


_HAS_COUNTER = f"""
    (EXISTS (SELECT FROM line_day WHERE line_day.line_id = appointment.line_id AND line_day."on" = appointment."on"
             AND NOT {outside("appointment")})
     AND NOT EXISTS (SELECT FROM companion_claim AS claim
                     LEFT JOIN line_day ON line_day.line_id = claim.line_id AND line_day."on" = claim."on"
                     WHERE claim.appointment_id = appointment.id AND {outside("claim")}))
"""

_OFFER_STANDS = """
    EXISTS (SELECT FROM appointment AS held
            WHERE held.id = alternative_id AND held.state = 'held' AND held.expires_at > :at)
"""


def lock_next_due(work: Work) -> tuple[AffectedVisit, bool] | None:
    """Return one affected visit about which something is to be done, and whether all its lines are open again.

    Its appointment is locked, which is the lock of both; one that somebody is changing at this moment is passed by.
    """
    row = work.connection.execute(
        text(
            f"""
            SELECT affected_visit.*, {_HAS_COUNTER} AS has_counter
            FROM affected_visit JOIN appointment ON appointment.id = appointment_id
            WHERE settled_at IS NULL AND (
                affected_visit.state = 'found'
                OR appointment.state <> 'booked'
                OR appointment.sequence <> affected_visit.sequence
                OR (affected_visit.state = 'offered' AND NOT {_OFFER_STANDS})
                OR (starts_at > :at AND {_HAS_COUNTER})
            )
            ORDER BY affected_visit.at, starts_at, appointment_id LIMIT 1
            FOR UPDATE OF appointment SKIP LOCKED
            """
        ),
        {"at": work.now},
    ).one_or_none()
    return None if row is None else (_affected(row), bool(row.has_counter))


def open_of(reading: Reading, appointment_id: UUID) -> AffectedVisit | None:
    """Return what is known of a visit that has lost its counter, or None."""
    statement = select(affected).where(affected.c.appointment_id == appointment_id, affected.c.settled_at.is_(None))
    row = reading.connection.execute(statement).one_or_none()
    return None if row is None else _affected(row)


def put(work: Work, visit: AffectedVisit, *, note: str | None = None) -> None:
    """Store how far an affected visit is; the caller has locked its appointment."""
    work.connection.execute(
        update(affected)
        .where(affected.c.appointment_id == visit.appointment_id, affected.c.settled_at.is_(None))
        .values(
            state=visit.state,
            alternative_id=visit.alternative_id,
            deadline_at=visit.deadline_at,
            note=note,
            settled_at=None if visit.state in OPEN_STATES else work.now,
        )
    )


def visits_of(reading: Reading, appointment_ids: Collection[UUID]) -> list[Row[Any]]:
    """Return id and times of those of these that are firm, in order of time."""
    rows = reading.connection.execute(
        text(
            "SELECT id, starts_at, ends_at FROM appointment WHERE id = ANY(:ids) AND state = 'booked'"
            " ORDER BY starts_at, id"
        ),
        {"ids": list(appointment_ids)},
    )
    return list(rows)


def list_open(reading: Reading, location_id: str) -> list[Row[Any]]:
    """Return the visits of a location that have lost their counter and lie ahead, most urgent first."""
    rows = reading.connection.execute(
        text(
            """
            SELECT affected_visit.appointment_id, affected_visit.state, affected_visit.change_id, deadline_at,
                   lost.reference, lost.starts_at, lost.ends_at, opening_change.reason,
                   alternative.starts_at AS proposed_starts_at
            FROM affected_visit JOIN appointment AS lost ON lost.id = affected_visit.appointment_id
            JOIN opening_change ON opening_change.id = change_id
            LEFT JOIN appointment AS alternative ON alternative.id = alternative_id
            WHERE settled_at IS NULL AND lost.state = 'booked' AND lost.sequence = affected_visit.sequence
              AND lost.location_id = :location_id AND lost.starts_at > :at
            ORDER BY affected_visit.state <> 'called', lost.starts_at, lost.id
            """
        ),
        {"location_id": location_id, "at": reading.now},
    )
    return list(rows)


def _change(row: Row[Any]) -> OpeningChange:
    return OpeningChange(
        id=row.id,
        at=row.at,
        by=row.by,
        reason=row.reason,
        kind=ChangeKind(row.kind),
        location_id=row.location_id,
        line_id=row.line_id,
        first_on=row.first_on,
        last_on=row.last_on,
        span=Span(row.from_tick, row.until_tick),
        withdrawn_at=row.withdrawn_at,
        withdrawn_by=row.withdrawn_by,
    )


def _affected(row: Row[Any]) -> AffectedVisit:
    return AffectedVisit(
        appointment_id=row.appointment_id,
        change_id=row.change_id,
        state=AffectedState(row.state),
        sequence=row.sequence,
        at=row.at,
        alternative_id=row.alternative_id,
        deadline_at=row.deadline_at,
    )
