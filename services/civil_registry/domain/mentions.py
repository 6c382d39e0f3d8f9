"""Later mentions (*latere vermeldingen*): what is added to a deed, never changing it, and what is so from then on.

Source: BW 1:20-1:20g, 1:24-1:24b; BBS art. 15 lid 2, 41, 49, 52a, 60, 60a.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from services.civil_registry.domain.deed_content import Names, Party
from services.civil_registry.domain.dutch import in_digits, in_digits_and_words, partly_in_digits
from services.civil_registry.domain.errors import CourtOrderNotFinal
from services.civil_registry.domain.legal_terms import LegalTerms

COURT_ORDER = "court-order"
CANCELLED = "cancelled"
"""The change by which a court strikes out a whole deed (*doorhaling*)."""
ENDED = "ended"
"""The change by which a marriage or partnership has ended: where and when (BBS art. 59)."""


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention. `changes`: fields of the first part by dotted name, as stored, with what holds from now on."""

    kind: str
    text: str
    changes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SourceDeed:
    """The deed that a mention is taken from. Source: BBS art. 41 lid 2."""

    kind: str
    number: str
    made_by: str
    place: str
    on: date

    def __str__(self) -> str:
        return (
            f"{self.kind} nummer {self.number}, opgemaakt door {self.made_by} te {self.place} op {in_digits(self.on)}"
        )


@dataclass(frozen=True, slots=True)
class Judgment:
    """The judgment that a mention is taken from. Source: BBS art. 41 lid 3."""

    court: str
    on: date
    country: str = ""
    """Only of a foreign court."""

    def __str__(self) -> str:
        abroad = f" ({self.country})" if self.country else ""
        return f"uitspraak van {self.court}{abroad} van {in_digits(self.on)}"


def name_choice(*, deed: SourceDeed, surname: str) -> Mention:
    """Return the mention that a surname was chosen (*naamskeuze*). Source: BW 1:20 lid 1; BBS art. 52a lid 2."""
    text = f"Naamskeuze. De gekozen geslachtsnaam van het kind is {surname}. Ontleend aan: {deed}."
    return Mention("name-choice", text, {"surname": surname})


def acknowledgement(*, deed: SourceDeed, by: Party, consents: str, surname: str, chosen: bool, law: str) -> Mention:
    """Return the mention that a child was acknowledged (*erkenning*); its surname may be another from then on.

    `consents`: by whom consent was given, `law`: which law was applied.

    Source: BW 1:20 lid 1; BBS art. 49 lid 1 c-f and lid 3.
    """
    who = f"{by.names.first_names} {by.names.surname}"
    where = f"geboren te {by.born.place} op {partly_in_digits(by.born.on)}"
    how = "de gekozen geslachtsnaam" if chosen else "de geslachtsnaam"
    sentences = (
        f"Erkenning. Het kind is erkend door {who}, {where}.",
        f"Toestemming: {consents}." if consents else "",
        f"Na de erkenning is {how} van het kind {surname}.",
        f"Toegepast recht: {law}.",
        f"Ontleend aan: {deed}.",
    )
    return Mention("acknowledgement", " ".join(filter(None, sentences)), {"surname": surname})


def divorce(
    *, judgment: Judgment, place: str, ended_on: date, surnames: tuple[str, str], asked_by: Names, asked_on: date
) -> Mention:
    """Return the mention that a marriage or partnership was dissolved (*echtscheiding*, *ontbinding*).

    `ended_on`: the day of this mention, by which the bond ends; `surnames` of both from then on; `asked_by`: who
    asked for it, received on `asked_on`.

    Source: BW 1:20 lid 2, 1:163; BBS art. 59, 60 lid 1 b and c, lid 2.
    """
    text = (
        f"Ontbinding. De verbintenis is ontbonden bij {judgment}, ingeschreven te {place} op {in_digits(ended_on)}. "
        f"Geslachtsnamen na de uitspraak: {surnames[0]} en {surnames[1]}. De inschrijving is verzocht door "
        f"{asked_by.first_names} {asked_by.surname}; het verzoek is ontvangen op {in_digits(asked_on)}."
    )
    return Mention(
        "divorce",
        text,
        {
            "partner_1.surname_after": surnames[0],
            "partner_2.surname_after": surnames[1],
            ENDED: f"ontbonden, {place}, {in_digits(ended_on)}",
        },
    )


def slip_text(*, wrong: str, right: str) -> str:
    """Return the words that correct an obvious slip (*kennelijke misslag*).

    Source: BW 1:24a.
    """
    law = "artikel 24a van Boek 1 van het Burgerlijk Wetboek"
    return f"Verbetering van een kennelijke misslag ({law}). In plaats van «{wrong}» wordt gelezen «{right}»."


def slip_correction(*, wrong: str, right: str, changes: Mapping[str, str]) -> Mention:
    """Return the mention that corrects an obvious slip; a corrected day of birth or death stands in words as well.

    Source: BW 1:24a; BBS art. 18 lid 3.
    """
    day = changes.get("born_on") or changes.get("died_on")
    words = right if day is None else in_digits_and_words(date.fromisoformat(day))
    return Mention("slip-correction", slip_text(wrong=wrong, right=words), changes)


def court_order(*, judgment: Judgment, orders: str, changes: Mapping[str, str]) -> Mention:
    """Return the mention of an order of the court (*last van de rechtbank*) to complete, correct or strike out.

    Source: BW 1:20 lid 1 a, 1:24, 1:24b lid 2; BBS art. 41 lid 3.
    """
    return Mention(COURT_ORDER, f"Rechterlijke last. Bij {judgment} is gelast: {orders}.", changes)


def check_final(judgment: Judgment, today: date, terms: LegalTerms) -> None:
    """The judgment is old enough to be mentioned: three months.

    Raises: CourtOrderNotFinal.
    Source: BW 1:20 lid 1, 1:20e lid 1, 1:24 lid 2.
    """
    from_on = terms.mention_court_order_from(judgment.on)
    if today < from_on:
        raise CourtOrderNotFinal(from_on=from_on)


def head(*, number: str, year: int) -> str:
    """Return what stands above a mention on a sheet of its own. Source: BBS art. 41 lid 1."""
    return f"ref. {number} {year}"


def foot(*, officer: str, place: str, on: date) -> str:
    """Return what stands below a mention. Source: BBS art. 41 lid 4."""
    return f"{place}, {in_digits(on)}. De ambtenaar van de burgerlijke stand, {officer}"
