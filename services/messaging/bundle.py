"""Calls of one kind that wait at the same time travel together: one message there, and one back.

A message costs the broker and both its ends as much as the work that it asks for, and who does one thing after the
other does it faster. A bundle is never waited for: a call travels alone unless others of its kind wait beside it.

Its body is `{"args": [], "kwargs": {"calls": [{"id", "key", "correlation_id", "request"}, ...]}}` under the header
`nameko.bundle`; the answer to it is `{"status": "bundle", "answers": {id: answer}}` with the answers to those calls
that could be done together. Nothing was changed for the others, and each of them is asked again alone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson

HEADER = "nameko.bundle"
MOST = 8
"""Calls in one bundle."""
STATUS = "bundle"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a bundle. `id` tells it from the others, and means nothing beyond it."""

    id: str
    key: str
    correlation_id: str
    request: dict[str, Any]


def join(calls: Iterable[tuple[str, str, str, bytes]]) -> bytes:
    """Return the body of a bundle: of each call its id, key and correlation id, and its request in JSON."""
    parts = [
        {"id": call_id, "key": key, "correlation_id": correlation, "request": orjson.Fragment(request)}
        for call_id, key, correlation, request in calls
    ]
    return orjson.dumps({"args": [], "kwargs": {"calls": parts}})


def unpack(kwargs: Mapping[str, Any]) -> list[Call] | None:
    """Return the calls of a bundle, or None when it is none."""
    try:
        calls = [Call(**call) for call in kwargs["calls"]]
    except (KeyError, TypeError):
        return None
    return calls if 0 < len(calls) <= MOST and all(map(_is_sound, calls)) else None


def _is_sound(call: Call) -> bool:
    texts = (call.id, call.key, call.correlation_id)
    return all(isinstance(text, str) for text in texts) and call.key != "" and isinstance(call.request, dict)


def answered(answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to a bundle: the answers to those of its calls that were done."""
    return {"status": STATUS, "answers": dict(answers)}
