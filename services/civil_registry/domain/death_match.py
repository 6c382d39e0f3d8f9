"""Whether the person whose death is declared is the person whom the BRP found (*identiteit van de overledene*)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.civil_registry.domain.death_errors import AlreadyDeceased
from services.civil_registry.domain.death_facts import DeathFacts
from services.civil_registry.domain.names import comparable, written
from services.civil_registry.domain.partial_dates import same_day
from services.civil_registry.domain.person import PartialDate, Person, PersonName


class MatchQuality(StrEnum):
    """How sure it is that both are one person."""

    EXACT = "exact"
    """Found by BSN; surname, first names and day of birth were given and are the same."""
    BSN_ONLY = "bsn-only"
    """Found by BSN, but something to compare is missing on one side."""
    DIFFERS = "differs"
    """Found by BSN, but something is another: perhaps a mistyped number of somebody who lives."""
    UNKNOWN = "unknown"
    """The BRP knows nobody with this number."""
    NO_BSN = "no-bsn"
    """A visitor or a stillborn child: there is nobody to be found."""


@dataclass(frozen=True, slots=True)
class Match:
    """The quality, and which fields differ or could not be compared."""

    quality: MatchQuality
    differs: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()

    @property
    def needs_second_officer(self) -> bool:
        """Say whether a second officer has to confirm it (four eyes): everything but an exact match of a number.

        Without a number there is nobody who could be declared dead by mistake.
        """
        return self.quality in {MatchQuality.BSN_ONLY, MatchQuality.DIFFERS, MatchQuality.UNKNOWN}


def matched(facts: DeathFacts, person: Person | None) -> Match:
    """Return how well the declared deceased and the person in the BRP match."""
    if not facts.bsn_given:
        return Match(MatchQuality.NO_BSN)
    if person is None:
        return Match(MatchQuality.UNKNOWN)
    results = {
        "surname": _same(written(PersonName("", facts.surname_prefix, facts.surname)), written(person.name)),
        "first_names": _same(facts.first_names, person.name.first_names),
        "born_on": _same_birthday(facts.born_on, person.born),
        "sex": _same(facts.sex or "", person.sex),
    }
    differs = tuple(field for field, same in results.items() if same is False)
    not_compared = tuple(field for field, same in results.items() if same is None)
    if differs:
        return Match(MatchQuality.DIFFERS, differs, not_compared)
    return Match(MatchQuality.BSN_ONLY if not_compared else MatchQuality.EXACT, (), not_compared)


def check_not_deceased(person: Person | None) -> None:
    """Nobody dies twice: the BRP does not know the person as deceased.

    Raises: AlreadyDeceased.
    """
    if person is not None and person.suspended == "deceased":
        raise AlreadyDeceased


def _same(declared: str, recorded: str) -> bool | None:
    if not comparable(declared) or not comparable(recorded):
        return None
    return comparable(declared) == comparable(recorded)


def _same_birthday(declared: date | None, recorded: PartialDate) -> bool | None:
    return None if declared is None else same_day(recorded, declared)
