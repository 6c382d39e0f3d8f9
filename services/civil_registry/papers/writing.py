"""How values are written on papers: whole, in digits, with a dash for what does not apply.

Source: BBS art. 15, 17, 18 (nothing shortened, 24-hour clock, digits for dates, a dash for what is not applicable).
"""

import re
import unicodedata
from datetime import date, datetime

from services.civil_registry.domain import dutch
from services.civil_registry.domain.words import MONTHS, day_in_words
from services.civil_registry.papers.contents import Day, PartialDay, Sex
from services.presenting.times import HOME

DASH = dutch.NOT_APPLICABLE
_SEXES = {
    Sex.FEMALE: "F (vrouwelijk)",
    Sex.MALE: "M (mannelijk)",
    Sex.UNDETERMINED: "het geslacht is niet kunnen worden vastgesteld",
}
_LONG_WORD = re.compile(r"\S{36,}")
_PIECE = 30
_MAY_BREAK = "\N{ZERO WIDTH SPACE}"


def written(value: str) -> str:
    """Return a value as it stands on paper: composed letters, single spaces, no hidden signs; a dash for nothing.

    A word that is longer than a line may break; it is never hyphenated, since that would change a name.
    """
    composed = unicodedata.normalize("NFC", value)
    visible = "".join(" " if sign in "\t\r\n" else sign for sign in composed if sign in "\t\r\n" or _shows(sign))
    return _LONG_WORD.sub(_breakable, " ".join(visible.split())) or DASH


def _shows(sign: str) -> bool:
    """Say whether a sign is drawn: no controls, and none of those that turn the direction of writing."""
    return unicodedata.category(sign)[0] != "C"


def _breakable(word: re.Match[str]) -> str:
    whole = word[0]
    return _MAY_BREAK.join(whole[at : at + _PIECE] for at in range(0, len(whole), _PIECE))


def in_digits(day: Day) -> str:
    """Return a day as `24-11-2026`, `november 2026` or `2026`, or a dash."""
    if day is None:
        return DASH
    if isinstance(day, PartialDay):
        return f"{MONTHS[day.month - 1]} {day.year}" if day.month else str(day.year)
    return dutch.in_digits(day)


def in_digits_and_words(day: date | None) -> list[str]:
    """Return a day in digits and below it in words."""
    return [DASH] if day is None else [in_digits(day), day_in_words(day)]


def sex_in_words(sex: Sex) -> str:
    """Return how a deed says it (BBS art. 18 lid 5; BW 1:19d for the third)."""
    return _SEXES[sex]


def home_day(instant: datetime) -> date:
    """Return the day on Enschede's calendar."""
    return instant.astimezone(HOME).date()


def home_clock(instant: datetime) -> str:
    """Return the time on Enschede's clock: `2 uur en 20 minuten`."""
    return dutch.clock(instant.astimezone(HOME).time())
