"""Deeds for the tests: one of each kind."""

from datetime import date, time

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
    Names,
    Official,
    Party,
    Spouse,
)
from tests.unit.civil_registry_people import on

OFFICIAL = Official("Bakker, A. B.", "Enschede", date(2026, 3, 9))
MOTHER, FATHER = Names("Jansen", "Anna Maria"), Names("van Dijk", "Pieter")
DECLARANT = Party(FATHER, Born("Hengelo", on("1988-01-02")))

BIRTH = DeedContent(
    kind=DeedKind.BIRTH,
    number="1A0123",
    year=2026,
    first=BirthFirst("van Dijk", "Sofie Anna", date(2026, 3, 5), time(3, 7), "Enschede", "female"),
    second=BirthSecond(other_parent=FATHER, mother=MOTHER),
    third=BirthThird(
        surname_chosen=True,
        other_parent_born=Born("Hengelo", on("1988-01-02")),
        mother_born=Born("Aleppo, Syrië", on("1990")),
        declarant=DECLARANT,
        first_names_by_officer=False,
        ordered="",
    ),
    official=OFFICIAL,
)

STILLBIRTH = DeedContent(
    kind=DeedKind.STILLBIRTH,
    number="2A0004",
    year=2026,
    first=BirthFirst("", "", date(2026, 3, 5), None, "Enschede", "undetermined"),
    second=BirthSecond(other_parent=None, mother=MOTHER),
    third=BirthThird(
        surname_chosen=False,
        other_parent_born=None,
        mother_born=Born("Hengelo", on("1990-05-17")),
        declarant=DECLARANT,
        first_names_by_officer=False,
        ordered="",
    ),
    official=OFFICIAL,
)

DEATH = DeedContent(
    kind=DeedKind.DEATH,
    number="2A0077",
    year=2026,
    first=DeathFirst(
        surname="Jansen",
        first_names="Anna Maria",
        born=Born("Hengelo", on("1940-05")),
        sex="female",
        residence="Enschede",
        died_on=date(2026, 3, 1),
        died_at=time(0, 1),
        died_place="Enschede",
        partner=Names("de Groot", "Karel"),
    ),
    second=DeathSecond(parents=(Names("Jansen", "Jan"), Names("Bos", "Truus"))),
    third=DeathThird(earlier_partners=(), declarant=DECLARANT),
    official=OFFICIAL,
)


def _bond(kind: DeedKind, number: str) -> DeedContent:
    return DeedContent(
        kind=kind,
        number=number,
        year=2026,
        first=BondFirst(
            partner_1=Spouse("Smit", "Smit", "Eva", "female", Born("Enschede", on("1995-02-28"))),
            partner_2=Spouse("Vos", "Vos", "Lotte", "male", Born("Gronau, Duitsland", on("1994-07-01"))),
            on=date(2026, 3, 9),
            place="Enschede",
        ),
        second=BondSecond(parents_1=(Names("Smit", "Jan"),), parents_2=()),
        third=BondThird(
            witnesses=(Names("de Groot", "Karel"), Names("de Groot", "Lies")),
            consents=(),
            nationality_1="",
            nationality_2="Duitse",
            sworn_statements=(),
        ),
        official=OFFICIAL,
    )


MARRIAGE = _bond(DeedKind.MARRIAGE, "3A0001")
PARTNERSHIP = _bond(DeedKind.PARTNERSHIP, "5A0001")
ALL = (BIRTH, STILLBIRTH, DEATH, MARRIAGE, PARTNERSHIP)
