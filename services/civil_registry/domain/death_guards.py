"""The rules on deaths and funerals as guards of the transition tables; what they say stands in the death modules."""

from datetime import date, datetime

from services.civil_registry.domain.actor import STAFF
from services.civil_registry.domain.case import Alike, Case
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
from services.civil_registry.domain.funerals import (
    FuneralWindow,
    TermDecision,
    check_decision,
    check_dissection,
    check_planned,
    check_registered_first,
    window,
)
from services.civil_registry.domain.machine import Particulars
from services.civil_registry.domain.record import Flag, Kind, Status

_ROLE = "deceased"


def facts_of(case: Case) -> DeathFacts:
    """Return what the declaration says, of a permit that of the death that it belongs to."""
    if case.record.kind is Kind.PERMIT and case.parent is not None:
        return DeathFacts.of(case.parent_content, bsn_given=_ROLE in case.parent.parties)
    return DeathFacts.of(case.content, bsn_given=_ROLE in case.record.parties)


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


def term_may_be_decided(case: Case, particulars: Particulars) -> None:
    """A doctor was heard; before 36 hours the prosecutor agrees (Wet op de lijkbezorging art. 17)."""
    check_decision(_decision(particulars, bool(particulars["doctor"])), legal_window(case))


def planned_within_term(case: Case, particulars: Particulars) -> None:
    """The funeral is not before 36 hours nor after the sixth working day, or as decided (art. 16, 17).

    A body given to science needs the mayor's permit as well (art. 67-69).
    """
    funeral = particulars.get("funeral") or case.content["funeral"]
    allowed = allowed_window(case)
    check_planned(funeral["at"], allowed)
    if funeral["kind"] == "science":
        check_dissection(by_will_or_consent=case.has("other"), mayor_permits=Flag.TERM_DECIDED in case.record.flags)


def registered_or_explained(case: Case, particulars: Particulars) -> None:
    """The death is registered, or the officer wrote down why the permit cannot wait (art. 13-14)."""
    registered = case.parent is not None and case.parent.status is Status.REGISTERED
    check_registered_first(registered=registered, reason=str(particulars.get("reason", "")))


def legal_window(case: Case) -> FuneralWindow:
    """Return when the funeral may be by law alone."""
    facts = facts_of(case)
    died_on = facts.died_on or case.today
    return FuneralWindow(case.terms.funeral_from(died_on, facts.died_at), case.terms.funeral_by(died_on))


def allowed_window(case: Case) -> FuneralWindow:
    """Return when the funeral may be, with what the mayor decided."""
    stored = case.record.extra.get("term")
    decision = None
    if stored:
        decision = TermDecision(
            doctor_heard=True,
            prosecutor_agrees=bool(stored["prosecutor_agrees"]),
            possible_from=datetime.fromisoformat(stored["not_before_at"]) if stored["not_before_at"] else None,
            last_on=date.fromisoformat(stored["last_on"]) if stored["last_on"] else None,
        )
    return window(facts_of(case).died_on or case.today, legal_window(case), decision)


def _decision(particulars: Particulars, doctor_heard: bool) -> TermDecision:
    return TermDecision(
        doctor_heard=doctor_heard,
        prosecutor_agrees=particulars["prosecutor_agrees"],
        possible_from=particulars["not_before_at"],
        last_on=particulars["last_on"],
    )


def _kinds(case: Case) -> set[str]:
    return {piece.kind for piece in case.evidence}


def _cleared(case: Case) -> bool:
    one = case.parent or case.record
    return Flag.CLEARED_BY_PROSECUTOR in one.flags


def likeness_of(case: Case, other: Alike) -> Likeness:
    """Return how this death and that of another record with the same number are related."""
    return deaths_alike(_known(facts_of(case)), _known(DeathFacts.of(other.content, bsn_given=True)))


def _known(facts: DeathFacts) -> KnownDeath:
    number = "the same" if facts.bsn_given else None
    return KnownDeath(number, facts.first_names, facts.surname, facts.born_on, facts.died_on or date.min)
