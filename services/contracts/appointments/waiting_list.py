"""The waiting list: wishing an earlier visit, and answering an offer. All instants are UTC."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.appointments.base import EXAMPLE_ID, EXAMPLE_START, WantedProduct
from services.contracts.appointments.visits import AppointmentRef
from services.contracts.base import Event, Reply, slug

PARTS_OF_DAY = ("morning", "afternoon", "evening")
WISH_STATES = ("waiting", "offered", "paused", "done")
OFFER_ENDS = ("accepted", "declined", "expired", "revoked")
DAY_MINUTES = 24 * 60

_OFFER_ID = "3c1f2f60-5c53-4f4e-8f0b-1f0d2f3f9a77"
_WISH_ID = "9d2b7a54-0a4b-4a2e-9f0e-6f5f0a1b2c3d"


class JoinWaitingList(AppointmentRef):
    """Wish an earlier time for an appointment, or change what is wished. The appointment stays as it is.

    `weekdays`: 0 = Monday. `notice_minutes`: how long before its start a time may still be offered.
    """

    location_ids = fields.List(slug(), required=True, validate=validate.Length(min=1, max=20))
    earliest_on = fields.Date(load_default=None, allow_none=True)
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=0, max=6)),
        load_default=lambda: list(range(7)),
        validate=validate.Length(min=1, max=7),
    )
    parts_of_day = fields.List(
        fields.String(validate=validate.OneOf(PARTS_OF_DAY)),
        load_default=lambda: list(PARTS_OF_DAY),
        validate=validate.Length(min=1, max=3),
    )
    notice_minutes = fields.Integer(
        load_default=DAY_MINUTES, strict=True, validate=validate.Range(min=240, max=14 * DAY_MINUTES)
    )
    example: ClassVar[Mapping[str, Any]] = {
        "reference": "K7Q2-MXD4",
        "secret": "s",
        "location_ids": ["stadskantoor"],
        "earliest_on": "2026-11-30",
        "weekdays": [0, 1, 2],
        "parts_of_day": ["morning"],
        "notice_minutes": DAY_MINUTES,
    }


class AnswerOffer(AppointmentRef):
    """Say yes or no to an offered time. Yes moves the appointment there; no keeps its place on the list."""

    offer_id = fields.UUID(required=True)
    answer = fields.String(required=True, validate=validate.OneOf(("accept", "decline")))


class Offer(Reply):
    """An earlier time that is kept for one person until `expires_at`."""

    offer_id = fields.UUID(required=True)
    location_id = slug()
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class Wish(Reply):
    """What earlier times somebody would take. `state`: waiting, offered, paused, or done (six offers were made)."""

    state = fields.String(required=True)
    location_ids = fields.List(fields.String(), required=True)
    earliest_on = fields.Date(required=True)
    latest_at = fields.AwareDateTime(required=True)
    weekdays = fields.List(fields.Integer(), required=True)
    parts_of_day = fields.List(fields.String(), required=True)
    notice_minutes = fields.Integer(required=True)
    offer = fields.Nested(Offer, required=True, allow_none=True)


class WaitingList(Reply):
    """Whether there is a list for an appointment (`possible`), where it could be earlier, and the wish if there is one.

    Where somebody stands on the list is not said: the number would promise a time that nobody knows.
    """

    possible = fields.Boolean(required=True)
    location_ids = fields.List(fields.String(), required=True)
    latest_at = fields.AwareDateTime(required=True, allow_none=True)
    wish = fields.Nested(Wish, required=True, allow_none=True)


class _OfferEvent(Event):
    """A fact about one offer: it is made (version 1), and it ends (version 2)."""

    source = "appointments"
    offer_id = fields.UUID(required=True)
    wish_id = fields.UUID(required=True)
    appointment_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))


class OfferMade(_OfferEvent):
    """An earlier time is kept for the holder of an appointment until `expires_at`; he must be told in time.

    `appointment_version` is the last fact about the appointment before this one.
    """

    type = "nl.afspraken.aanbod-gedaan"
    appointment_version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    sequence = fields.Integer(required=True, strict=True)
    location_id = slug()
    products = fields.List(fields.Nested(WantedProduct), required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    from_starts_at = fields.AwareDateTime(required=True)
    from_location_id = slug()
    expires_at = fields.AwareDateTime(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "offer_id": _OFFER_ID,
        "wish_id": _WISH_ID,
        "appointment_id": EXAMPLE_ID,
        "version": 1,
        "appointment_version": 1,
        "sequence": 0,
        "location_id": "stadskantoor",
        "products": [{"product_id": "passport", "persons": 2}],
        "starts_at": EXAMPLE_START,
        "ends_at": "2026-12-03T08:50:00+00:00",
        "from_starts_at": "2026-12-21T08:20:00+00:00",
        "from_location_id": "stadskantoor",
        "expires_at": "2026-11-24T12:05:00+00:00",
    }


class OfferEnded(_OfferEvent):
    """An offer is over. `outcome`: accepted, declined, expired or revoked."""

    type = "nl.afspraken.aanbod-beeindigd"
    outcome = fields.String(required=True, validate=validate.OneOf(OFFER_ENDS))
    example: ClassVar[Mapping[str, Any]] = {
        "offer_id": _OFFER_ID,
        "wish_id": _WISH_ID,
        "appointment_id": EXAMPLE_ID,
        "version": 2,
        "outcome": "expired",
    }
