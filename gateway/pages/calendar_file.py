"""The appointment as a file for the visitor's own calendar."""

from typing import Any
from urllib.parse import urlsplit

from flask import current_app, g

from gateway.pages.catalogue import locations
from gateway.rpc import services
from services.presenting.calendar_entry import Entry, published
from services.presenting.links import manage_link


def calendar_bytes(appointment: dict[str, Any], secret: str) -> bytes:
    """Return an appointment as iCalendar, METHOD:PUBLISH.

    Raises: Unavailable.
    """
    public_url = current_app.extensions["settings"].public_url
    entry = Entry(
        appointment_id=appointment["appointment_id"],
        sequence=appointment["sequence"],
        starts_at=appointment["starts_at"],
        ends_at=appointment["ends_at"],
        place=place_line(locations().get(appointment["location_id"])),
        reference=appointment["reference"],
        manage_link=manage_link(public_url, g.lang, appointment["reference"], secret),
        language=g.lang,
        cancelled=appointment["state"] == "cancelled",
    )
    host = urlsplit(public_url).hostname or "localhost"
    return published(entry, stamped_at=services().clock.now(), organizer=f"no-reply@{host}")


def place_line(location: dict[str, Any] | None) -> str:
    """Return a location on one line: `Stadskantoor, Hengelosestraat 51, 7514 AD Enschede`."""
    if location is None:
        return ""
    return f"{location['name']}, {location['street']}, {location['postal_code']} {location['city']}"
