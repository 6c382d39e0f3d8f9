"""What appointments tells others. All instants are UTC."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.appointments.base import EXAMPLE_ID, EXAMPLE_START, WantedProduct
from services.contracts.appointments.draws import DrawEntered, DrawLost
from services.contracts.appointments.waiting_list import OfferEnded, OfferMade
from services.contracts.base import CHANNELS, Event, slug


class _AppointmentEvent(Event):
    """A fact about one appointment; `version` counts the facts of that appointment from 1, without gaps."""

    source = "appointments"
    appointment_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class TimedEvent(_AppointmentEvent):
    """A fact about an appointment, with what, where and when."""

    sequence = fields.Integer(required=True, strict=True)
    location_id = slug()
    products = fields.List(fields.Nested(WantedProduct), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    channel = fields.String(required=True, validate=validate.OneOf(CHANNELS))


TIMED_EXAMPLE: dict[str, Any] = {
    "appointment_id": EXAMPLE_ID,
    "version": 1,
    "sequence": 0,
    "location_id": "stadskantoor",
    "products": [{"product_id": "passport", "persons": 2}],
    "starts_at": EXAMPLE_START,
    "ends_at": "2026-12-03T08:50:00+00:00",
    "channel": "web",
}


class AppointmentBooked(TimedEvent):
    """An appointment is firm."""

    type = "nl.afspraken.afspraak-gemaakt"
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE


class AppointmentMoved(TimedEvent):
    """An appointment has another time or place."""

    type = "nl.afspraken.afspraak-verzet"
    from_starts_at = fields.AwareDateTime(required=True)
    from_location_id = slug()
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE | {
        "version": 2,
        "sequence": 1,
        "from_starts_at": "2026-12-01T10:00:00+00:00",
        "from_location_id": "glanerbrug",
    }


CANCELLED_BECAUSE = ("not-reconfirmed", "with-request")


class AppointmentCancelled(TimedEvent):
    """An appointment will not take place. `cancelled_by`: resident or municipality.

    `because`: `not-reconfirmed` when its holder was asked whether he still comes, and never answered; `with-request`
    when there is nothing to collect any more for that reason.
    """

    type = "nl.afspraken.afspraak-geannuleerd"
    cancelled_by = fields.String(required=True, validate=validate.OneOf(("resident", "municipality")))
    because = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(CANCELLED_BECAUSE))
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE | {"version": 2, "sequence": 1, "cancelled_by": "resident"}


class HoldExpired(_AppointmentEvent):
    """A held time went back unused (ten minutes were over)."""

    type = "nl.afspraken.reservering-verlopen"
    location_id = slug()
    starts_at = fields.AwareDateTime(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "appointment_id": EXAMPLE_ID,
        "version": 1,
        "location_id": "stadskantoor",
        "starts_at": EXAMPLE_START,
    }


class LinkRequested(_AppointmentEvent):
    """Its holder asked for the secret link again."""

    type = "nl.afspraken.link-gevraagd"
    example: ClassVar[Mapping[str, Any]] = {"appointment_id": EXAMPLE_ID, "version": 2}


class CodeRequested(Event):
    """Somebody wants a place and must be mailed a code; to whom is asked by RPC. It has no later facts."""

    type = "nl.afspraken.code-gevraagd"
    source = "appointments"
    code_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    expires_at = fields.AwareDateTime(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "code_id": EXAMPLE_ID,
        "version": 1,
        "expires_at": "2026-12-03T08:50:00+00:00",
    }


EVENTS = (
    AppointmentBooked,
    AppointmentMoved,
    AppointmentCancelled,
    HoldExpired,
    LinkRequested,
    OfferMade,
    OfferEnded,
    CodeRequested,
    DrawEntered,
    DrawLost,
)
