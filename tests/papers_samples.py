"""One of each paper, with invented people, for tests and for eyes; deeds are those of the tests of the law."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any

from services.civil_registry.domain.extracts import extract_content
from services.civil_registry.paper_contents import extract_paper, laid_out, multilingual_paper
from services.civil_registry.papers.contents import (
    BirthFacts,
    DeathFacts,
    Deed,
    DeedReference,
    FullCopy,
    Funeral,
    FuneralPermit,
    Issuer,
    Mention,
    MultilingualExtract,
    Officer,
    PartialDay,
    Receipt,
    Sex,
)
from tests.unit import civil_registry_deeds as deeds

ISSUED_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
CODE = "7K2Q-9MDX-4T8V-PC3H-W6ZR"
VERIFY_URL = "https://balie.example.nl/controle"
ISSUER = Issuer("Enschede", "Hengelosestraat 51, 7514 AD Enschede", "14 053")
OFFICER = Officer("J.M. ten Hag-Wijnands")
REFERENCE = DeedReference("1A0123", 2026)

_BIRTH_FIRST: Any = deeds.BIRTH.first
_MARRIAGE_FIRST: Any = deeds.MARRIAGE.first
BIRTH = replace(
    deeds.BIRTH,
    first=replace(
        _BIRTH_FIRST,
        surname="de Vries",
        first_names="Sanne Elisabeth Femke Maria",
        born_on=date(2026, 11, 23),
    ),
)
MARRIAGE = replace(
    deeds.MARRIAGE,
    first=replace(
        _MARRIAGE_FIRST,
        partner_1=replace(
            _MARRIAGE_FIRST.partner_1, surname_before="Łękawska", surname_after="de Vries", first_names="Żaneta"
        ),
    ),
)
BIRTH_FACTS = BirthFacts("de Vries", "Sanne Elisabeth Femke Maria", date(2026, 11, 23), "Enschede", Sex.FEMALE)
DEATH_FACTS = DeathFacts(
    surname="van den Heuvel",
    first_names="Johannes Gerardus",
    sex=Sex.MALE,
    born_on=PartialDay(1938),
    born_place="Paramaribo",
    residence="Enschede",
    died_on=date(2026, 11, 22),
    died_at=time(14, 20),
    municipality="Enschede",
    partner="Wilhelmina Catharina Jansen",
)
MENTIONS = (
    Mention(
        "Erkenning. Bij akte 1B0007 van de gemeente Enschede is het kind op 12-01-2027 erkend door Pieter de Vries.",
        date(2027, 1, 13),
        OFFICER.name,
    ),
    Mention(
        "Verbetering van een kennelijke misslag. In plaats van ‘Elisabet’ moet worden gelezen ‘Elisabeth’.\n"
        "De ambtenaar heeft dit ambtshalve verbeterd.",
        date(2027, 2, 1),
        "A. Yılmaz",
    ),
)


def extract(deed: Any) -> Any:
    """Return the extract of a deed to which nothing was added."""
    return extract_paper(extract_content(deed), issuer=ISSUER, officer=OFFICER)


def multilingual(deed: Any) -> Any:
    """Return the multilingual extract of the same."""
    return multilingual_paper(extract_content(deed), issuer=ISSUER, officer=OFFICER)


PAPERS: dict[str, Any] = {
    "receipt": Receipt(
        issuer=ISSUER,
        number="G-2026-7K2Q9M",
        declaration="birth",
        received_at=datetime(2026, 11, 24, 7, 14, tzinfo=UTC),
        about=("Sanne Elisabeth Femke Maria de Vries",),
        papers=("birth-statement",),
        due_on=date(2026, 11, 26),
    ),
    "extract-birth": extract(BIRTH),
    "extract-stillbirth": extract(deeds.STILLBIRTH),
    "extract-death": extract(deeds.DEATH),
    "extract-marriage": extract(MARRIAGE),
    "extract-partnership": extract(deeds.PARTNERSHIP),
    "multilingual-birth": multilingual(BIRTH),
    "multilingual-death": MultilingualExtract(ISSUER, DeedReference("2A0456", 2026), DEATH_FACTS, "", OFFICER),
    "multilingual-marriage": multilingual(MARRIAGE),
    "permit": FuneralPermit(
        issuer=ISSUER,
        number="L-2026-0815AB",
        funeral=Funeral.CREMATION,
        deceased=DEATH_FACTS,
        deed=DeedReference("2A0456", 2026),
        not_before=datetime(2026, 11, 24, 1, 20, tzinfo=UTC),
        not_after=date(2026, 11, 30),
        term_decision="",
        officer=OFFICER,
    ),
    "full-copy": FullCopy(ISSUER, laid_out(BIRTH), MENTIONS, OFFICER),
    "deed-birth": Deed(ISSUER, laid_out(BIRTH)),
    "deed-death": Deed(ISSUER, laid_out(deeds.DEATH)),
    "deed-marriage": Deed(ISSUER, laid_out(MARRIAGE)),
}
