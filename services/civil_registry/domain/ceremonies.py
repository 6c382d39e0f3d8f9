"""When, where and before whom a marriage is concluded or a partnership registered (*voltrekking*)."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.marriage_errors import (
    CapacityCertificateExpired,
    CeremonyIncomplete,
    CeremonyTimeImpossible,
    CeremonyTooNear,
    MarriageNoticeExpired,
    MarriageTooSoon,
    NotTheWeddingDay,
    WitnessCount,
    WitnessIsPartner,
)
from services.civil_registry.domain.marriage_facts import CeremonyFacts, WitnessFacts
from services.civil_registry.domain.names import comparable, written
from services.civil_registry.domain.partial_dates import age_on
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.policy import CeremonyHours, MarriagePolicy
from services.civil_registry.domain.terms import counted_back

_ADULT = 18
_WITNESSES = range(2, 5)
"""Source: BW 1:63 lid 1."""
_WITNESSES_IN_SPECIAL_HOUSE = range(6, 7)
"""Source: BW 1:64."""


def check_day(on: date, *, complete_on: date, terms: LegalTerms, exempted: bool) -> None:
    """The wedding is not before the fourteenth day after the complete notice, nor more than a year after it.

    `exempted`: the public prosecutor waived the fourteen days.

    Raises: MarriageTooSoon, MarriageNoticeExpired.
    Source: BW 1:46, 1:62.
    """
    earliest_on = complete_on if exempted else terms.marry_from(complete_on)
    if on < earliest_on:
        raise MarriageTooSoon(earliest_on=earliest_on)
    last_on = terms.marry_by(complete_on)
    if on > last_on:
        raise MarriageNoticeExpired(last_on=last_on)


def possible_days(
    complete_on: date, terms: LegalTerms, *, exempted: bool = False, certified_on: Iterable[date] = ()
) -> tuple[date, date]:
    """Return the first and the last day of a wedding on a notice that is complete on a day.

    `certified_on`: when certificates of capacity to marry were issued (*verklaring van huwelijksbevoegdheid*); none
    may be over by then. Perhaps no day is left: then the last one lies before the first one.

    Source: BW 1:46, 1:49a lid 4, 1:62.
    """
    first_on = complete_on if exempted else terms.marry_from(complete_on)
    return first_on, min([terms.marry_by(complete_on), *map(terms.capacity_certificate_until, certified_on)])


def check_certificates(on: date, certified_on: Iterable[date], terms: LegalTerms) -> None:
    """No certificate of capacity to marry is over on the day.

    Raises: CapacityCertificateExpired.
    Source: BW 1:49a lid 4.
    """
    last_on = min(map(terms.capacity_certificate_until, certified_on), default=on)
    if on > last_on:
        raise CapacityCertificateExpired(last_on=last_on)


def check_hours(at: time, minutes: int, hours: CeremonyHours) -> None:
    """A ceremony that begins then, and takes so many minutes, ends within the town's hours.

    Raises: CeremonyTimeImpossible.
    """
    ends = datetime.combine(date.min, at) + timedelta(minutes=minutes)
    if at < hours.opens_at or ends > datetime.combine(date.min, hours.closes_at):
        raise CeremonyTimeImpossible(
            opens_at=hours.opens_at.isoformat("minutes"), closes_at=hours.closes_at.isoformat("minutes")
        )


def is_free(ceremony: CeremonyFacts, policy: MarriagePolicy) -> bool:
    """Say whether a ceremony costs nothing (*kosteloos*): the town offers at least two such moments a week.

    Source: Wet rechten burgerlijke stand art. 4.
    """
    return any(
        (free.weekday, free.at, free.room_id) == (ceremony.on.weekday(), ceremony.at, ceremony.room_id)
        for free in policy.free
    )


def check_couple_may_change(ceremony_on: date, today: date, policy: MarriagePolicy) -> None:
    """The couple can still change the ceremony themselves; nearer to the day, staff does.

    Counted backwards from the ceremony, so that weekends do not matter (Algemene termijnenwet art. 1 lid 2).

    Raises: CeremonyTooNear.
    """
    changed_until = counted_back(ceremony_on, policy.couple_changes_until_days)
    if today > changed_until:
        raise CeremonyTooNear(changed_until=changed_until)


def check_couple_may_plan(ceremony_on: date, today: date, policy: MarriagePolicy) -> None:
    """There is time enough left before the ceremony that a couple plan themselves; nearer to the day, staff plans.

    Raises: CeremonyTooNear.
    """
    planned_until = counted_back(ceremony_on, policy.couple_plans_until_days)
    if today > planned_until:
        raise CeremonyTooNear(changed_until=planned_until)


def check_witnesses(
    witnesses: Sequence[WitnessFacts], on: date, *, partners: Iterable[Person] = (), special_house: bool = False
) -> None:
    """Two to four adults are named as witnesses (*getuigen*), six in a special house; none is a partner, none twice.

    Raises: WitnessCount, WitnessIsPartner.
    Source: BW 1:63 lid 1, 1:64.
    """
    adults = [witness for witness in witnesses if age_on(witness.born_on, on) >= _ADULT]
    check_witness_count(len(adults), minors=len(witnesses) - len(adults), special_house=special_house)
    named = {_identity(witness.first_names, witness.surname, witness.born_on) for witness in witnesses}
    couple = {_identity(partner.name.first_names, written(partner.name), partner.born.day_on) for partner in partners}
    if len(named) < len(witnesses) or named & couple:
        raise WitnessIsPartner


def check_witness_count(adults: int, *, minors: int = 0, special_house: bool = False) -> None:
    """So many adult witnesses are enough and not too many, and nobody else is among them.

    Raises: WitnessCount.
    Source: BW 1:63 lid 1, 1:64.
    """
    lawful = _WITNESSES_IN_SPECIAL_HOUSE if special_house else _WITNESSES
    if minors or adults not in lawful:
        raise WitnessCount(least=lawful[0], most=lawful[-1], adults=adults, minors=minors)


def check_held(*, bond: str, both_present: bool, both_identified: bool, both_said_yes: bool) -> None:
    """Both were there, in person or by a proxy with the minister's leave, showed who they are, and said yes.

    The word yes is not needed for a partnership: that comes about by signing the deed.

    Raises: CeremonyIncomplete (`missing`: `presence`, `identity`, `yes`).
    Source: BW 1:63 lid 2, 1:65, 1:66, 1:67, 1:80a lid 3 and 5.
    """
    done = {"presence": both_present, "identity": both_identified, "yes": both_said_yes or bond == "partnership"}
    missing = [what for what, so in done.items() if not so]
    if missing:
        raise CeremonyIncomplete(missing=missing)


def check_today(ceremony_on: date, today: date) -> None:
    """The ceremony is recorded on its day: the deed is made at once.

    Raises: NotTheWeddingDay.
    Source: BW 1:67 lid 2.
    """
    if ceremony_on != today:
        raise NotTheWeddingDay(on=ceremony_on)


def _identity(first_names: str, surname: str, born_on: date | None) -> tuple[str, str, date | None]:
    return comparable(first_names), comparable(surname), born_on
