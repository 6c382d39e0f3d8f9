"""An appointment as a calendar file, for the API and the pages alike."""

from typing import Any, cast

from flask import current_app

from gateway.rpc import services
from gateway.settings import GatewaySettings
from services.presenting.calendar_entry import Entry, published
from services.presenting.links import manage_link


def calendar_of(appointment: dict[str, Any], *, secret: str, language: str | None = None) -> bytes:
    """Return an appointment (`contracts.appointments.AppointmentDetails`) for a calendar (METHOD:PUBLISH).

    In `language`, or else in the one that its holder chose.

    Raises: Unavailable (the place cannot be named now).
    """
    settings = cast(GatewaySettings, current_app.extensions["settings"])
    chosen = language or appointment["language"]
    entry = Entry(
        appointment_id=appointment["appointment_id"],
        sequence=appointment["sequence"],
        starts_at=appointment["starts_at"],
        ends_at=appointment["ends_at"],
        place=_place(appointment["location_id"]),
        reference=appointment["reference"],
        manage_link=manage_link(settings.public_url, chosen, appointment["reference"], secret),
        language=chosen,
        cancelled=appointment["state"] == "cancelled",
    )
    return published(entry, stamped_at=services().clock.now(), organizer=settings.organizer)


def _place(location_id: str) -> str:
    for location in services().locations():
        if location["location_id"] == location_id:
            return "{name}, {street}, {postal_code} {city}".format_map(location)
    return ""
