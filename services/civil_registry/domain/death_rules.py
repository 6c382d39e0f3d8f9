"""The rules on declaring a death, at the counter or online. Each check does nothing when the law allows it."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from services.civil_registry.domain.death_errors import (
    DeathAuthorisationMissing,
    DeathCertificateMissing,
    DeathDeclarantNotAllowedOnline,
    DeathInFuture,
    DeathNotHere,
    DeathNotOnline,
)
from services.civil_registry.domain.death_facts import DeathFacts
from services.civil_registry.domain.errors import TimeDoesNotExist
from services.civil_registry.domain.funerals import act_applies
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.local_time import earliest_instant, local_day
from services.civil_registry.domain.obstacles import Obstacle, texts_of_blocking
from services.civil_registry.domain.partial_dates import age_on
from services.civil_registry.domain.policy import DeathCondition, Municipality, Policy

A_CERTIFICATE = "a-certificate"
NO_OBJECTION = "no-objection"
DOCTOR_STATEMENT = "doctor-statement"
_ADULT = 18


@dataclass(frozen=True, slots=True)
class Papers:
    """Which paper a death needs before a permit. Source: Wet op de lijkbezorging art. 7, 10, 10a, 12."""

    any_of: tuple[str, ...]
    """Kinds of evidence, one of which must be there."""
    coroner: bool
    """The municipal coroner (*gemeentelijke lijkschouwer*) is asked or examines himself."""
    prosecutor: bool
    """The public prosecutor has to clear it, as nobody can give a certificate of death."""


def papers_needed(facts: DeathFacts) -> Papers:
    """Return which paper is needed, by the manner of death.

    Natural: a certificate of death (*A-verklaring*); of a minor after the coroner was asked. Unclear: of the coroner,
    if he is convinced of a natural cause, else the prosecutor's statement of no objection (*verklaring van geen
    bezwaar*). Not natural, or euthanasia: that statement only. Where the act does not apply: any doctor's statement.

    Source: Wet op de lijkbezorging art. 2 lid 2, 7, 10, 10a lid 1, 11a, 12.
    """
    if not act_applies(pregnancy_weeks=facts.pregnancy_weeks, lived=facts.lived):
        return Papers(any_of=(DOCTOR_STATEMENT, A_CERTIFICATE), coroner=False, prosecutor=False)
    if facts.manner in {"not-natural", "euthanasia"}:
        return Papers(any_of=(NO_OBJECTION,), coroner=True, prosecutor=True)
    unclear = facts.manner == "unclear"
    return Papers(any_of=(A_CERTIFICATE, NO_OBJECTION), coroner=unclear or is_minor(facts), prosecutor=unclear)


def is_minor(facts: DeathFacts) -> bool:
    """Say whether the deceased was a minor (*minderjarige*), by what was declared or by the day of birth."""
    young = facts.born_on is not None and facts.died_on is not None and age_on(facts.born_on, facts.died_on) < _ADULT
    return facts.minor or young


def check_papers(facts: DeathFacts, on_file: Collection[str], *, prosecutor_cleared: bool = False) -> None:
    """One of the papers that this death needs is on file, or the prosecutor's clearance was recorded.

    Raises: DeathCertificateMissing.
    Source: Wet op de lijkbezorging art. 12.
    """
    needed = papers_needed(facts).any_of
    if not prosecutor_cleared and not set(needed) & set(on_file):
        raise DeathCertificateMissing(any_of=needed)


def check_submittable(facts: DeathFacts, on_file: Collection[str]) -> None:
    """A declaration may come in: with its paper, or without it when the prosecutor's decision is still to come.

    Raises: DeathCertificateMissing.
    Source: BBS art. 67a lid 2 (a statement of the doctor who established the death).
    """
    if not papers_needed(facts).prosecutor:
        check_papers(facts, on_file)


def check_died_here(facts: DeathFacts, here: Municipality) -> None:
    """The death took place in this municipality (*gemeente van overlijden*).

    Raises: DeathNotHere.
    Source: BW 1:19f lid 1, 1:19g lid 1.
    """
    if facts.municipality is not None and facts.municipality != here.code:
        raise DeathNotHere(municipality=facts.municipality)


def check_not_ahead(facts: DeathFacts, now: datetime) -> None:
    """The time of death has passed; in the night that an hour comes twice, the first time counts.

    Raises: DeathInFuture, TimeDoesNotExist.
    """
    if facts.died_on is None:
        return
    if facts.died_at is None:
        ahead = facts.died_on > local_day(now)
    else:
        ahead = earliest_instant(facts.died_on, facts.died_at) > now
    if ahead:
        raise DeathInFuture(now=now)


def check_authorised(facts: DeathFacts) -> None:
    """Somebody with own knowledge of the death authorised whoever arranges the funeral (*gemachtigde*).

    Raises: DeathAuthorisationMissing.
    Source: BW 1:19h lid 1 and 2.
    """
    if not facts.authorised:
        raise DeathAuthorisationMissing


def death_eligibility(
    facts: DeathFacts, *, by_undertaker: bool, policy: Policy, terms: LegalTerms, now: datetime
) -> list[Obstacle]:
    """Return what stands in the way of declaring this death online; empty: nothing.

    Source: BW 1:19f, 1:19h lid 2 and 5; the town's policy for the rest.
    """
    return [*_place_and_time(facts, policy, now), *_conditions(facts, by_undertaker, policy, terms, now)]


def check_death_online(obstacles: list[Obstacle]) -> None:
    """Nothing stands in the way of declaring online.

    Raises: DeathNotOnline.
    """
    blocking = texts_of_blocking(obstacles)
    if blocking:
        raise DeathNotOnline(reasons=blocking)


def _place_and_time(facts: DeathFacts, policy: Policy, now: datetime) -> Iterator[Obstacle]:
    try:
        check_died_here(facts, policy.municipality)
    except DeathNotHere as refusal:
        yield Obstacle(refusal.code, "death-elsewhere", to_counter=False, facts=refusal.facts)
    try:
        check_not_ahead(facts, now)
    except (DeathInFuture, TimeDoesNotExist) as refusal:
        yield Obstacle(refusal.code, "death-time-impossible", to_counter=False)


def _conditions(
    facts: DeathFacts, by_undertaker: bool, policy: Policy, terms: LegalTerms, now: datetime
) -> Iterator[Obstacle]:
    over = facts.died_on is not None and local_day(now) > terms.funeral_by(facts.died_on)
    table = {
        DeathCondition.AUTHORISED_UNDERTAKER: (
            by_undertaker,
            DeathDeclarantNotAllowedOnline.code,
            "death-not-by-undertaker",
        ),
        DeathCondition.WITHIN_FUNERAL_TERM: (not over, DeathNotOnline.code, "death-term-over"),
        DeathCondition.BSN_KNOWN: (facts.bsn_given is not False, DeathNotOnline.code, "death-without-bsn"),
        DeathCondition.NOT_STILLBORN: (not facts.stillborn, DeathNotOnline.code, "death-stillborn"),
    }
    for condition, (holds, code, text) in table.items():
        if condition in policy.death.online and not holds:
            yield Obstacle(code, text)
