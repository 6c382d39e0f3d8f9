"""Openings that staff change, and visits that lose their counter by it. For the gateway's staff pages and the mails."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.appointments.events import TIMED_EXAMPLE, TimedEvent
from services.contracts.appointments.people import printable, reason_field
from services.contracts.appointments.visits import AppointmentRef
from services.contracts.base import Reply, Request, slug

OPENING_CHANGE_KINDS = ("close-line", "close-location", "open-extra")
MOST_DAYS = 31
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5][05]|24:00")


def _clock() -> fields.String:
    return fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Regexp(
            re.compile(rf"(?:{_CLOCK.pattern})\Z"), error="Must be a time on a five-minute mark, such as 08:30."
        ),
    )


def _by() -> fields.String:
    return fields.String(required=True, validate=(validate.Length(min=1, max=100), printable))


class PreviewOpeningChange(Request):
    """What would a change do? From `first_on` to `last_on` (left out: one day), whole days or a part of each."""

    kind = fields.String(required=True, validate=validate.OneOf(OPENING_CHANGE_KINDS))
    location_id = slug()
    line_id = fields.String(load_default=None, allow_none=True)
    first_on = fields.Date(required=True)
    last_on = fields.Date(load_default=None, allow_none=True)
    from_time = _clock()
    until_time = _clock()
    example: ClassVar[Mapping[str, Any]] = {
        "kind": "close-line",
        "location_id": "stadskantoor",
        "line_id": "stadskantoor-3",
        "first_on": "2026-12-03",
        "from_time": "12:00",
        "until_time": "17:00",
    }

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: Mapping[str, Any], **_: Any) -> None:
        last_on = data["last_on"] or data["first_on"]
        if not 0 <= (last_on - data["first_on"]).days < MOST_DAYS:
            raise ValidationError(f"Must be the first day or later, and at most {MOST_DAYS} days.", "last_on")
        if (data["line_id"] is None) != (data["kind"] == "close-location"):
            raise ValidationError("Name the counter, unless the whole location closes.", "line_id")
        start, end = data["from_time"], data["until_time"]
        if (start is None) != (end is None) or (start is not None and start >= end):
            raise ValidationError("Give a start and a later end, or neither (the whole day).", "until_time")
        if data["kind"] == "open-extra" and (start is None or last_on != data["first_on"]):
            raise ValidationError("An extra shift is on one day, from a time until a time.", "from_time")


class VisitWithoutCounter(Reply):
    """A visit that would get no counter at its own time."""

    appointment_id = fields.UUID(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class OpeningChangePreview(Reply):
    """How many visits would change counters unseen, and which would have none."""

    rehoused = fields.Integer(required=True)
    affected = fields.List(fields.Nested(VisitWithoutCounter), required=True)


class ChangeOpening(PreviewOpeningChange):
    """Close a counter or a location, or open a counter for an extra shift. Twice the same is once."""

    reason = reason_field(required=True)
    by = _by()
    example: ClassVar[Mapping[str, Any]] = {
        **PreviewOpeningChange.example,
        "reason": "ziek",
        "by": "teamleider",
    }


class WithdrawChange(Request):
    """Take a change of openings back."""

    change_id = fields.UUID(required=True)
    by = _by()


class OpeningChanged(Reply):
    """A change, and how many visits are affected that were not before."""

    change_id = fields.UUID(required=True)
    affected = fields.Integer(required=True)


class ListAffected(Request):
    """Which visits of a location have lost their counter?"""

    location_id = slug()


class AffectedVisit(Reply):
    """A visit that lost its counter. `state`: found, offered (until `deadline_at`), called (a clerk must call)."""

    appointment_id = fields.UUID(required=True)
    change_id = fields.UUID(required=True)
    reference = fields.String(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    proposed_starts_at = fields.AwareDateTime(required=True, allow_none=True)
    deadline_at = fields.AwareDateTime(required=True, allow_none=True)


class AffectedVisits(Reply):
    """Those whom a clerk must call come first."""

    visits = fields.List(fields.Nested(AffectedVisit), required=True)


class AnswerAffected(AppointmentRef):
    """Take the proposed time, or give it back: then a clerk calls."""

    accept = fields.Boolean(required=True)


class RevokeVisit(Request):
    """Call off a visit that lost its counter, for a reason. For staff only."""

    appointment_id = fields.UUID(required=True)
    reason = reason_field(required=True)


class VisitAffected(TimedEvent):
    """A visit lost its counter. A time is proposed and held until `answer_by`, or none: then the office calls."""

    type = "nl.afspraken.afspraak-geraakt"
    proposed_starts_at = fields.AwareDateTime(required=True, allow_none=True)
    answer_by = fields.AwareDateTime(required=True, allow_none=True)
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE | {
        "version": 2,
        "proposed_starts_at": "2026-12-04T08:20:00+00:00",
        "answer_by": "2026-12-02T08:20:00+00:00",
    }


class VisitKept(TimedEvent):
    """A visit that had lost its counter can take place after all."""

    type = "nl.afspraken.afspraak-gaat-door"
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE | {"version": 3}
