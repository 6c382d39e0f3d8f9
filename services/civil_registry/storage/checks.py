"""Comparisons of records with the BRP: asked for, done, and what they found."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from services.civil_registry.secrets import Secrets
from services.civil_registry.tables import brp_check
from services.messaging.work import Reading, Work


def ask(work: Work, record_id: UUID) -> None:
    """Let a record be compared with the BRP, anew when it was before."""
    fresh = {"asked_at": work.now, "not_before": work.now, "attempts": 0, "done_at": None, "persons": None}
    work.connection.execute(
        insert(brp_check)
        .values(record_id=record_id, findings=[], **fresh)
        .on_conflict_do_update(index_elements=["record_id"], set_={**fresh, "findings": []})
    )


def ask_again(work: Work, record_id: UUID) -> None:
    """Let a record that was compared be compared once more; what was found counts until the new answer is there."""
    work.connection.execute(
        update(brp_check)
        .where(brp_check.c.record_id == record_id)
        .values(asked_at=work.now, not_before=work.now, attempts=0)
    )


def claim(work: Work, lease: timedelta) -> tuple[UUID, datetime, int] | None:
    """Return a comparison that is due, when it was asked for and how often it was tried; it is ours for the lease."""
    row = work.connection.execute(
        text(
            """
            UPDATE brp_check SET not_before = :until, attempts = attempts + 1
            WHERE record_id = (
                SELECT record_id FROM brp_check
                WHERE (done_at IS NULL OR done_at < asked_at) AND not_before <= :now
                ORDER BY not_before LIMIT 1 FOR UPDATE SKIP LOCKED
            )
            RETURNING record_id, asked_at, attempts
            """
        ),
        {"now": work.now, "until": work.now + lease},
    ).first()
    return None if row is None else (row.record_id, row.asked_at, row.attempts)


def done(
    work: Work,
    secrets: Secrets,
    record_id: UUID,
    *,
    asked_at: datetime,
    persons: Mapping[str, Any],
    findings: Sequence[Mapping[str, Any]],
) -> bool:
    """Store what a comparison found; False when it was asked for anew meanwhile."""
    sealed = secrets.vault.lock(json.dumps(persons, default=str), bound_to=f"brp_check.persons.{record_id}")
    stored = work.connection.execute(
        update(brp_check)
        .where(
            brp_check.c.record_id == record_id,
            brp_check.c.asked_at == asked_at,
            brp_check.c.done_at.is_(None) | (brp_check.c.done_at < brp_check.c.asked_at),
        )
        .values(done_at=work.now, persons=sealed, findings=list(findings))
    )
    return stored.rowcount == 1


def postpone(work: Work, record_id: UUID, until: datetime) -> None:
    """Try again later."""
    work.connection.execute(update(brp_check).where(brp_check.c.record_id == record_id).values(not_before=until))


def of_record(reading: Reading, secrets: Secrets, record_id: UUID) -> dict[str, Any] | None:
    """Return the last comparison: `asked_at`, `done_at`, `persons` by role, `findings`."""
    row = reading.connection.execute(select(brp_check).where(brp_check.c.record_id == record_id)).first()
    if row is None:
        return None
    persons = {}
    if row.persons is not None:
        persons = json.loads(secrets.vault.unlock(bytes(row.persons), bound_to=f"brp_check.persons.{record_id}"))
    return {"asked_at": row.asked_at, "done_at": row.done_at, "persons": persons, "findings": row.findings}


def forget(work: Work, record_id: UUID) -> None:
    """Delete what the BRP said about a record's persons."""
    work.connection.execute(delete(brp_check).where(brp_check.c.record_id == record_id))
