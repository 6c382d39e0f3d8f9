"""What the notifications service answers and tells: which message about what went out, never to whom."""

from collections.abc import Mapping
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate, validates_schema

from services.contracts.base import Event, Reply, Request

KINDS = (
    # about an appointment
    "booked", "moved", "cancelled", "reminder", "link", "offer", "affected", "kept", "reconfirm", "reconfirm-again",
    # about a record of the civil registry
    "birth-awaits-confirmation", "birth-submitted", "birth-differs", "birth-question", "birth-registered",
    "birth-refused", "birth-duplicate", "birth-redirected", "birth-withdrawn", "birth-lapsed",
    "death-submitted", "death-question", "death-registered", "death-refused", "death-duplicate", "death-withdrawn",
    "death-lapsed", "originals-reminded",
    "permit-issued", "permit-amended", "permit-refused", "permit-revoked", "funeral-term-decided", "funeral-term-near",
    "partner-invited", "partner-awaited", "partner-reminded", "partner-declined",
    "marriage-submitted", "marriage-question", "marriage-accepted", "ceremony-scheduled", "ceremony-rescheduled",
    "planning-reminded", "marriage-objected", "objection-lifted", "marriage-refused", "marriage-expired",
    "marriage-lapsed", "marriage-withdrawn", "marriage-registered",
    "answer-reminder",
)  # fmt: skip


class MessagesAbout(Request):
    """Which messages exist about one appointment, or about one record of the civil registry?"""

    appointment_id = fields.UUID(load_default=None, allow_none=True)
    record_id = fields.UUID(load_default=None, allow_none=True)

    @validates_schema
    def _exactly_one(self, data: dict[str, object], **_: object) -> None:
        if (data.get("appointment_id") is None) == (data.get("record_id") is None):
            raise ValidationError("Give exactly one of appointment_id and record_id.")


class Message(Reply):
    """One message. `state`: scheduled, queued, sending, sent, failed, withdrawn."""

    message_id = fields.UUID(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    not_before = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    attempts = fields.Integer(required=True)


class MessageList(Reply):
    """Messages in the order in which they came up."""

    messages = fields.List(fields.Nested(Message), required=True)


class _MessageEvent(Event):
    """A fact about a message: exactly one of `appointment_id` and `record_id` says what the message was about."""

    source = "notifications"
    message_id = fields.UUID(required=True)
    appointment_id = fields.UUID(load_default=None, allow_none=True)
    record_id = fields.UUID(load_default=None, allow_none=True)
    kind = fields.String(required=True, validate=validate.OneOf(KINDS))
    channel = fields.String(required=True, validate=validate.OneOf(("email",)))


_EXAMPLE = {
    "message_id": "6f0f4b8c-13a5-4c8e-9f05-6a1f9dd2f8a4",
    "appointment_id": "0b8f3f0e-7a54-4e0c-9a3e-0d5b3f6f5c11",
    "kind": "booked",
    "channel": "email",
}


class MessageSent(_MessageEvent):
    """The mail server took the message."""

    type = "nl.notificaties.bericht-verzonden"
    example: ClassVar[Mapping[str, Any]] = _EXAMPLE


class MessageFailed(_MessageEvent):
    """The message cannot be delivered: the address was refused, or the contact data are gone."""

    type = "nl.notificaties.bericht-mislukt"
    example: ClassVar[Mapping[str, Any]] = _EXAMPLE


EVENTS = (MessageSent, MessageFailed)
REFUSALS: dict[str, str] = {}
