"""What the city wants to know: how much is declared online, how long it takes, how much is late."""

from datetime import date
from typing import Any

from services.civil_registry.office import Office
from services.civil_registry.storage import figures as stored
from services.civil_registry.timers.showing import PERMIT_MINUTES
from services.messaging.work import Reading


def figures(reading: Reading, office: Office, *, first_on: date, last_on: date) -> dict[str, Any]:
    """Return the figures of each kind by month, both days included.

    Source: domain/civil_registry.md 6.4; targets in the town's `registry.yaml`.
    """
    rows = stored.by_month(reading, first_on, last_on, permit_minutes=PERMIT_MINUTES)
    return {"months": [_told(row, office) for row in rows]}


def _told(row: Any, office: Office) -> dict[str, Any]:
    return {
        "month": row.month,
        "kind": row.kind,
        "registered": row.registered,
        "online": row.online,
        "digital_share": _share(row.online, row.registered),
        "digital_share_of_eligible": _share(row.online_eligible, row.eligible),
        "target": office.town.targets.get(row.kind),
        "hours_to_register_p50": row.hours_p50,
        "hours_to_register_p90": row.hours_p90,
        "late": row.late,
        "asked": row.asked,
        "in_time": row.in_time if row.timed else None,
    }


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
