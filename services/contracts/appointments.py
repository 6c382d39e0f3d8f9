"""What the appointments service answers, does and tells. All instants are UTC; all days are Europe/Amsterdam."""

import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

from services.contracts.base import CHANNELS, LANGUAGES, Event, Reply, Request, Texts, slug

MAX_PERSONS = 8
MAX_PRODUCTS = 5

REFUSALS = {
    "unknown-product": "No such product is offered.",
    "unknown-location": "There is no such location.",
    "not-offered-here": "No counter at this location can do this visit.",
    "visit-too-long": "The products and persons together do not fit one visit.",
    "in-the-past": "The day or time has passed.",
    "too-soon": "The time lies within the product's lead time.",
    "too-far": "The day lies beyond the booking horizon.",
    "day-closed": "The location is closed on that day or at that time.",
    "slot-taken": "Somebody else was faster; the facts hold the nearest alternatives.",
    "hold-unknown": "There is no such hold, or the secret is wrong.",
    "hold-expired": "The hold is over.",
    "hold-not-extendable": "The hold was extended before.",
    "appointment-unknown": "There is no such appointment, or the secret is wrong.",
    "appointment-over": "The appointment has begun or passed, or was cancelled; it can only be read.",
    "version-conflict": "The appointment changed in the meantime.",
}
"""Codes that may come back instead of a reply, and what each means."""

_EXAMPLE_ID = "0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11"
_EXAMPLE_START = "2026-12-03T08:20:00+00:00"


