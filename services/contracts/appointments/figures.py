"""How long people wait, how well capacity is used, and what became of visits. For staff and boards."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.appointments.base import EXAMPLE_ID
from services.contracts.appointments.people import staff_field
from services.contracts.base import Reply, Request, slug

OUTCOMES = ("done", "no_show", "left")
MOST_DAYS_OF_HISTORY = 400


class ProductWait(Reply):
    """Calendar days until the next and the third next start for one person; none: beyond the booking horizon."""

    location_id = slug()
    product_id = slug()
    first_next_days = fields.Integer(required=True, allow_none=True)
    third_next_days = fields.Integer(required=True, allow_none=True)
    norm_days = fields.Integer(required=True, allow_none=True)
    passes_norm = fields.Boolean(required=True)


class PlannedOccupancy(Reply):
    """Which share of a location's open time of the coming days is taken; holds count."""

    location_id = slug()
    days = fields.Integer(required=True)
    occupancy = fields.Float(required=True, allow_none=True)


class Figures(Reply):
    """The waits of this moment."""

    at = fields.AwareDateTime(required=True)
    waits = fields.List(fields.Nested(ProductWait), required=True)
    planned = fields.List(fields.Nested(PlannedOccupancy), required=True)


class GetFiguresHistory(Request):
    """The figures of the days between two, both included."""

    from_on = fields.Date(required=True)
    until_on = fields.Date(required=True)
    example: ClassVar[Mapping[str, Any]] = {"from_on": "2026-11-02", "until_on": "2026-11-29"}

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_: Any) -> None:
        days = (data["until_on"] - data["from_on"]).days
        if not 0 <= days < MOST_DAYS_OF_HISTORY:
            raise ValidationError({"until_on": [f"Must lie 0 to {MOST_DAYS_OF_HISTORY - 1} days after from_on."]})


class LeadFigures(Reply):
    """What became of the visits that were booked so many days ahead (`0-2`, `3-7`, `8-21`, `22+`)."""

    lead = fields.String(required=True)
    done = fields.Integer(required=True)
    no_show = fields.Integer(required=True)
    left = fields.Integer(required=True)
    late_cancelled = fields.Integer(required=True)
    no_show_rate = fields.Float(required=True, allow_none=True)


class PeriodFigures(Reply):
    """The figures of a product at a location; without product those of the location, without both of the town.

    `first_next_days` and `third_next_days` are medians of the samples (none: beyond the booking horizon). Fields of
    the waiting list are there when the town keeps one. `questions`: who was asked whether he still comes (`asked`), and
    how it ended (kept, cancelled, moved, released, spared).
    """

    location_id = fields.String(required=True, allow_none=True)
    product_id = fields.String(required=True, allow_none=True)
    samples = fields.Integer(required=True)
    first_next_days = fields.Float(required=True, allow_none=True)
    third_next_days = fields.Float(required=True, allow_none=True)
    booked = fields.Integer(required=True)
    wait_p50_days = fields.Integer(required=True, allow_none=True)
    wait_p90_days = fields.Integer(required=True, allow_none=True)
    share_within_14_days = fields.Float(required=True, allow_none=True)
    channels = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    cancelled = fields.Integer(required=True)
    late_cancelled = fields.Integer(required=True)
    cancel_notice_p50_hours = fields.Integer(required=True, allow_none=True)
    leads = fields.List(fields.Nested(LeadFigures), required=True)
    planned_occupancy = fields.Float(required=True, allow_none=True)
    served_occupancy = fields.Float(required=True, allow_none=True)
    drift_ticks = fields.Integer(required=True)
    questions = fields.Dict(keys=fields.String(), values=fields.Integer())
    offers_made = fields.Integer()
    offers_accepted = fields.Integer()
    days_gained_p50 = fields.Integer(allow_none=True)
    passes_of_rank = fields.Integer()


class WeekFigures(Reply):
    """The figures of one week, named by its Monday."""

    week_on = fields.Date(required=True)
    figures = fields.List(fields.Nested(PeriodFigures), required=True)


class FiguresHistory(Reply):
    """What was published; `written_until` is the last day that is complete."""

    written_until = fields.Date(required=True, allow_none=True)
    weeks = fields.List(fields.Nested(WeekFigures), required=True)
    total = fields.List(fields.Nested(PeriodFigures), required=True)


class RecordOutcome(Request):
    """What became of a visit, noted by staff after it began. Noting something else later corrects it."""

    appointment_id = fields.UUID(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf(OUTCOMES))
    staff_id = staff_field(required=True)
    example: ClassVar[Mapping[str, Any]] = {
        "appointment_id": EXAMPLE_ID,
        "outcome": "no_show",
        "staff_id": "desk-4",
    }


class VisitOutcome(Reply):
    """What is now known of a visit; `replaces` is what it corrected."""

    appointment_id = fields.UUID(required=True)
    outcome = fields.String(required=True)
    replaces = fields.String(required=True, allow_none=True)
