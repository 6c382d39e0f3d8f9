"""What papers are built of, as `paper.typ` draws it: plain values, ready for JSON."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from services.civil_registry.domain.dutch import clock
from services.civil_registry.papers.contents import DeathFacts, Issuer, Item, Mention, Officer, Part, Signatory
from services.civil_registry.papers.writing import home_day, in_digits, in_digits_and_words, sex_in_words, written

Block = dict[str, Any]
Row = tuple[str, list[str]]

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


def sections(part: Part) -> list[Block]:
    """Return the lines of one part of a deed, section by section."""
    return [facts([row(item) for item in told.items], written(told.heading) if told.heading else "") for told in part]


def row(item: Item) -> Row:
    """Return one line of a deed."""
    return item.label, [written(item.value)]


def death_rows(told: DeathFacts) -> list[Row]:
    """Return who died, when and where, for a paper that is no deed."""
    return [
        ("Geslachtsnaam", [written(told.surname)]),
        ("Voornamen", [written(told.first_names)]),
        ("Geslacht", [sex_in_words(told.sex)]),
        ("Plaats van geboorte", [written(told.born_place)]),
        ("Dag van geboorte", [in_digits(told.born_on)]),
        ("Woonplaats", [written(told.residence)]),
        ("Dag van overlijden", in_digits_and_words(told.died_on)),
        ("Uur en minuut van overlijden", [clock(told.died_at)]),
        ("Plaats van overlijden", [written(told.municipality)]),
        ("Gehuwd of geregistreerd als partner met", [written(told.partner)]),
    ]
