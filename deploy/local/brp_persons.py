"""The people whom the stand-in of the BRP knows: `deploy/demo/persons.yaml`, read and written as the BRP tells of them.

Whoever is married to somebody in the file, or is a parent or child of somebody in it, is so on both sides: that is
checked when the file is read, as the *elfproef* of every number is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from babel.dates import format_date
from marshmallow import Schema, ValidationError, fields, validate
from stdnum.nl import bsn as elfproef

Document = dict[str, Any]


class PersonsError(Exception):
    """The file is wrong; the text says where."""


def _elfproef(number: str) -> None:
    if not elfproef.is_valid(number):
        raise ValidationError("This is no citizen service number.")


def _date(**more: Any) -> fields.String:
    """Return a field for `2008-07-31`, `2008-07`, `2008` or nothing: how much of a date is known."""
    return fields.String(validate=validate.Regexp(r"^(\d{4}(-\d\d(-\d\d)?)?)?\Z"), **more)


class _Name(Schema):
    first_names = fields.String(load_default="")
    prefix = fields.String(load_default="")
    surname = fields.String(load_default="")


class _Born(Schema):
    """`place` is the code of a Dutch municipality, or what a place abroad is called."""

    date = _date(required=True)
    place = fields.String(load_default="")
    country = fields.String(load_default="6030")


class _Relative(Schema):
    """By number alone when the file knows him; otherwise with name and birth."""

    bsn = fields.String(load_default=None, validate=_elfproef)
    name = fields.Nested(_Name, load_default=None)
    born = fields.Nested(_Born, load_default=None)
    sex = fields.String(load_default=None)
    bond = fields.String(load_default=None, validate=validate.OneOf(("H", "P")))
    since = _date(load_default=None)
    ended = _date(load_default=None)


class _Address(Schema):
    """In the Netherlands street, number, postcode and town; abroad lines and a country."""

    street = fields.String()
    number = fields.Integer()
    addition = fields.String(load_default="")
    postcode = fields.String()
    town = fields.String(load_default="")
    lines = fields.List(fields.String())
    country = fields.String()


class _Suspended(Schema):
    reason = fields.String(required=True, validate=validate.OneOf(("O", "E", "M", "R", ".")))
    date = _date(required=True)


class _Texts(Schema):
    nl = fields.String(required=True)
    en = fields.String(required=True)


class _Person(Schema):
    bsn = fields.String(required=True, validate=_elfproef)
    name = fields.Nested(_Name, required=True)
    sex = fields.String(required=True, validate=validate.OneOf(("M", "V", "O")))
    born = fields.Nested(_Born, required=True)
    nationalities = fields.List(fields.String(), load_default=lambda: ["0001"])
    residence_title = fields.String(load_default=None)
    municipality = fields.String(load_default="0153")
    address = fields.Nested(_Address, load_default=None)
    partners = fields.List(fields.Nested(_Relative), load_default=list)
    parents = fields.List(fields.Nested(_Relative), load_default=list)
    children = fields.List(fields.Nested(_Relative), load_default=list)
    suspended = fields.Nested(_Suspended, load_default=None)
    secret = fields.Boolean(load_default=False)
    guardianship = fields.Boolean(load_default=False)
    investigated_since = _date(load_default=None)
    note = fields.Nested(_Texts, required=True)


class _Tables(Schema):
    municipalities = fields.Dict(fields.String(), fields.String(), required=True)
    countries = fields.Dict(fields.String(), fields.String(), required=True)
    nationalities = fields.Dict(fields.String(), fields.String(), required=True)
    residence_titles = fields.Dict(fields.String(), fields.String(), required=True)


class _File(Schema):
    tables = fields.Nested(_Tables, required=True)
    persons = fields.List(fields.Nested(_Person), required=True)


_KINDS_OF_NATIONALITY = {
    "0000": "NationaliteitOnbekend",
    "0002": "BehandeldAlsNederlander",
    "0499": "Staatloos",
    "0500": "VastgesteldNietNederlander",
}
_FIXED = {
    "sex": {"M": "man", "V": "vrouw", "O": "onbekend"},
    "bond": {"H": "huwelijk", "P": "geregistreerd partnerschap"},
    "reason": {
        "O": "overlijden",
        "E": "emigratie",
        "M": "ministerieel besluit",
        "R": "pl is aangelegd in de rni",
        ".": "onbekend",
    },
}
_HOME = "6030"


def read_persons(file: Path) -> dict[str, Document]:
    """Return by number the people of a file, as the BRP would tell of them if all were asked.

    Raises: PersonsError.
    """
    try:
        content = _File().load(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, yaml.YAMLError) as error:
        raise PersonsError(f"{file.name} cannot be read: {error}") from None
    except ValidationError as error:
        raise PersonsError(f"{file.name}: {error.messages}") from None
    known = {person["bsn"]: person for person in content["persons"]}
    if len(known) != len(content["persons"]):
        raise PersonsError(f"{file.name}: a number stands twice.")
    if one_sided := _one_sided(known):
        raise PersonsError(f"{file.name}: not on both sides: {', '.join(sorted(one_sided))}.")
    writer = _Writer(content["tables"], known)
    try:
        return {number: writer.person(person) for number, person in known.items()}
    except KeyError as error:
        raise PersonsError(f"{file.name}: {error} stands in none of its tables.") from None


def _one_sided(known: Mapping[str, Any]) -> set[str]:
    back = {"partners": "partners", "parents": "children", "children": "parents"}
    return {
        f"{number} {kind} {relative['bsn']}"
        for number, person in known.items()
        for kind, other in back.items()
        for relative in person[kind]
        if relative["bsn"] in known and number not in {one["bsn"] for one in known[relative["bsn"]][other]}
    }


def _without_nothing(document: Document) -> Document:
    """Return a document as the BRP writes it: what is false, empty or unknown is not there."""
    return {name: value for name, value in document.items() if value not in (None, "", False, {})}


def dated(written: str) -> Document:
    """Return a date as the BRP tells it, of which as much is known as is written."""
    parts = [int(part) for part in written.split("-") if part]
    match parts:
        case [year, month, day]:
            on = date(year, month, day)
            return {"type": "Datum", "datum": on.isoformat(), "langFormaat": _long(on, "d MMMM y")}
        case [year, month]:
            in_words = _long(date(year, month, 1), "MMMM y")
            return {"type": "JaarMaandDatum", "jaar": year, "maand": month, "langFormaat": in_words}
        case [year]:
            return {"type": "JaarDatum", "jaar": year, "langFormaat": str(year)}
        case _:
            return {"type": "DatumOnbekend", "onbekend": True, "langFormaat": "onbekend"}


def _long(day: date, pattern: str) -> str:
    return str(format_date(day, pattern, locale="nl"))


@dataclass(frozen=True, slots=True)
class _Writer:
    """Writes the documents of people who know each other."""

    tables: Mapping[str, Mapping[str, str]]
    known: Mapping[str, Mapping[str, Any]]

    def person(self, person: Mapping[str, Any]) -> Document:
        """Return all that the BRP could tell of somebody."""
        suspended = person["suspended"]
        ended = suspended and {"reden": _fixed("reason", suspended["reason"]), "datum": dated(suspended["date"])}
        died = suspended is not None and suspended["reason"] == "O"
        document = _without_nothing(
            {
                "burgerservicenummer": person["bsn"],
                "naam": self._full_name(person["name"]),
                "geslacht": _fixed("sex", person["sex"]),
                "geboorte": self._born(person["born"]),
                "gemeenteVanInschrijving": self._of("municipalities", person["municipality"]),
                "verblijfstitel": self._title(person["residence_title"]),
                **self._address(person["address"], self.tables["municipalities"][person["municipality"]]),
                "indicatieCurateleRegister": person["guardianship"],
                "geheimhoudingPersoonsgegevens": person["secret"],
                "opschortingBijhouding": ended,
                "overlijden": {"datum": dated(suspended["date"])} if died else None,
                "inOnderzoek": _investigated(person["investigated_since"]),
            }
        )
        return document | {
            "nationaliteiten": [self._nationality(code) for code in person["nationalities"]],
            "partners": [self._partner(partner) for partner in person["partners"]],
            "ouders": [self._parent(parent, at) for at, parent in enumerate(person["parents"], 1)],
            "kinderen": [self._relative(child) for child in person["children"]],
        }

    def _of(self, table: str, code: str) -> Document:
        return {"code": code, "omschrijving": self.tables[table][code]}

    def _name(self, name: Mapping[str, str]) -> Document:
        initials = "".join(f"{first[0]}." for first in name["first_names"].split())
        return _without_nothing(
            {
                "voornamen": name["first_names"],
                "voorvoegsel": name["prefix"],
                "geslachtsnaam": name["surname"],
                "voorletters": initials,
            }
        )

    def _full_name(self, name: Mapping[str, str]) -> Document:
        whole = " ".join(part for part in (name["first_names"], name["prefix"], name["surname"]) if part)
        use = {"code": "E", "omschrijving": "eigen geslachtsnaam"}
        return self._name(name) | {"volledigeNaam": whole, "aanduidingNaamgebruik": use}

    def _born(self, born: Mapping[str, str]) -> Document:
        place = born["place"]
        home = re.fullmatch(r"\d{4}", place) is not None
        return _without_nothing(
            {
                "datum": dated(born["date"]),
                "plaats": self._of("municipalities", place) if home else place and {"omschrijving": place},
                "land": born["country"] and self._of("countries", born["country"]),
            }
        )

    def _nationality(self, code: str) -> Document:
        if code in _KINDS_OF_NATIONALITY:
            return {"type": _KINDS_OF_NATIONALITY[code]}
        return {"type": "Nationaliteit", "nationaliteit": self._of("nationalities", code)}

    def _title(self, code: str | None) -> Document | None:
        return None if code is None else {"aanduiding": self._of("residence_titles", code)}

    def _address(self, address: Mapping[str, Any] | None, municipality: str) -> Document:
        if address is None:
            return {"verblijfplaats": {"type": "VerblijfplaatsOnbekend"}}
        if "lines" in address:
            land = self._of("countries", address["country"])
            numbered = dict(enumerate(address["lines"], 1))
            there = {f"regel{at}": line for at, line in numbered.items()} | {"land": land}
            lines = {f"adresregel{at}": line for at, line in numbered.items()} | {"land": land}
            return {
                "verblijfplaats": {"type": "VerblijfplaatsBuitenland", "verblijfadres": there},
                "adressering": lines if numbered else None,
            }
        street, number, postcode = address["street"], address["number"], address["postcode"]
        home = {
            "officieleStraatnaam": street,
            "korteStraatnaam": street[:24],
            "huisnummer": number,
            "huisnummertoevoeging": address["addition"],
            "postcode": postcode,
            "woonplaats": address["town"],
        }
        use = {"code": "W", "omschrijving": "woonadres"}
        return {
            "verblijfplaats": {"type": "Adres", "verblijfadres": _without_nothing(home), "functieAdres": use},
            "adressering": {
                "adresregel1": f"{street} {number}{address['addition'] and '-' + address['addition']}",
                "adresregel2": f"{postcode[:4]} {postcode[4:]}  {(address['town'] or municipality).upper()}",
            },
        }

    def _relative(self, relative: Mapping[str, Any]) -> Document:
        whole = self.known.get(relative["bsn"] or "", relative)
        return _without_nothing(
            {
                "burgerservicenummer": relative["bsn"],
                "naam": self._name(whole["name"] or _Name().load({})),
                "geboorte": whole["born"] and self._born(whole["born"]),
            }
        )

    def _partner(self, partner: Mapping[str, Any]) -> Document:
        since, ended = partner["since"], partner["ended"]
        return self._relative(partner) | _without_nothing(
            {
                "geslacht": self._sex(partner),
                "soortVerbintenis": partner["bond"] and _fixed("bond", partner["bond"]),
                "aangaanHuwelijkPartnerschap": None if since is None else {"datum": dated(since)},
                "ontbindingHuwelijkPartnerschap": None if ended is None else {"datum": dated(ended)},
            }
        )

    def _parent(self, parent: Mapping[str, Any], number: int) -> Document:
        since = parent["since"]
        return self._relative(parent) | _without_nothing(
            {
                "geslacht": self._sex(parent),
                "ouderAanduiding": str(number),
                "datumIngangFamilierechtelijkeBetrekking": None if since is None else dated(since),
            }
        )

    def _sex(self, relative: Mapping[str, Any]) -> Document | None:
        sex = self.known.get(relative["bsn"] or "", relative)["sex"]
        return sex and _fixed("sex", sex)


def _fixed(table: str, code: str) -> Document:
    return {"code": code, "omschrijving": _FIXED[table][code]}


def _investigated(since: str | None) -> Document | None:
    if since is None:
        return None
    return {"burgerservicenummer": True, "geslacht": True, "datumIngangOnderzoekPersoon": dated(since)}
