"""The OpenAPI document: made by flask-smorest from the views, completed with what every operation has.

Source: NL API Design Rules /core/doc-openapi, /core/publish-openapi, /core/version-header, /core/error-handling/*.
"""

import json
from collections.abc import Iterable
from typing import Any, cast

from flask import Flask, Response
from flask_smorest import Api, Blueprint
from werkzeug.routing import BaseConverter

from gateway.api.faults import API_PREFIX, PROBLEM_JSON
from gateway.api.problems import PROBLEMS
from gateway.api.schemas import Instant, ProblemDetails, ProductAmount
from gateway.limits import reads
from gateway.settings import GatewaySettings

API_VERSION = "1.0.0"
OPENAPI_VERSION = "3.1.0"

_DESCRIPTION = (
    "Book, move and cancel an appointment at the counters of the municipality of Enschede.\n\n"
    "Instants may carry any offset and are answered in UTC; days are those of Europe/Amsterdam. "
    "Errors are problem details (RFC 9457); the page at `type` explains each. "
    "Send an `Idempotency-Key` (a random UUID) with every write: a repeat then happens once and is answered alike."
)
_CONTACT = {
    "name": "Gemeente Enschede, team Balie",
    "email": "balie@enschede.nl",
    "url": "https://www.enschede.nl/contact",
}
_LICENCE = {"name": "EUPL-1.2", "identifier": "EUPL-1.2"}
_VERSION_HEADER = {"description": "Version of this API.", "schema": {"type": "string", "examples": [API_VERSION]}}
_ETAG_HEADER = {"description": "Names this content; for `If-None-Match` and `If-Match`.", "schema": {"type": "string"}}
_IF_NONE_MATCH = {
    "in": "header",
    "name": "If-None-Match",
    "description": "ETags that are known already.",
    "schema": {"type": "string"},
}
_CONFLICTS = {
    "makeHold": {409, 428},
    "extendHold": {409, 410},
    "releaseHold": {410},
    "makePair": {409},
    "extendPair": {409, 410},
    "releasePair": {409, 410},
    "makeAppointments": {404, 409, 410},
    "makeAppointment": {404, 409, 410},
    "enterDraw": {409},
    "withdrawDrawRequest": {409},
    "moveAppointment": {409, 412},
    "cancelAppointment": {409, 412},
}
"""What may come between a request and its effect, per operation."""


class Slug(BaseConverter):
    """A readable id in a path, such as `stadskantoor`."""

    regex = "[a-z][a-z0-9-]{0,62}"


class Reference(BaseConverter):
    """An appointment's reference in a path; hyphens, case and look-alikes do not matter."""

    regex = "[0-9A-Za-z-]{1,20}"


class _OurApi(Api):  # type: ignore[misc]  # flask-smorest has no types
    """flask-smorest without its own error answers: `faults.py` gives them for the whole app."""

    ERROR_SCHEMA = ProblemDetails

    def _register_error_handlers(self) -> None:
        """Leave errors to the app."""


def register_document(app: Flask, blueprints: Iterable[Blueprint]) -> None:
    """Add the blueprints to the app and serve what they promise at `/v1/openapi.json`."""
    settings = cast(GatewaySettings, app.extensions["settings"])
    app.url_map.converters |= {"slug": Slug, "reference": Reference}
    app.config.update(API_TITLE="Balie", API_VERSION=API_VERSION, OPENAPI_VERSION=OPENAPI_VERSION)
    api = _OurApi(app)
    api.register_converter(Slug, lambda _: {"type": "string", "pattern": f"^{Slug.regex}$"})
    api.register_converter(Reference, lambda _: {"type": "string", "pattern": f"^{Reference.regex}$"})
    api.register_field(Instant, "string", "date-time")
    api.register_field(ProductAmount, "string", None)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    document = _completed(cast(dict[str, Any], api.spec.to_dict()), settings.public_url)
    app.extensions["openapi"] = document
    body = json.dumps(document)

    @reads
    def openapi_json() -> Response:
        response = Response(body, content_type="application/json")
        response.headers["Access-Control-Allow-Origin"] = "*"
        return response

    app.add_url_rule(f"{API_PREFIX}/openapi.json", view_func=openapi_json)


def _completed(document: dict[str, Any], public_url: str) -> dict[str, Any]:
    document["info"] |= {"description": _DESCRIPTION, "contact": _CONTACT, "license": _LICENCE}
    document["servers"] = [{"url": public_url + API_PREFIX}]
    document["security"] = []
    document["paths"] = {path.removeprefix(API_PREFIX): operations for path, operations in document["paths"].items()}
    components = document["components"]
    components["responses"] = {f"Problem{status}": _problem_response(status) for status in _statuses()}
    components["headers"] = {"API-Version": _VERSION_HEADER}
    components["schemas"].pop("PaginationMetadata", None)  # flask-smorest adds it unasked
    for operations in document["paths"].values():
        in_path = bool(operations.get("parameters"))
        for method, operation in operations.items():
            if method != "parameters":
                _complete_operation(method, operation, in_path=in_path)
    return cast(dict[str, Any], _with_portable_patterns(document))


def _complete_operation(method: str, operation: dict[str, Any], *, in_path: bool) -> None:
    answers = {code: answer for code, answer in operation["responses"].items() if code[0] in "23"}
    if "application/json" in answers.get("200", {}).get("content", {}) and method == "get":
        answers["200"]["headers"] = {"ETag": _ETAG_HEADER}
        answers["304"] = {"description": "Not changed since `If-None-Match`."}
        operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
    if "201" in answers:
        answers["201"]["headers"] = {"Location": {"schema": {"type": "string", "format": "uri"}}}
    for answer in answers.values():
        answer.setdefault("headers", {})["API-Version"] = {"$ref": "#/components/headers/API-Version"}
    statuses = {406, 429, 500, 503, 504} | _CONFLICTS.get(operation["operationId"], set())
    if method != "get" or operation.get("parameters") or in_path:
        statuses.add(400)
    if in_path:
        statuses.add(404)
    if method != "get":
        statuses.add(422)
    if "requestBody" in operation:
        statuses |= {413, 415}
    answers |= {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)}
    operation["responses"] = answers


def _with_portable_patterns(node: Any) -> Any:
    """Return the document with patterns in the dialect of JSON Schema (ECMA 262), which has no `\\Z`."""
    if isinstance(node, dict):
        return {
            key: inner.replace("\\Z", "$")
            if key == "pattern" and isinstance(inner, str)
            else _with_portable_patterns(inner)
            for key, inner in node.items()
        }
    return [_with_portable_patterns(inner) for inner in node] if isinstance(node, list) else node


def _statuses() -> list[int]:
    return sorted({problem.status for problem in PROBLEMS.values() if not problem.for_people})


def _problem_response(status: int) -> dict[str, Any]:
    kinds = [problem for problem in PROBLEMS.values() if problem.status == status and not problem.for_people]
    return {
        "description": "; ".join(f"{problem.title_en} (`{problem.code}`)" for problem in kinds),
        "headers": {"API-Version": {"$ref": "#/components/headers/API-Version"}},
        "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}},
    }
