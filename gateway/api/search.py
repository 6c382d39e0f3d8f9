"""When there is room."""

from typing import Any

from gateway.api import schemas
from gateway.api.edge import ApiBlueprint
from gateway.api.faults import API_PREFIX
from gateway.api.kept import kept, shared
from gateway.limits import reads
from gateway.rpc import services

blueprint = ApiBlueprint("search", __name__, url_prefix=API_PREFIX, description="Free days and times.")

SEARCH_SECONDS = 1


@blueprint.route("/free-days")
@reads
@kept
@blueprint.arguments(schemas.FreeDaysQuery, location="query")
@blueprint.response(200, schemas.FreeDays)
def free_days(asked: dict[str, Any]) -> dict[str, Any]:
    """Days with room for a visit

    Without bounds from today to the booking horizon. `firstFree` also when it lies outside the bounds.
    """
    return shared(services().free_days(asked), seconds=SEARCH_SECONDS)


@blueprint.route("/free-times")
@reads
@kept
@blueprint.arguments(schemas.FreeTimesQuery, location="query")
@blueprint.response(200, schemas.FreeTimes)
def free_times(asked: dict[str, Any]) -> dict[str, Any]:
    """Start times that are offered on one day"""
    return shared(services().free_times(asked), seconds=SEARCH_SECONDS)
