"""Days and times as Dutch deeds write them: in digits, some in words as well, nothing abbreviated."""

from datetime import date, time

from services.civil_registry.domain.person import PartialDate

NOT_APPLICABLE = "–"
"""What is not applicable or not known. Source: BBS art. 17 lid 3."""

_MONTHS = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)
_UNDER_TWENTY = (
    *("", "een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "elf", "twaalf", "dertien"),
    *("veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien"),
)
_TENS = ("", "", "twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_TWENTY, _HUNDRED, _THOUSAND, _TEN = 20, 100, 1000, 10


def in_digits(day: date) -> str:
    """Return a day as `05-03-2026`. Source: BBS art. 18 lid 2."""
    return f"{day:%d-%m-%Y}"


def in_digits_and_words(day: date) -> str:
    """Return a day as `05-03-2026 (vijf maart tweeduizend zesentwintig)`. Source: BBS art. 18 lid 2 and 3."""
    return f"{in_digits(day)} ({in_words(day)})"


def in_words(day: date) -> str:
    """Return a day as `vijf maart tweeduizend zesentwintig`."""
    return f"{_number(day.day)} {_MONTHS[day.month - 1]} {_year(day.year)}"


def partly_in_digits(day: PartialDate | None) -> str:
    """Return what is known of a day: `05-03-1950`, `maart 1950`, `1950`, or the dash."""
    if day is None or day.year is None:
        return NOT_APPLICABLE
    if day.day_on is not None:
        return in_digits(day.day_on)
    return f"{_MONTHS[day.month - 1]} {day.year}" if day.month else str(day.year)


def clock(at: time | None) -> str:
    """Return a time as `3 uur en 7 minuten` on a clock of twenty-four hours, or the dash. Source: BBS art. 18 lid 4."""
    if at is None:
        return NOT_APPLICABLE
    return f"{at.hour} uur en {at.minute} {'minuut' if at.minute == 1 else 'minuten'}"


def or_dash(text: str) -> str:
    """Return a text, or the dash when it is empty."""
    return text.strip() or NOT_APPLICABLE


def _year(year: int) -> str:
    """Return a year as it is read aloud: `negentienhonderdvierentachtig`, `tweeduizend zesentwintig`.

    A space follows *duizend* and nothing else. Libraries write `tweeduizendzesentwintig`, and read 1984 in thousands.
    """
    if year % _THOUSAND < _HUNDRED:
        return f"{_number(year // _THOUSAND)}duizend {_number(year % _THOUSAND)}".strip()
    return f"{_number(year // _HUNDRED)}honderd{_number(year % _HUNDRED)}"


def _number(number: int) -> str:
    if number < _TWENTY:
        return _UNDER_TWENTY[number]
    tens, ones = divmod(number, _TEN)
    if not ones:
        return _TENS[tens]
    joined = "ën" if _UNDER_TWENTY[ones].endswith("e") else "en"
    return f"{_UNDER_TWENTY[ones]}{joined}{_TENS[tens]}"
