"""The public API, version 1: JSON over HTTP after the NL API Design Rules."""

from flask import Flask, Response, request

from gateway.api import appointments, catalogue, declarations, document, holds, pairs, search
from gateway.api.faults import API_PREFIX

BLUEPRINTS = (
    catalogue.blueprint,
    search.blueprint,
    holds.blueprint,
    pairs.blueprint,
    appointments.blueprint,
    declarations.blueprint,
)


def register_api(app: Flask) -> None:
    """Add the API and its OpenAPI document to the app."""
    document.register_document(app, BLUEPRINTS)

    @app.after_request
    def tell_version(response: Response) -> Response:
        if request.path == API_PREFIX or request.path.startswith(API_PREFIX + "/"):
            response.headers["API-Version"] = document.API_VERSION
        return response
