"""How values are written on deeds: whole, in digits, with a dash for what does not apply.

Source: BBS art. 15, 17, 18 (nothing shortened, 24-hour clock, digits for dates, a dash for what is not applicable).
"""

import re
import unicodedata
from datetime import date, datetime

from services.civil_registry.domain.words import day_in_words
from services.civil_registry.papers.contents import Day, PartialDay, Sex
from services.presenting.times import HOME

DASH = "-"
_SEXES = {
    Sex.FEMALE: "vrouwelijk",
    Sex.MALE: "mannelijk",
    Sex.UNDETERMINED: "het geslacht kon niet worden vastgesteld",
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
    """Return a day as `24-11-2026`, `11-2026` or `2026`, or a dash."""
    if day is None:
        return DASH
    if isinstance(day, PartialDay):
        return f"{day.year:04}" if day.month is None else f"{day.month:02}-{day.year:04}"
    return f"{day:%d-%m-}{day.year:04}"


def in_digits_and_words(day: date | None) -> list[str]:
    """Return a day in digits and below it in words."""
    return [DASH] if day is None else [in_digits(day), day_in_words(day)]


def sex_in_words(sex: Sex) -> str:
    """Return how a deed says it (BW 1:19d for the third)."""
    return _SEXES[sex]


def hour_and_minute(time: str | None) -> str:
    """Return `03.07 uur`, or a dash."""
    return f"{time.replace(':', '.')} uur" if time else DASH


def home_day(instant: datetime) -> date:
    """Return the day on Enschede's calendar."""
    return instant.astimezone(HOME).date()


def hour_and_minute_of(instant: datetime) -> str:
    """Return the same of an instant, on Enschede's clock."""
    return hour_and_minute(f"{instant.astimezone(HOME):%H:%M}")
