"""What the stand-in of the BRP answers: the checks, the errors and the choice of fields of the real interface.

Source: features of BRP-API/Haal-Centraal-BRP-bevragen (raadpleeg-met-burgerservicenummer, fields, fields-fout-cases,
zoek-fout-cases); OpenAPI 2.7.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

Document = Mapping[str, Any]

QUERY = "RaadpleegMetBurgerservicenummer"
OTHER_QUERIES = (
    "ZoekMetGeslachtsnaamEnGeboortedatum",
    "ZoekMetNaamEnGemeenteVanInschrijving",
    "ZoekMetPostcodeEnHuisnummer",
    "ZoekMetStraatHuisnummerEnGemeenteVanInschrijving",
    "ZoekMetNummeraanduidingIdentificatie",
    "ZoekMetAdresseerbaarObjectIdentificatie",
)
PATH = "/haalcentraal/api/brp/personen"
BY_THEMSELVES = (
    "geheimhoudingPersoonsgegevens",
    "inOnderzoek",
    "opschortingBijhouding",
    "rni",
    "verificatie",
    "indicatieVastgesteldVerblijftNietOpAdres",
)
"""Fields that come when they apply, and may not be asked for."""

_MOST_FIELDS, _MOST_NUMBERS = 130, 20
_FIELD = r"^[a-zA-Z0-9\._]{1,200}$"
_NUMBER = r"^[0-9]{9}$"
_MUNICIPALITY = r"^[0-9]{4}$"
_PARTS = {
    "date": ("langFormaat", "type", "datum", "onbekend", "jaar", "maand"),
    "table": ("code", "omschrijving"),
    "title": ("code", "omschrijving", "soort"),
}
_TREE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("brp_fields.yaml").read_text())


class Refused(Exception):
    """The interface says no."""

    def __init__(self, status: int, title: str, code: str, params: list[dict[str, str]] | None = None) -> None:
        super().__init__(title)
        self.status = status
        self.title = title
        self.code = code
        self.params = params or []

    def document(self) -> dict[str, Any]:
        """Return the error as the interface tells it (RFC 7807)."""
        wrong = ", ".join(param["name"] for param in self.params)
        told: dict[str, Any] = {
            "type": f"https://datatracker.ietf.org/doc/html/rfc7231#section-6.5.{self.status - 399}",
            "title": self.title,
            "status": self.status,
            "detail": f"De foutieve parameter(s) zijn: {wrong}." if wrong else self.title,
            "code": self.code,
            "instance": PATH,
        }
        return told | ({"invalidParams": self.params} if self.params else {})


def answer(asked: object, persons: Mapping[str, Document]) -> dict[str, Any]:
    """Return who is asked for, with the fields that are asked for.

    Raises: Refused.
    """
    if not isinstance(asked, dict):
        raise _invalid([_param("type", "required", "Parameter is verplicht.")])
    if problems := list(_query_problems(asked)):
        raise _invalid(problems)
    if asked["type"] != QUERY:
        raise Refused(403, "U bent niet geautoriseerd voor deze operatie.", "autorisation")
    if problems := [*_parameter_problems(asked), *_field_problems(asked.get("fields"))]:
        raise _invalid(problems)
    wanted = _wanted(asked["fields"])
    municipality = asked.get("gemeenteVanInschrijving")
    found = [
        persons[number]
        for number in dict.fromkeys(asked["burgerservicenummer"])
        if number in persons and municipality in (None, persons[number].get("gemeenteVanInschrijving", {}).get("code"))
    ]
    return {"type": QUERY, "personen": [_chosen(person, wanted) for person in found]}


def _invalid(params: list[dict[str, str]]) -> Refused:
    return Refused(400, "Een of meerdere parameters zijn niet correct.", "paramsValidation", params)


def _param(name: str, code: str, reason: str) -> dict[str, str]:
    return {"code": code, "name": name, "reason": reason}


def _query_problems(asked: dict[str, Any]) -> Iterator[dict[str, str]]:
    if "type" not in asked:
        yield _param("type", "required", "Parameter is verplicht.")
    elif asked["type"] not in (QUERY, *OTHER_QUERIES):
        yield _param("type", "value", "Waarde is geen geldig zoek type.")


def _parameter_problems(asked: dict[str, Any]) -> Iterator[dict[str, str]]:
    yield from _list_problems("burgerservicenummer", asked.get("burgerservicenummer"), _NUMBER, _MOST_NUMBERS)
    yield from _list_problems("fields", asked.get("fields"), _FIELD, _MOST_FIELDS)
    if (municipality := asked.get("gemeenteVanInschrijving")) is not None and not _fits(_MUNICIPALITY, municipality):
        yield _pattern("gemeenteVanInschrijving", _MUNICIPALITY)
    for name in asked.keys() - {"type", "fields", "burgerservicenummer", "gemeenteVanInschrijving"}:
        yield _param(name, "unknownParam", "Parameter is niet verwacht.")


def _list_problems(name: str, given: object, pattern: str, most: int) -> Iterator[dict[str, str]]:
    if given is None:
        yield _param(name, "required", "Parameter is verplicht.")
    elif not isinstance(given, list):
        yield _param(name, "array", "Parameter is geen array.")
    elif not given:
        yield _param(name, "minItems", "Array bevat minder dan 1 items.")
    elif len(given) > most:
        yield _param(name, "maxItems", f"Array bevat meer dan {most} items.")
    else:
        yield from (_pattern(f"{name}[{at}]", pattern) for at, one in enumerate(given) if not _fits(pattern, one))


def _fits(pattern: str, value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(pattern, value) is not None


def _pattern(name: str, pattern: str) -> dict[str, str]:
    return _param(name, "pattern", f"Waarde voldoet niet aan patroon {pattern}.")


def _field_problems(fields: object) -> Iterator[dict[str, str]]:
    for at, path in enumerate(fields if isinstance(fields, list) else []):
        if not _fits(_FIELD, path):
            continue
        if any(part in BY_THEMSELVES for part in path.split(".")):
            yield _param(f"fields[{at}]", "fields", "Parameter bevat een niet toegestane veldnaam.")
        elif not _exists(path):
            yield _param(f"fields[{at}]", "fields", "Parameter bevat een niet bestaande veldnaam.")


def _exists(path: str) -> bool:
    at: Any = _TREE
    for part in path.split("."):
        if isinstance(at, str):  # inside a value of a known kind
            return path.endswith(f".{part}") and part in _PARTS.get(at, ())
        if part not in at:
            return False
        at = at[part]
    return True


def _wanted(fields: list[str]) -> dict[str, Any]:
    """Return the fields as a tree; an empty branch means all below it. Dates and values of tables come whole."""
    wanted: dict[str, Any] = {}
    for path in sorted(fields, key=lambda path: path.count("."), reverse=True):  # the widest last: it wins
        parts, at, known = path.split("."), wanted, _TREE
        for number, part in enumerate(parts):
            known = known.get(part, {}) if isinstance(known, dict) else {}
            if number == len(parts) - 1 or isinstance(known, str):
                at[part] = {}
                break
            at = at.setdefault(part, {})
    return wanted


def _chosen(person: Document, wanted: Document) -> dict[str, Any]:
    told: dict[str, Any] = _below(person, wanted)
    told |= {name: person[name] for name in BY_THEMSELVES if name in person and name != "inOnderzoek"}
    doubts = {name: value for name, value in person.get("inOnderzoek", {}).items() if name in told}
    if doubts:
        told["inOnderzoek"] = doubts | {
            name: value for name, value in person["inOnderzoek"].items() if name.startswith("datumIngangOnderzoek")
        }
    return told


def _below(told: Any, wanted: Document) -> Any:
    if not wanted:
        return told
    if isinstance(told, list):
        return [_below(one, wanted) for one in told]
    chosen = {name: _below(told[name], below) for name, below in wanted.items() if name in told}
    return ({"type": told["type"]} if "type" in told else {}) | chosen
