"""Asking who booked long ago whether he still comes."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields

from services.contracts.appointments.events import TIMED_EXAMPLE, TimedEvent
from services.contracts.appointments.visits import AppointmentRef


class ReconfirmAppointment(AppointmentRef):
    """I still come. Twice is the same as once."""


class ReconfirmationAsked(TimedEvent):
    """The holder of an appointment is asked whether he still comes; `again`: for the second time.

    Who has not answered by `answer_by`, and never opened the page, may lose the place.
    """

    type = "nl.afspraken.afspraak-nagevraagd"
    answer_by = fields.AwareDateTime(required=True)
    again = fields.Boolean(required=True)
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE | {
        "version": 2,
        "answer_by": "2026-11-30T11:00:00+00:00",
        "again": False,
    }


class AppointmentReconfirmed(TimedEvent):
    """The holder of an appointment still comes."""

    type = "nl.afspraken.afspraak-herbevestigd"
    example: ClassVar[Mapping[str, Any]] = TIMED_EXAMPLE | {"version": 3}
