"""Days and times as Dutch deeds write them: in digits, some in words as well, nothing abbreviated."""

from datetime import date, time

from services.civil_registry.domain.person import PartialDate
from services.civil_registry.domain.words import MONTHS, day_in_words

NOT_APPLICABLE = "–"
"""What is not applicable or not known. Source: BBS art. 17 lid 3."""


def in_digits(day: date) -> str:
    """Return a day as `05-03-2026`. Source: BBS art. 18 lid 2."""
    return f"{day:%d-%m-%Y}"


def in_digits_and_words(day: date) -> str:
    """Return a day as `05-03-2026 (vijf maart tweeduizend zesentwintig)`. Source: BBS art. 18 lid 2 and 3."""
    return f"{in_digits(day)} ({day_in_words(day)})"


def partly_in_digits(day: PartialDate | None) -> str:
    """Return what is known of a day: `05-03-1950`, `maart 1950`, `1950`, or the dash."""
    if day is None or day.year is None:
        return NOT_APPLICABLE
    if day.day_on is not None:
        return in_digits(day.day_on)
    return f"{MONTHS[day.month - 1]} {day.year}" if day.month else str(day.year)


def clock(at: time | None) -> str:
    """Return a time as `3 uur en 7 minuten` on a clock of twenty-four hours, or the dash. Source: BBS art. 18 lid 4."""
    if at is None:
        return NOT_APPLICABLE
    return f"{at.hour} uur en {at.minute} {'minuut' if at.minute == 1 else 'minuten'}"


def or_dash(text: str) -> str:
    """Return a text, or the dash when it is empty."""
    return text.strip() or NOT_APPLICABLE
