"""Deleting what a record said, once nobody may need it; that it was there, and its history, stays."""

from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.messaging.work import Work


def lock_due(work: Work, today: date, most: int) -> list[UUID]:
    """Return records whose last day has passed; others that are forgotten at this moment are passed by."""
    return list(
        work.connection.execute(
            text(
                "SELECT id FROM record WHERE destroy_on < :today ORDER BY destroy_on LIMIT :most FOR UPDATE SKIP LOCKED"
            ),
            {"today": today, "most": most},
        ).scalars()
    )


def forget(work: Work, record_id: UUID) -> None:
    """Delete content, parties, evidence and what the BRP said; files that nothing points to any more go later."""
    for table in ("party", "evidence", "brp_check", "timer"):
        work.connection.execute(text(f"DELETE FROM {table} WHERE record_id = :id"), {"id": record_id})
    work.connection.execute(
        text(
            "UPDATE record SET content = '{}', question = NULL, extra = '{}', owner = 'forgotten', destroy_on = NULL"
            " WHERE id = :id"
        ),
        {"id": record_id},
    )
