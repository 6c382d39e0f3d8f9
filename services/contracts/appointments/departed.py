"""Visits that may be those of somebody who died: staff decide where nobody can be sure."""

from marshmallow import fields, validate

from services.contracts.appointments.people import reason_field, staff_field
from services.contracts.base import Reply, Request

GROUNDS = ("name", "birth-and-surname", "party")


class ListDoubts(Request):
    """Which coming visits may be those of somebody who died? For staff only."""


class Doubt(Reply):
    """A visit that may be that of somebody who died. `ground`: what is the same, one of `GROUNDS`.

    Staff compare the visit with the death record; the record's name is not told here.
    """

    record_id = fields.UUID(required=True)
    appointment_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    ground = fields.String(required=True, validate=validate.OneOf(GROUNDS))
    found_at = fields.AwareDateTime(required=True)
    starts_at = fields.AwareDateTime(required=True)


class DoubtList(Reply):
    """Those whose visit is soonest come first."""

    doubts = fields.List(fields.Nested(Doubt), required=True)


class SettleDoubt(Request):
    """Say whether a visit is that of who died: then it is called off, else it stands. For staff only."""

    record_id = fields.UUID(required=True)
    appointment_id = fields.UUID(required=True)
    same = fields.Boolean(required=True)
    reason = reason_field(required=True)
    staff_id = staff_field(required=True)
