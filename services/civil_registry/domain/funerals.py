"""When somebody may be buried, cremated or given to science, and with which decisions (*lijkbezorging*)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

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
from services.civil_registry.domain.terms import nth_working_day, working_days

_WEEKS_OF_A_BODY = 24
"""Source: Wet op de lijkbezorging art. 2 lid 1 b and lid 2."""
_ONE_DAY = timedelta(days=1)
SCIENCE = "science"
"""A body goes to science (*ontleding*): the third kind of funeral, beside `burial` and `cremation`."""


@dataclass(frozen=True, slots=True)
class FuneralWindow:
    """From which instant and up to which day a funeral may take place; None: no last day (*ontleding*)."""

    possible_from: datetime
    last_on: date | None


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


def legal_window(died_on: date, died_at: time | None, *, kind: str, terms: LegalTerms) -> FuneralWindow:
    """Return when a kind of funeral may be by law alone; a body for science only has to wait.

    Raises: TimeDoesNotExist.
    Source: Wet op de lijkbezorging art. 16, 69 lid 1.
    """
    last_on = None if kind == SCIENCE else terms.funeral_by(died_on)
    return FuneralWindow(terms.funeral_from(died_on, died_at), last_on)


def decided_window(
    died_on: date, died_at: time | None, *, kind: str, terms: LegalTerms, term: Mapping[str, Any] | None
) -> FuneralWindow:
    """Return when a kind of funeral may be, with what the mayor decided on the term to bury or cremate (`term`).

    Raises: TimeDoesNotExist.
    """
    legal = legal_window(died_on, died_at, kind=kind, terms=terms)
    if not term or kind == SCIENCE:
        return legal
    decision = TermDecision(
        doctor_heard=True,
        prosecutor_agrees=bool(term["prosecutor_agrees"]),
        possible_from=datetime.fromisoformat(term["not_before_at"]) if term["not_before_at"] else None,
        last_on=date.fromisoformat(term["last_on"]) if term["last_on"] else None,
    )
    return window(died_on, legal, decision)


def window(died_on: date, legal: FuneralWindow, decision: TermDecision | None = None) -> FuneralWindow:
    """Return when the funeral may be: as the law says, or as another term was set for either end.

    Raises: ValueError (a term that ends before the day of death).
    """
    if decision is None:
        return legal
    last_on = decision.last_on or legal.last_on
    if last_on is not None and last_on < died_on:
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
    if not _leaves_a_term(decision, legal):
        missing.append("term")
    if missing:
        raise TermDecisionIncomplete(missing=missing)


def _leaves_a_term(decision: TermDecision, legal: FuneralWindow) -> bool:
    """Say whether a decision sets an end of the term at all, and leaves a day between both ends."""
    if decision.possible_from is None and decision.last_on is None:
        return False
    begin, last_on = decision.possible_from or legal.possible_from, decision.last_on or legal.last_on
    return last_on is None or local_day(begin) <= last_on


def check_planned(planned_at: datetime | None, allowed: FuneralWindow) -> None:
    """The planned funeral lies within the term, by the day on which it takes place in the Netherlands.

    Raises: FuneralNotPlanned, FuneralTooEarly, FuneralTooLate.
    Source: Wet op de lijkbezorging art. 16.
    """
    if planned_at is None:
        raise FuneralNotPlanned
    if planned_at < allowed.possible_from:
        raise FuneralTooEarly(possible_from=allowed.possible_from)
    if allowed.last_on is not None and local_day(planned_at) > allowed.last_on:
        raise FuneralTooLate(last_on=allowed.last_on)


def check_plan(planned_at: datetime | None, plan: str, allowed: FuneralWindow) -> None:
    """A plan lies within the term, but for the end of it that another term is asked for; it may have no day yet.

    `plan` is `within-term`, `earlier` or `later`.

    Raises: FuneralTooEarly, FuneralTooLate.
    Source: Wet op de lijkbezorging art. 16 and 17.
    """
    if planned_at is None:
        return
    possible_from = min(allowed.possible_from, planned_at) if plan == "earlier" else allowed.possible_from
    check_planned(planned_at, FuneralWindow(possible_from, None if plan == "later" else allowed.last_on))


def check_registered_first(*, registered: bool, reason: str) -> None:
    """The death is registered before the permit is given, unless the officer wrote down why it cannot wait.

    Raises: PermitBeforeDeed.
    Source: Wet op de lijkbezorging art. 13 and 14 (papers without a deed are kept where the funeral is).
    """
    if not registered and not reason.strip():
        raise PermitBeforeDeed


def check_not_forbidden(kind: str, forbidden: Collection[str]) -> None:
    """The public prosecutor has not forbidden this kind of funeral, nor ordered that it waits.

    `forbidden` holds `burial`, `cremation` or both; while there is any measure, a body does not go to science either.

    Raises: FuneralForbidden.
    Source: Wet op de lijkbezorging art. 76 lid 2 and 3.
    """
    if kind in forbidden or (kind == SCIENCE and forbidden):
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


def check_dissection(*, by_will_or_consent: bool, place: str) -> None:
    """A body is given to science (*ontleding*) by last will or consent, and the permit names where.

    Not before 36 hours either: `check_planned` sees to that. The permit is the mayor's: `permit_is_theirs` does.

    Raises: DissectionNotAllowed (`missing`: `will-or-consent`, `place`).
    Source: Wet op de lijkbezorging art. 67-69.
    """
    there = {"will-or-consent": by_will_or_consent, "place": bool(place.strip())}
    missing = [what for what, found in there.items() if not found]
    if missing:
        raise DissectionNotAllowed(missing=missing)


def milestones(
    died_on: date, terms: LegalTerms, policy: DeathPolicy, *, last_on: date | None = None
) -> FuneralMilestones:
    """Return when it is told that no permit was given yet: undertaker and clerk first, then the officer.

    Where another last day was decided, both move with it.
    """
    legal, last = terms.funeral_by(died_on), last_on or terms.funeral_by(died_on)
    moved = working_days(died_on, last, terms.is_working_day) - working_days(died_on, legal, terms.is_working_day)
    return FuneralMilestones(
        warn_on=nth_working_day(died_on, max(policy.warn_on_working_day + moved, 1), terms.is_working_day),
        escalate_on=nth_working_day(died_on, max(policy.escalate_on_working_day + moved, 1), terms.is_working_day),
        last_on=last,
    )


def originals_due_on(registered_on: date, policy: DeathPolicy) -> date:
    """Return by when the paper originals of what was uploaded should have come in; it is no term of law."""
    return registered_on + policy.originals_days * _ONE_DAY
