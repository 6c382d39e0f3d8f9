"""The rules on declaring a death as guards of the transition table; what they say stands in the death modules.

Those on permits stand in `permit_guards`.
"""

from datetime import date

from services.civil_registry.domain.actor import STAFF
from services.civil_registry.domain.case import Alike, Case
from services.civil_registry.domain.death_errors import PermitGiven
from services.civil_registry.domain.death_facts import DeathFacts
from services.civil_registry.domain.death_match import MatchQuality, check_not_deceased, matched
from services.civil_registry.domain.death_rules import (
    check_authorised,
    check_death_online,
    check_died_here,
    check_not_ahead,
    check_papers,
    check_submittable,
    death_eligibility,
    papers_needed,
)
from services.civil_registry.domain.duplicates import KnownDeath, Likeness, deaths_alike
from services.civil_registry.domain.errors import FindingsOpen, ProsecutorNotNeeded
from services.civil_registry.domain.machine import Particulars
from services.civil_registry.domain.record import Flag, Kind, Status

_ROLE = "deceased"


def facts_of(case: Case) -> DeathFacts:
    """Return what the declaration says, of a permit that of the death that it belongs to."""
    one = case.of_parent() if case.record.kind is Kind.PERMIT and case.parent is not None else case
    bsn_given = _ROLE in one.record.parties if _ROLE in one.content else None
    return DeathFacts.of(one.content, bsn_given=bsn_given)


def undertaker_may_declare_online(case: Case, _: Particulars) -> None:
    """Online only an authorised undertaker declares, under the town's conditions (BW 1:19h lid 2)."""
    if case.actor.may(STAFF):
        return
    check_death_online(
        death_eligibility(facts_of(case), by_undertaker=True, policy=case.policy, terms=case.terms, now=case.now)
    )


def died_here(case: Case, _: Particulars) -> None:
    """The death took place here, and in the past (BW 1:19f lid 1)."""
    facts = facts_of(case)
    check_died_here(facts, case.policy.municipality)
    check_not_ahead(facts, case.now)


def someone_with_knowledge_authorised(case: Case, _: Particulars) -> None:
    """Somebody with own knowledge of the death authorised the undertaker (BW 1:19h lid 1-2)."""
    if not case.actor.may(STAFF):
        check_authorised(facts_of(case))


def can_be_submitted(case: Case, _: Particulars) -> None:
    """The certificate is on file, or the public prosecutor decides (Wet op de lijkbezorging art. 12)."""
    check_submittable(facts_of(case), _kinds(case))


def paper_is_on_file(case: Case, _: Particulars) -> None:
    """A certificate of death or the prosecutor's no-objection is on file (Wet op de lijkbezorging art. 12)."""
    check_papers(facts_of(case), _kinds(case), prosecutor_cleared=_cleared(case))


def prosecutor_has_to_clear(case: Case, _: Particulars) -> None:
    """The death was not natural, or nobody can say so (Wet op de lijkbezorging art. 7, 10)."""
    if not papers_needed(facts_of(case)).prosecutor:
        raise ProsecutorNotNeeded


def deceased_is_matched(case: Case, _: Particulars) -> None:
    """The deceased is found in the BRP or has no number, and is not known as deceased there."""
    person = case.brp.persons.get(_ROLE) if case.brp is not None else None
    check_not_deceased(person)
    if matched(facts_of(case), person).quality is MatchQuality.UNKNOWN:
        raise FindingsOpen(codes=["person-unknown"])


def no_permit_stands(case: Case, _: Particulars) -> None:
    """No permit was given for this death that still stands: it is revoked first."""
    if any(child.status is Status.ISSUED for child in case.children):
        raise PermitGiven


def likeness_of(case: Case, other: Alike) -> Likeness:
    """Return how this death and that of another record with the same number are related."""
    return deaths_alike(_known(facts_of(case)), _known(DeathFacts.of(other.content, bsn_given=True)))


def _known(facts: DeathFacts) -> KnownDeath:
    number = "the same" if facts.bsn_given else None
    return KnownDeath(number, facts.first_names, facts.surname, facts.born_on, facts.died_on or date.min)


def _kinds(case: Case) -> set[str]:
    return {piece.kind for piece in case.evidence}


def _cleared(case: Case) -> bool:
    one = case.parent or case.record
    return Flag.CLEARED_BY_PROSECUTOR in one.flags
