"""The public API, version 1: JSON over HTTP after the NL API Design Rules."""

from flask import Flask, Response, request

from gateway.api import (
    appointments,
    catalogue,
    codes,
    declarations,
    document,
    draws,
    holds,
    pairs,
    search,
    waiting_list,
)
from gateway.api.faults import API_PREFIX
from gateway.api.kept import register_shelf

BLUEPRINTS = (
    catalogue.blueprint,
    search.blueprint,
    codes.blueprint,
    holds.blueprint,
    pairs.blueprint,
    appointments.blueprint,
    waiting_list.blueprint,
    draws.blueprint,
    declarations.blueprint,
)


def register_api(app: Flask) -> None:
    """Add the API and its OpenAPI document to the app."""
    register_shelf(app)
    document.register_document(app, BLUEPRINTS)

    @app.after_request
    def tell_version(response: Response) -> Response:
        if request.path == API_PREFIX or request.path.startswith(API_PREFIX + "/"):
            response.headers["API-Version"] = document.API_VERSION
        return response
