"""What can be asked of notifications."""

from typing import Any
from uuid import UUID

from services.messaging.work import Reading
from services.notifications import storage
from services.notifications.domain.message import AppointmentId


def messages_about(reading: Reading, *, appointment_id: UUID) -> dict[str, Any]:
    """Return which messages exist about one appointment; none when nobody has heard of it."""
    return {"messages": storage.messages_about(reading, AppointmentId(appointment_id))}
