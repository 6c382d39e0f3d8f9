"""What can be asked of notifications."""

from typing import Any
from uuid import UUID

from services.messaging.work import Reading
from services.notifications import storage


def messages_about(
    reading: Reading, *, appointment_id: UUID | None = None, record_id: UUID | None = None
) -> dict[str, Any]:
    """Return which messages exist about one appointment or record; none when nobody has heard of it."""
    about = appointment_id or record_id
    return {"messages": [] if about is None else storage.messages_about(reading, about)}