def _printable(text: str) -> None:
    """Refuse what no keyboard types and no database or mail header takes: control signs, halves of characters."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise ValidationError("Must not contain control characters.")


_time_zones = cache(available_timezones)  # it reads hundreds of files


def _known_zone(name: str) -> None:
    if name not in _time_zones():
        raise ValidationError("Must be the name of a time zone, such as America/Toronto.")


class WantedProduct(Request):
    """One product for a number of persons."""

    product_id = slug()
    persons = fields.Integer(
        load_default=1, dump_default=1, strict=True, validate=validate.Range(min=1, max=MAX_PERSONS)
    )


class Visit(Request):
    """What somebody comes for, and where."""

    location_id = slug()
    products = fields.List(
        fields.Nested(WantedProduct), required=True, validate=validate.Length(min=1, max=MAX_PRODUCTS)
    )


# --- the catalogue ------------------------------------------------------------------------------------------


class Fee(Reply):
    """What a product costs for one person; in force on the day of asking."""

    applies_to = fields.String(required=True, validate=validate.OneOf(("everyone", "adult", "child")))
    cents = fields.Integer(required=True, strict=True)


class Product(Reply):
    """Something that a resident can come for."""

    product_id = slug()
    names = fields.Nested(Texts, required=True)
    summary = fields.Nested(Texts, required=True)
    bring = fields.List(fields.Nested(Texts), required=True)
    minutes = fields.Integer(required=True)
    extra_minutes_per_person = fields.Integer(required=True)
    max_persons = fields.Integer(required=True)
    fees = fields.List(fields.Nested(Fee), required=True)
    channels = fields.List(fields.String(), required=True)
    audience = fields.String(required=True, validate=validate.OneOf(("resident", "abroad")))
    location_ids = fields.List(fields.String(), required=True)


class ProductList(Reply):
    """All products on offer today, in the order in which residents should see them."""

    products = fields.List(fields.Nested(Product), required=True)


class OpeningHours(Reply):
    """Opening hours of one weekday (0 = Monday), wall-clock `HH:MM`; closing is exclusive."""

    weekday = fields.Integer(required=True)
    opens = fields.String(required=True)
    closes = fields.String(required=True)


class Location(Reply):
    """A place with counters."""

    location_id = slug()
    name = fields.String(required=True)
    street = fields.String(required=True)
    postal_code = fields.String(required=True)
    city = fields.String(required=True)
    time_zone = fields.String(required=True)
    phone = fields.String(required=True)
    directions = fields.Nested(Texts, required=True)
    opening_hours = fields.List(fields.Nested(OpeningHours), required=True)


class LocationList(Reply):
    """All locations."""

    locations = fields.List(fields.Nested(Location), required=True)


# --- search ---------------------------------------------------------------------------------------------------


class FindFreeDays(Visit):
    """Which days have room? Without bounds: from today to the booking horizon."""

    from_on = fields.Date(load_default=None, allow_none=True)
    until_on = fields.Date(load_default=None, allow_none=True)


class FreeDay(Reply):
    """A day and how many start times are offered on it."""

    on = fields.Date(required=True)
    starts = fields.Integer(required=True)


class FreeDays(Reply):
    """Days with room, in order; `first_free` also when it lies outside the bounds that were asked."""

    days = fields.List(fields.Nested(FreeDay), required=True)
    first_free = fields.AwareDateTime(required=True, allow_none=True)
    minutes = fields.Integer(required=True)
    last_on = fields.Date(required=True)


class FindFreeTimes(Visit):
    """Which times are offered on one day?"""

    on = fields.Date(required=True)


class FreeTimes(Reply):
    """Start times that are offered, in order."""

    starts = fields.List(fields.AwareDateTime(), required=True)
    minutes = fields.Integer(required=True)


# --- holds ----------------------------------------------------------------------------------------------------


class HoldSlot(Visit):
    """Keep a time for ten minutes while somebody fills in the form."""

    starts_at = fields.AwareDateTime(required=True)
    channel = fields.String(load_default="web", validate=validate.OneOf(CHANNELS))
    example: ClassVar[Mapping[str, Any]] = {
        "location_id": "stadskantoor",
        "products": [{"product_id": "passport", "persons": 2}],
        "starts_at": _EXAMPLE_START,
        "channel": "web",
    }


class HoldRef(Request):
    """A hold and the secret that came with it."""

    hold_id = fields.UUID(required=True)
    secret = fields.String(required=True, validate=validate.Length(min=1, max=64))


class Hold(Reply):
    """A held time. `state`: held, expired, released or booked."""

    hold_id = fields.UUID(required=True)
    secret = fields.String()
    state = fields.String(required=True)
    location_id = slug()
    products = fields.List(fields.Nested(WantedProduct), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)
    extendable = fields.Boolean(required=True)


class ConfirmHold(HoldRef):
    """Turn a hold into an appointment."""

    name = fields.String(
        required=True, validate=(validate.Length(min=1, max=100), validate.Regexp(r".*\S"), _printable)
    )
    email = fields.Email(required=True, validate=(validate.Length(max=254), _printable))
    phone = fields.String(load_default=None, allow_none=True, validate=(validate.Length(max=30), _printable))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    time_zone = fields.String(load_default="Europe/Amsterdam", validate=(validate.Length(max=64), _known_zone))


# --- appointments ---------------------------------------------------------------------------------------------


class AppointmentRef(Request):
    """A reference (hyphens, case and look-alikes do not matter) and its secret."""

    reference = fields.String(required=True, validate=validate.Length(min=1, max=20))
    secret = fields.String(required=True, validate=validate.Length(min=1, max=64))


class Appointment(Reply):
    """An appointment without personal data; what a command answers and stores for repeats.

    `secret` is worked out anew for each answer and never stored. `sequence` is that of RFC 5546.
    """

    appointment_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    secret = fields.String()
    state = fields.String(required=True)
    version = fields.Integer(required=True)
    sequence = fields.Integer(required=True)
    location_id = slug()
    products = fields.List(fields.Nested(WantedProduct), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    changeable = fields.Boolean(required=True)


class AppointmentDetails(Appointment):
    """An appointment with what its holder told about himself."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)
    booked_at = fields.AwareDateTime(required=True)


class MoveAppointment(AppointmentRef):
    """Take another time (and perhaps another location); reference, link and calendar UID stay."""

    starts_at = fields.AwareDateTime(required=True)
    location_id = fields.String(load_default=None, allow_none=True)
    expected_version = fields.Integer(load_default=None, allow_none=True, strict=True)


class CancelAppointment(AppointmentRef):
    """Give the time back. Cancelling twice is the same as once."""

    expected_version = fields.Integer(load_default=None, allow_none=True, strict=True)


