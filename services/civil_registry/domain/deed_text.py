"""The Dutch text of deeds (*akten*), in the parts and the order that the law prescribes, and nothing beside.

Source: BW 1:18 lid 1; BBS art. 15, 17, 18, 36, 38, 40, 43, 45, 57, 57a, 61, 66.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.civil_registry.domain.deed import DeedKind
from services.civil_registry.domain.deed_content import (
    BirthFirst,
    BirthSecond,
    BirthThird,
    BondFirst,
    BondSecond,
    BondThird,
    Born,
    DeathFirst,
    DeathSecond,
    DeathThird,
    DeedContent,
    First,
    Names,
    Official,
    Party,
    Second,
    Spouse,
    Third,
)
from services.civil_registry.domain.dutch import (
    NOT_APPLICABLE,
    clock,
    in_digits,
    in_digits_and_words,
    or_dash,
    partly_in_digits,
)

TITLES: Mapping[DeedKind, str] = {
    DeedKind.BIRTH: "Akte van geboorte",
    DeedKind.STILLBIRTH: "Akte van geboorte (levenloos geboren kind)",
    DeedKind.DEATH: "Akte van overlijden",
    DeedKind.MARRIAGE: "Huwelijksakte",
    DeedKind.PARTNERSHIP: "Akte van registratie van een partnerschap",
}
_COUNTRY = "Nederland (NL)"
"""Source: BBS art. 38."""
_SEXES = {"female": "F (vrouwelijk)", "male": "M (mannelijk)"}
"""Source: BBS art. 18 lid 5."""
_SEX_OPEN = "het geslacht van het kind is niet kunnen worden vastgesteld"
"""Source: BW 1:19d lid 1; BBS art. 45."""
_LINE = "-" * 60
"""Horizontal lines divide the parts. Source: BBS art. 36."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: what it is, and what it says. `key` names it for those who lay it out or translate it."""

    key: str
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines that belong together, such as those of one partner; without heading those of the deed's own subject."""

    heading: str
    lines: tuple[Line, ...]


Part = tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class DeedText:
    """A deed as text: its head, and the four parts that are there on the day that it is made.

    The fifth part is empty then: it takes corrections and later mentions.
    """

    head: tuple[str, ...]
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """Return all of it as one text, its parts divided by lines."""
        return "\n".join(["\n".join(self.head), *(f"{_LINE}\n{_plain(part)}" for part in self.parts), _LINE, ""])


def deed_text(deed: DeedContent) -> DeedText:
    """Return the text of a deed.

    Source: BBS art. 36, 38, 40.
    """
    parts = parts_text(deed.first, deed.second, deed.third)
    head = (_COUNTRY, TITLES[deed.kind], str(deed.year), f"Nummer {deed.number}")
    return DeedText(head, (*parts, _official(deed.official)))


def parts_text(*parts: First | Second | Third) -> tuple[Part, ...]:
    """Return the text of parts of a deed, in their order."""
    return tuple(_WRITERS[type(part)](part) for part in parts)


def first_part(deed: DeedContent) -> Part:
    """Return the first part: all that an extract may tell."""
    return _WRITERS[type(deed.first)](deed.first)


def _birth_first(part: BirthFirst) -> Part:
    return _one(
        Line("surname", "Geslachtsnaam", or_dash(part.surname)),
        Line("first_names", "Voornamen", or_dash(part.first_names)),
        Line("born_on", "Dag van geboorte", in_digits_and_words(part.born_on)),
        Line("born_at", "Uur en minuut van geboorte", clock(part.born_at)),
        Line("born_place", "Plaats van geboorte", part.born_place),
        Line("sex", "Geslacht", _SEXES.get(part.sex, _SEX_OPEN)),
    )


def _birth_second(part: BirthSecond) -> Part:
    return (
        _named("other_parent", "Vader of moeder uit wie het kind niet is geboren", part.other_parent),
        _named("mother", "Moeder uit wie het kind is geboren", part.mother),
    )


def _birth_third(part: BirthThird) -> Part:
    given = "de voornamen zijn ambtshalve door de ambtenaar van de burgerlijke stand gegeven"
    return (
        _section(
            "", Line("chosen", "Naamskeuze", _if(part.surname_chosen, "de geslachtsnaam van het kind is gekozen"))
        ),
        _born("other_parent", "Vader of moeder uit wie het kind niet is geboren", part.other_parent_born),
        _born("mother", "Moeder uit wie het kind is geboren", part.mother_born),
        _party("declarant", "Aangever", part.declarant),
        _section(
            "",
            Line("by_officer", "Ambtshalve gegeven voornamen", _if(part.first_names_by_officer, given)),
            Line("ordered", "Bevel van het openbaar ministerie", or_dash(part.ordered)),
        ),
    )


