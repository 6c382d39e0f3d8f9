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


class CheckCustomer(Request):
    """Is anything known of the customer with this e-mail address that matters before one writes to him?"""

    email = fields.Email(required=True)


class CustomerCheck(Reply):
    """`deceased_since`: since when it is known that he has died; None when he has not, or nobody knows him."""

    deceased_since = fields.AwareDateTime(required=True, allow_none=True)


class TimelineEntry(Reply):
    """One contact. `kind`: appointment-booked, birth-registered, message-sent, …; texts are made when shown.

    `outcome` of a contact about a record is the record's status, and `receipt` its number.
    """

    entry_id = fields.UUID(required=True)
    occurred_at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    channel = fields.String(required=True)
    outcome = fields.String(required=True)
    appointment_id = fields.UUID(required=True, allow_none=True)
    record_id = fields.UUID(load_default=None, allow_none=True)
    receipt = fields.String(load_default=None, allow_none=True)
    product_ids = fields.List(fields.String(), required=True)
    location_id = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)


class Timeline(Reply):
    """A customer's contacts, newest first. `deceased_since`: since when it is known that the customer has died."""

    customer_id = fields.UUID(required=True)
    deceased_since = fields.AwareDateTime(load_default=None, allow_none=True)
    entries = fields.List(fields.Nested(TimelineEntry), required=True)


EVENTS = ()
