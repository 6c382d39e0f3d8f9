"""Which counters' days were proposed for products with a long wait, and why."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from services.appointments.domain.ticks import local_day
from services.appointments.queries.catalogue import TOWN_ZONE
from services.appointments.storage import relief
from services.messaging.work import Reading


def find_reliefs(reading: Reading, *, state: str | None = None) -> dict[str, Any]:
    """Return the proposals for today and later."""
    return reliefs_reply(relief.listed(reading, since=local_day(TOWN_ZONE, reading.now), state=state))


def reliefs_reply(rows: Sequence[Row[Any]]) -> dict[str, Any]:
    """Return proposals as staff may see them."""
    return {
        "reliefs": [
            {
                "proposal_id": row.id,
                "product_id": row.product_id,
                "location_id": row.location_id,
                "line_id": row.line_id,
                "on": row.on,
                "week_on": row.week_on,
                "hours": row.minutes / 60,
                "reason": row.reason,
                "state": row.state,
                "proposed_at": row.proposed_at,
                "decided_by": row.decided_by,
                "decided_at": row.decided_at,
            }
            for row in rows
        ]
    }
