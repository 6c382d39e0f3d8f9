"""When somebody may be buried, cremated or given to science, and with which decisions (*lijkbezorging*)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.civil_registry.domain.death_errors import (
    DissectionNotAllowed,
    FuneralForbidden,
    FuneralNotPlanned,
    FuneralTooEarly,
    FuneralTooLate,
    PermitBeforeDeed,
    PermitNotNeeded,
    TermDecisionIncomplete,
)
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.local_time import local_day
from services.civil_registry.domain.policy import DeathPolicy
from services.civil_registry.domain.terms import nth_working_day

_WEEKS_OF_A_BODY = 24
"""Source: Wet op de lijkbezorging art. 2 lid 1 b and lid 2."""
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class FuneralWindow:
    """From which instant and up to which day a funeral may take place."""

    possible_from: datetime
    last_on: date


@dataclass(frozen=True, slots=True)
class TermDecision:
    """Another term, set by the mayor or who decides for him. Source: Wet op de lijkbezorging art. 17 lid 1."""

    doctor_heard: bool
    prosecutor_agrees: bool
    possible_from: datetime | None = None
    last_on: date | None = None


@dataclass(frozen=True, slots=True)
class FuneralMilestones:
    """When those who can still act are told that a permit is missing."""

    warn_on: date
    escalate_on: date
    last_on: date


def window(died_on: date, legal: FuneralWindow, decision: TermDecision | None = None) -> FuneralWindow:
    """Return when the funeral may be: as the law says, or as another term was set for either end.

    Raises: ValueError (a term that ends before the day of death).
    """
    if decision is None:
        return legal
    last_on = decision.last_on or legal.last_on
    if last_on < died_on:
        raise ValueError("A funeral takes place on the day of death or later.")
    return FuneralWindow(decision.possible_from or legal.possible_from, last_on)


def check_decision(decision: TermDecision, legal: FuneralWindow) -> None:
    """Another term is set after a doctor was heard; before the 36 hours only if the prosecutor agrees.

    Raises: TermDecisionIncomplete (`missing`: `doctor`, `prosecutor`, `term`).
    Source: Wet op de lijkbezorging art. 17 lid 1.
    """
    missing = []
    if not decision.doctor_heard:
        missing.append("doctor")
    earlier = decision.possible_from is not None and decision.possible_from < legal.possible_from
    if earlier and not decision.prosecutor_agrees:
        missing.append("prosecutor")
    if decision.possible_from is None and decision.last_on is None:
        missing.append("term")
    if missing:
        raise TermDecisionIncomplete(missing=missing)


def check_planned(planned_at: datetime | None, allowed: FuneralWindow) -> None:
    """The planned funeral lies within the term, by the day on which it takes place in the Netherlands.

    Raises: FuneralNotPlanned, FuneralTooEarly, FuneralTooLate.
    Source: Wet op de lijkbezorging art. 16.
    """
    if planned_at is None:
        raise FuneralNotPlanned
    if planned_at < allowed.possible_from:
        raise FuneralTooEarly(possible_from=allowed.possible_from)
    if local_day(planned_at) > allowed.last_on:
        raise FuneralTooLate(last_on=allowed.last_on)


def check_registered_first(*, registered: bool, reason: str) -> None:
    """The death is registered before the permit is given, unless the officer wrote down why it cannot wait.

    Raises: PermitBeforeDeed.
    Source: Wet op de lijkbezorging art. 13 and 14 (papers without a deed are kept where the funeral is).
    """
    if not registered and not reason.strip():
        raise PermitBeforeDeed


def check_not_forbidden(kind: str, forbidden: Collection[str]) -> None:
    """The public prosecutor has not forbidden this kind of funeral (`burial`, `cremation`).

    Raises: FuneralForbidden.
    Source: Wet op de lijkbezorging art. 76 lid 3.
    """
    if kind in forbidden:
        raise FuneralForbidden(kind=kind)


def act_applies(*, pregnancy_weeks: int | None, lived: timedelta | None) -> bool:
    """Say whether the act on funerals applies, so that a permit is needed; `lived` None: stillborn.

    It does not to a child born before 24 weeks of pregnancy that was stillborn or lived less than 24 hours. Unknown
    weeks are taken as enough: nobody is buried without a permit by mistake.

    Source: Wet op de lijkbezorging art. 2 lid 2, art. 11a.
    """
    too_short = pregnancy_weeks is not None and pregnancy_weeks < _WEEKS_OF_A_BODY
    return not (too_short and (lived is None or lived < _ONE_DAY))


def check_permit_needed(*, pregnancy_weeks: int | None, lived: timedelta | None) -> None:
    """The act on funerals applies.

    Raises: PermitNotNeeded (a doctor's statement is enough).
    Source: Wet op de lijkbezorging art. 2 lid 2, art. 11a.
    """
    if not act_applies(pregnancy_weeks=pregnancy_weeks, lived=lived):
        raise PermitNotNeeded


def check_dissection(*, by_will_or_consent: bool, mayor_permits: bool) -> None:
    """A body is given to science (*ontleding*) by last will or consent, and with the mayor's permit.

    Not before 36 hours either: `check_planned` sees to that.

    Raises: DissectionNotAllowed (`missing`: `will-or-consent`, `mayor`).
    Source: Wet op de lijkbezorging art. 67-69.
    """
    missing = [what for what, there in (("will-or-consent", by_will_or_consent), ("mayor", mayor_permits)) if not there]
    if missing:
        raise DissectionNotAllowed(missing=missing)


def milestones(died_on: date, terms: LegalTerms, policy: DeathPolicy) -> FuneralMilestones:
    """Return when it is told that no permit was asked or given yet: undertaker and clerk first, then the officer."""
    return FuneralMilestones(
        warn_on=nth_working_day(died_on, policy.warn_on_working_day, terms.is_working_day),
        escalate_on=nth_working_day(died_on, policy.escalate_on_working_day, terms.is_working_day),
        last_on=terms.funeral_by(died_on),
    )


def originals_due_on(registered_on: date, policy: DeathPolicy) -> date:
    """Return by when the paper originals of what was uploaded should have come in; it is no term of law."""
    return registered_on + policy.originals_days * _ONE_DAY
