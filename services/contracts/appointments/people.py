"""What a person may type about himself, and what staff say when they do something for a reason."""

import re
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from marshmallow import ValidationError, fields, validate

EARLIEST_BIRTH_ON = date(1900, 1, 1)

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def printable(text: str) -> None:
    """Refuse what no keyboard types and no database or mail header takes: control signs, halves of characters."""
    if _UNPRINTABLE.search(text):
        raise ValidationError("Must not contain control characters.")


_time_zones = cache(available_timezones)  # it reads hundreds of files


def known_zone(name: str) -> None:
    if name not in _time_zones():
        raise ValidationError("Must be the name of a time zone, such as America/Toronto.")


def name_field(**kwargs: Any) -> fields.String:
    """Return a field for the name of who comes."""
    return fields.String(validate=(validate.Length(min=1, max=100), validate.Regexp(r".*\S"), printable), **kwargs)


def birth_field(**kwargs: Any) -> fields.Date:
    """Return a field for a birth date; that it lies in the past is for those who know what day it is."""
    return fields.Date(validate=validate.Range(min=EARLIEST_BIRTH_ON), **kwargs)


def reason_field(**kwargs: Any) -> fields.String:
    """Return a field for why staff do something."""
    return fields.String(validate=(validate.Length(min=3, max=300), printable), **kwargs)


def staff_field(**kwargs: Any) -> fields.String:
    """Return a field for who of the staff does something."""
    return fields.String(validate=validate.Regexp(r"^[A-Za-z0-9._-]{1,64}\Z"), **kwargs)
