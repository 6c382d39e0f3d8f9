"""What all endpoints share: how input is read (all faults at once) and how answers are given (ETag, Accept)."""

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, cast

from flask import Request, Response, current_app, g, request
from flask_smorest import Blueprint
from marshmallow import EXCLUDE, RAISE, Schema, ValidationError
from marshmallow import missing as nothing
from webargs.core import is_json, parse_json
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import RequestEntityTooLarge, UnsupportedMediaType

from gateway.api.accepting import JSON, check_accept
from gateway.api.faults import InvalidInput, ProblemFound, pointed
from gateway.api.kept import keep
from gateway.settings import GatewaySettings

View = Callable[..., Any]
CALENDAR = "text/calendar"

_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class InputParser(FlaskParser):
    """Collects the faults of body, query and headers, so that the visitor hears of all of them at once."""

    DEFAULT_VALIDATION_STATUS = 400
    DEFAULT_UNKNOWN_BY_LOCATION = FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION | {"query": RAISE, "headers": EXCLUDE}

    def use_args(
        self, argmap: Any, req: Request | None = None, *, location: str | None = None, **rest: Any
    ) -> Callable[[View], View]:
        """Decorate a view: hand it the input of one location; faults wait until all locations were read."""
        where = location or self.location
        unknown = self.DEFAULT_UNKNOWN_BY_LOCATION.get(where)

        def decorate(view: View) -> View:
            @wraps(view)
            def with_input(*args: Any, **kwargs: Any) -> Any:
                return view(*args, self._read(argmap, where, unknown), **kwargs)

            return with_input

        return decorate

    def _read(self, schema: Schema, location: str, unknown: Any) -> Any:
        asked = request._get_current_object()  # type: ignore[attr-defined]
        try:
            sent = self._load_location_data(schema=schema, req=asked, location=location)
            return schema.load(sent, unknown=unknown)
        except ValidationError as error:
            faults = list(_located({location: error.messages}))
        except InvalidInput as fault:
            faults = fault.errors
        g.setdefault("input_errors", []).extend(faults)
        return {}

    def load_headers(self, req: Request, schema: Schema) -> dict[str, str]:
        """Return those headers that a schema knows."""
        names = [inner.data_key or name for name, inner in schema.fields.items()]
        return {name: value for name in names if (value := req.headers.get(name)) is not None}

    def _raw_load_json(self, req: Request) -> Any:
        if not is_json(req.mimetype):
            raise UnsupportedMediaType
        sent = req.get_data(cache=True)
        if req.content_length is None and len(sent) >= (req.max_content_length or math.inf):
            raise RequestEntityTooLarge  # of a body without length Werkzeug hands over the beginning, without a word
        try:
            body = parse_json(sent)
        except (ValueError, RecursionError):
            raise ProblemFound("invalid-json") from None
        if body is nothing:
            raise ProblemFound("invalid-json", "The body is empty.")
        # Neither sign can stand in JSON but as an escape.
        if b"\\u" in sent and (unstorable := list(_unstorable(body))):
            raise InvalidInput(
                {"pointer": path, "detail": "Leave out characters without meaning."} for path in unstorable
            )
        return body


def _located(messages: Mapping[str, Any]) -> Iterable[dict[str, str]]:
    for location, inner in messages.items():
        if location == "json":
            yield from pointed(inner, rename=str)
        else:
            for name, faults in inner.items():
                for fault in pointed(faults, rename=str):
                    yield {"parameter": str(name), "detail": fault["detail"]}


def _unstorable(body: Any, path: str = "#") -> Iterable[str]:
    """Yield where a text holds what PostgreSQL or UTF-8 cannot keep: NUL, half a surrogate pair."""
    if isinstance(body, str):
        if _UNSTORABLE.search(body):
            yield path
    elif isinstance(body, dict):
        for key, inner in body.items():
            yield from [path] if _UNSTORABLE.search(key) else _unstorable(inner, f"{path}/{key}")
    elif isinstance(body, list):
        for number, inner in enumerate(body):
            yield from _unstorable(inner, f"{path}/{number}")


class ApiBlueprint(Blueprint):  # type: ignore[misc]  # flask-smorest has no types
    """A flask-smorest blueprint with our rules for input and answers."""

    ARGUMENTS_PARSER = InputParser()

    def route(self, rule: str, **options: Any) -> Callable[[View], View]:
        """Decorate a view: serve it at a path; its name is the operation's id in the OpenAPI document."""
        as_route = super().route(rule, **options)

        def decorate(view: View) -> View:
            first, *others = view.__name__.split("_")
            name = first + "".join(word.capitalize() for word in others)
            return cast(View, as_route(self.doc(operationId=name)(view)))

        return decorate

    def arguments(self, schema: Any, **documented: Any) -> Callable[[View], View]:
        """Decorate a view: hand it the input that a schema reads from body, query or headers."""
        # One instance for all requests: making one costs more than using it.
        reader = schema() if isinstance(schema, type) else schema
        return cast(Callable[[View], View], super().arguments(reader, **documented))

    def response(self, status_code: int, schema: Any = None, **documented: Any) -> Callable[[View], View]:
        """Decorate a view: check input and Accept before it runs; give 200 an ETag and answer 304 where due."""
        media_type = documented.get("content_type") or JSON
        as_answer = super().response(status_code, schema, **documented)

        def decorate(view: View) -> View:
            @wraps(view)
            def checked(*args: Any, **kwargs: Any) -> Any:
                check_accept(media_type)
                if errors := g.get("input_errors"):
                    raise InvalidInput(errors)
                return view(*args, **kwargs)

            answered = as_answer(checked)

            @wraps(answered)
            def tagged(*args: Any, **kwargs: Any) -> Response:
                return _tagged(answered(*args, **kwargs))

            return tagged

        return decorate


def _tagged(response: Response) -> Response:
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.mimetype != JSON:  # noqa: PLR2004
        return response
    version = g.get("version")
    digest = hashlib.sha256(response.get_data()).hexdigest()[:24]
    response.set_etag(digest if version is None else f"v{version}-{digest}")
    keep(response)
    response.make_conditional(request)
    return response


def remember_version(version: int) -> None:
    """Let the ETag of this answer begin with the version, so that `If-Match` can name it."""
    g.version = version


def expected_version(if_match: str | None) -> int | None:
    """Return the version that an `If-Match` header names, or None when any will do.

    Of several the newest counts: a version that was seen once cannot come back.

    Raises: ProblemFound (no ETag of ours, so it cannot match).
    """
    if if_match is None or if_match.strip() == "*":
        return None
    versions = [int(found) for found in re.findall(r'(?:^|,)\s*"v([0-9]{1,9})-[0-9a-f]+"\s*(?=,|\Z)', if_match)]
    if not versions:
        raise ProblemFound("version-conflict")
    return max(versions)


def absolute(path: str) -> str:
    """Return the public address of a path."""
    return cast(GatewaySettings, current_app.extensions["settings"]).public_url + path
