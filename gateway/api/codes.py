"""A code by mail: the way to a hold that asks for one, and for who cannot do a proof of work."""

from typing import Any
from uuid import UUID

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint, absolute
from gateway.api.faults import API_PREFIX, ProblemFound
from gateway.limits import codes, writes
from gateway.passing import challenger
from gateway.rpc import services
from services.contracts import appointments as contract

blueprint = ApiBlueprint("codes", __name__, url_prefix=API_PREFIX, description="Codes by mail, before a hold.")


@blueprint.route("/codes", methods=["POST"])
@codes
@blueprint.arguments(schemas.CodeRequest)
@blueprint.arguments(schemas.WriteHeaders, location="headers")
@blueprint.response(201, schemas.CodeOnItsWay)
def request_code(asked: dict[str, Any], headers: dict[str, Any]) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Have a code mailed

    The answer is the same for every address.
    """
    on_its_way = services().tell(
        "appointments.request_code", contract.RequestCode, contract.CodeOnItsWay, asked, key=headers.get("key")
    )
    return on_its_way, 201, {"Location": absolute(f"{API_PREFIX}/codes/{on_its_way['code_id']}/proofs")}


@blueprint.route("/codes/<uuid:codeId>/proofs", methods=["POST"])
@writes
@blueprint.arguments(schemas.CodeProofRequest)
@blueprint.arguments(schemas.WriteHeaders, location="headers")
@blueprint.response(200, schemas.CodeProof)
def prove_code(asked: dict[str, Any], headers: dict[str, Any], codeId: UUID) -> dict[str, str]:
    """Trade a code for a proof

    The proof goes into the header `Challenge-Solution` of one hold, within ten minutes.
    """
    wish = asked | {"code_id": codeId}
    checked = services().tell(
        "appointments.check_code", contract.CheckCode, contract.CheckedCode, wish, key=headers.get("key")
    )
    if not checked["passed"]:
        raise ProblemFound("code-wrong", attempts_left=checked["attempts_left"])
    return {"solution": challenger().pass_for(str(codeId))}
