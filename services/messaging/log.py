"""Structured log lines on standard output, one JSON object each, without personal data.

An event is a name with fields: `log.info("hold_confirmed", appointment_id=...)`. A field that is not on the
allow-list is withheld, so that a name or an address cannot slip in; a traceback shows where, never with what.
"""

import json
import logging
import sys
import traceback
from collections.abc import MutableMapping
from contextvars import ContextVar
from typing import Any, cast
from uuid import UUID

import orjson
import structlog

_ALLOWED = frozenset(
    [
        "event",
        "level",
        "timestamp",
        "service",
        "process",
        "correlation_id",
        "method",
        "route",
        "status",
        "outcome",
        "kind",
        "queue",
        "exchange",
        "source",
        "attempt",
        "attempts",
        "reason",
        "code",
        "error",
        "sqlstate",
        "traceback",
        "host",
        "port",
        "vhost",
        "state",
        "job",
        "version",
        "signal",
        "type",
        "channel",
        "consumer",
        "locale",
        "language",
        "template",
        "subscribers",
        "location",
        "line",
        "product",
        "on",
        "lines",
        "warnings",
        "path",
        "file",
    ]
)
_ALLOWED_ENDINGS = ("_id", "_ids", "_at", "_on", "_seconds", "_ms", "_count", "_version", "_port", "_state")

_correlation: ContextVar[str] = ContextVar("correlation_id", default="")


def set_correlation(correlation_id: str) -> None:
    """Remember the id that ties a request, its events and its mails together."""
    _correlation.set(correlation_id)


def correlation_id() -> str:
    """Return the correlation id of what is being worked on, or an empty text."""
    return _correlation.get()


def is_correlation_id(text: object) -> bool:
    """Say whether a text from outside may be used as a correlation id (a UUID)."""
    try:
        UUID(str(text))
    except ValueError:
        return False
    return True


def _bare_trace(error: BaseException) -> str:
    """Return where an error arose: frames and types, no values, since those may be personal."""
    frames = traceback.extract_tb(error.__traceback__)
    return " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}" for frame in frames)


def _describe_error(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    error = fields.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()[1]
    elif isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        fields["error"] = type(error).__name__
        fields["traceback"] = _bare_trace(error)
        state = getattr(getattr(error, "orig", error), "pgcode", None)
        if state:
            fields["sqlstate"] = state
    return fields


def _withhold(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for name in fields:
        if name not in _ALLOWED and not name.endswith(_ALLOWED_ENDINGS):
            fields[name] = "withheld"
    return fields


def _as_json(_: Any, __: str, fields: MutableMapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(fields, default=str)
    except TypeError:  # half a surrogate pair, or a number beyond 64 bits: a line is worth more than speed
        return json.dumps(fields, default=str).encode()


def _add_correlation(_: Any, __: str, fields: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    if current := _correlation.get():
        fields.setdefault("correlation_id", current)
    return fields


class _LibraryLines(logging.Handler):
    """Lines of libraries become events too; their text may hold anything, so only its origin is kept."""

    def emit(self, record: logging.LogRecord) -> None:
        get_logger().log(record.levelno, "library", source=record.name, error=_exception_name(record))


def _exception_name(record: logging.LogRecord) -> str:
    return record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""


def configure(*, service: str, process: str, level: str = "info") -> None:
    """Set up logging for this process. Called once, in `__main__`."""
    threshold = getattr(logging, level.upper())
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _add_correlation,
            _describe_error,
            _withhold,
            _as_json,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(threshold),
        logger_factory=structlog.BytesLoggerFactory(sys.stdout.buffer),
        cache_logger_on_first_use=False,
    )
    structlog.contextvars.clear_contextvars()
    global _base  # noqa: PLW0603 - one identity per process
    _base = {"service": service, "process": process}
    root = logging.getLogger()
    root.handlers[:] = [_LibraryLines()]
    root.setLevel(logging.WARNING)


_base: dict[str, str] = {}


class _Log:
    """Binds the process's identity at the time of the call, so that a module may keep a logger from import on."""

    def __init__(self) -> None:
        self._processors: object = None
        self._bound: Any = None

    def __getattr__(self, name: str) -> Any:
        processors = structlog.get_config()["processors"]
        if self._processors is not processors:  # configured, or reset by a test, since the last line
            self._bound = structlog.get_logger().bind(**_base)
            self._processors = processors
        return getattr(self._bound, name)


def get_logger() -> structlog.typing.FilteringBoundLogger:
    """Return the logger; safe to call at import."""
    return cast(structlog.typing.FilteringBoundLogger, _Log())
