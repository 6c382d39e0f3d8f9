"""Turns a service's reply into the API's words without a detour over Python values.

A reply is JSON by a contract, and the API's answer is the same JSON with other names and with `Z` for UTC: `outward`
works out once per contract what becomes of each field. Reading a reply with Marshmallow and writing it again cost as
much as the rest of a request.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from marshmallow import Schema, fields

from gateway.api.schemas import camel
from gateway.rpc import UnreadableReply

Turn = Callable[[Any], Any]


@cache
def outward(contract: type[Schema]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Return what turns a JSON-native reply of a contract into the API's answer; fields that nobody knows fall away.

    What it returns raises: UnreadableReply (a field that the contract promises is missing: a bug in the service).
    """
    plan = [
        (name, camel(name), _turn(inner), inner.required and not inner.allow_none)
        for name, inner in contract._declared_fields.items()
    ]

    def turned(reply: Mapping[str, Any]) -> dict[str, Any]:
        answer = {}
        for name, outer, turn, promised in plan:
            value = reply.get(name)
            if value is not None:
                answer[outer] = turn(value) if turn else value
            elif promised:
                raise UnreadableReply(f"{contract.__name__}: {name}")
            elif name in reply:
                answer[outer] = None
        return answer

    return turned


def _turn(inner: fields.Field[Any]) -> Turn | None:
    match inner:
        case fields.Nested():
            return outward(type(inner.schema))
        case fields.List():
            each = _turn(inner.inner)
            return None if each is None else lambda values: [each(value) for value in values]
        case fields.AwareDateTime():
            return _zulu
        case _:
            return None


def _zulu(instant: str) -> str:
    """Return an instant of a reply (UTC, `2026-12-03T08:20:00+00:00`) to the second, as the API writes it."""
    return f"{instant[:19]}Z"
