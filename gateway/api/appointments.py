"""Appointments: made from a hold, read, moved and cancelled by whoever holds the secret."""

from typing import Any

from flask import Response, jsonify

from gateway.api import schemas
from gateway.api.calendars import calendar_of
from gateway.api.edge import CALENDAR, ApiBlueprint, absolute, expected_version, remember_version
from gateway.api.faults import API_PREFIX
from gateway.api.outward import outward
from gateway.limits import links, reads, writes
from gateway.passing import note_mail
from gateway.rpc import services
from services.contracts import appointments as contract
from services.contracts.base import Done

blueprint = ApiBlueprint(
    "appointments", __name__, url_prefix=API_PREFIX, description="Appointments; each has a reference and a secret."
)


@blueprint.route("/appointments", methods=["POST"])
@writes
@blueprint.arguments(schemas.AppointmentRequest)
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(201, schemas.Appointment)
def make_appointment(asked: dict[str, Any], headers: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
    """Turn a hold into an appointment

    A mail with a calendar invite follows.
    """
    booked = services().tell_raw(
        "appointments.confirm_hold",
        contract.ConfirmHold,
        asked | {"secret": headers["secret"]},
        key=headers.get("key"),
    )
    note_mail(asked["email"])
    location = absolute(f"{API_PREFIX}/appointments/{booked['reference']}")
    return jsonify(outward(contract.Appointment)(booked)), 201, {"Location": location}


@blueprint.route("/appointments/<reference:reference>")
@reads
@blueprint.arguments(schemas.SecretHeaders, location="headers")
@blueprint.response(200, schemas.AppointmentDetails)
def get_appointment(headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """One appointment

    The ETag names its version; send it as `If-Match` with a change.
    """
    found = _details(reference, headers)
    remember_version(found["version"])
    return found


@blueprint.route("/appointments/<reference:reference>/moves", methods=["POST"])
@writes
@blueprint.arguments(schemas.MoveRequest)
@blueprint.arguments(schemas.ChangeHeaders, location="headers")
@blueprint.response(200, schemas.Appointment)
def move_appointment(asked: dict[str, Any], headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """Take another time, and perhaps another location

    Reference, secret and calendar entry stay. The old time is kept until the new one is sure.
    """
    return services().tell(
        "appointments.move_appointment",
        contract.MoveAppointment,
        contract.Appointment,
        asked | _ref(reference, headers) | {"expected_version": expected_version(headers.get("if_match"))},
        key=headers.get("key"),
    )


@blueprint.route("/appointments/<reference:reference>/cancellations", methods=["POST"])
@writes
@blueprint.arguments(schemas.ChangeHeaders, location="headers")
@blueprint.response(200, schemas.Appointment)
def cancel_appointment(headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """Cancel

    Doing it twice is the same as once.
    """
    return services().tell(
        "appointments.cancel_appointment",
        contract.CancelAppointment,
        contract.Appointment,
        _ref(reference, headers) | {"expected_version": expected_version(headers.get("if_match"))},
        key=headers.get("key"),
    )


@blueprint.route("/appointments/<reference:reference>/answers", methods=["POST"])
@writes
@blueprint.arguments(schemas.AnswerRequest)
@blueprint.arguments(schemas.ChangeHeaders, location="headers")
@blueprint.response(200, schemas.Appointment)
def answer_proposal(asked: dict[str, Any], headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """Accept or decline the proposed time

    For an appointment with `affected`: changed opening hours took its place. Who declines keeps the appointment until
    the office has called.
    """
    return services().tell(
        "appointments.answer_affected",
        contract.AnswerAffected,
        contract.Appointment,
        asked | _ref(reference, headers),
        key=headers.get("key"),
    )


@blueprint.route("/appointments/<reference:reference>/reconfirmations", methods=["POST"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(200, schemas.Appointment)
def reconfirm_appointment(headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """Say that you still come

    For an appointment with a `question`: it was made long ago. Who does not come cancels. Without an answer, and if
    nobody opened the page that asks, its time may go to somebody else.
    """
    return services().tell(
        "appointments.reconfirm_appointment",
        contract.ReconfirmAppointment,
        contract.Appointment,
        _ref(reference, headers),
        key=headers.get("key"),
    )


@blueprint.route("/appointments/<reference:reference>/calendar")
@reads
@blueprint.arguments(schemas.SecretHeaders, location="headers")
@blueprint.response(200, {"type": "string"}, content_type=CALENDAR)
def get_calendar(headers: dict[str, Any], reference: str) -> Response:
    """The appointment for a calendar (RFC 5545)"""
    found = _details(reference, headers)
    entry = calendar_of(found, secret=headers["secret"])
    response = Response(entry, content_type=f"{CALENDAR}; charset=utf-8; method=PUBLISH")
    response.headers["Content-Disposition"] = 'attachment; filename="afspraak.ics"'
    return response


@blueprint.route("/link-requests", methods=["POST"])
@links
@blueprint.arguments(schemas.LinkRequest)
@blueprint.arguments(schemas.WriteHeaders, location="headers")
@blueprint.response(202)
def request_link(asked: dict[str, Any], headers: dict[str, Any]) -> Response:
    """Have the secret link mailed again

    The answer is the same whether or not reference and e-mail address belong together.
    """
    services().tell("appointments.send_link", contract.SendLink, Done, asked, key=headers.get("key"))
    return Response(status=202)


def _details(reference: str, headers: dict[str, Any]) -> dict[str, Any]:
    return services().ask(
        "appointments.appointment",
        contract.AppointmentRef,
        contract.AppointmentDetails,
        _ref(reference, headers),
    )


def _ref(reference: str, headers: dict[str, Any]) -> dict[str, Any]:
    return {"reference": reference, "secret": headers["secret"]}
