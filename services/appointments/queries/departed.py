"""Visits that may be those of somebody who died, as staff judge them."""

from typing import Any

from services.appointments.domain.reference import shown
from services.appointments.storage import departed
from services.messaging.work import Reading


def doubts(reading: Reading) -> dict[str, Any]:
    """Return what staff have to judge, the soonest visit first."""
    return {"doubts": [found | {"reference": shown(found["reference"])} for found in departed.open_doubts(reading)]}
