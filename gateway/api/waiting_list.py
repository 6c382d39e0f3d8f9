"""Wishing an earlier time for an appointment, and answering an offer."""

from typing import Any
from uuid import UUID

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint
from gateway.api.faults import API_PREFIX
from gateway.limits import reads, writes
from gateway.rpc import services
from services.contracts import appointments as contract
from services.contracts.base import Done

blueprint = ApiBlueprint(
    "waiting-list",
    __name__,
    url_prefix=API_PREFIX,
    description="Who has an appointment may wish an earlier one; places that come free are offered one at a time.",
)


@blueprint.route("/appointments/<reference:reference>/wish")
@reads
@blueprint.arguments(schemas.SecretHeaders, location="headers")
@blueprint.response(200, schemas.WaitingList)
def get_wish(headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """Whether there is a waiting list, what is wished, and what is offered"""
    return services().ask(
        "appointments.waiting_list", contract.AppointmentRef, contract.WaitingList, _ref(reference, headers)
    )


@blueprint.route("/appointments/<reference:reference>/wish", methods=["POST"])
@writes
@blueprint.arguments(schemas.WishRequest)
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(200, schemas.WaitingList)
def join_waiting_list(asked: dict[str, Any], headers: dict[str, Any], reference: str) -> dict[str, Any]:
    """Wish an earlier time, or change what is wished

    The appointment stays as it is until an offer is accepted. A wish that is changed keeps its place on the list.
    """
    return services().tell(
        "appointments.join_waiting_list",
        contract.JoinWaitingList,
        contract.WaitingList,
        asked | _ref(reference, headers),
        key=headers.get("key"),
    )


@blueprint.route("/appointments/<reference:reference>/wish", methods=["DELETE"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(204)
def leave_waiting_list(headers: dict[str, Any], reference: str) -> None:
    """Give the wish up

    Doing it twice is the same as once.
    """
    services().tell(
        "appointments.leave_waiting_list",
        contract.AppointmentRef,
        Done,
        _ref(reference, headers),
        key=headers.get("key"),
    )


@blueprint.route("/appointments/<reference:reference>/wish/offers/<uuid:offerId>/acceptances", methods=["POST"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(200, schemas.Appointment)
def accept_offer(headers: dict[str, Any], reference: str, offerId: UUID) -> dict[str, Any]:
    """Take the offered time

    The appointment moves there; reference, secret and calendar entry stay. Doing it twice is the same as once.
    """
    return _answer(reference, headers, offerId, "accept")


@blueprint.route("/appointments/<reference:reference>/wish/offers/<uuid:offerId>/refusals", methods=["POST"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(200, schemas.Appointment)
def decline_offer(headers: dict[str, Any], reference: str, offerId: UUID) -> dict[str, Any]:
    """Leave the offered time to somebody else

    The appointment stays as it is, and so does its place on the list.
    """
    return _answer(reference, headers, offerId, "decline")


def _answer(reference: str, headers: dict[str, Any], offer_id: UUID, answer: str) -> dict[str, Any]:
    return services().tell(
        "appointments.answer_offer",
        contract.AnswerOffer,
        contract.Appointment,
        _ref(reference, headers) | {"offer_id": offer_id, "answer": answer},
        key=headers.get("key"),
    )


def _ref(reference: str, headers: dict[str, Any]) -> dict[str, Any]:
    return {"reference": reference, "secret": headers["secret"]}
