"""Days whose places are given out by lot: what is drawn and what came of it, asking for a place, and giving it up."""

from typing import Any
from uuid import UUID

from flask import Response

from gateway.api import schemas
from gateway.api.accepting import JSON
from gateway.api.edge import ApiBlueprint, absolute
from gateway.api.faults import API_PREFIX, ProblemFound
from gateway.api.kept import kept, shared
from gateway.limits import reads, writes
from gateway.rpc import services
from services.contracts import appointments as contract
from services.contracts.base import Done

blueprint = ApiBlueprint(
    "draws",
    __name__,
    url_prefix=API_PREFIX,
    description="Days that are given out by lot. When somebody asks, and how often, changes nothing of his chance.",
)

LIST_SECONDS = 5
HELD_SECONDS = 3600


@blueprint.route("/draws")
@reads
@kept
@blueprint.arguments(schemas.NoQuery, location="query")
@blueprint.response(200, schemas.DrawList)
def list_draws(_: dict[str, Any]) -> dict[str, Any]:
    """Draws that are open or to come, and those that were held last

    One that is only planned has no id yet.
    """
    return shared(services().draw_list(), seconds=LIST_SECONDS)


@blueprint.route("/draws/<uuid:drawId>")
@reads
@kept
@blueprint.response(200, schemas.DrawPublication)
def get_draw(drawId: UUID) -> Response:
    """The published document of a draw

    Before it is held: what is promised, with the hash of the key. After that also the key, what there was to give, and
    what each request got: save it as it is, and `python -m services.appointments.verify_draw FILE` does the draw again.
    """
    found = services().draw_document(drawId)
    shared(found, seconds=HELD_SECONDS if found.reply["held"] else LIST_SECONDS)
    return Response(found.reply["document"], content_type=JSON)


@blueprint.route("/draws/<uuid:drawId>/requests", methods=["POST"])
@writes
@blueprint.arguments(schemas.DrawEntryRequest, example=schemas.DRAW_ENTRY_EXAMPLE)
@blueprint.arguments(schemas.WriteHeaders, location="headers")
@blueprint.response(201, schemas.Entered)
def enter_draw(
    asked: dict[str, Any], headers: dict[str, Any], drawId: UUID
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Ask for a place in a draw

    One person, and one address, asks once. The answer holds the number under which the result is published, and the
    secret that opens the request.
    """
    wish = asked | {"draw_id": drawId, "channel": "web"}
    answer = services().tell(
        "appointments.enter_draw", contract.EnterDraw, contract.DrawAnswer, wish, key=headers.get("key")
    )
    if not answer["passed"]:
        raise ProblemFound("code-wrong", attempts_left=answer["attempts_left"])
    entered: dict[str, Any] = answer["entered"]
    return entered, 201, {"Location": absolute(f"{API_PREFIX}/draw-requests/{entered['request_id']}")}


@blueprint.route("/draw-requests/<uuid:requestId>")
@reads
@blueprint.arguments(schemas.SecretHeaders, location="headers")
@blueprint.response(200, schemas.DrawRequestDetails)
def get_draw_request(headers: dict[str, Any], requestId: UUID) -> dict[str, Any]:
    """One request, and what it got in each draw"""
    return services().ask(
        "appointments.draw_request", contract.DrawRequestRef, contract.DrawRequestDetails, _ref(requestId, headers)
    )


@blueprint.route("/draw-requests/<uuid:requestId>", methods=["DELETE"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(204)
def withdraw_draw_request(headers: dict[str, Any], requestId: UUID) -> None:
    """Take no part any more, now and in the draws that follow

    Doing it twice is the same as once.
    """
    services().tell(
        "appointments.withdraw_draw_request",
        contract.DrawRequestRef,
        Done,
        _ref(requestId, headers),
        key=headers.get("key"),
    )


def _ref(request_id: UUID, headers: dict[str, Any]) -> dict[str, Any]:
    return {"request_id": request_id, "secret": headers["secret"]}
