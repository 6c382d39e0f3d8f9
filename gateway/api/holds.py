"""Keeping a time for ten minutes while somebody fills in a form."""

from typing import Any
from uuid import UUID

from flask import Response, jsonify

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint, absolute
from gateway.api.faults import API_PREFIX
from gateway.api.outward import outward
from gateway.limits import holds, reads, writes
from gateway.passing import passing
from gateway.rpc import services
from services.contracts import appointments as contract
from services.contracts.base import Done

blueprint = ApiBlueprint("holds", __name__, url_prefix=API_PREFIX, description="A time, kept for ten minutes.")


@blueprint.route("/holds", methods=["POST"])
@holds
@blueprint.arguments(schemas.HoldRequest, example=schemas.HOLD_EXAMPLE)
@blueprint.arguments(schemas.HoldHeaders, location="headers")
@blueprint.response(201, schemas.Hold)
def make_hold(asked: dict[str, Any], headers: dict[str, Any]) -> tuple[Response, int, dict[str, str]]:
    """Keep a time

    The answer holds the secret for the hold and for the appointment that it may become. At a busy moment the answer
    may be 428 with a challenge: send the same request again with its solution.
    """
    wish, key = asked | {"channel": "web"}, headers.get("key")
    with passing(wish, solution=headers.get("solution", ""), key=key or ""):
        held = services().tell_raw("appointments.hold_slot", contract.HoldSlot, wish, key=key)
    location = absolute(f"{API_PREFIX}/holds/{held['hold_id']}")
    return jsonify(outward(contract.Hold)(held)), 201, {"Location": location}


@blueprint.route("/holds/<uuid:holdId>")
@reads
@blueprint.arguments(schemas.SecretHeaders, location="headers")
@blueprint.response(200, schemas.Hold)
def get_hold(headers: dict[str, Any], holdId: UUID) -> dict[str, Any]:
    """One hold and its state"""
    return services().ask("appointments.hold", contract.HoldRef, contract.Hold, _ref(holdId, headers))


@blueprint.route("/holds/<uuid:holdId>", methods=["DELETE"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(204)
def release_hold(headers: dict[str, Any], holdId: UUID) -> None:
    """Give the time back

    Doing it twice is the same as once.
    """
    services().tell("appointments.release_hold", contract.HoldRef, Done, _ref(holdId, headers), key=headers.get("key"))


@blueprint.route("/holds/<uuid:holdId>/extensions", methods=["POST"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(200, schemas.Hold)
def extend_hold(headers: dict[str, Any], holdId: UUID) -> dict[str, Any]:
    """Keep the time ten minutes longer, once"""
    return services().tell(
        "appointments.extend_hold", contract.HoldRef, contract.Hold, _ref(holdId, headers), key=headers.get("key")
    )


def _ref(hold_id: UUID, headers: dict[str, Any]) -> dict[str, Any]:
    return {"hold_id": hold_id, "secret": headers["secret"]}
