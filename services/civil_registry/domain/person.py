"""A person as the BRP knows him. Parts of a date may be unknown, also the whole of it."""

import calendar
from dataclasses import dataclass, replace
from datetime import date

_FIRST_MONTH, _LAST_MONTH = 1, 12
_FIRST_DAY = 1
_DUTCH = frozenset({"0001", "0002"})


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date of which day, or day and month, or all may be unknown (None). What is not certain is not said.

    Source: Logisch Ontwerp BRP, element 03.10 (zeros stand for what is unknown).
    """

    year: int | None
    month: int | None
    day: int | None

    def __post_init__(self) -> None:
        """Check that it could be a date.

        Raises: ValueError (a known day in an unknown month, a known month in an unknown year, 30 February).
        """
        if (self.month is not None and self.year is None) or (self.day is not None and self.month is None):
            raise ValueError("A part of a date is known only when those before it are.")
        if self.year is not None:
            date(self.year, self.month or _FIRST_MONTH, self.day or _FIRST_DAY)

    @classmethod
    def of(cls, day: date) -> "PartialDate":
        """Return a date of which everything is known."""
        return cls(day.year, day.month, day.day)

    @property
    def day_on(self) -> date | None:
        """Return the day itself, or None when a part of it is unknown."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest_on(self) -> date | None:
        """Return the first day that it can be; None when it can be any day."""
        if self.year is None:
            return None
        return date(self.year, self.month or _FIRST_MONTH, self.day or _FIRST_DAY)

    @property
    def latest_on(self) -> date | None:
        """Return the last day that it can be; None when it can be any day."""
        if self.year is None:
            return None
        month = self.month or _LAST_MONTH
        return date(self.year, month, self.day or calendar.monthrange(self.year, month)[1])

    def certainly_before(self, day: date) -> bool:
        """Say whether it lies before a day, whatever the unknown parts are."""
        latest_on = self.latest_on
        return latest_on is not None and latest_on < day

    def certainly_after(self, day: date) -> bool:
        """Say whether it lies after a day, whatever the unknown parts are."""
        earliest_on = self.earliest_on
        return earliest_on is not None and day < earliest_on

    def age_on(self, day: date) -> int | None:
        """Return how many years old somebody born then is on a day; None when the unknown parts leave a doubt.

        Nor is there an age before the birth. Who was born on 29 February is a year older from 1 March on in other
        years.

        Source: BRP API Personen, feature leeftijd.
        """
        oldest, youngest = _years(self.earliest_on, day), _years(self.latest_on, day)
        return oldest if oldest == youngest else None


def _years(born_on: date | None, day: date) -> int | None:
    if born_on is None or day < born_on:
        return None
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


@dataclass(frozen=True, slots=True)
class PersonName:
    """First names, prefix (*voorvoegsel*) and surname; what the BRP does not know is empty."""

    first_names: str
    prefix: str
    surname: str


@dataclass(frozen=True, slots=True, repr=False)
class Relative:
    """A partner, parent or child as recorded with a person. Whoever was never in the BRP has no BSN.

    `bond` is `marriage` or `partnership` for partners, else empty; `since_on` is the day of the bond or of the
    parenthood, `ended_on` is not None once a bond has ended, also when nobody knows on which day.
    """

    bsn: str | None
    name: PersonName
    born: PartialDate
    born_place: str
    bond: str = ""
    since_on: PartialDate | None = None
    ended_on: PartialDate | None = None

    def __repr__(self) -> str:
        return "Relative(*****)"


@dataclass(frozen=True, slots=True, repr=False)
class Person:
    """One person, with what contracts.civil_registry.Person says of him; nothing in it is filled in by guessing."""

    bsn: str
    name: PersonName
    sex: str
    born: PartialDate
    born_place: str
    born_country: str
    nationalities: tuple[str, ...]
    residence_title: str
    municipality: str
    address: str
    partners: tuple[Relative, ...]
    parents: tuple[Relative, ...]
    children: tuple[Relative, ...]
    suspended: str | None
    suspended_on: PartialDate | None
    secret: bool
    guardianship: bool
    under_investigation: bool

    def __repr__(self) -> str:
        return "Person(*****)"

    @property
    def is_dutch(self) -> bool:
        """Say whether he is Dutch, or treated as such by law (codes 0001 and 0002 of national table 32).

        Source: Wet betreffende de positie van Molukkers art. 1.
        """
        return not _DUTCH.isdisjoint(self.nationalities)

    @property
    def present_partners(self) -> tuple[Relative, ...]:
        """Return the partners of bonds that have not ended."""
        return tuple(partner for partner in self.partners if partner.ended_on is None)

    def as_partner_sees(self) -> "Person":
        """Return what a partner may see: what stands with himself too, and the nationalities.

        Where somebody lives, with whom he has children and what a court decided is not the partner's to know: partners
        separate, and some hide.

        Source: AVG art. 5 lid 1 c.
        """
        return replace(
            self,
            residence_title="",
            municipality="",
            address="",
            partners=(),
            parents=(),
            children=(),
            secret=False,
            guardianship=False,
        )
