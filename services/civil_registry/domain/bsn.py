"""When digits are a citizen service number (*burgerservicenummer*, BSN)."""

import re

from stdnum.exceptions import ValidationError
from stdnum.nl import bsn as elfproef

from services.civil_registry.domain.errors import BsnInvalid, BsnTestRange

TEST_RANGES = ("0000", "9999")
"""Beginnings of the numbers that only test persons of the BRP have. Source: RvIG, testset persoonslijsten GBA-V."""

_BETWEEN_DIGITS = re.compile(r"[\s.-]+")
_AS_WRITTEN = re.compile(r"[0-9]{8,9}")


def read_bsn(typed: str, *, allow_test: bool) -> str:
    """Return a BSN as nine digits, from what somebody typed; spaces, dots and dashes do not matter.

    Old papers print eight digits: the first is a zero then. `allow_test` is never so in production.

    Raises: BsnInvalid (not eight or nine digits, or they fail the *elfproef*), BsnTestRange.
    Source: Logisch Ontwerp BRP, element 01.20.
    """
    digits = _BETWEEN_DIGITS.sub("", typed)
    if not _AS_WRITTEN.fullmatch(digits):
        raise BsnInvalid
    try:
        number: str = elfproef.validate(digits)
    except ValidationError:
        raise BsnInvalid from None
    if number.startswith(TEST_RANGES) and not allow_test:
        raise BsnTestRange
    return number
