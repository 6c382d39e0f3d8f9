"""Numbers of deeds. Source: Regeling vermelding nummer op akten art. 1-5."""

from dataclasses import dataclass

LAST_NUMBER = 9999
REGISTER_DIGITS = {"birth": "1", "death": "2", "marriage": "3", "partnership": "5"}


@dataclass(frozen=True, slots=True)
class DeedNumber:
    """The number of one deed in one register part of one year."""

    register: str
    part: str
    year: int
    number: int
    fact_letter: str

    @property
    def written(self) -> str:
        """Return the number of six positions, as it stands on the deed."""
        return f"{REGISTER_DIGITS[self.register]}{self.part}{self.number:04d}"

    @property
    def for_brp(self) -> str:
        """Return the number of seven positions, with the letter of the kind of fact, as the BRP wants it."""
        return f"{self.written[:2]}{self.fact_letter}{self.written[2:]}"
