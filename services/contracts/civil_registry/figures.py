"""What the city wants to know of its civil registry, without any person. Source: civil_registry.md 6.4."""

from marshmallow import fields

from services.contracts.base import Reply, Request


class GetFigures(Request):
    """The figures of a period, both days included; by month when `by_month`."""

    first_on = fields.Date(required=True)
    last_on = fields.Date(required=True)


class KindFigures(Reply):
    """One kind of fact in one month. Shares are between 0 and 1, None while there is nothing to divide."""

    month = fields.String(required=True)
    """Such as `2026-11`."""
    kind = fields.String(required=True)
    registered = fields.Integer(required=True)
    online = fields.Integer(required=True)
    digital_share = fields.Float(required=True, allow_none=True)
    digital_share_of_eligible = fields.Float(required=True, allow_none=True)
    """Without the cases that cannot be declared online."""
    target = fields.Float(required=True, allow_none=True)
    hours_to_register_p50 = fields.Float(required=True, allow_none=True)
    hours_to_register_p90 = fields.Float(required=True, allow_none=True)
    late = fields.Integer(required=True)
    asked = fields.Integer(required=True)
    """How many declarants were asked something."""
    in_time = fields.Integer(required=True, allow_none=True)
    """Permits: issued within four working hours."""


class RegistryFigures(Reply):
    """Kinds by month, oldest first."""

    months = fields.List(fields.Nested(KindFigures), required=True)
