"""One of each paper, with invented people, for tests and for eyes."""

from datetime import UTC, date, datetime
from typing import Any

from services.civil_registry.papers.contents import (
    BirthFacts,
    Bond,
    BondFacts,
    DeathFacts,
    Deed,
    DeedReference,
    DeedText,
    Extract,
    FullCopy,
    Funeral,
    FuneralPermit,
    Issuer,
    Item,
    Mention,
    MultilingualExtract,
    Officer,
    PartialDay,
    PartnerFacts,
    Receipt,
    Section,
    Sex,
    Signatory,
)

ISSUED_AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
CODE = "7K2Q-9MDX-4T8V-PC3H-W6ZR"
VERIFY_URL = "https://balie.example.nl/controle"
ISSUER = Issuer("Enschede", "Hengelosestraat 51, 7514 AD Enschede", "14 053")
OFFICER = Officer("J.M. ten Hag-Wijnands")

BIRTH = BirthFacts(
    surname="de Vries",
    first_names="Sanne Elisabeth Femke Maria",
    born_on=date(2026, 11, 23),
    born_time="03:07",
    municipality="Enschede",
    sex=Sex.FEMALE,
)
DEATH = DeathFacts(
    surname="van den Heuvel",
    first_names="Johannes Gerardus",
    sex=Sex.MALE,
    born_on=PartialDay(1938),
    born_place="Paramaribo",
    residence="Enschede",
    died_on=date(2026, 11, 22),
    died_time="14:20",
    municipality="Enschede",
    partner="Wilhelmina Catharina Jansen",
)
MARRIAGE = BondFacts(
    bond=Bond.MARRIAGE,
    partners=(
        PartnerFacts("Łękawska", "de Vries", "Żaneta", Sex.FEMALE, date(1994, 3, 2), "Wrocław"),
        PartnerFacts("de Vries", "de Vries", "Pieter", Sex.MALE, date(1991, 12, 31), "Hengelo"),
    ),
    on=date(2026, 11, 20),
    municipality="Enschede",
)
PARTNERSHIP = BondFacts(Bond.PARTNERSHIP, MARRIAGE.partners, MARRIAGE.on, MARRIAGE.municipality)
REFERENCE = DeedReference("1A0123", 2026)
BIRTH_DEED = DeedText(
    reference=REFERENCE,
    facts=BIRTH,
    confidential=(
        Section("Moeder", (Item("Geslachtsnaam", "Jansen"), Item("Voornamen", "Anna Maria"))),
        Section("Vader", (Item("Geslachtsnaam", "de Vries"), Item("Voornamen", "Pieter"))),
    ),
    other=(
        Section("", (Item("Geslachtsnaam", "De ouders hebben gekozen voor de geslachtsnaam de Vries."),)),
        Section("Moeder", (Item("Dag van geboorte", "02-03-1994"), Item("Plaats van geboorte", "Hengelo"))),
        Section("Aangever", (Item("Geslachtsnaam", "de Vries"), Item("Voornamen", "Pieter"))),
    ),
    drawn_on=date(2026, 11, 25),
    signatories=(Signatory("ambtenaar van de burgerlijke stand", OFFICER.name),),
)
MARRIAGE_DEED = DeedText(
    reference=DeedReference("3A0042", 2026),
    facts=MARRIAGE,
    confidential=(Section("Ouders van de eerste echtgenoot", (Item("Moeder", ""), Item("Vader", "Jan Łękawski"))),),
    other=(Section("Getuigen", (Item("Eerste getuige", "Karin Smit"), Item("Tweede getuige", "Bo Çelik"))),),
    drawn_on=date(2026, 11, 20),
    signatories=(
        Signatory("echtgenoot", "Żaneta Łękawska"),
        Signatory("echtgenoot", "Pieter de Vries"),
        Signatory("getuige", "Karin Smit"),
        Signatory("getuige", "Bo Çelik"),
        Signatory("ambtenaar van de burgerlijke stand", OFFICER.name),
    ),
)
MENTIONS = (
    Mention(
        "Erkenning. Bij akte 1B0007 van de gemeente Enschede is het kind op 12-01-2027 erkend door Pieter de Vries.",
        date(2027, 1, 13),
        OFFICER.name,
    ),
    Mention(
        "Verbetering van een kennelijke misslag. In plaats van ‘Elisabet’ moet worden "
        "gelezen ‘Elisabeth’.\nDe ambtenaar heeft dit ambtshalve verbeterd.",
        date(2027, 2, 1),
        "A. Yılmaz",
    ),
)

PAPERS: dict[str, Any] = {
    "receipt": Receipt(
        issuer=ISSUER,
        number="G-2026-7K2Q9M",
        declaration="birth",
        received_at=datetime(2026, 11, 24, 7, 14, tzinfo=UTC),
        about=("Sanne Elisabeth Femke Maria de Vries",),
        papers=("Verklaring van de verloskundige",),
        due_on=date(2026, 11, 26),
    ),
    "extract-birth": Extract(ISSUER, REFERENCE, BIRTH, OFFICER),
    "extract-death": Extract(ISSUER, DeedReference("2A0456", 2026), DEATH, OFFICER),
    "extract-marriage": Extract(ISSUER, MARRIAGE_DEED.reference, MARRIAGE, OFFICER),
    "extract-partnership": Extract(ISSUER, DeedReference("5A0003", 2026), PARTNERSHIP, OFFICER),
    "multilingual-birth": MultilingualExtract(ISSUER, REFERENCE, BIRTH, OFFICER),
    "multilingual-death": MultilingualExtract(ISSUER, DeedReference("2A0456", 2026), DEATH, OFFICER),
    "multilingual-marriage": MultilingualExtract(ISSUER, MARRIAGE_DEED.reference, MARRIAGE, OFFICER),
    "permit": FuneralPermit(
        issuer=ISSUER,
        number="2026-0815",
        funeral=Funeral.CREMATION,
        deceased=DEATH,
        deed=DeedReference("2A0456", 2026),
        not_before=datetime(2026, 11, 24, 1, 20, tzinfo=UTC),
        not_after=date(2026, 11, 30),
        term_decision="",
        officer=OFFICER,
    ),
    "full-copy": FullCopy(ISSUER, BIRTH_DEED, MENTIONS, OFFICER),
    "deed-birth": Deed(ISSUER, BIRTH_DEED),
    "deed-marriage": Deed(ISSUER, MARRIAGE_DEED),
}
