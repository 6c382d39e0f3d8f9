"""What was declared beside what the BRP says, field by field, and what was found; for who compares them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import g
from marshmallow import Schema, fields

from gateway.api.problems import PROBLEMS
from gateway.pages import obstacle_words
from gateway.pages.asking import sealer
from gateway.pages.desk.labels import label_of, option_word
from gateway.pages.texts import N_, _
from services.contracts import civil_registry as contract
from services.presenting import times

Record = Mapping[str, Any]

CONTENTS: Mapping[str, type[Schema]] = {
    "birth": contract.BirthContent,
    "death": contract.DeathContent,
    "funeral-permit": contract.PermitContent,
    "marriage": contract.MarriageContent,
}
_CHOSEN = frozenset(
    {"sex", "choice", "acknowledgement", "name_choice", "manner", "marital_status", "kind", "plan", "residence",
     "kinship", "bond", "name_use", "no_bsn", "declarant", "language"}
)  # fmt: skip
"""Fields whose value is one of some words."""
_COMPARED = frozenset({"bsn", "first_names", "surname", "sex", "born_on", "born_place"})
_OF_ANOTHER = frozenset({"surname_prefix"})
"""Fields that are shown together with another one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One fact: what was declared, what the BRP says, and whether the two contradict each other."""

    label: str
    declared: str
    known: str
    differs: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """The facts of one person or thing. `person`: the BRP is asked about it; `found`: it knows him."""

    title: str
    rows: tuple[Row, ...]
    person: bool = False
    found: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """Something that the comparison found, in words."""

    text: str
    about: str
    blocks: bool


def blocks_of(record: Record) -> list[Block]:
    """Return all that was declared, in the order of its contract, beside what the BRP says of the same people."""
    content, persons = record["content"], (record["brp"] or {}).get("persons", {})
    alone: list[Row] = []
    blocks: list[Block] = []
    for name, field in CONTENTS[record["kind"]]().fields.items():
        value = content.get(name)
        if isinstance(field, fields.Nested) and (value or name in persons):
            blocks.append(_part(name, field.schema, value or {}, persons))
        elif isinstance(field, fields.List) and value:
            lines = tuple(Row(str(number), _one_line(one), "") for number, one in enumerate(value, 1))
            blocks.append(Block(label_of((name,)), lines))
        elif not isinstance(field, fields.Nested | fields.List) and value is not None:
            alone.append(Row(label_of((name,)), _value(name, value), ""))
    return [*blocks, *([Block(_("Declaration"), tuple(alone))] if alone else [])]


def _part(name: str, schema: Schema, part: Mapping[str, Any], persons: Mapping[str, Any]) -> Block:
    known = _known(persons[name]) if persons.get(name) else {}
    rows = list(_rows(name, schema, part, known))
    shown = {field for field in schema.fields if field in known}
    rows += [Row(label_of((name, field)), "", value) for field, value in known.items() if field not in shown and value]
    return Block(label_of((name,)), tuple(rows), person="bsn" in schema.fields, found=bool(known))


def _rows(name: str, schema: Schema, part: Mapping[str, Any], known: Mapping[str, str]) -> Iterator[Row]:
    for field in schema.fields:
        if field in _OF_ANOTHER or (part.get(field) in (None, "") and not known.get(field)):
            continue
        declared = _value(field, part.get(field))
        if field == "surname" and part.get("surname_prefix"):
            declared = f"{part['surname_prefix']} {declared}"
        said = known.get(field, "")
        differs = field in _COMPARED and bool(declared and said) and _plain(declared) != _plain(said)
        yield Row(label_of((name, field)), declared, said, differs)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


# --- what the BRP says


def _known(person: Mapping[str, Any]) -> dict[str, str]:
    told = {
        "bsn": sealer().open(person["bsn"]),
        "first_names": person["name"]["first_names"],
        "surname": _surname(person["name"]),
        "sex": option_word(person["sex"]),
        "born_on": partial(person["born"]),
        "born_place": person["born_place"],
        "last_address": person["address"],
        "nationalities": ", ".join(_("Dutch") if code == "0001" else code for code in person["nationalities"]),
        "partners": "; ".join(_bond(one) for one in person["partners"]),
        "parents": "; ".join(_name(one["name"]) for one in person["parents"]),
        "children": "; ".join(_name(one["name"]) for one in person["children"]),
    }
    marks = [_(word) for mark, word in _MARKS.items() if person.get(mark)]
    if person["suspended"]:
        on = f" {partial(person['suspended_on'])}" if person["suspended_on"] else ""
        marks.insert(0, _(_SUSPENDED.get(person["suspended"], _SUSPENDED["other"])) + on)
    return told | {"marks": "; ".join(marks)}


_MARKS = {
    "secret": N_("Asked that nothing be told to others"),
    "guardianship": N_("Under guardianship"),
    "under_investigation": N_("Under investigation"),
}
_SUSPENDED = {"deceased": N_("Deceased"), "emigrated": N_("Emigrated"), "other": N_("No longer kept up")}


def _bond(one: Mapping[str, Any]) -> str:
    since = f", {_('since')} {partial(one['since_on'])}" if one["since_on"] else ""
    ended = f", {_('ended')} {partial(one['ended_on'])}" if one["ended_on"] else ""
    return f"{_name(one['name'])} ({option_word(one['bond']) if one['bond'] else _('bond unknown')}{since}{ended})"


def _name(name: Mapping[str, str]) -> str:
    return f"{name['first_names']} {_surname(name)}".strip()


def _surname(name: Mapping[str, str]) -> str:
    return f"{name['prefix']} {name['surname']}".strip()


def partial(day: Mapping[str, int | None]) -> str:
    """Return a day of which parts may be unknown."""
    if day["year"] and day["month"] and day["day"]:
        return times.bare_date(date(day["year"], day["month"], day["day"]), g.lang)
    return "-".join(f"{part:02}" for part in (day["year"], day["month"], day["day"]) if part) or _("unknown")


# --- what was declared


def _value(field: str, value: Any) -> str:
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return option_word("yes" if value else "no")
    if field == "bsn":
        return sealer().open(value)
    if field in _CHOSEN:
        return option_word(str(value))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return _day_or_text(str(value))


def _day_or_text(value: str) -> str:
    try:
        if len(value) == len("2026-11-26"):
            return times.bare_date(date.fromisoformat(value), g.lang)
        if "T" in value:
            return times.short_day_and_time(datetime.fromisoformat(value), g.lang)
    except ValueError:
        return value
    return value


def _one_line(part: Any) -> str:
    if not isinstance(part, Mapping):
        return str(part)
    return ", ".join(_value(field, value) for field, value in part.items() if value not in (None, ""))


def moments_of(record: Record) -> list[tuple[str, str]]:
    """Return the moments of the law as name and words."""
    return [(name, _day_or_text(value)) for name, value in record["terms"].items()]


# --- what was found

_FINDINGS: Mapping[str, str] = {
    "person-unknown": N_("The BRP does not know this number"),
    "person-deceased": N_("The BRP knows this person as deceased"),
    "person-under-investigation": N_("Data of this person are under investigation: ask"),
    "person-secret": N_("This person asked that nothing be told to others"),
    "first-name-is-surname": N_("A first name is a surname: look whether it is usual as a first name (BW 1:4)"),
    "surname-to-verify": N_("The surname could not be derived for certain: look at the deeds of parents and siblings"),
    "weak-match": N_("It is not certain that this is the deceased: a second officer compares"),
    "residence-to-verify": N_("Verify the right of residence"),
    "statistics-form-needed": N_("A form for Statistics Netherlands is needed"),
    "birth-deed-needed": N_("A deed of birth is needed as well"),
    "potential-duplicate": N_("It looks like another declaration"),
    "needs-second-officer": N_("A second officer has not compared yet"),
}


def found_of(record: Record) -> list[Found]:
    """Return what the comparison found, in the order in which it should be looked at."""
    findings = (record["brp"] or {}).get("findings", [])
    return [
        Found(finding_words(one["code"], one["facts"]), label_of((one["role"],)) if one["role"] else "", one["blocks"])
        for one in findings
    ]


def finding_words(code: str, facts: Mapping[str, Any]) -> str:
    """Return what a finding means: our own words, those of an obstacle, or those of a refusal."""
    if code in _FINDINGS:
        said = _(_FINDINGS[code])
    elif code in obstacle_words.WORDS:
        said = obstacle_words.hindrances([{"text": code, "facts": facts, "blocks": False, "redirects": False}])[0].why
    elif code in PROBLEMS:
        said = PROBLEMS[code].title(g.lang)
    else:
        said = code
    differs = [label_of((str(field),)) for field in facts.get("differs", ())]
    return f"{said}: {', '.join(differs)}" if differs else said
