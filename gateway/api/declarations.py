"""Which civil-status facts can be declared."""

from typing import Any

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint
from gateway.api.faults import API_PREFIX
from gateway.limits import reads
from gateway.rpc import services
from services.contracts import civil_registry as contract

blueprint = ApiBlueprint(
    "declarations", __name__, url_prefix=API_PREFIX, description="Declarations of civil status and their terms."
)


@blueprint.route("/declarations")
@reads
@blueprint.arguments(schemas.DeclarationsQuery, location="query")
@blueprint.response(200, schemas.DeclarationList)
def list_declarations(asked: dict[str, Any]) -> dict[str, Any]:
    """Declarations that can be made, with their legal terms

    Under the rules in force on `date`; without it, today.
    """
    return services().ask(
        "civil_registry.offered_declarations", contract.OfferedDeclarations, contract.DeclarationList, asked
    )
