"""What papers are built of, as `paper.typ` draws it: plain values, ready for JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.civil_registry.papers.contents import (
    BirthFacts,
    BondFacts,
    DeathFacts,
    DeedReference,
    Facts,
    Issuer,
    Item,
    Mention,
    Officer,
    Section,
    Signatory,
)
from services.civil_registry.papers.writing import (
    home_day,
    hour_and_minute,
    in_digits,
    in_digits_and_words,
    sex_in_words,
    written,
)

Block = dict[str, Any]
Row = tuple[str, list[str]]

REGISTERS = {
    "birth": "geboorten",
    "death": "overlijden",
    "marriage": "huwelijken",
    "partnership": "geregistreerde partnerschappen",
}
DEEDS = {
    "birth": "geboorteakte",
    "death": "overlijdensakte",
    "marriage": "huwelijksakte",
    "partnership": "akte van geregistreerd partnerschap",
}
ROLE = "ambtenaar van de burgerlijke stand"


def facts(rows: Iterable[Row], heading: str = "") -> Block:
    """Return lines of a label and what it says."""
    listed = [{"label": label, "lines": lines} for label, lines in rows]
    return {"kind": "facts", "heading": heading, "rows": listed}


def paragraphs(*sentences: str, heading: str = "") -> Block:
    """Return running text."""
    return {"kind": "text", "heading": heading, "paragraphs": list(sentences)}


def steps(sentences: Sequence[str], heading: str) -> Block:
    """Return what happens one after the other."""
    return {"kind": "steps", "heading": heading, "steps": list(sentences)}


def part(number: int, heading: str, blocks: list[Block]) -> Block:
    """Return one of the five parts of a deed (BBS art. 36)."""
    return {"kind": "part", "number": number, "heading": heading, "blocks": blocks}


def together(*blocks: Block) -> Block:
    """Return blocks that no page may part, such as a sentence and the signature under it."""
    return {"kind": "together", "blocks": list(blocks)}


def signed_by_hand(signatories: Iterable[Signatory]) -> Block:
    """Return a line for each signature."""
    return {"kind": "signatures", "rows": [{"role": one.role, "name": written(one.name)} for one in signatories]}


def given_out(issuer: Issuer, officer: Officer, issued_at: datetime) -> Block:
    """Return where and when a paper was given out, with room for signature and stamp."""
    return {
        "kind": "given-out",
        "sentence": f"Afgegeven te {written(issuer.municipality)} op {in_digits(home_day(issued_at))}.",
        "role": f"De {ROLE}",
        "name": written(officer.name),
    }


def mentions(added: Sequence[Mention], room: bool) -> Block:
    """Return what was added to a deed, in order; `room`: leave some for what is still to come."""
    listed = [
        {
            "text": [written(line) for line in mention.text.splitlines() if line.strip()],
            "added": f"Toegevoegd op {in_digits(mention.added_on)} door {written(mention.added_by)}, {ROLE}.",
        }
        for mention in added
    ]
    return {"kind": "mentions", "mentions": listed, "room": room}


def kicker(reference: DeedReference, register: str) -> str:
    """Return which deed a paper is of, on one line."""
    return f"Register van {REGISTERS[register]} {reference.year}, akte {reference.number}"


def section(told: Section) -> Block:
    """Return lines of a deed that belong together."""
    return facts([row(item) for item in told.items], written(told.heading) if told.heading else "")


def row(item: Item) -> Row:
    """Return one line of a deed."""
    return item.label, [written(item.value)]


# --- the first part of each kind of deed


def first_part(told: Facts) -> list[Block]:
    """Return what anybody may know of a deed."""
    match told:
        case BirthFacts():
            return [facts(_birth(told))]
        case DeathFacts():
            return [facts(death_rows(told))]
        case BondFacts():
            return _bond(told)


def _birth(told: BirthFacts) -> list[Row]:
    return [
        ("Geslachtsnaam", [written(told.surname)]),
        ("Voornamen", [written(told.first_names)]),
        ("Dag van geboorte", in_digits_and_words(told.born_on)),
        ("Uur en minuut", [hour_and_minute(told.born_time)]),
        ("Plaats van geboorte", [written(told.municipality)]),
        ("Geslacht", [sex_in_words(told.sex)]),
    ]


def death_rows(told: DeathFacts) -> list[Row]:
    """Return what the first part of a death deed says."""
    day = in_digits_and_words(told.died_on) if told.died_on or not told.found else [written(told.found)]
    return [
        ("Geslachtsnaam", [written(told.surname)]),
        ("Voornamen", [written(told.first_names)]),
        ("Geslacht", [sex_in_words(told.sex)]),
        ("Dag van geboorte", [in_digits(told.born_on)]),
        ("Plaats van geboorte", [written(told.born_place)]),
        ("Woonplaats", [written(told.residence)]),
        ("Dag van overlijden", day),
        ("Uur en minuut", [hour_and_minute(told.died_time)]),
        ("Plaats van overlijden", [written(told.municipality)]),
        ("Echtgenoot of geregistreerde partner", [written(told.partner)]),
    ]


def _bond(told: BondFacts) -> list[Block]:
    of_marriage = told.bond.value == "marriage"
    what = "het huwelijk" if of_marriage else "de registratie"
    headings = ("Eerste echtgenoot", "Tweede echtgenoot") if of_marriage else ("Eerste partner", "Tweede partner")
    both = [
        facts(
            [
                (f"Geslachtsnaam vóór {what}", [written(partner.surname_before)]),
                (f"Geslachtsnaam na {what}", [written(partner.surname_after)]),
                ("Voornamen", [written(partner.first_names)]),
                ("Geslacht", [sex_in_words(partner.sex)]),
                ("Dag van geboorte", [in_digits(partner.born_on)]),
                ("Plaats van geboorte", [written(partner.born_place)]),
            ],
            heading,
        )
        for heading, partner in zip(headings, told.partners, strict=True)
    ]
    when = (
        ("Dag van de voltrekking", "Plaats van de voltrekking", "Huwelijk")
        if of_marriage
        else ("Dag van de registratie", "Plaats van de registratie", "Geregistreerd partnerschap")
    )
    return [*both, facts([(when[0], [in_digits(told.on)]), (when[1], [written(told.municipality)])], when[2])]
