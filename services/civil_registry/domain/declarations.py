"""Which facts can be declared on a day, and by when a fact of that day must be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from services.civil_registry.domain.legal_terms import LegalTerms

Texts = Mapping[str, str]


class TermRule(StrEnum):
    """How the last day follows from the day of the fact."""

    BIRTH = "birth"
    FUNERAL = "funeral"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Term:
    """By when, in words, and where that is written."""

    description: Texts
    source: str
    rule: TermRule

    def last_on(self, fact_on: date, terms: LegalTerms) -> date | None:
        """Return the last day of the term for a fact of a day; None when there is no last day to tell."""
        match self.rule:
            case TermRule.BIRTH:
                return terms.declare_birth_by(fact_on)
            case TermRule.FUNERAL:
                return terms.funeral_by(fact_on)
            case TermRule.NONE:
                return None


@dataclass(frozen=True, slots=True)
class Declaration:
    """A civil-status fact that can be declared (*aangifte*, *melding*), as offered in a period."""

    kind: str
    dutch_name: str
    names: Texts
    declared_by: Texts
    term: Term
    counter_product_id: str | None
    online: bool
    valid_from: date
    valid_until: date | None

    def offered_on(self, day: date) -> bool:
        """Say whether this version of the declaration is the one in force on a day (`valid_until` included)."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
