"""What every contract shares: requests refuse unknown fields, events and replies ignore them.

So old and new versions run side by side: a newer publisher may say more, a caller may not ask what nobody knows.
A contract changes by adding optional fields; anything else is a new type beside the old one.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar

from marshmallow import EXCLUDE, RAISE, Schema, ValidationError, fields, validate

from services.messaging.errors import Malformed

LANGUAGES = ("nl", "en", "de")
CHANNELS = ("web", "phone", "counter")


class Request(Schema):
    """A question or a command: whoever sends an unknown field is told so."""

    example: ClassVar[Mapping[str, Any]] = {}

    class Meta:
        unknown = RAISE


class Reply(Schema):
    """An answer: a newer service may say more than the caller knows."""

    class Meta:
        unknown = EXCLUDE


class Event(Schema):
    """A fact in the past tense, published after its transaction committed. Ids, statuses and times only."""

    type: ClassVar[str]
    source: ClassVar[str]
    example: ClassVar[Mapping[str, Any]] = {}

    class Meta:
        unknown = EXCLUDE


class Nothing(Request):
    """A question without particulars."""


class Done(Reply):
    """It is so; there is nothing more to tell."""


class Texts(Reply):
    """One text in each language that mails are written in."""

    nl = fields.String(required=True)
    en = fields.String(required=True)
    de = fields.String(required=True)


@cache
def schema_of(contract: type[Schema]) -> Schema:
    """Return the one instance of a contract; Marshmallow schemas hold no state between calls."""
    return contract()


def load(contract: type[Schema], raw: object) -> dict[str, Any]:
    """Return the validated content of a message.

    Raises: Malformed (every wrong field, at once).
    """
    try:
        loaded: dict[str, Any] = schema_of(contract).load(raw)  # type: ignore[arg-type]
    except ValidationError as error:
        raise Malformed(error.messages_dict) from None
    return loaded


def dump(contract: type[Schema], content: object) -> dict[str, Any]:
    """Return the JSON-native form of a message's content."""
    dumped: dict[str, Any] = schema_of(contract).dump(content)
    return dumped


def slug() -> fields.String:
    """Return a required field for a readable id such as `stadskantoor`."""
    return fields.String(required=True, validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,62}\Z"))
