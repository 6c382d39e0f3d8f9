"""Events on the wire: CloudEvents 1.0 after the NL GOV profile, JSON, structured mode, data minimal.

`subject` is the aggregate, `sequence` its version (contiguous from 1, `sequencetype` Integer), and two extension
attributes carry the trace: `correlationid` (from the HTTP request on) and `causationid` (the event that led here).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

import orjson

from services.messaging.errors import Malformed
from services.messaging.log import is_correlation_id

CONTENT_TYPE = "application/cloudevents+json"
_SOURCE_PREFIX = "urn:nld:gemeente-enschede:systeem:balie-"
MAX_BODY_BYTES = 64 * 1024


class EventContract(Protocol):
    """What messaging must know of an event's contract; Marshmallow classes in `services.contracts` have it."""

    type: ClassVar[str]
    source: ClassVar[str]


@dataclass(frozen=True, slots=True)
class Envelope:
    """One event as it travels: who said what about which aggregate, when, and why."""

    id: UUID
    type: str
    source: str
    aggregate_id: UUID
    version: int
    occurred_at: datetime
    correlation_id: str
    causation_id: str | None
    data: Mapping[str, Any]

    def encode(self) -> bytes:
        """Return the body of the message; data must be JSON-native."""
        attributes: dict[str, Any] = {
            "specversion": "1.0",
            "id": str(self.id),
            "source": _SOURCE_PREFIX + self.source,
            "type": self.type,
            "subject": str(self.aggregate_id),
            "time": self.occurred_at.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "datacontenttype": "application/json",
            "sequence": str(self.version),
            "sequencetype": "Integer",
            "correlationid": self.correlation_id,
            "data": self.data,
        }
        if self.causation_id:
            attributes["causationid"] = self.causation_id
        return orjson.dumps(attributes)


def decode(body: bytes) -> Envelope:
    """Return the event in a message's body.

    Raises: Malformed (whatever is wrong with it: no JSON, too large, not an event).
    """
    if len(body) > MAX_BODY_BYTES:
        raise Malformed({"body": ["Larger than 64 kB."]})
    try:
        attributes = orjson.loads(body)
    except ValueError:
        raise Malformed({"body": ["No JSON."]}) from None
    if not isinstance(attributes, dict):
        raise Malformed({"body": ["No JSON object."]})
    try:
        data = attributes["data"]
        if attributes["specversion"] != "1.0" or not isinstance(data, dict):
            raise ValueError
        correlation_id = attributes.get("correlationid", "")
        return Envelope(
            id=UUID(attributes["id"]),
            type=str(attributes["type"]),
            source=str(attributes["source"]).removeprefix(_SOURCE_PREFIX),
            aggregate_id=UUID(attributes["subject"]),
            version=int(attributes["sequence"]),
            occurred_at=_instant(attributes["time"]),
            correlation_id=correlation_id if is_correlation_id(correlation_id) else attributes["id"],
            causation_id=attributes.get("causationid"),
            data=data,
        )
    except (KeyError, ValueError, TypeError, AttributeError, OverflowError):
        raise Malformed({"body": ["Not a CloudEvent of the NL GOV profile."]}) from None


def _instant(text: str) -> datetime:
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError("naive")
    return instant
