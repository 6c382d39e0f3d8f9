"""A write that is asked twice with one key happens once and is answered twice, the same way."""

import hashlib
import json
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from services.messaging.errors import Refusal
from services.messaging.tables import tables
from services.messaging.work import Reading, Stroke, Work

KEPT = timedelta(days=2)
_table = tables.idempotency
_in_order = json.JSONEncoder(sort_keys=True).encode

CLAIM = """
    INSERT INTO idempotency (operation, key, request_hash, reply, correlation_id, created_at)
    SELECT :claim_operation, :claim_key, :claim_hash, :claim_reply, :claim_correlation, :now
    FROM {source}
    ON CONFLICT DO NOTHING
    RETURNING key
"""
"""The part of a single statement that claims a key and keeps the answer, for each row of `source` (at most one)."""

CLAIM_TYPES = {
    "claim_operation": "text",
    "claim_key": "text",
    "claim_hash": "bytea",
    "claim_reply": "jsonb",
    "claim_correlation": "text",
    "now": "timestamptz",
}


class KeyReused(Refusal):
    """The same Idempotency-Key came with another request."""

    code = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__("Use a new Idempotency-Key for a new request.")


def hash_of(request: dict[str, Any]) -> bytes:
    """Return what tells one request from another."""
    return hashlib.sha256(_in_order(request).encode()).digest()


def claim(stroke: Stroke, reply: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a reply in its stored form, and the values that `CLAIM` needs to keep it."""
    answer = stroke.answer(reply)
    return answer, {
        "claim_operation": stroke.operation,
        "claim_key": stroke.key,
        "claim_hash": stroke.request_hash,
        "claim_reply": orjson.dumps(answer).decode(),
        "claim_correlation": stroke.correlation_id,
        "now": stroke.now,
    }


def earlier_reply(work: Work, *, operation: str, key: str, request: dict[str, Any]) -> dict[str, Any] | None:
    """Claim a key for this transaction, or return the reply that was given to it before.

    A concurrent twin waits here until the first transaction ends. A refused or failed command rolls its claim back.

    Raises: KeyReused (the key belongs to another request).
    """
    digest = hash_of(request)
    claimed = work.connection.execute(
        insert(_table)
        .values(
            operation=operation,
            key=key,
            request_hash=digest,
            correlation_id=work.correlation_id,
            created_at=work.now,
        )
        .on_conflict_do_nothing()
        .returning(_table.c.key)
    ).first()
    if claimed is not None:
        return None
    known = work.connection.execute(
        select(_table.c.request_hash, _table.c.reply).where(_table.c.operation == operation, _table.c.key == key)
    ).one()
    if bytes(known.request_hash) != digest:
        raise KeyReused
    reply: dict[str, Any] = known.reply
    return reply


def keep_reply(work: Work, *, operation: str, key: str, reply: dict[str, Any]) -> None:
    """Store the answer beside its effect."""
    work.connection.execute(
        update(_table).where(_table.c.operation == operation, _table.c.key == key).values(reply=reply)
    )


def forget(reading: Reading, before: datetime) -> int:
    """Delete answers older than `before`; return how many there were."""
    return reading.connection.execute(delete(_table).where(_table.c.created_at < before)).rowcount
