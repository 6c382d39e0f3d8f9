"""Proposals of more counter time, what was decided, and their history."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_once

from services.appointments.domain.relief import ReliefState
from services.appointments.tables import line_day, relief_history, relief_proposal
from services.messaging.work import Reading, Work

_COUNTS = (ReliefState.PROPOSED, ReliefState.APPLIED)


def applied_skills(reading: Reading, first_on: date, last_on: date) -> dict[tuple[str, date], frozenset[str]]:
    """Return the skills that counters were given for single days between two, both included."""
    rows = reading.connection.execute(
        select(relief_proposal.c.line_id, relief_proposal.c.on, relief_proposal.c.skills).where(
            relief_proposal.c.on.between(first_on, last_on), relief_proposal.c.state == ReliefState.APPLIED
        )
    )
    found: dict[tuple[str, date], frozenset[str]] = defaultdict(frozenset)
    for row in rows:
        found[row.line_id, row.on] |= frozenset(row.skills)
    return dict(found)


def minutes_by_week(reading: Reading, product_id: str, since: date) -> dict[date, int]:
    """Return how much was given or proposed to a product in each week (by its Monday), from a day on."""
    rows = reading.connection.execute(
        select(relief_proposal.c.week_on, func.sum(relief_proposal.c.minutes).label("minutes"))
        .where(
            relief_proposal.c.product_id == product_id,
            relief_proposal.c.week_on >= since,
            relief_proposal.c.state.in_(_COUNTS),
        )
        .group_by(relief_proposal.c.week_on)
    )
    return {row.week_on: int(row.minutes) for row in rows}


def days_spoken_for(reading: Reading, product_id: str, first_on: date, last_on: date) -> dict[tuple[str, date], str]:
    """Return the state of each counter's day between two, both included, that was ever proposed for a product."""
    rows = reading.connection.execute(
        select(relief_proposal.c.line_id, relief_proposal.c.on, relief_proposal.c.state).where(
            relief_proposal.c.product_id == product_id, relief_proposal.c.on.between(first_on, last_on)
        )
    )
    return {(row.line_id, row.on): row.state for row in rows}


def line_days(reading: Reading, line_ids: Collection[str], first_on: date, last_on: date) -> Sequence[Row[Any]]:
    """Return the days of counters between two, both included."""
    asked = select(line_day).where(line_day.c.line_id.in_(line_ids), line_day.c.on.between(first_on, last_on))
    return reading.connection.execute(asked.order_by(line_day.c.on, line_day.c.line_id)).all()


def add(work: Work, row: Mapping[str, Any], *, by: str) -> bool:
    """Store a new proposal; return False when that counter's day was proposed for the product before."""
    statement = insert_once(relief_proposal).values(**row, proposed_at=work.now)
    added = work.connection.execute(statement.on_conflict_do_nothing(constraint="relief_proposal_once")).rowcount == 1
    if added:
        _remember(work, row["id"], row["state"], by)
    return added


def lock(work: Work, proposal_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Return proposals that nobody else can decide until this work ends, in order of their days."""
    asked = select(relief_proposal).where(relief_proposal.c.id.in_(proposal_ids))
    in_order = asked.order_by(relief_proposal.c.on, relief_proposal.c.line_id, relief_proposal.c.id)
    return work.connection.execute(in_order.with_for_update()).all()


def decide(work: Work, proposal_id: UUID, state: ReliefState, *, by: str) -> None:
    """Store what was decided. The caller has locked the proposal."""
    work.connection.execute(
        update(relief_proposal)
        .where(relief_proposal.c.id == proposal_id)
        .values(state=state, decided_by=by, decided_at=work.now)
    )
    _remember(work, proposal_id, state, by)


def lock_outdated(work: Work, today: date) -> Sequence[Row[Any]]:
    """Return the proposals that nobody decided before their day came, locked."""
    asked = select(relief_proposal).where(
        relief_proposal.c.state == ReliefState.PROPOSED, relief_proposal.c.on <= today
    )
    return work.connection.execute(asked.order_by(relief_proposal.c.on).with_for_update()).all()


def listed(reading: Reading, *, since: date, state: str | None) -> Sequence[Row[Any]]:
    """Return the proposals for days from one on, in order; those in one state when it is given."""
    asked = select(relief_proposal).where(relief_proposal.c.on >= since)
    if state is not None:
        asked = asked.where(relief_proposal.c.state == state)
    in_order = asked.order_by(relief_proposal.c.on, relief_proposal.c.line_id, relief_proposal.c.product_id)
    return reading.connection.execute(in_order).all()


def by_ids(reading: Reading, proposal_ids: Collection[UUID]) -> Sequence[Row[Any]]:
    """Return proposals, in order of their days."""
    asked = select(relief_proposal).where(relief_proposal.c.id.in_(proposal_ids))
    return reading.connection.execute(asked.order_by(relief_proposal.c.on, relief_proposal.c.line_id)).all()


def _remember(work: Work, proposal_id: UUID, state: str, by: str) -> None:
    work.connection.execute(
        insert(relief_history).values(
            proposal_id=proposal_id, at=work.now, state=state, by=by, correlation_id=work.correlation_id
        )
    )
