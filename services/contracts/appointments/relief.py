"""More counter time for a product whose wait passes its norm. For staff."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.appointments.base import EXAMPLE_ID
from services.contracts.appointments.people import staff_field
from services.contracts.base import Reply, Request, slug

RELIEF_STATES = ("proposed", "applied", "declined", "expired")


class FindReliefs(Request):
    """Which days of counters were proposed for other products? Without a state: all from today on."""

    state = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(RELIEF_STATES))


class ReliefReason(Reply):
    """The numbers on which a proposal rests; a wait of none lies beyond the booking horizon."""

    first_next_days = fields.Integer(required=True, allow_none=True)
    third_next_days = fields.Integer(required=True, allow_none=True)
    norm_days = fields.Integer(required=True)
    starts_within_norm = fields.Integer(required=True)
    starts_added = fields.Integer(required=True)
    planned_occupancy = fields.Float(required=True)
    minutes_of_week = fields.Integer(required=True)
    most_minutes_of_week = fields.Integer(required=True)


class Relief(Reply):
    """One counter's day that a product with a long wait may use, or could."""

    proposal_id = fields.UUID(required=True)
    product_id = slug()
    location_id = slug()
    line_id = slug()
    on = fields.Date(required=True)
    week_on = fields.Date(required=True)
    hours = fields.Float(required=True)
    reason = fields.Nested(ReliefReason, required=True)
    state = fields.String(required=True)
    proposed_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class ReliefList(Reply):
    """Proposals, in order of their days."""

    reliefs = fields.List(fields.Nested(Relief), required=True)


class DecideRelief(Request):
    """Accept or decline proposals: all of these, or none when one cannot be decided any more."""

    proposal_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(min=1, max=50))
    decision = fields.String(required=True, validate=validate.OneOf(("accept", "decline")))
    staff_id = staff_field(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "proposal_ids": [EXAMPLE_ID],
        "decision": "accept",
        "staff_id": "manager-2",
    }
