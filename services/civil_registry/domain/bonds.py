"""Marriages and registered partnerships as the BRP records them with a person."""

from collections.abc import Iterator
from datetime import date

from services.civil_registry.domain.names import comparable, written
from services.civil_registry.domain.person import Person, Relative


def is_person(relative: Relative, person: Person) -> bool:
    """Say whether a recorded relative is this person: by BSN, else by name and birth."""
    if relative.bsn is not None:
        return relative.bsn == person.bsn
    return (
        comparable(relative.name.first_names) == comparable(person.name.first_names)
        and comparable(written(relative.name)) == comparable(written(person.name))
        and relative.born == person.born
    )


def bonds_on(person: Person, day: date) -> Iterator[Relative]:
    """Yield the partners with whom somebody had a marriage or partnership on a day that has come.

    When the days of the bond are known in part and leave a doubt, he had it. One that ended on an unknown day is over.
    """
    for partner in person.partners:
        begun = partner.since_on is None or not partner.since_on.certainly_after(day)
        ended = partner.ended_on is not None and (partner.ended_on.latest_on or day) <= day
        if begun and not ended:
            yield partner


def ended_within(person: Person, *, days: int, before: date) -> Iterator[Relative]:
    """Yield the partners from whom a bond parted somebody within so many days before a day, or may have."""
    for partner in person.partners:
        if partner.ended_on is None or partner.ended_on.certainly_after(before):
            continue
        last = partner.ended_on.latest_on
        if last is None or (before - last).days <= days:
            yield partner
