"""The rules on declaring a birth, whoever does it and wherever. Each check does nothing when the law allows it."""

from collections.abc import Sequence
from datetime import date, datetime

from services.civil_registry.domain.birth_errors import (
    BirthConfirmationDiffers,
    BirthDeclarantNotAllowedOnline,
    BirthInFuture,
    BirthNotConfirmed,
    BirthNotHere,
)
from services.civil_registry.domain.birth_facts import BirthFacts
from services.civil_registry.domain.legal_terms import LegalTerms
from services.civil_registry.domain.local_time import earliest_instant, local_day
from services.civil_registry.domain.policy import Municipality

ONLINE_DECLARANTS = frozenset({"mother", "father", "other-mother"})
"""Source: BW 1:19e lid 1 and 13."""


def check_declarant(facts: BirthFacts) -> None:
    """Only the mother, the father and the other mother declare online.

    Raises: BirthDeclarantNotAllowedOnline.
    Source: BW 1:19e lid 1 and 13.
    """
    if facts.declarant not in ONLINE_DECLARANTS:
        raise BirthDeclarantNotAllowedOnline


def check_born_here(facts: BirthFacts, here: Municipality) -> None:
    """The child was born in this municipality (*geboortegemeente*); where the parents live does not matter.

    Raises: BirthNotHere.
    Source: BW 1:19, 1:19a.
    """
    if facts.municipality is not None and facts.municipality != here.code:
        raise BirthNotHere(municipality=facts.municipality)


def check_not_ahead(facts: BirthFacts, now: datetime) -> None:
    """The time of birth has passed; in the night that an hour comes twice, the first time counts.

    Raises: BirthInFuture, TimeDoesNotExist.
    """
    if facts.born_on is None:
        return
    if facts.born_at is None:
        ahead = facts.born_on > local_day(now)
    else:
        ahead = earliest_instant(facts.born_on, facts.born_at) > now
    if ahead:
        raise BirthInFuture(now=now)


def is_late(born_on: date, declared_at: datetime, terms: LegalTerms) -> bool:
    """Say whether a birth is declared after the term (*te late aangifte*); then the public prosecutor is told.

    What counts is when a complete declaration was submitted, not when it is handled.

    Source: BW 1:19e lid 7.
    """
    return local_day(declared_at) > terms.declare_birth_by(born_on)


def check_confirmed(*, noticed: bool, statement_on_file: bool, differs: Sequence[str]) -> None:
    """A doctor or midwife confirmed the birth: by a notice that agrees, or by a statement that was filed.

    A filed statement stands in for a notice, also for one that differs: the officer compares it by eye.

    Raises: BirthNotConfirmed, BirthConfirmationDiffers.
    Source: BW 1:19e lid 10 and 11; BBS art. 27.
    """
    if statement_on_file:
        return
    if not noticed:
        raise BirthNotConfirmed
    if differs:
        raise BirthConfirmationDiffers(differs=differs)
