"""The kinds of value that a town's files are made of."""

import re
from datetime import date
from typing import Any

from marshmallow import ValidationError, fields, validate

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SLUG = validate.Regexp(r"^[a-z][a-z0-9-]{0,62}\Z", error="Must be a readable id such as `stadskantoor`.")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5][05]|24:00")


class Day(fields.Date):
    """A day; YAML has made it a date already, or it is text."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        return super()._deserialize(value.isoformat() if isinstance(value, date) else value, attr, data, **kwargs)


def clock(**kwargs: Any) -> fields.String:
    """Return a field for a time on the wall; `24:00` is the midnight that ends a day."""
    error = "Must be a time between quotes on a five-minute mark, such as '08:30'."
    return fields.String(
        validate=lambda text: must(bool(_CLOCK.fullmatch(text)), error), error_messages={"invalid": error}, **kwargs
    )


def must(condition: bool, error: str) -> None:
    """Do nothing when a condition holds.

    Raises: ValidationError.
    """
    if not condition:
        raise ValidationError(error)


def iso(on: date | None) -> str | None:
    """Return a day as rows write it."""
    return None if on is None else on.isoformat()
