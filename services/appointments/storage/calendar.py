"""The stored calendar of closings, as the rules know it."""

from collections.abc import Mapping
from datetime import date, time
from typing import Any

from services.appointments.domain.closed_days import ClosedDays, Closure
from services.appointments.domain.openings import WHOLE_DAY, Span
from services.appointments.domain.ticks import TICKS, tick_of


def span(start: str, end: str) -> Span:
    """Return the ticks between two wall-clock times `HH:MM`; the end `24:00` is midnight.

    Raises: ValueError (not on a five-minute mark, or empty).
    """
    until = TICKS if end == "24:00" else tick_of(time.fromisoformat(end))
    found = Span(tick_of(time.fromisoformat(start)), until)
    if found.first >= found.until:
        raise ValueError(f"{start}-{end} is empty")
    return found


def closed_days(rules: Mapping[str, Any]) -> ClosedDays | None:
    """Return the stored calendar as the rules know it, or None before the first load."""
    if not rules:
        return None
    return ClosedDays(
        country=rules["holidays"]["country"],
        categories=tuple(rules["holidays"]["categories"]),
        open_anyway=frozenset(date.fromisoformat(on) for on in rules["holidays"]["open_anyway"]),
        decreed=frozenset(date.fromisoformat(entry["on"]) for entry in rules["decree_days"]),
        closures=tuple(
            Closure(
                on=date.fromisoformat(entry["on"]),
                span=span(entry["from"], entry["until"]) if entry.get("from") else WHOLE_DAY,
                location_id=entry.get("location_id"),
            )
            for entry in rules["closures"]
        ),
    )
