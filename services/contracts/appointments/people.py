"""What a person may type about himself."""

import unicodedata
from functools import cache
from zoneinfo import available_timezones

from marshmallow import ValidationError


def printable(text: str) -> None:
    """Refuse what no keyboard types and no database or mail header takes: control signs, halves of characters."""
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise ValidationError("Must not contain control characters.")


_time_zones = cache(available_timezones)  # it reads hundreds of files


def known_zone(name: str) -> None:
    if name not in _time_zones():
        raise ValidationError("Must be the name of a time zone, such as America/Toronto.")
