"""When there is room."""

from marshmallow import fields

from services.contracts.appointments.base import Visit
from services.contracts.base import Reply


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
