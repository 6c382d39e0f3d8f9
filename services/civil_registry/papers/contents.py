"""What stands on each paper, as typed values. Names are written whole, with their prefix, as the BRP knows them.

A value that is not applicable or not known is None or empty; the paper shows a dash (BBS art. 18).
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import ClassVar


class Sex(StrEnum):
    """As the deed says it."""

    FEMALE = "female"
    MALE = "male"
    UNDETERMINED = "undetermined"


class Bond(StrEnum):
    """Marriage or registered partnership."""

    MARRIAGE = "marriage"
    PARTNERSHIP = "partnership"


class Funeral(StrEnum):
    """What a permit allows."""

    BURIAL = "burial"
    CREMATION = "cremation"


@dataclass(frozen=True, slots=True)
class PartialDay:
    """A day of which only the year, or the month and year, are known."""

    year: int
    month: int | None = None


Day = date | PartialDay | None


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who gives the paper out: `municipality` such as `Enschede`, its address on one line, its telephone number."""

    municipality: str
    address: str
    telephone: str


@dataclass(frozen=True, slots=True)
class Officer:
    """Who answers for the paper (*ambtenaar van de burgerlijke stand*)."""

    name: str


@dataclass(frozen=True, slots=True)
class DeedReference:
    """Which deed: its number of six positions and the year of its register."""

    number: str
    year: int


# --- deeds, as `domain.deed_text` words them


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a deed: what it is, and what it says."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Section:
    """Lines of a deed that belong together, such as those of one parent; `heading` may be empty."""

    heading: str
    items: tuple[Item, ...]


Part = tuple[Section, ...]


@dataclass(frozen=True, slots=True)
class Signatory:
    """Who signs, and as what: `ambtenaar van de burgerlijke stand`, `echtgenoot`, `getuige`."""

    role: str
    name: str


@dataclass(frozen=True, slots=True)
class DeedText:
    """A deed: its head (country, title, year, number), its first four parts, and who signs.

    Source: BBS art. 36, 38, 40.
    """

    head: tuple[str, str, str, str]
    reference: DeedReference
    parts: tuple[Part, Part, Part, Part]
    signatories: tuple[Signatory, ...]


@dataclass(frozen=True, slots=True)
class Mention:
    """What was added to a deed later (*latere vermelding*); `text` may have several lines."""

    text: str
    added_on: date
    added_by: str


# --- facts as values, for what is not in Dutch or is no deed. No field here may ever hold parentage (BW 1:23b).


@dataclass(frozen=True, slots=True)
class BirthFacts:
    """Of whom, when and where: `municipality` is that of the birth."""

    register: ClassVar[str] = "birth"
    surname: str
    first_names: str
    born_on: date
    municipality: str
    sex: Sex


@dataclass(frozen=True, slots=True)
class DeathFacts:
    """Who died, when and where; `partner` is the husband, wife or registered partner at death, else empty."""

    register: ClassVar[str] = "death"
    surname: str
    first_names: str
    sex: Sex
    born_on: Day
    born_place: str
    residence: str
    died_on: date | None
    died_at: time | None
    municipality: str
    partner: str


@dataclass(frozen=True, slots=True)
class PartnerFacts:
    """One of the two."""

    surname_before: str
    surname_after: str
    first_names: str
    sex: Sex
    born_on: Day
    born_place: str


@dataclass(frozen=True, slots=True)
class BondFacts:
    """Who was joined, when and where."""

    bond: Bond
    partners: tuple[PartnerFacts, PartnerFacts]
    on: date
    municipality: str

    @property
    def register(self) -> str:
        """Which register holds the deed."""
        return self.bond.value


Facts = BirthFacts | DeathFacts | BondFacts


# --- the papers


@dataclass(frozen=True, slots=True)
class Receipt:
    """That a declaration came in (*ontvangstbewijs*). In nl, en or de; it is no proof of the fact itself.

    `declaration` is `birth`, `death`, `marriage` or `partnership`; `about` names whom it is about; `due_on` is the last
    day of the legal term, when there is one. `papers` are kinds of evidence: how people call their files is their own.
    """

    kind: ClassVar[str] = "receipt"
    issuer: Issuer
    number: str
    declaration: str
    received_at: datetime
    about: tuple[str, ...]
    papers: tuple[str, ...] = ()
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Extract:
    """The first part of a deed as it is at present (*uittreksel*); `head` is country, title, number and year.

    Source: BW 1:23b; BBS art. 26, 42, 48, 59.
    """

    kind: ClassVar[str] = "extract"
    issuer: Issuer
    head: tuple[str, ...]
    reference: DeedReference
    part: Part
    officer: Officer

    @property
    def number(self) -> str:
        """Of the deed."""
        return self.reference.number


@dataclass(frozen=True, slots=True)
class MultilingualExtract:
    """The same with numbered fields in four languages, for abroad (*meertalig uittreksel*).

    `other`: what else the deed says at present, such as how a marriage ended.

    Source: Vienna Convention of 8 September 1976 (CIEC 16); Regulation (EU) 2016/1191.
    """

    kind: ClassVar[str] = "multilingual-extract"
    issuer: Issuer
    reference: DeedReference
    facts: Facts
    other: str
    officer: Officer

    @property
    def number(self) -> str:
        """Of the deed."""
        return self.reference.number


@dataclass(frozen=True, slots=True)
class FullCopy:
    """A deed whole, with all that was added (*afschrift*); only for who has an interest. Source: BW 1:23b lid 2."""

    kind: ClassVar[str] = "full-copy"
    issuer: Issuer
    deed: DeedText
    mentions: tuple[Mention, ...]
    officer: Officer

    @property
    def number(self) -> str:
        """Of the deed."""
        return self.deed.reference.number


@dataclass(frozen=True, slots=True)
class FuneralPermit:
    """That somebody may be buried or cremated (*verlof tot begraven of cremeren*). Source: Wlb art. 11-12, 16-17.

    `not_before` and `not_after` bound the funeral; `term_decision` tells of the mayor's other term, else empty.
    """

    kind: ClassVar[str] = "burial-permit"
    issuer: Issuer
    number: str
    funeral: Funeral
    deceased: DeathFacts
    deed: DeedReference | None
    not_before: datetime
    not_after: date
    term_decision: str
    officer: Officer


@dataclass(frozen=True, slots=True)
class Deed:
    """The deed itself, to be printed and signed by hand (*akte*). It carries no code: only what the law prescribes."""

    kind: ClassVar[str] = "deed"
    issuer: Issuer
    deed: DeedText

    @property
    def number(self) -> str:
        """Of the deed."""
        return self.deed.reference.number


Paper = Receipt | Extract | MultilingualExtract | FullCopy | FuneralPermit | Deed
