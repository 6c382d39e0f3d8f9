"""Comparing what the declarant says of a birth with what the doctor or midwife says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from services.civil_registry.domain.birth_facts import BirthFacts, NoticedBirth
from services.civil_registry.domain.names import comparable

_SAME_BIRTH = timedelta(days=1)
"""Twins may be born on both sides of midnight, and a day may be mistyped."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs. Two hands write one place in two ways, so that `place` alone is left to whoever reviews."""

    differs: tuple[str, ...]
    to_review: tuple[str, ...]


def compared(facts: BirthFacts, mother: str, notice: NoticedBirth) -> Comparison:
    """Return the fields of a declaration that a notice contradicts; `mother` names her as the notice does.

    Source: BW 1:19e lid 9 a, b and d, lid 10.
    """
    pairs = {
        "mother": (mother, notice.mother),
        "born_on": (facts.born_on, notice.born_on),
        "born_time": (facts.born_at, notice.born_at),
        "sex": (facts.sex, notice.sex),
        "municipality": (facts.municipality, notice.municipality),
    }
    same_place = comparable(facts.place or "") == comparable(notice.place)
    return Comparison(
        differs=tuple(field for field, (declared, noticed) in pairs.items() if declared != noticed),
        to_review=() if same_place else ("place",),
    )


def notice_of(facts: BirthFacts, mother: str, notices: Iterable[NoticedBirth]) -> NoticedBirth | None:
    """Return which of the notices is about this child: of its mother and about its day, the one that differs least.

    Of twins the minute tells the one from the other, then the sex.
    """
    near = [
        notice
        for notice in notices
        if notice.mother == mother and facts.born_on and abs(notice.born_on - facts.born_on) <= _SAME_BIRTH
    ]
    return min(near, key=lambda notice: _distance(facts, mother, notice), default=None)


def _distance(facts: BirthFacts, mother: str, notice: NoticedBirth) -> tuple[bool, int, int]:
    comparison = compared(facts, mother, notice)
    return "born_time" in comparison.differs, len(comparison.differs), len(comparison.to_review)
