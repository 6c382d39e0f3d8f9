"""Two visits at once, to request documents and to collect them: found by one search, kept and booked together."""

from typing import Any
from uuid import UUID

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint, absolute
from gateway.api.faults import API_PREFIX
from gateway.limits import holds, reads, writes
from gateway.rpc import services
from services.contracts import appointments as contract
from services.contracts.base import Done

blueprint = ApiBlueprint(
    "pairs",
    __name__,
    url_prefix=API_PREFIX,
    description="A visit to request documents and one to collect them, for products with a `collection`.",
)


@blueprint.route("/free-pairs")
@reads
@blueprint.arguments(schemas.FreeDaysQuery, location="query")
@blueprint.response(200, schemas.FreePairs)
def free_pairs(asked: dict[str, Any]) -> dict[str, Any]:
    """Days to request after which there is room to collect

    `collectFromDate` and `collectUntilDate` are the rule, `collectionDays` the first days with room.
    """
    return services().ask("appointments.free_pairs", contract.FindFreePairs, contract.FreePairs, asked)


@blueprint.route("/collection-days")
@reads
@blueprint.arguments(schemas.CollectionDaysQuery, location="query")
@blueprint.response(200, schemas.CollectionDays)
def collection_days(asked: dict[str, Any]) -> dict[str, Any]:
    """Days with room to collect what is requested on one day

    Ask `/free-times` for the times of one of them, with the `products` of this answer.
    """
    return services().ask("appointments.collection_days", contract.FindCollectionDays, contract.CollectionDays, asked)


@blueprint.route("/pairs", methods=["POST"])
@holds
@blueprint.arguments(schemas.PairRequest, example=schemas.PAIR_EXAMPLE)
@blueprint.arguments(schemas.WriteHeaders, location="headers")
@blueprint.response(201, schemas.Pair)
def make_pair(asked: dict[str, Any], headers: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Keep both times, or neither

    A problem says in `visit` whether the request or the collection cannot be.
    """
    held = services().tell(
        "appointments.hold_pair", contract.HoldPair, contract.Pair, asked | {"channel": "web"}, key=headers.get("key")
    )
    return held, 201, {"Location": absolute(f"{API_PREFIX}/pairs/{held['journey_id']}")}


@blueprint.route("/pairs/<uuid:journeyId>")
@reads
@blueprint.arguments(schemas.SecretHeaders, location="headers")
@blueprint.response(200, schemas.Pair)
def get_pair(headers: dict[str, Any], journeyId: UUID) -> dict[str, Any]:
    """One pair of holds and their states"""
    return services().ask("appointments.pair", contract.PairRef, contract.Pair, _ref(journeyId, headers))


@blueprint.route("/pairs/<uuid:journeyId>", methods=["DELETE"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(204)
def release_pair(headers: dict[str, Any], journeyId: UUID) -> None:
    """Give both times back

    Doing it twice is the same as once.
    """
    services().tell(
        "appointments.release_pair", contract.PairRef, Done, _ref(journeyId, headers), key=headers.get("key")
    )


@blueprint.route("/pairs/<uuid:journeyId>/extensions", methods=["POST"])
@writes
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(200, schemas.Pair)
def extend_pair(headers: dict[str, Any], journeyId: UUID) -> dict[str, Any]:
    """Keep both times ten minutes longer, once"""
    return services().tell(
        "appointments.extend_pair", contract.PairRef, contract.Pair, _ref(journeyId, headers), key=headers.get("key")
    )


@blueprint.route("/pairs/<uuid:journeyId>/appointments", methods=["POST"])
@writes
@blueprint.arguments(schemas.PairConfirmation)
@blueprint.arguments(schemas.SecretWriteHeaders, location="headers")
@blueprint.response(201, schemas.BookedPair)
def make_appointments(
    asked: dict[str, Any], headers: dict[str, Any], journeyId: UUID
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Turn both holds into appointments, or neither

    Each has a reference and a secret of its own. `Location` is that of the request.
    """
    booked = services().tell(
        "appointments.confirm_pair",
        contract.ConfirmPair,
        contract.BookedPair,
        asked | _ref(journeyId, headers),
        key=headers.get("key"),
    )
    return booked, 201, {"Location": absolute(f"{API_PREFIX}/appointments/{booked['request']['reference']}")}


def _ref(journey_id: UUID, headers: dict[str, Any]) -> dict[str, Any]:
    return {"journey_id": journey_id, "secret": headers["secret"]}