def _death_first(part: DeathFirst) -> Part:
    return (
        _section(
            "",
            Line("surname", "Geslachtsnaam", or_dash(part.surname)),
            Line("first_names", "Voornamen", or_dash(part.first_names)),
            *_born_lines(part.born),
            Line("sex", "Geslacht", _SEXES.get(part.sex, NOT_APPLICABLE)),
            Line("residence", "Woonplaats of gewone verblijfplaats", or_dash(part.residence)),
            Line("died_on", "Dag van overlijden", in_digits_and_words(part.died_on)),
            Line("died_at", "Uur en minuut van overlijden", clock(part.died_at)),
            Line("died_place", "Plaats van overlijden", part.died_place),
        ),
        _named("partner", "Gehuwd of geregistreerd als partner met", part.partner),
    )


def _death_second(part: DeathSecond) -> Part:
    return _each("parent", "Ouder van de overledene", part.parents)


def _death_third(part: DeathThird) -> Part:
    return (
        *_each("earlier_partner", "Eerder gehuwd of geregistreerd als partner met", part.earlier_partners),
        _party("declarant", "Aangever", part.declarant),
    )


def _bond_first(part: BondFirst) -> Part:
    return (
        _spouse("partner_1", "Eerste echtgenoot of partner", part.partner_1),
        _spouse("partner_2", "Tweede echtgenoot of partner", part.partner_2),
        _section(
            "",
            Line("on", "Dag", in_digits(part.on)),
            Line("place", "Plaats", part.place),
        ),
    )


def _bond_second(part: BondSecond) -> Part:
    return (
        *_each("parent_1", "Ouder van de eerste echtgenoot of partner", part.parents_1),
        *_each("parent_2", "Ouder van de tweede echtgenoot of partner", part.parents_2),
    )


def _bond_third(part: BondThird) -> Part:
    return (
        *_each("witness", "Getuige", part.witnesses),
        _section(
            "",
            Line("consents", "Toestemming", or_dash("; ".join(part.consents))),
            Line("nationality_1", "Vermoedelijke nationaliteit van de eerste", or_dash(part.nationality_1)),
            Line("nationality_2", "Vermoedelijke nationaliteit van de tweede", or_dash(part.nationality_2)),
            Line("sworn", "Beëdigde verklaring", or_dash("; ".join(part.sworn_statements))),
        ),
    )


def _official(part: Official) -> Part:
    return _one(
        Line("officer", "Ambtenaar van de burgerlijke stand", part.officer),
        Line("drawn_place", "Opgemaakt te", part.place),
        Line("drawn_on", "Opgemaakt op", in_digits(part.drawn_on)),
    )


_WRITERS: Mapping[type, Callable[[Any], Part]] = {
    BirthFirst: _birth_first,
    BirthSecond: _birth_second,
    BirthThird: _birth_third,
    DeathFirst: _death_first,
    DeathSecond: _death_second,
    DeathThird: _death_third,
    BondFirst: _bond_first,
    BondSecond: _bond_second,
    BondThird: _bond_third,
}


def _spouse(key: str, heading: str, spouse: Spouse) -> Section:
    lines = (
        Line("surname_before", "Geslachtsnaam voor de verbintenis", or_dash(spouse.surname_before)),
        Line("first_names", "Voornamen", or_dash(spouse.first_names)),
        Line("sex", "Geslacht", _SEXES.get(spouse.sex, NOT_APPLICABLE)),
        *_born_lines(spouse.born),
        Line("surname_after", "Geslachtsnaam na de verbintenis", or_dash(spouse.surname_after)),
    )
    return _section(heading, *_under(key, lines))


def _named(key: str, heading: str, names: Names | None) -> Section:
    return _section(heading, *_under(key, _name_lines(names or Names("", ""))))


def _born(key: str, heading: str, born: Born | None) -> Section:
    return _section(heading, *_under(key, _born_lines(born or Born("", None))))


def _party(key: str, heading: str, party: Party) -> Section:
    return _section(heading, *_under(key, (*_name_lines(party.names), *_born_lines(party.born))))


def _each(key: str, heading: str, people: Sequence[Names]) -> Part:
    """Return a section per person, or one with dashes when there is nobody."""
    if not people:
        return (_named(key, heading, None),)
    return tuple(_named(f"{key}_{number}", heading, one) for number, one in enumerate(people, start=1))


def _name_lines(names: Names) -> tuple[Line, ...]:
    return (
        Line("surname", "Geslachtsnaam", or_dash(names.surname)),
        Line("first_names", "Voornamen", or_dash(names.first_names)),
    )


def _born_lines(born: Born) -> tuple[Line, ...]:
    return (
        Line("born_place", "Plaats van geboorte", or_dash(born.place)),
        Line("born_on", "Dag van geboorte", partly_in_digits(born.on)),
    )


def _under(key: str, lines: Iterable[Line]) -> tuple[Line, ...]:
    return tuple(Line(f"{key}.{line.key}", line.label, line.value) for line in lines)


def _if(so: bool, words: str) -> str:
    return words if so else NOT_APPLICABLE


def _section(heading: str, *lines: Line) -> Section:
    return Section(heading, lines)


def _one(*lines: Line) -> Part:
    return (Section("", lines),)


def _plain(part: Part) -> str:
    sections = []
    for section in part:
        heading = [section.heading] if section.heading else []
        sections.append("\n".join([*heading, *(f"{line.label}: {line.value}" for line in section.lines)]))
    return "\n\n".join(sections)
