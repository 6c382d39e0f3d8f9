"""What a municipality decides for itself within the law, as in force in a period (`data/policy.yaml`)."""

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum


class BirthCondition(StrEnum):
    """A condition for declaring a birth online. Those of the law hold in every town."""

    PARENT_DECLARES = "parent-declares"
    ALIVE = "alive"
    MOTHER_KNOWN = "mother-known"
    ACKNOWLEDGED = "acknowledged"
    PROFESSIONAL_PRESENT = "professional-present"
    NO_CHOICE_WANTED = "no-choice-wanted"
    PARENTS_IN_BRP = "parents-in-brp"
    ONE_ADDRESS = "one-address"
    ONE_PARENT_DUTCH = "one-parent-dutch"
    SEX_DETERMINED = "sex-determined"
    NO_FOREIGN_NAME_LAW = "no-foreign-name-law"


class DeathCondition(StrEnum):
    """A condition for declaring a death online. Those of the law hold in every town."""

    AUTHORISED_UNDERTAKER = "authorised-undertaker"
    WITHIN_FUNERAL_TERM = "within-funeral-term"
    BSN_KNOWN = "bsn-known"
    NOT_STILLBORN = "not-stillborn"


class MarriageCondition(StrEnum):
    """A condition for giving notice of a marriage or partnership online. Those of the law hold in every town."""

    BOTH_IN_BRP = "both-in-brp"
    NO_GUARDIANSHIP = "no-guardianship"
    NO_KINSHIP = "no-kinship"
    NO_CONVERSION = "no-conversion"
    RESIDENCE_CLEAR = "residence-clear"


BY_LAW: frozenset[StrEnum] = frozenset(
    {
        BirthCondition.PARENT_DECLARES,
        BirthCondition.ALIVE,
        BirthCondition.MOTHER_KNOWN,
        BirthCondition.ACKNOWLEDGED,
        DeathCondition.AUTHORISED_UNDERTAKER,
        DeathCondition.WITHIN_FUNERAL_TERM,
    }
)
"""No town can switch these off. Source: BW 1:19e lid 1, 10 and 13, 1:19h lid 2, 1:19i, 1:203-204."""


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality by its code in national table 33 and its name."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class BirthPolicy:
    """How births are declared online, and which first names fit the registers."""

    online: frozenset[BirthCondition]
    most_first_names: int
    most_signs_of_first_names: int
    point_out_as_surname: frozenset[str]
    """Frequent surnames that are no usual first names: an officer judges them. Source: BW 1:4 lid 2."""


@dataclass(frozen=True, slots=True)
class DeathPolicy:
    """How deaths are declared online, and when who waits for a permit or a paper is told.

    The working days are counted from the day of death, the days for originals from the day of registration.
    """

    online: frozenset[DeathCondition]
    warn_on_working_day: int
    escalate_on_working_day: int
    originals_days: int


@dataclass(frozen=True, slots=True)
class FreeCeremony:
    """A moment at which a ceremony costs nothing. `weekday` is 0 for Monday."""

    weekday: int
    at: time
    room_id: str


@dataclass(frozen=True, slots=True)
class CeremonyHours:
    """When ceremonies can be held: from the first moment that one begins to the one at which the last ends."""

    opens_at: time
    closes_at: time


@dataclass(frozen=True, slots=True)
class MarriagePolicy:
    """How marriages are announced online and when ceremonies take place.

    A wish for a time is an option (*optie*): room and officer are kept for `option_hours` until the second partner
    confirms, then while we look at the notice, and for `option_days` after we accepted it.
    """

    online: frozenset[MarriageCondition]
    hours: CeremonyHours
    couple_changes_until_days: int
    couple_plans_until_days: int
    option_hours: int
    option_days: int
    partner_answers_days: int
    """So many days after the invitation a notice that the second partner never confirmed lapses."""
    recheck_days: tuple[int, ...]
    """So many days before the ceremony the BRP is asked again, by itself. Source: BW 1:58."""
    sign_minutes: int
    """So many minutes after the ceremony the deed is signed, or somebody is warned. Source: BW 1:67 lid 2."""
    free: tuple[FreeCeremony, ...]
    titles_without_sham_statement: frozenset[str]
    """Codes of residence titles (national table 56) with which no statement about the purpose is needed."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Everything that a municipality decided for a period."""

    municipality: Municipality
    notices_from_abroad: Municipality
    """Where couples who both live abroad give notice. Source: BW 1:44 lid 2."""
    birth: BirthPolicy
    death: DeathPolicy
    marriage: MarriagePolicy
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class Policies:
    """The policy of every period; before the first one the first one counts."""

    periods: tuple[Policy, ...]

    def on(self, day: date) -> Policy:
        """Return the policy in force on a day."""
        begun = [policy for policy in self.periods if policy.valid_from <= day]
        return begun[-1] if begun else self.periods[0]
