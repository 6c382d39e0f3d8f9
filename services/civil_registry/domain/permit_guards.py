"""The rules on permits to bury, cremate or dissect, as guards of the transition table."""

from services.civil_registry.domain import guards
from services.civil_registry.domain.actor import Role
from services.civil_registry.domain.case import Case
from services.civil_registry.domain.death_guards import facts_of
from services.civil_registry.domain.errors import NotNow, NotYourRole
from services.civil_registry.domain.funerals import (
    SCIENCE,
    FuneralWindow,
    TermDecision,
    check_decision,
    check_dissection,
    check_not_forbidden,
    check_permit_needed,
    check_plan,
    check_planned,
    check_registered_first,
    decided_window,
    legal_window,
)
from services.civil_registry.domain.machine import Particulars
from services.civil_registry.domain.record import Flag, Status

_registrar = guards.competent("death")
_LIVE = (Status.REQUESTED, Status.ISSUED, Status.USED)


def permit_is_theirs(case: Case, particulars: Particulars) -> None:
    """A registrar permits to bury or cremate; who decides for the mayor, that a body goes to science (art. 11, 68)."""
    kinds = {case.content["funeral"]["kind"], _funeral(case, particulars)["kind"]}
    if SCIENCE in kinds and not case.actor.may(frozenset({Role.MAYOR_DELEGATE})):
        raise NotYourRole(roles=[str(Role.MAYOR_DELEGATE)])
    if kinds != {SCIENCE}:
        if not case.actor.may(frozenset({Role.OFFICER})):
            raise NotYourRole(roles=[str(Role.OFFICER)])
        _registrar(case, particulars)


def permit_is_needed(case: Case, _: Particulars) -> None:
    """The act on funerals applies (Wet op de lijkbezorging art. 2 lid 2)."""
    facts = facts_of(case)
    check_permit_needed(pregnancy_weeks=facts.pregnancy_weeks, lived=facts.lived)


def no_permit_is_asked(case: Case, _: Particulars) -> None:
    """No permit waits or was given: the one before was refused or revoked."""
    if any(child.status in _LIVE for child in case.children):
        raise NotNow(command="request-permit", status=str(case.record.status))


def amendment_is_asked(case: Case, _: Particulars) -> None:
    """The undertaker asked for another permit than the one that was given."""
    if Flag.AMENDMENT_ASKED not in case.record.flags:
        raise NotNow(command="decline-amendment", status=str(case.record.status))


def plan_is_possible(case: Case, particulars: Particulars) -> None:
    """The funeral is planned within its term, or another term is asked for (Wet op de lijkbezorging art. 16, 17)."""
    funeral = _funeral(case, particulars)
    check_plan(funeral["at"], funeral["plan"], allowed_window(case, funeral["kind"]))


def term_may_be_decided(case: Case, particulars: Particulars) -> None:
    """A doctor was heard; before 36 hours the prosecutor agrees (Wet op de lijkbezorging art. 17)."""
    decision = TermDecision(
        doctor_heard=bool(particulars["doctor"]),
        prosecutor_agrees=particulars["prosecutor_agrees"],
        possible_from=particulars["not_before_at"],
        last_on=particulars["last_on"],
    )
    facts = facts_of(case)
    kind = case.content["funeral"]["kind"]
    legal = legal_window(facts.died_on or case.today, facts.died_at, kind=kind, terms=case.terms)
    check_decision(decision, legal)


def planned_within_term(case: Case, particulars: Particulars) -> None:
    """The funeral is not before 36 hours nor after the sixth working day, or as decided (art. 16, 17).

    A body goes to science by will or consent, to a named place (art. 67-69).
    """
    funeral = _funeral(case, particulars)
    check_planned(funeral["at"], allowed_window(case, funeral["kind"]))
    if funeral["kind"] == SCIENCE:
        check_dissection(by_will_or_consent=case.has("body-donation"), place=funeral["place"])


def nothing_forbids(case: Case, particulars: Particulars) -> None:
    """The public prosecutor has not delayed or forbidden this funeral (Wet op de lijkbezorging art. 76 lid 2-3)."""
    measure = case.record.extra.get("measure") or {}
    check_not_forbidden(_funeral(case, particulars)["kind"], measure.get("forbids", ()))


def registered_or_explained(case: Case, particulars: Particulars) -> None:
    """The death is registered, or the officer wrote down why the permit cannot wait (art. 13-14)."""
    registered = case.parent is not None and case.parent.status is Status.REGISTERED
    check_registered_first(registered=registered, reason=str(particulars.get("reason", "")))


def allowed_window(case: Case, kind: str) -> FuneralWindow:
    """Return when a kind of funeral may be, by law or as the mayor decided."""
    facts = facts_of(case)
    died_on, term = facts.died_on or case.today, case.record.extra.get("term")
    return decided_window(died_on, facts.died_at, kind=kind, terms=case.terms, term=term)


def _funeral(case: Case, particulars: Particulars) -> Particulars:
    """Return the funeral that a command is about: the one that it names, else the one that is planned."""
    told: Particulars = particulars.get("funeral") or case.content["funeral"]
    return told
