"""Visits that lost their counter, as clerks and holders may see them."""

from typing import Any

from services.appointments.domain.appointment import Appointment, State
from services.appointments.domain.reference import shown
from services.appointments.storage import appointments, opening_changes
from services.messaging.work import Reading


def affected_visits(reading: Reading, *, location_id: str) -> dict[str, Any]:
    """Return the coming visits of a location that have lost their counter, those to be called first."""
    return {
        "visits": [
            {**row._mapping, "reference": shown(row.reference)}
            for row in opening_changes.list_open(reading, location_id)
        ]
    }


def proposal_for(reading: Reading, visit: Appointment) -> dict[str, Any] | None:
    """Return what the holder of a visit that lost its counter should know, or None when the visit has one."""
    affected = opening_changes.open_of(reading, visit.id)
    if affected is None or visit.state is not State.BOOKED or visit.sequence != affected.sequence:
        return None
    held = None if affected.alternative_id is None else appointments.by_id(reading, affected.alternative_id)
    stands = held is not None and held.state is State.HELD and held.expires_at > reading.now
    return {
        "proposed_starts_at": held.slot.starts_at if held is not None and stands else None,
        "answer_by": held.expires_at if held is not None and stands else None,
    }
