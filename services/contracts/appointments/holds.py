"""Keeping a time and making it firm."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.appointments.base import EXAMPLE_START, Visit, WantedProduct
from services.contracts.appointments.people import known_zone, printable
from services.contracts.base import CHANNELS, LANGUAGES, Reply, Request, slug


class HoldSlot(Visit):
    """Keep a time for ten minutes while somebody fills in the form."""

    starts_at = fields.AwareDateTime(required=True)
    channel = fields.String(load_default="web", validate=validate.OneOf(CHANNELS))
    example: ClassVar[Mapping[str, Any]] = {
        "location_id": "stadskantoor",
        "products": [{"product_id": "passport", "persons": 2}],
        "starts_at": EXAMPLE_START,
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


class Told(Request):
    """What somebody tells about himself."""

    name = fields.String(required=True, validate=(validate.Length(min=1, max=100), validate.Regexp(r".*\S"), printable))
    email = fields.Email(required=True, validate=(validate.Length(max=254), printable))
    phone = fields.String(load_default=None, allow_none=True, validate=(validate.Length(max=30), printable))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    time_zone = fields.String(load_default="Europe/Amsterdam", validate=(validate.Length(max=64), known_zone))


class ConfirmHold(Told, HoldRef):
    """Turn a hold into an appointment."""
