"""An appointment as a calendar file, for the API and the pages alike."""

from typing import Any, cast

from flask import current_app

from gateway.rpc import services
from gateway.settings import GatewaySettings
from services.presenting.calendar_entry import Entry, published
from services.presenting.links import manage_link


def calendar_of(appointment: dict[str, Any], *, secret: str, language: str | None = None) -> bytes:
    """Return an appointment (`contracts.appointments.AppointmentDetails`) for a calendar (METHOD:PUBLISH).

    The other visit of a pair is in it as well.

    In `language`, or else in the one that its holder chose.

    Raises: Unavailable (the place cannot be named now).
    """
    settings = cast(GatewaySettings, current_app.extensions["settings"])
    chosen = language or appointment["language"]
    entry = _entry(appointment, secret=secret, language=chosen)
    other = appointment.get("other_visit")
    others = [_entry(other, secret=other["secret"], language=chosen)] if other else []
    return published(entry, *others, stamped_at=services().clock.now(), organizer=settings.organizer)


def _entry(appointment: dict[str, Any], *, secret: str, language: str) -> Entry:
    settings = cast(GatewaySettings, current_app.extensions["settings"])
    return Entry(
        uid=appointment["appointment_id"],
        sequence=appointment["sequence"],
        starts_at=appointment["starts_at"],
        ends_at=appointment["ends_at"],
        place=_place(appointment["location_id"]),
        reference=appointment["reference"],
        manage_link=manage_link(settings.public_url, language, appointment["reference"], secret),
        language=language,
        cancelled=appointment["state"] == "cancelled",
    )


def _place(location_id: str) -> str:
    for location in services().locations():
        if location["location_id"] == location_id:
            return "{name}, {street}, {postal_code} {city}".format_map(location)
    return ""
