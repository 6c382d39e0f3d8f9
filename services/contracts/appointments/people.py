"""What a person may type about himself."""

import re
from functools import cache
from zoneinfo import available_timezones

from marshmallow import ValidationError

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> None:
    """Refuse what no keyboard types and no database or mail header takes: control signs, halves of characters."""
    if _UNPRINTABLE.search(text):
        raise ValidationError("Must not contain control characters.")


_time_zones = cache(available_timezones)  # it reads hundreds of files


def known_zone(name: str) -> None:
    if name not in _time_zones():
        raise ValidationError("Must be the name of a time zone, such as America/Toronto.")
