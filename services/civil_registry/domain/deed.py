"""Registers, kinds of deeds and their numbers (*aktenummer*). Source: BW 1:17; RNA art. 1-5.

RNA is the Regeling vermelding nummer op akten burgerlijke stand.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.civil_registry.domain.errors import DeedNumberInvalid

LAST_NUMBER = 9999
"""A register part holds no more deeds; then another part is opened. Source: RNA art. 4."""

REGISTER_DIGITS = {"birth": "1", "death": "2", "marriage": "3", "partnership": "5"}
"""The first position. 4 and 6 are registers of The Hague. Source: RNA art. 2."""

_REGISTER_OF_DIGIT = {digit: register for register, digit in REGISTER_DIGITS.items()}
_PART = re.compile(r"[0-9A-Y]")
"""A digit or a letter; Z is a consular register's. Source: RNA art. 3."""
_LETTER = re.compile(r"[A-Z]?")
_WRITTEN = re.compile(rf"([{''.join(_REGISTER_OF_DIGIT)}])({_PART.pattern})({_LETTER.pattern})([0-9]{{4}})")


class DeedKind(StrEnum):
    """Which deed is drawn up."""

    BIRTH = "birth"
    STILLBIRTH = "stillbirth"
    """Of a child that was born without life; it stands in the register of deaths. Source: BW 1:19i lid 1."""
    DEATH = "death"
    MARRIAGE = "marriage"
    PARTNERSHIP = "partnership"

    @property
    def register(self) -> str:
        """Return which register holds it."""
        return "death" if self is DeedKind.STILLBIRTH else self.value


@dataclass(frozen=True, slots=True)
class DeedNumber:
    """The number of one deed in one register part of one year. `fact_letter` is empty when only that is not known.

    Raises: DeedNumberInvalid.
    """

    register: str
    part: str
    year: int
    number: int
    fact_letter: str = ""

    def __post_init__(self) -> None:
        """Check that deeds are numbered so: a part of our own, numbers 0001 to 9999.

        Raises: DeedNumberInvalid.
        """
        one_of_ours = _PART.fullmatch(self.part) and _LETTER.fullmatch(self.fact_letter)
        if not one_of_ours or not 1 <= self.number <= LAST_NUMBER:
            raise DeedNumberInvalid

    @property
    def written(self) -> str:
        """Return the number of six positions, as it stands on the deed. Source: RNA art. 1-4."""
        return f"{REGISTER_DIGITS[self.register]}{self.part}{self.number:04d}"

    @property
    def for_brp(self) -> str:
        """Return the number of seven positions, with the letter of the kind of fact third, as the BRP wants it."""
        return f"{self.written[:2]}{self.fact_letter}{self.written[2:]}"

    @classmethod
    def read(cls, text: str, *, year: int) -> "DeedNumber":
        """Return the number that somebody typed, of six or seven positions; spaces and small letters do not matter.

        Raises: DeedNumberInvalid.
        """
        found = _WRITTEN.fullmatch("".join(text.split()).upper())
        if found is None:
            raise DeedNumberInvalid
        digit, part, letter, number = found.groups()
        return cls(_REGISTER_OF_DIGIT[digit], part, year, int(number), letter)


@dataclass(frozen=True, slots=True)
class FactLetter:
    """The letter of a kind of fact (*aanduiding soort akte*, national table 39) in a register, for some period."""

    register: str
    fact: str
    letter: str
    valid_from: date
    valid_until: date | None


class FactLetters:
    """The letters of all periods; before the first one of a fact the first one counts."""

    def __init__(self, letters: Iterable[FactLetter]) -> None:
        self._letters = sorted(letters, key=lambda letter: letter.valid_from)

    def letter(self, register: str, fact: str, on: date) -> str:
        """Return the letter for a fact of a register on a day.

        Raises: KeyError (no such fact in this register).
        """
        known = [letter for letter in self._letters if (letter.register, letter.fact) == (register, fact)]
        if not known:
            raise KeyError((register, fact))
        begun = [letter for letter in known if letter.valid_from <= on]
        return (begun[-1] if begun else known[0]).letter
