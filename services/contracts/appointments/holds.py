"""Keeping a time and making it firm."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.appointments.base import EXAMPLE_START, Visit, WantedProduct
from services.contracts.appointments.people import (
    birth_field,
    known_zone,
    name_field,
    printable,
    reason_field,
    staff_field,
)
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

    name = name_field(required=True)
    email = fields.Email(required=True, validate=(validate.Length(max=254), printable))
    phone = fields.String(load_default=None, allow_none=True, validate=(validate.Length(max=30), printable))
    language = fields.String(required=True, validate=validate.OneOf(LANGUAGES))
    time_zone = fields.String(load_default="Europe/Amsterdam", validate=(validate.Length(max=64), known_zone))
    birth_on = birth_field(
        load_default=None,
        allow_none=True,
        metadata={"description": "Only for products with `bound`, and required there; else it is not kept."},
    )


class ByStaff(Request):
    """Who of the staff does it, and why. A public edge leaves these fields out."""

    exceed_reason = reason_field(load_default=None, allow_none=True)
    staff_id = staff_field(load_default=None, allow_none=True)

    @validates_schema(skip_on_field_errors=True)
    def _both_or_neither(self, data: Mapping[str, Any], **_: Any) -> None:
        if (data.get("exceed_reason") is None) != (data.get("staff_id") is None):
            raise ValidationError("Give both the reason and who it is, or neither.", "exceed_reason")


BY_STAFF = ("exceed_reason", "staff_id")
"""The fields with which the telephone and the desk may go beyond the limits per person."""


class ConfirmHold(Told, ByStaff, HoldRef):
    """Turn a hold into an appointment."""
