"""What residents can come for, and where."""

from typing import Any

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint
from gateway.api.faults import API_PREFIX, ProblemFound
from gateway.api.kept import kept, shared
from gateway.limits import reads
from gateway.rpc import CATALOGUE_SECONDS, services

blueprint = ApiBlueprint(
    "catalogue", __name__, url_prefix=API_PREFIX, description="Products and locations; no secret needed."
)


@blueprint.route("/products")
@reads
@kept
@blueprint.arguments(schemas.NoQuery, location="query")
@blueprint.response(200, schemas.ProductList)
def list_products(_: dict[str, Any]) -> dict[str, Any]:
    """All products on offer

    In the order in which residents should see them; fees are those of today.
    """
    return shared(services().product_list(), seconds=CATALOGUE_SECONDS)


@blueprint.route("/products/<slug:productId>")
@reads
@kept
@blueprint.response(200, schemas.Product)
def get_product(productId: str) -> dict[str, Any]:
    """One product"""
    return _one(shared(services().product_list(), seconds=CATALOGUE_SECONDS)["products"], "product_id", productId)


@blueprint.route("/locations")
@reads
@kept
@blueprint.arguments(schemas.NoQuery, location="query")
@blueprint.response(200, schemas.LocationList)
def list_locations(_: dict[str, Any]) -> dict[str, Any]:
    """All locations"""
    return shared(services().location_list(), seconds=CATALOGUE_SECONDS)


@blueprint.route("/locations/<slug:locationId>")
@reads
@kept
@blueprint.response(200, schemas.Location)
def get_location(locationId: str) -> dict[str, Any]:
    """One location"""
    return _one(shared(services().location_list(), seconds=CATALOGUE_SECONDS)["locations"], "location_id", locationId)


def _one(items: list[dict[str, Any]], key: str, wanted: str) -> dict[str, Any]:
    for item in items:
        if item[key] == wanted:
            return item
    raise ProblemFound("not-found")
