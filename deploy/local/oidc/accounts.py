"""Whom the simulated log-in knows: test persons, test firms and staff, from the demo files."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from deploy.local.place import ROOT

DEMO = ROOT / "deploy" / "demo"
UNKNOWN_FIRM = ("99000099", "Bloemenhuis Zonder Contract", {"nl": "Staat niet op de lijst", "en": "Is not on the list"})

_SAML = "urn:oasis:names:tc:SAML:2.0:ac:classes:"
_ETOEGANG = "urn:etoegang:core:assurance-class:"
_EMPLOYEES = ({"nl": "medewerker 1", "en": "employee 1"}, {"nl": "medewerker 2", "en": "employee 2"})


@dataclass(frozen=True, slots=True)
class Level:
    """One level that can be chosen; `claims` tell it, `words` are how it can be asked for (`acr_values`)."""

    key: str
    names: Mapping[str, str]
    claims: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody whom one press logs in. `number` is shown, `note` says what he is handy for."""

    key: str
    name: str
    number: str
    claims: Mapping[str, Any]
    note: Mapping[str, str] = field(default_factory=dict)


def _acr(key: str, name: str, word: str) -> Level:
    return Level(key, {"nl": name, "en": name}, {"acr": word})


LEVELS: dict[str, tuple[Level, ...]] = {
    "resident": (
        _acr("basic", "Basis", f"{_SAML}PasswordProtectedTransport"),
        _acr("two-factor", "Midden", f"{_SAML}MobileTwoFactorContract"),
        _acr("substantial", "Substantieel", f"{_SAML}Smartcard"),
        _acr("high", "Hoog", f"{_SAML}SmartcardPKI"),
    ),
    "company": (
        _acr("basic", "2", f"{_ETOEGANG}loa2"),
        _acr("two-factor", "2+", f"{_ETOEGANG}loa2plus"),
        _acr("substantial", "3", f"{_ETOEGANG}loa3"),
        _acr("high", "4", f"{_ETOEGANG}loa4"),
    ),
    "staff": (
        Level("basic", {"nl": "Alleen wachtwoord", "en": "Password only"}, {"amr": ["pwd"]}),
        Level(
            "two-factor",
            {"nl": "Wachtwoord en tweede factor", "en": "Password and second factor"},
            {"amr": ["pwd", "otp"]},
        ),
    ),
}
"""What can be chosen, the lowest first."""


def level_for(login: str, asked: Sequence[str]) -> Level:
    """Return the lowest level that was asked for; the second one when nothing is asked that we know."""
    levels = LEVELS[login]
    return next((level for level in levels if level.claims.get("acr") in asked), levels[1])


def read_accounts(demo: Path = DEMO, *, town: str = "enschede", on: date) -> dict[str, list[Account]]:
    """Return the accounts of each log-in."""
    return {
        "resident": [_person(row) for row in _rows(demo / "persons.yaml", "persons")],
        "company": _firms(_rows(demo / town / "partners.yaml", "partners"), on),
        "staff": [_staff(row) for row in _rows(demo / town / "staff.yaml", "staff")],
    }


def _rows(file: Path, key: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = yaml.safe_load(file.read_text(encoding="utf-8"))[key]
    return rows


def _pseudonym(text: str) -> str:
    """Return what a provider calls somebody (`sub`): always the same, and not his number."""
    return sha256(f"simulated login {text}".encode()).hexdigest()[:32]


def _person(row: Mapping[str, Any]) -> Account:
    name = " ".join(row["name"].get(part, "") for part in ("first_names", "prefix", "surname")).split()
    bsn = str(row["bsn"])
    return Account(bsn, " ".join(name), f"BSN {bsn}", {"sub": _pseudonym(bsn), "bsn": bsn}, row.get("note") or {})


def _firms(rows: Sequence[Mapping[str, Any]], on: date) -> list[Account]:
    today = [row for row in rows if row["valid_from"] <= on <= (row.get("valid_until") or date.max)]
    firms = [(row["kvk"], row["name"], _KINDS[row["kind"]]) for row in today]
    return [_employee(*firm, number) for firm in firms for number in (0, 1)] + [_employee(*UNKNOWN_FIRM, 0)]


_KINDS = {
    "undertaker": {"nl": "Uitvaartondernemer", "en": "Undertaker"},
    "care-provider": {"nl": "Zorgverlener", "en": "Care provider"},
}


def _employee(kvk: str, name: str, note: Mapping[str, str], number: int) -> Account:
    person = _pseudonym(f"{kvk} {number}")
    claims = {
        "sub": _pseudonym(kvk),
        "urn:etoegang:core:LegalSubjectID": kvk,
        "namequalifier": "urn:etoegang:1.9:EntityConcernedID:KvKnr",
        "urn:etoegang:core:ActingSubjectID": person,
    }
    notes = {language: f"{note[language]}, {_EMPLOYEES[number][language]}" for language in note}
    return Account(f"{kvk}-{number + 1}", name, f"KvK {kvk}", claims, notes)


def _staff(row: Mapping[str, Any]) -> Account:
    claims = {"sub": row["id"], "name": row["name"], "roles": row["roles"]}
    return Account(row["id"], row["name"], row["id"], claims, row["note"])
