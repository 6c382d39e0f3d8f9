"""What comparing a record with the BRP finds, for whoever reviews it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.birth_online import eligibility
from services.civil_registry.domain.birth_surname import declared_surname
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.death_guards import facts_of
from services.civil_registry.domain.death_match import check_not_deceased, matched
from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.first_names import to_point_out
from services.civil_registry.domain.funerals import act_applies
from services.civil_registry.domain.marriage_facts import PARTNERS, MarriageFacts
from services.civil_registry.domain.marriage_rules import Couple, impediments, residence_to_verify
from services.civil_registry.domain.person import Person
from services.civil_registry.domain.record import Kind, Record, Status
from services.civil_registry.domain.short_lives import route_of
from services.messaging.errors import Refusal

Persons = Mapping[str, Person | None]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing. `blocks`: it must be settled before the record is approved or accepted."""

    code: str
    role: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    blocks: bool = True

    def told(self) -> dict[str, Any]:
        """Return what is stored and shown."""
        return {"code": self.code, "role": self.role, "facts": dict(self.facts), "blocks": self.blocks}


WEAK_MATCH = "weak-match"
"""It is not certain that the BRP's person is who died: a second officer compares."""


HOLD_BACK = "hold-back"
"""A ceremony that was cleared is not, until an officer has looked at it again."""


def asked_about(record: Record) -> Mapping[str, str]:
    """Return the numbers to ask the BRP about, by the path of the part.

    Of a marriage the first partner's alone until the second one has confirmed: before that he is a stranger, whose
    number anybody may have typed.
    """
    if record.status is Status.AWAITING_PARTNER:
        return {role: bsn for role, bsn in record.parties.items() if role == "partner_1"}
    return record.parties


def findings_of(case: Case, persons: Persons) -> list[Finding]:
    """Return what was found, in the order in which it should be looked at."""
    unknown = [Finding("person-unknown", role) for role, person in persons.items() if person is None]
    doubted = [
        Finding("person-under-investigation", role, blocks=False)
        for role, person in persons.items()
        if person is not None and person.under_investigation
    ]
    secret = [
        Finding("person-secret", role, blocks=False)
        for role, person in persons.items()
        if person is not None and person.secret
    ]
    return [*unknown, *_BY_KIND[case.record.kind](case, persons), *doubted, *secret]


def _of_birth(case: Case, persons: Persons) -> Iterator[Finding]:
    facts = BirthFacts.of(case.content)
    for role, person in persons.items():
        if person is not None and person.suspended == "deceased":
            yield Finding("person-deceased", role, blocks=role != "other_parent")
    if case.record.source == "online":
        for obstacle in eligibility(facts, persons, policy=case.policy, terms=case.terms, now=case.now):
            yield Finding(obstacle.text, facts=obstacle.facts, blocks=False)
    surnames = {person.name.surname for person in persons.values() if person is not None}
    named = to_point_out((facts.first_names or "").split(), surnames=surnames | case.policy.birth.point_out_as_surname)
    if named:
        yield Finding("first-name-is-surname", "child", {"count": len(named)}, blocks=False)
    try:
        surname = declared_surname(facts, persons, both_in_person=case.record.source == "counter")
    except Refusal as refusal:
        yield Finding(refusal.code, "surname", refusal.facts)
        return
    if surname is not None and surname.to_verify:
        yield Finding("surname-to-verify", "surname", blocks=False)


def _of_death(case: Case, persons: Persons) -> Iterator[Finding]:
    person = persons.get("deceased")
    try:
        check_not_deceased(person)
    except Refusal as refusal:
        yield Finding(refusal.code, "deceased", refusal.facts)
    yield from _of_short_life(case)
    match = matched(facts_of(case), person)
    if match.needs_second_officer:
        fields = {"differs": list(match.differs), "not_compared": list(match.not_compared)}
        yield Finding(WEAK_MATCH, "deceased", {"quality": str(match.quality), **fields}, blocks=False)


def _of_short_life(case: Case) -> Iterator[Finding]:
    """Return what else follows when a child was stillborn, or died before its birth was declared (BW 1:19i)."""
    facts = facts_of(case)
    born_on = facts.died_on if facts.stillborn else facts.born_on
    if born_on is None:
        return
    route = route_of(alive_at_birth=not facts.stillborn, born_on=born_on, died_on=facts.died_on, terms=case.terms)
    if route.statistics_form:
        yield Finding("statistics-form-needed", "deceased", blocks=False)
    if route.as_death and DeedKind.BIRTH in route.deeds:
        yield Finding("birth-deed-needed", "deceased", blocks=False)
    if not act_applies(pregnancy_weeks=facts.pregnancy_weeks, lived=facts.lived):
        yield Finding("permit-not-needed", "deceased", blocks=False)


def _of_marriage(case: Case, persons: Persons) -> Iterator[Finding]:
    found = {role: person for role in PARTNERS if (person := persons.get(role)) is not None}
    if len(found) < len(PARTNERS):
        return
    couple = Couple(MarriageFacts.of(case.content), found, frozenset(piece.kind for piece in case.evidence))
    ceremony = couple.facts.ceremony
    for refusal in impediments(couple, on=ceremony.on if ceremony else case.today, policy=case.policy):
        yield Finding(refusal.code, facts=refusal.facts)
    for role in residence_to_verify(couple, case.policy):
        yield Finding("residence-to-verify", role, blocks=False)


def _of_permit(_: Case, __: Persons) -> Iterator[Finding]:
    yield from ()


_BY_KIND = {
    Kind.BIRTH: _of_birth,
    Kind.DEATH: _of_death,
    Kind.MARRIAGE: _of_marriage,
    Kind.PERMIT: _of_permit,
}
