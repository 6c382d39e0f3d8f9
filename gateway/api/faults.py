"""Turns whatever went wrong into one answer: problem+json for programs, a page for people."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask, Response, current_app, json, request
from werkzeug.exceptions import HTTPException

from gateway.api.problems import BY_STATUS, PROBLEMS, Problem
from gateway.api.schemas import camel, zulu
from gateway.challenge import Challenged, CodeWanted
from gateway.limits import TooMany
from gateway.settings import GatewaySettings
from services.messaging.errors import Busy, Malformed, Refusal, TimedOut, Unavailable
from services.messaging.log import correlation_id, get_logger

log = get_logger()

API_PREFIX = "/v1"
PROBLEM_JSON = "application/problem+json"
_SERVER_ERROR = 500


class InvalidInput(Exception):
    """The request does not fit; `errors` holds each fault as `pointer` or `parameter` with a `detail`."""

    def __init__(self, errors: Iterable[Mapping[str, str]]) -> None:
        super().__init__("invalid input")
        self.errors = [dict(error) for error in errors]


class ProblemFound(Exception):
    """A problem of the table, found by the gateway itself."""

    def __init__(self, code: str, detail: str = "", **facts: Any) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Fault:
    """One occurrence of a problem, ready to be shown.

    `facts` are particulars such as the alternatives of a taken slot.
    """

    problem: Problem
    detail: str = ""
    errors: tuple[Mapping[str, str], ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    retry_after_seconds: int | None = None
    allow: str = ""


def register_faults(app: Flask) -> None:
    """Answer every error of every part of the app.

    The pages may set `app.extensions["problem_page"]`, a function from `Fault` to an answer.
    """
    app.register_error_handler(Exception, _answer)


def _answer(error: Exception) -> Response:
    if isinstance(error, HTTPException) and (error.code or _SERVER_ERROR) < 400:  # noqa: PLR2004 - a redirect
        return cast(Response, error.get_response())
    fault = fault_of(error)
    if fault.problem.status == _SERVER_ERROR:
        log.error("request_failed", code=getattr(error, "code", None), exc_info=error)
    page = cast(Callable[[Fault], Response] | None, current_app.extensions.get("problem_page"))
    for_programs = request.path == API_PREFIX or request.path.startswith(API_PREFIX + "/")
    response = problem_response(fault) if for_programs or page is None else page(fault)
    if fault.retry_after_seconds is not None:
        response.headers["Retry-After"] = str(fault.retry_after_seconds)
    if fault.allow:
        response.headers["Allow"] = fault.allow
    return response


def fault_of(error: Exception) -> Fault:
    """Return what an exception means to the one who asked; a bug tells nothing of itself."""
    match error:
        case InvalidInput():
            return Fault(PROBLEMS["invalid-input"], errors=tuple(error.errors))
        case Challenged():
            return Fault(PROBLEMS["challenge-required"], facts={"challenge": error.challenge})
        case CodeWanted():
            return Fault(PROBLEMS["code-required"])
        case TooMany():
            return Fault(PROBLEMS["too-many-requests"], retry_after_seconds=error.retry_after_seconds)
        case ProblemFound():
            return Fault(PROBLEMS[error.code], error.detail, facts=error.facts)
        case Refusal():
            return _refused(error)
        case Malformed():
            return Fault(PROBLEMS["invalid-input"], errors=tuple(pointed(error.errors)))
        case TimedOut():
            return Fault(PROBLEMS["timed-out"], error.detail, retry_after_seconds=max(1, error.retry_after_seconds))
        case Busy():
            return Fault(PROBLEMS["busy"], error.detail, retry_after_seconds=error.retry_after_seconds)
        case Unavailable():
            return Fault(PROBLEMS["unavailable"], error.detail, retry_after_seconds=max(1, error.retry_after_seconds))
        case HTTPException():
            return _of_status(error)
        case _:
            return Fault(PROBLEMS["internal-error"])


def _refused(refusal: Refusal) -> Fault:
    problem = PROBLEMS.get(refusal.code)
    if problem is None or problem.status >= _SERVER_ERROR:
        return Fault(PROBLEMS["internal-error"])
    return Fault(problem, refusal.detail, facts=refusal.facts)


def _of_status(error: HTTPException) -> Fault:
    if isinstance(error, TooMany):
        return Fault(PROBLEMS["too-many-requests"], retry_after_seconds=error.retry_after_seconds)
    status = error.code or _SERVER_ERROR
    unknown = "bad-request" if status < _SERVER_ERROR else "internal-error"
    allowed = sorted(getattr(error, "valid_methods", None) or ())
    return Fault(BY_STATUS.get(status, PROBLEMS[unknown]), allow=", ".join(allowed))


def problem_response(fault: Fault) -> Response:
    """Return a fault as problem+json. Source: RFC 9457."""
    settings = cast(GatewaySettings, current_app.extensions["settings"])
    body: dict[str, Any] = {camel(name): _outward(value) for name, value in fault.facts.items()}
    body |= {
        "type": f"{settings.public_url}/problems/{fault.problem.code}",
        "title": fault.problem.title_en,
        "status": fault.problem.status,
        "detail": fault.detail or fault.problem.cure_en,
        "instance": f"urn:uuid:{correlation_id()}",
    }
    if fault.errors:
        body["errors"] = list(fault.errors)
    return Response(json.dumps(body), status=fault.problem.status, content_type=PROBLEM_JSON)


def _outward(fact: Any) -> Any:
    """Return a fact with its instants as UTC `Z`, as everywhere in the API."""
    if isinstance(fact, list):
        return [_outward(item) for item in fact]
    if isinstance(fact, str) and "T" in fact:
        try:
            return zulu(datetime.fromisoformat(fact))
        except ValueError:
            return fact
    return fact


def pointed(messages: object, path: str = "#", *, rename: Callable[[str], str] = camel) -> Iterable[dict[str, str]]:
    """Return Marshmallow's nested messages as a flat list of JSON pointers (RFC 6901) with one detail each."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            step = "" if key == "_schema" else "/" + rename(str(key)).replace("~", "~0").replace("/", "~1")
            yield from pointed(inner, path + step, rename=rename)
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from pointed(message, path, rename=rename)
    else:
        yield {"pointer": path, "detail": str(messages)}
