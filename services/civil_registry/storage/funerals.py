"""The deaths that a firm declared, with the newest permit of each."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import text

from services.civil_registry.domain.record import Record
from services.civil_registry.secrets import Secrets
from services.civil_registry.storage import records
from services.messaging.work import Reading

_DONE = """
    (death.status IN ('withdrawn', 'refused', 'lapsed', 'closed-as-duplicate')
     OR (death.status = 'registered' AND NOT 'originals-pending' = ANY (death.flags)
         AND (permit.status IS NULL OR permit.status IN ('used', 'withdrawn')
              OR (permit.status = 'issued' AND permit.due_on < :today))))
"""
"""Nobody has to do anything any more; nor is there a funeral ahead."""

_OF_FIRM = """
    FROM record death
    LEFT JOIN LATERAL (
        SELECT id, status, due_on, receipt FROM record WHERE parent_id = death.id AND kind = 'funeral-permit'
        ORDER BY started_at DESC, id DESC LIMIT 1
    ) permit ON true
    WHERE death.owner = :owner AND death.kind = 'death'
"""


def open_of(reading: Reading, secrets: Secrets, owner: str, today: date) -> list[tuple[Record, Record | None]]:
    """Return those that still need somebody, or whose funeral lies ahead; in no order."""
    found = _ids(reading, f"{_OF_FIRM} AND NOT {_DONE}", owner=owner, today=today)
    return _whole(reading, secrets, found)


def done_of(
    reading: Reading, secrets: Secrets, owner: str, today: date, *, offset: int, most: int
) -> list[tuple[Record, Record | None]]:
    """Return a page of the others, the newest first."""
    page = f"{_OF_FIRM} AND {_DONE} ORDER BY death.started_at DESC, death.id LIMIT :most OFFSET :offset"
    return _whole(reading, secrets, _ids(reading, page, owner=owner, today=today, most=most, offset=offset))


def with_receipt(reading: Reading, secrets: Secrets, owner: str, receipt: str) -> list[tuple[Record, Record | None]]:
    """Return the declaration with this number, or with a permit of this number; none when it is not the firm's."""
    own = """
        AND (death.receipt = :receipt
             OR EXISTS (SELECT FROM record WHERE parent_id = death.id AND record.receipt = :receipt))
    """
    return _whole(reading, secrets, _ids(reading, _OF_FIRM + own, owner=owner, receipt=receipt))


def last_of(reading: Reading, secrets: Secrets, owner: str) -> Record | None:
    """Return the firm's newest declaration that says who declares."""
    found = reading.connection.execute(
        text(
            """
            SELECT id FROM record WHERE owner = :owner AND kind = 'death' AND content ? 'declarant'
            ORDER BY started_at DESC, id LIMIT 1
            """
        ),
        {"owner": owner},
    ).scalar_one_or_none()
    return None if found is None else records.find(reading, secrets, found)


def _ids(reading: Reading, rest: str, **values: object) -> Sequence[tuple[UUID, UUID | None]]:
    rows = reading.connection.execute(text(f"SELECT death.id, permit.id {rest}"), values)
    return [(row[0], row[1]) for row in rows]


def _whole(
    reading: Reading, secrets: Secrets, found: Sequence[tuple[UUID, UUID | None]]
) -> list[tuple[Record, Record | None]]:
    by_id = records.by_ids(reading, secrets, [one for pair in found for one in pair if one is not None])
    return [(by_id[death], by_id[permit] if permit is not None else None) for death, permit in found]