class SendLink(Request):
    """Mail the secret link again, when e-mail and reference belong together. The answer is always the same."""

    reference = fields.String(required=True, validate=validate.Length(min=1, max=20))
    email = fields.Email(required=True, validate=validate.Length(max=254))


class GetContact(Request):
    """For the services that write to people: whom does an appointment belong to?"""

    appointment_id = fields.UUID(required=True)


class Contact(Reply):
    """Who comes, how to reach them, and what their letters need. Never stored by the asker but as a keyed hash."""

    appointment_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    secret = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)


# --- is all well? ---------------------------------------------------------------------------------------------


class DriftedDay(Reply):
    """A counter's day on which free ticks and visits disagree; both numbers must be 0."""

    line_id = slug()
    on = fields.Date(required=True)
    lost_ticks = fields.Integer(required=True)
    doubled_ticks = fields.Integer(required=True)


class StrayVisit(Reply):
    """A visit that a changed opening left outside; a clerk must find another time with its holder."""

    appointment_id = fields.UUID(required=True)
    line_id = slug()
    on = fields.Date(required=True)


class CapacityDrift(Reply):
    """Lost ticks are taken while nobody is there, doubled ticks free while somebody is."""

    drifts = fields.List(fields.Nested(DriftedDay), required=True)
    outside_openings = fields.List(fields.Nested(StrayVisit), required=True)


# --- events ---------------------------------------------------------------------------------------------------


class _AppointmentEvent(Event):
    """A fact about one appointment; `version` counts the facts of that appointment from 1, without gaps."""

    source = "appointments"
    appointment_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class _TimedEvent(_AppointmentEvent):
    sequence = fields.Integer(required=True, strict=True)
    location_id = slug()
    products = fields.List(fields.Nested(WantedProduct), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


_TIMED_EXAMPLE: dict[str, Any] = {
    "appointment_id": _EXAMPLE_ID,
    "version": 1,
    "sequence": 0,
    "location_id": "stadskantoor",
    "products": [{"product_id": "passport", "persons": 2}],
    "starts_at": _EXAMPLE_START,
    "ends_at": "2026-12-03T08:50:00+00:00",
    "channel": "web",
}


class AppointmentBooked(_TimedEvent):
    """An appointment is firm."""

    type = "nl.afspraken.afspraak-gemaakt"
    example: ClassVar[Mapping[str, Any]] = _TIMED_EXAMPLE


class AppointmentMoved(_TimedEvent):
    """An appointment has another time or place."""

    type = "nl.afspraken.afspraak-verzet"
    from_starts_at = fields.AwareDateTime(required=True)
    from_location_id = slug()
    example: ClassVar[Mapping[str, Any]] = _TIMED_EXAMPLE | {
        "version": 2,
        "sequence": 1,
        "from_starts_at": "2026-12-01T10:00:00+00:00",
        "from_location_id": "glanerbrug",
    }


class AppointmentCancelled(_TimedEvent):
    """An appointment will not take place. `cancelled_by`: resident or municipality."""

    type = "nl.afspraken.afspraak-geannuleerd"
    cancelled_by = fields.String(required=True, validate=validate.OneOf(("resident", "municipality")))
    example: ClassVar[Mapping[str, Any]] = _TIMED_EXAMPLE | {"version": 2, "sequence": 1, "cancelled_by": "resident"}


class HoldExpired(_AppointmentEvent):
    """A held time went back unused (ten minutes were over)."""

    type = "nl.afspraken.reservering-verlopen"
    location_id = slug()
    starts_at = fields.AwareDateTime(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "appointment_id": _EXAMPLE_ID,
        "version": 1,
        "location_id": "stadskantoor",
        "starts_at": _EXAMPLE_START,
    }


class LinkRequested(_AppointmentEvent):
    """Its holder asked for the secret link again."""

    type = "nl.afspraken.link-gevraagd"
    example: ClassVar[Mapping[str, Any]] = {"appointment_id": _EXAMPLE_ID, "version": 2}


EVENTS = (AppointmentBooked, AppointmentMoved, AppointmentCancelled, HoldExpired, LinkRequested)
