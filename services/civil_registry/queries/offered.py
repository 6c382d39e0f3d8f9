"""What can be asked: which declarations are offered, with their legal terms."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from services.civil_registry.domain.declarations import Declaration
from services.civil_registry.offering import Offering
from services.messaging.errors import Malformed
from services.messaging.work import Reading

_ZONE = ZoneInfo("Europe/Amsterdam")
_FIRST_YEAR, _LAST_YEAR = 1950, 2099
"""The years for which Easter and its feasts are computed."""


def offered_declarations(reading: Reading, offering: Offering, *, on: date | None = None) -> dict[str, Any]:
    """Return the declarations offered on a day (default: today in the Netherlands), with the last day of each term.

    `last_on` is that of a fact of the asked day: for a birth of that day the last day to declare it, for a death the
    last day of burial or cremation.

    Raises: Malformed (a year outside 1950-2099).
    """
    day = reading.now.astimezone(_ZONE).date() if on is None else on
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise Malformed({"on": [f"Choose a day in the years {_FIRST_YEAR} to {_LAST_YEAR}."]})
    return {"on": day, "declarations": [_told(declaration, day, offering) for declaration in offering.on(day)]}


def _told(declaration: Declaration, day: date, offering: Offering) -> dict[str, Any]:
    return {
        "kind": declaration.kind,
        "dutch_name": declaration.dutch_name,
        "names": declaration.names,
        "declared_by": declaration.declared_by,
        "term": {
            "description": declaration.term.description,
            "source": declaration.term.source,
            "last_on": declaration.term.last_on(day, offering.terms),
        },
        "counter_product_id": declaration.counter_product_id,
        "online": declaration.online,
    }
