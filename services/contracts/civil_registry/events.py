"""What the civil registry tells others: that something happened to a record. Ids, statuses and times, never a person.

Who may know more asks by RPC.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import fields, validate

from services.contracts.base import Event
from services.contracts.civil_registry.base import EXAMPLE_RECORD, KINDS


class RecordEvent(Event):
    """A fact about one record; `version` counts the facts of that record from 1, without gaps."""

    source = "civil_registry"
    record_id = fields.UUID(required=True)
    version = fields.Integer(required=True, strict=True, validate=validate.Range(min=1))
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    status = fields.String(required=True)
    channel = fields.String(required=True)
    """`web`, `counter` or `partner`."""
    example: ClassVar[Mapping[str, Any]] = {
        "record_id": EXAMPLE_RECORD,
        "version": 2,
        "kind": "birth",
        "status": "submitted",
        "channel": "web",
    }
