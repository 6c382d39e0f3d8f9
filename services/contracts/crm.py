"""What the CRM answers: one customer's contact history. It is written from events only."""

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.base import Reply, Request

REFUSALS = {"customer-unknown": "No customer is known by this e-mail address or phone number."}


class GetTimeline(Request):
    """The contact history of the customer with this e-mail address or phone number: exactly one of the three."""

    email = fields.Email(load_default=None, allow_none=True)
    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=30))
    customer_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema
    def _exactly_one(self, data: dict[str, object], **_: object) -> None:
        if sum(data.get(key) is not None for key in ("email", "phone", "customer_id")) != 1:
            raise ValidationError("Give exactly one of email, phone and customer_id.")


class TimelineEntry(Reply):
    """One contact. `kind`: appointment-booked, -moved, -cancelled, message-sent, …; texts are made when shown."""

    entry_id = fields.UUID(required=True)
    occurred_at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    channel = fields.String(required=True)
    outcome = fields.String(required=True)
    appointment_id = fields.UUID(required=True, allow_none=True)
    product_ids = fields.List(fields.String(), required=True)
    location_id = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)


class Timeline(Reply):
    """A customer's contacts, newest first."""

    customer_id = fields.UUID(required=True)
    entries = fields.List(fields.Nested(TimelineEntry), required=True)


EVENTS = ()
