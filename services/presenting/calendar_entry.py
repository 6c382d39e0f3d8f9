"""An appointment or a ceremony as a calendar file (iCalendar), for download and for mail.

RFC 5545: UID for ever the same; a TZID has its VTIMEZONE. RFC 5546: REQUEST and CANCEL name the organiser once and
one attendee, PUBLISH names none; who comes later wins by SEQUENCE, then by DTSTAMP; a CANCEL has a SEQUENCE of its
own. RFC 6047: the MIME part's `method` equals METHOD (see `content_type`). The summary says nothing about the
product: calendars show it on locked screens and to colleagues.

Source: domain/appointments.md 4.11.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote
from uuid import UUID

from icalendar import Alarm, Calendar, Event, Timezone, vCalAddress, vText

from services.presenting.addresses import ascii_domain
from services.presenting.links import grouped_reference
from services.presenting.times import HOME, HOME_ZONE

FILE_NAME = {"nl": "afspraak.ics", "en": "appointment.ics", "de": "termin.ics"}
PRODUCT_ID = "-//Gemeente Enschede//Balie//NL"

_ORGANIZER_NAME = "Gemeente Enschede"
_SUMMARY = {
    "nl": "Afspraak gemeente Enschede",
    "en": "Appointment municipality of Enschede",
    "de": "Termin Gemeinde Enschede",
}
_DESCRIPTION = {
    "nl": "Afspraaknummer: {reference}\n\nBekijken, verzetten of annuleren:\n{link}",
    "en": "Appointment number: {reference}\n\nView, move or cancel:\n{link}",
    "de": "Terminnummer: {reference}\n\nAnsehen, verlegen oder absagen:\n{link}",
}
_CEREMONY = {
    "nl": "Ontvangstnummer: {reference}\n\nUw melding bekijken:\n{link}",
    "en": "Receipt number: {reference}\n\nView your notice:\n{link}",
    "de": "Eingangsnummer: {reference}\n\nIhre Anmeldung ansehen:\n{link}",
}
_DAY = timedelta(days=1)
_LOCAL_SIGNS = "!#$&'*+-/=?^_`{|}~."


@dataclass(frozen=True, slots=True)
class Entry:
    """What a calendar is told. `sequence` is that of RFC 5546, kept by whoever plans the appointment or ceremony."""

    uid: UUID
    sequence: int
    starts_at: datetime
    ends_at: datetime
    place: str
    reference: str
    manage_link: str
    language: str
    cancelled: bool = False
    ceremony: bool = False


def published(entry: Entry, *others: Entry, stamped_at: datetime, organizer: str) -> bytes:
    """Return a file to download (METHOD:PUBLISH): no attendee, nobody is asked anything."""
    events = []
    for told in (entry, *others):
        event = _event(told, stamped_at, organizer)
        event.add("STATUS", "CANCELLED" if told.cancelled else "CONFIRMED")
        if not told.cancelled:
            event.add_component(_alarm(told.language))
        events.append(event)
    return _calendar("PUBLISH", events, entry)


def invitation(entry: Entry, *, stamped_at: datetime, organizer: str, attendee: str) -> bytes:
    """Return an invitation (METHOD:REQUEST), first or changed: the calendar takes the one with the highest SEQUENCE."""
    event = _event(entry, stamped_at, organizer)
    event.add("STATUS", "CONFIRMED")
    event.add("ATTENDEE", _attendee(attendee), encode=False)
    event.add_component(_alarm(entry.language))
    return _calendar("REQUEST", [event], entry)


def cancellation(entry: Entry, *, stamped_at: datetime, organizer: str, attendee: str) -> bytes:
    """Return a withdrawal (METHOD:CANCEL): the calendar removes the entry, and no alarm stays behind."""
    event = _event(entry, stamped_at, organizer)
    event.add("STATUS", "CANCELLED")
    event.add("ATTENDEE", _attendee(attendee), encode=False)
    return _calendar("CANCEL", [event], entry)


def method_of(calendar: bytes) -> str:
    """Return the METHOD of a calendar file made here, for the MIME parameter that must equal it."""
    return str(Calendar.from_ical(calendar)["METHOD"])


def _calendar(method: str, events: list[Event], entry: Entry) -> bytes:
    calendar = Calendar()
    calendar.add("VERSION", "2.0")
    calendar.add("PRODID", PRODUCT_ID)
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    first = entry.starts_at.astimezone(HOME).date()
    # Only the year around the visit: calendars need the offset of these days, not the history of Dutch time.
    zone = Timezone.from_tzid(HOME_ZONE, first_date=first - 200 * _DAY, last_date=first + 200 * _DAY)
    calendar.add_component(zone)
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(entry: Entry, stamped_at: datetime, organizer: str) -> Event:
    event = Event()
    event.add("UID", str(entry.uid))
    event.add("SEQUENCE", entry.sequence)
    event.add("DTSTAMP", stamped_at)
    event.add("DTSTART", entry.starts_at.astimezone(HOME))
    event.add("DTEND", entry.ends_at.astimezone(HOME))
    event.add("SUMMARY", _SUMMARY[entry.language])
    event.add("LOCATION", entry.place)
    event.add("DESCRIPTION", _described(entry))
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "OPAQUE")
    address = vCalAddress(_mailto(organizer))
    address.params["CN"] = vText(_ORGANIZER_NAME)
    event.add("ORGANIZER", address, encode=False)
    return event


def _described(entry: Entry) -> str:
    if entry.ceremony:
        return _CEREMONY[entry.language].format(reference=entry.reference, link=entry.manage_link)
    return _DESCRIPTION[entry.language].format(reference=grouped_reference(entry.reference), link=entry.manage_link)


def _attendee(email: str) -> vCalAddress:
    """Return the resident: has accepted (he booked himself), is not asked for an answer that nobody would read."""
    address = vCalAddress(_mailto(email))
    address.params["CUTYPE"] = vText("INDIVIDUAL")
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    address.params["PARTSTAT"] = vText("ACCEPTED")
    address.params["RSVP"] = vText("FALSE")
    return address


def _alarm(language: str) -> Alarm:
    alarm = Alarm()
    alarm.add("ACTION", "DISPLAY")
    alarm.add("TRIGGER", -_DAY)
    alarm.add("DESCRIPTION", _SUMMARY[language])
    return alarm


def _mailto(email: str) -> str:
    """Return an address as a URI (RFC 6068): signs that a URI cannot hold are escaped, the domain is in A-labels."""
    local, _, domain = email.rpartition("@")
    return f"mailto:{quote(local, safe=_LOCAL_SIGNS)}@{ascii_domain(domain)}"
