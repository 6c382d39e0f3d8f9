"""The numbered fields of the multilingual extract: labels in four languages, values that need no language."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from services.civil_registry.papers.blocks import Block
from services.civil_registry.papers.contents import (
    BirthFacts,
    BondFacts,
    Day,
    DeathFacts,
    Issuer,
    MultilingualExtract,
    PartialDay,
    PartnerFacts,
    Sex,
)
from services.civil_registry.papers.texts import texts
from services.civil_registry.papers.writing import DASH, written

LANGUAGES = ("nl", "en", "de", "fr")
STATE = "Nederland"
_SEXES = {Sex.FEMALE: "F", Sex.MALE: "M", Sex.UNDETERMINED: "X"}
_MISSING = "--"

Field = tuple[str, list[str]]
"""The name of a field, and what it says; nothing for the heading of those that follow."""


def multilingual_blocks(paper: MultilingualExtract) -> list[Block]:
    """Return the table of fields and the meaning of its signs."""
    words = texts("multilingual")
    fields = [
        {"number": str(number), "labels": words["fields"][name], "lines": lines}
        for number, (name, lines) in enumerate(_fields(paper), 1)
    ]
    used = _signs_used(fields)
    return [
        {"kind": "coded", "languages": LANGUAGES, "columns": words["columns"], "fields": fields},
        {
            "kind": "signs",
            "languages": LANGUAGES,
            "title": words["signs"]["title"],
            "signs": [{"sign": sign, "meanings": words["signs"][sign]} for sign in used],
        },
    ]


def multilingual_titles(paper: MultilingualExtract) -> list[str]:
    """Return the title in each language."""
    titles: list[str] = texts("multilingual")["titles"][paper.facts.register]
    return titles


def _fields(paper: MultilingualExtract) -> Iterator[Field]:
    told = paper.facts
    yield "state", [STATE]
    yield "office", [written(paper.issuer.municipality)]
    yield told.register, [f"{paper.reference.number} ({paper.reference.year})"]
    match told:
        case BirthFacts():
            yield "born", _day_and_place(told.born_on, told.municipality)
            yield "surname", [written(told.surname)]
            yield "first_names", [written(told.first_names)]
            yield "sex", [_SEXES[told.sex]]
        case DeathFacts():
            yield "died", _day_and_place(told.died_on, told.municipality)
            yield "surname", [written(told.surname)]
            yield "first_names", [written(told.first_names)]
            yield "sex", [_SEXES[told.sex]]
            yield "born", _day_and_place(told.born_on, told.born_place)
            yield "residence", [written(told.residence)]
            yield "partner", [written(told.partner)]
        case BondFacts():
            yield "married" if told.bond == "marriage" else "registered", _day_and_place(told.on, told.municipality)
            for which, partner in zip(("first_partner", "second_partner"), told.partners, strict=True):
                yield which, []
                yield from _partner(partner)
    yield "other", [written(paper.other)]


def _partner(partner: PartnerFacts) -> Iterator[Field]:
    yield "surname_before", [written(partner.surname_before)]
    yield "first_names", [written(partner.first_names)]
    yield "sex", [_SEXES[partner.sex]]
    yield "born", _day_and_place(partner.born_on, partner.born_place)
    yield "surname_after", [written(partner.surname_after)]


def _day_and_place(day: Day, place: str) -> list[str]:
    return [_coded_day(day), written(place)]


def _coded_day(day: Day) -> str:
    """Return `Jo 24  Mo 11  An 2026`; what is not known has dashes."""
    if day is None:
        return f"Jo {_MISSING}  Mo {_MISSING}  An {_MISSING}"
    of_month = f"{day.day:02}" if isinstance(day, date) else _MISSING
    month = _MISSING if isinstance(day, PartialDay) and day.month is None else f"{day.month:02}"
    return f"Jo {of_month}  Mo {month}  An {day.year:04}"


def _signs_used(fields: list[dict[str, Any]]) -> list[str]:
    letters = [sign for sign in ("M", "F", "X") if any(field["lines"] == [sign] for field in fields)]
    return ["Jo", "Mo", "An", *letters, DASH]


def given_out_in_four(issuer: Issuer, officer: str, day: str) -> Block:
    """Return where and when it was given out, in four languages, with room for signature and stamp."""
    words = texts("multilingual")
    return {
        "kind": "given-out",
        "sentence": f"{' · '.join(words['issued'])}: {written(issuer.municipality)}, {day}",
        "role": " · ".join(words["officer"]),
        "name": written(officer),
    }
