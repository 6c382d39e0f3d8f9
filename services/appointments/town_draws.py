"""The shape of `policy.draw` in a town's files: days that are given out by lot."""

from collections.abc import Mapping, Sequence
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from services.appointments.domain.draw_rules import Every, Moment, period_of
from services.appointments.domain.ticks import NIGHT, mask, tick_of
from services.appointments.town_fields import WEEKDAYS, Day, clock, iso, must

MOST_DAYS_AHEAD = 150
_OPEN_ON_THE_WALL = timedelta(hours=25)
"""An hour more than a day: the clock may go forward in between."""
_LONGEST = {Every.WEEK: 7, Every.MONTH: 31}
_STEPS = ("opens", "closes", "draws")


class MomentFile(Schema):
    """A time on the wall, so many days before the first day of a batch."""

    days_ahead = fields.Integer(required=True, strict=True, validate=validate.Range(min=0, max=MOST_DAYS_AHEAD))
    at = clock(required=True)

    @validates_schema
    def _by_day(self, data: Mapping[str, Any], **_: Any) -> None:
        must(data["at"] != "24:00", "Write midnight as '00:00' of the next day.")
        at_night = mask(tick_of(time.fromisoformat(data["at"])), 1) & NIGHT
        must(not at_night, "Choose a time outside 01:00 to 04:00 (the clock changes then).")


class DrawFile(Schema):
    """One dated rule; read by `domain/policy.py`."""

    every = fields.String(required=True, validate=validate.OneOf(tuple(Every)))
    weekdays = fields.List(
        fields.String(validate=validate.OneOf(WEEKDAYS)),
        load_default=lambda: list(WEEKDAYS),
        validate=validate.Length(min=1),
    )
    opens = fields.Nested(MomentFile, required=True)
    closes = fields.Nested(MomentFile, required=True)
    draws = fields.Nested(MomentFile, required=True)
    most_places = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(1, 10_000))
    valid_from = Day(required=True)
    valid_until = Day(load_default=None, allow_none=True)

    @validates_schema
    def _in_time(self, data: Mapping[str, Any], **_: Any) -> None:
        opens, closes, draws = (
            Moment(data[step]["days_ahead"], time.fromisoformat(data[step]["at"])).wall_before for step in _STEPS
        )
        must(opens - closes >= _OPEN_ON_THE_WALL, "Requests must be open for at least 25 hours on the wall.")
        must(closes >= draws, "Requests must close before lots are drawn, or at that moment.")
        must(draws > timedelta(), "Lots must be drawn before the first day of the batch begins.")
        until = data["valid_until"]
        must(until is None or data["valid_from"] <= until, "valid_from must not come after valid_until.")

    @post_load
    def _as_row(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {
            **data,
            "weekdays": sorted(WEEKDAYS.index(day) for day in data["weekdays"]),
            "valid_from": iso(data["valid_from"]),
            "valid_until": iso(data["valid_until"]),
        }


def check_one_rule_a_day(rules: Sequence[Mapping[str, Any]]) -> None:
    """Do nothing when no day is drawn under two of the rules of a product.

    Raises: ValidationError.
    """
    for early, late in pairwise(sorted(rules, key=lambda rule: str(rule["valid_from"]))):
        until = early["valid_until"]
        last_on = None if until is None else period_of(Every(early["every"]), date.fromisoformat(until))[1]
        if last_on is None or late["valid_from"] <= last_on.isoformat():
            raise ValidationError(f"Two rules of the draw hold at the same time, from {late['valid_from']} on.")


def beyond_horizon(rule: Mapping[str, Any], horizon_days: int) -> bool:
    """Say whether lots would be drawn for days on which nobody may book yet."""
    return bool(rule["draws"]["days_ahead"] + _LONGEST[Every(rule["every"])] > horizon_days)
