"""From what the law puts on a deed to what the papers show: the same facts, laid out."""

from datetime import date

from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.deed_content import (
    BirthFirst,
    BondFirst,
    BondThird,
    DeathFirst,
    DeedContent,
    First,
    Spouse,
)
from services.civil_registry.domain.deed_text import Part, deed_text
from services.civil_registry.domain.extracts import ExtractContent
from services.civil_registry.domain.person import PartialDate
from services.civil_registry.papers import contents as paper

_REGISTRAR = "ambtenaar van de burgerlijke stand"


def facts_of(kind: DeedKind, first: First) -> paper.Facts:
    """Return the first part of a deed as papers show it."""
    if isinstance(first, BirthFirst):
        return paper.BirthFacts(
            surname=first.surname,
            first_names=first.first_names,
            born_on=first.born_on,
            municipality=first.born_place,
            sex=paper.Sex(first.sex),
        )
    if isinstance(first, DeathFirst):
        return death_facts(first)
    return paper.BondFacts(
        bond=paper.Bond(kind.register),
        partners=(_spouse(first.partner_1), _spouse(first.partner_2)),
        on=first.on,
        municipality=first.place,
    )


def death_facts(first: DeathFirst) -> paper.DeathFacts:
    """Return who died, as papers show it."""
    partner = first.partner
    return paper.DeathFacts(
        surname=first.surname,
        first_names=first.first_names,
        sex=paper.Sex(first.sex),
        born_on=day_of(first.born.on),
        born_place=first.born.place,
        residence=first.residence,
        died_on=first.died_on,
        died_at=first.died_at,
        municipality=first.died_place,
        partner=f"{partner.first_names} {partner.surname}".strip() if partner else "",
    )


def laid_out(content: DeedContent) -> paper.DeedText:
    """Return a deed in its parts, in the words of the register, with who signs it."""
    text = deed_text(content)
    country, title, year, number = text.head
    first, second, third, official = (_sections(part) for part in text.parts)
    return paper.DeedText(
        head=(country, title, year, number),
        reference=paper.DeedReference(content.number, content.year),
        parts=(first, second, third, official),
        signatories=_signatories(content),
    )


def extract_paper(now: ExtractContent, *, issuer: paper.Issuer, officer: paper.Officer) -> paper.Extract:
    """Return the extract of a deed as it is now."""
    return paper.Extract(
        issuer=issuer,
        head=now.head,
        reference=paper.DeedReference(now.number, now.year),
        part=_sections(now.part),
        officer=officer,
    )


def multilingual_paper(
    now: ExtractContent, *, issuer: paper.Issuer, officer: paper.Officer
) -> paper.MultilingualExtract:
    """Return the same for abroad."""
    return paper.MultilingualExtract(
        issuer=issuer,
        reference=paper.DeedReference(now.number, now.year),
        facts=facts_of(now.kind, now.first),
        other=now.ended,
        officer=officer,
    )


def day_of(day: PartialDate | None) -> date | paper.PartialDay | None:
    """Return what is known of a day."""
    if day is None or day.year is None:
        return None
    return day.day_on or paper.PartialDay(day.year, day.month)


def _sections(part: Part) -> tuple[paper.Section, ...]:
    return tuple(
        paper.Section(section.heading, tuple(paper.Item(line.label, line.value) for line in section.lines))
        for section in part
    )


def _signatories(content: DeedContent) -> tuple[paper.Signatory, ...]:
    """Return who signs: the officer alone (BBS art. 20 lid 1); a bond by both partners and the witnesses too."""
    officer = paper.Signatory(_REGISTRAR, content.official.officer)
    first = content.first
    if not isinstance(first, BondFirst):
        return (officer,)
    role = "partner" if content.kind is DeedKind.PARTNERSHIP else "echtgenoot"
    couple = (first.partner_1, first.partner_2)
    witnesses = content.third.witnesses if isinstance(content.third, BondThird) else ()
    return (
        *(paper.Signatory(role, f"{one.first_names} {one.surname_before}") for one in couple),
        *(paper.Signatory("getuige", f"{one.first_names} {one.surname}") for one in witnesses),
        officer,
    )


def _spouse(one: Spouse) -> paper.PartnerFacts:
    return paper.PartnerFacts(
        surname_before=one.surname_before,
        surname_after=one.surname_after,
        first_names=one.first_names,
        sex=paper.Sex(one.sex),
        born_on=day_of(one.born.on),
        born_place=one.born.place,
    )
