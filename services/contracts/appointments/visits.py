"""Firm appointments, and whom they belong to."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.appointments.base import EXAMPLE_ID, WantedProduct
from services.contracts.appointments.people import birth_field, name_field, reason_field, staff_field
from services.contracts.base import Reply, Request, slug


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
    also_cancelled = fields.String(
        metadata={"description": "Reference of the visit to collect that was cancelled with the one to request."}
    )


class OtherVisit(Appointment):
    """The other visit of a pair. `part`: request or collection."""

    part = fields.String(required=True)


class Proposal(Reply):
    """The visit lost its counter: another time is held for it until `answer_by`, or none: then the office calls."""

    proposed_starts_at = fields.AwareDateTime(required=True, allow_none=True)
    answer_by = fields.AwareDateTime(required=True, allow_none=True)


class Question(Reply):
    """Its holder is asked whether he still comes. `seen`: he has opened the page that asks."""

    answer_by = fields.AwareDateTime(required=True)
    seen = fields.Boolean(required=True)


class AppointmentDetails(Appointment):
    """An appointment with what its holder told about himself, and the other visit if it is one of a pair."""

    name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)
    birth_on = fields.Date(load_default=None, allow_none=True)
    """With the name the person to whom the appointment is bound; none: it is bound to nobody."""
    booked_at = fields.AwareDateTime(required=True)
    other_visit = fields.Nested(OtherVisit, allow_none=True)
    affected = fields.Nested(Proposal, load_default=None, allow_none=True)
    question = fields.Nested(Question, load_default=None, allow_none=True)
    released = fields.Boolean(
        load_default=False,
        metadata={"description": "It was cancelled because its holder did not say whether he still comes."},
    )


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
    """Who comes, how to reach them, and what their letters need. Never stored by the asker but as a keyed hash.

    `other_visit` is the other one of a pair, as long as it is firm. `draw_number`: the place fell to this request in a
    draw.
    """

    appointment_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    secret = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    language = fields.String(required=True)
    time_zone = fields.String(required=True)
    birth_on = fields.Date(load_default=None, allow_none=True)
    other_visit = fields.Nested(OtherVisit, allow_none=True)
    draw_number = fields.String(load_default=None, allow_none=True)


class CorrectPerson(Request):
    """Correct a typing error in the name or birth date to which a visit is bound. For staff only."""

    appointment_id = fields.UUID(required=True)
    name = name_field(load_default=None, allow_none=True)
    birth_on = birth_field(load_default=None, allow_none=True)
    reason = reason_field(required=True)
    staff_id = staff_field(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "appointment_id": EXAMPLE_ID,
        "name": "J. de Vries",
        "reason": "letters swapped",
        "staff_id": "desk-4",
    }
