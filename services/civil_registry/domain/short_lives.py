"""Children who were stillborn, or died before anybody declared their birth (*levenloos geboren kind*)."""

from dataclasses import dataclass
from datetime import date

from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.legal_terms import LegalTerms


@dataclass(frozen=True, slots=True)
class Route:
    """What follows from how short a life was.

    `as_death`: declared under the rules for deaths, so online by an authorised undertaker only. `statistics_form`: the
    officer sends the form about the child to Statistics Netherlands.
    """

    deeds: tuple[DeedKind, ...]
    as_death: bool
    statistics_form: bool


def route_of(*, alive_at_birth: bool, born_on: date, died_on: date | None, terms: LegalTerms) -> Route:
    """Return which deeds are drawn up of a birth and by whose rules it is declared.

    A stillborn child: one deed in the register of deaths. A child that died within the term for declaring and before
    it was declared: a deed of birth and one of death. Else the birth is declared by the rules for births.

    Source: BW 1:19i lid 1-4.
    """
    if not alive_at_birth:
        return Route((DeedKind.STILLBIRTH,), as_death=True, statistics_form=True)
    if died_on is not None and died_on <= terms.declare_birth_by(born_on):
        return Route((DeedKind.BIRTH, DeedKind.DEATH), as_death=True, statistics_form=False)
    return Route((DeedKind.BIRTH,), as_death=False, statistics_form=False)
